# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is destroyed when: set by a steward, seen on Today, put off with a reason, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from safeconduct.kernel.words import DAY
from tests.kit.axe import assert_accessible
from tests.kit.clocks import FixedClock
from tests.kit.desk_window import Served, enter

pytestmark = pytest.mark.browser
NAME = "quiet orchard"


def set_times(page: Page) -> None:
    """Set the office's times, once wrongly."""
    page.fill("#conversation_days", "50")
    page.fill("#file_days", "51")
    page.click("form[action='/retention/times'] button")
    expect(page.locator("#times-refused .notice")).to_be_visible()
    page.fill("#file_days", "40")
    page.click("form[action='/retention/times'] button")
    expect(page.locator("#coming-1")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_steward_sets_times_and_a_helper_keeps_what_is_needed(
    chromium: Browser, served: Served, language: str
) -> None:
    talk, clock = served.talks[NAME], served.desk.clock
    served.desk.answer(talk, "You are safe now.")
    served.desk.triage.close(talk, "She arrived.")
    page = served.watch(chromium.new_page(locale=language))
    enter(page, served)
    page.goto(f"{served.url}/today")
    page.click("#due-soon a[href='/retention']")
    assert_accessible(page, "what is destroyed when")
    set_times(page)
    assert isinstance(clock, FixedClock)
    clock.move(70 * DAY)
    page.goto(f"{served.url}/today")
    page.click("#soon-1")
    assert_accessible(page, "a conversation that goes soon")
    page.click(".keeping summary")
    page.select_option("#keep-days", "90")
    page.fill("#keep-reason", "Her lawyer asks for it.")
    page.click("form[action$='/keep/longer'] button")
    expect(page.locator("#kept")).to_contain_text("Her lawyer asks for it.")
    page.goto(f"{served.url}/today")
    expect(page.locator("#soon-1")).to_have_count(0)
