# SPDX-License-Identifier: AGPL-3.0-or-later
"""A threat from the first word of it to the notice that anybody may read, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from safeconduct.kernel.words import HOUR
from tests.kit.axe import assert_accessible
from tests.kit.desk_window import Served, enter, listening
from tests.kit.rehearsal import rehearsal_roster

pytestmark = pytest.mark.browser
MIRA = rehearsal_roster()[1][1]
NAME, OTHER = "quiet orchard", "amber lantern"
TITLE = "Friday at the bridge"
WRITTEN = {"en": "written to since", "ru": "с тех пор написали"}
DO = {
    "en": "What to do:\nStay at home on Friday.\n",
    "ru": "Что делать:\nStay at home on Friday.\n",
}


def tell(page: Page, served: Served) -> None:
    """Tell of a threat that touches who writes of Friday, and one by name."""
    page.goto(f"{served.url}/today")
    page.click("#bulletins a")
    page.click("main a[href='/bulletins/new']")
    page.fill("#title", TITLE)
    page.fill("#todo", "Ask where they are on Friday.")
    page.click("main .main")
    expect(page.locator("#bulletin-refused .notice")).to_be_visible()
    assert_accessible(page, "the form of a bulletin")
    page.fill("#known", "Cars were seen.")
    page.fill("#until", "2026-11-24T18:00")
    page.fill("#look_for", "friday\n+0 55 123 45 67")
    page.fill("#names", NAME)
    page.click("main .main")
    expect(page.locator("h1")).to_have_text(TITLE)


def approve_and_take(page: Page, served: Served) -> str:
    """Write the notice, let a colleague have written it, approve it here and save it."""
    page.click("main a[href$='/notice']")
    page.fill("#do", f"Ask {NAME}.")
    page.click("main .main")
    expect(page.locator("main .notice[data-kind=refused]").first).to_be_visible()
    page.fill("#do", "Stay at home on Friday.")
    page.fill("#until", "")
    page.select_option("#language", page.evaluate("document.documentElement.lang"))
    page.click("main .main")
    if page.locator("#looked").count():
        page.check("#looked")
        page.click("main .main")
    told = served.desk.bulletins.told
    told[-1] = replace(told[-1], device=MIRA)
    page.reload()
    if page.locator("#looked-1").count():
        page.check("#looked-1")
    page.click("form[action$='/notice/approved'] button")
    with page.expect_download() as download:
        page.click("form[action$='/notice/file'] button")
    return download.value.path().read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_threat_is_told_reaches_the_queue_and_leaves_as_a_notice(
    served: Served, chromium: Browser, language: str
) -> None:
    context = chromium.new_context(viewport={"width": 1100, "height": 800}, locale=language)
    page = served.watch(context.new_page())
    enter(page, served)
    tell(page, served)
    assert_accessible(page, page.url)
    expect(page.locator("#touched .row")).to_have_count(2)
    page.click(f"#untold-{served.talks[OTHER].hex()}")
    expect(page.locator("#touching")).to_contain_text(TITLE)
    listening(page)
    served.desk.clock.move(HOUR)
    served.desk.answer(served.talks[OTHER], "Where are you today?")
    expect(page.locator("#touching .touching")).to_have_attribute("data-told", "yes")
    page.goto(f"{served.url}/today")
    expect(page.locator("#queue")).to_contain_text(TITLE)
    assert_accessible(page, "Today with a threat")
    page.click("#bulletins .bulletin a")
    expect(page.locator("#touched")).to_contain_text(WRITTEN[language])
    assert approve_and_take(page, served) == DO[language]
    assert_accessible(page, page.url)
    context.close()
    # A refused form is a page of its own here, and a browser calls that an error.
    assert not [one for one in served.complaints if "422" not in one]
