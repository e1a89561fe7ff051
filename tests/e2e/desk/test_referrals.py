# SPDX-License-Identifier: AGPL-3.0-or-later
"""A referral in a browser: made at a desk, opened on the office's page by eight words, answered.

`SAFECONDUCT_PICTURES=FOLDER` keeps a picture of each screen, to be looked at by a person.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.kit.desk_window import unlock
from tests.kit.offices import PASSPHRASE, Office, an_office, desk_of
from tests.kit.patience import PATIENCE
from tests.kit.programs import LINK

pytestmark = pytest.mark.browser
CASE: Final = re.compile(r"/cases/[0-9a-f]{32}$")
PICTURES: Final = os.environ.get("SAFECONDUCT_PICTURES", "")
CLINIC, NEED, ASKED = "Clinic at the ford", "Insulin, kept cold.", "Can you take her from Monday?"
CAME, ANSWER = "This is Ila of the clinic. Sana told me the words.", "Yes. She can come on Monday."


class Windows(NamedTuple):
    """The desk of a steward, and the browser of somebody at another organisation."""

    desk: Page
    partner: Page


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


@pytest.fixture
def windows(office: Office, chromium: Browser) -> Iterator[Windows]:
    """Both, the desk unlocked."""
    with ExitStack() as stack:
        desk = stack.enter_context(desk_of(office, 0))
        page = stack.enter_context(chromium.new_context(locale="en-GB")).new_page()
        unlock(page, desk.until(LINK)[1], PASSPHRASE)
        partner = stack.enter_context(chromium.new_context(locale="en-GB")).new_page()
        yield Windows(page, partner)


def look(page: Page, name: str) -> None:
    """Keep a picture of a screen."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"referral-{name}.png", full_page=True)


def begin_case(page: Page) -> str:
    """Open a case with a person in it; return its address."""
    origin = page.evaluate("location.origin")
    page.goto(f"{origin}/cases/new")
    page.click("form[action='/cases/opened'] button.main")
    page.wait_for_url(CASE)
    return page.url


def write_person(page: Page, case: str) -> None:
    """Write somebody into the record."""
    page.goto(f"{case}/record/person/new")
    page.fill("#field-name", "Aru")
    page.fill("#field-needs", NEED)
    page.click("form[action$='/saved'] .sending button")
    page.wait_for_url(f"{case}#*")


def consent(page: Page, case: str) -> None:
    """Write down that she said yes."""
    page.goto(f"{case}/consent")
    page.click("form[action$='/consent/ask'] button")
    page.fill("#consent-recipient", CLINIC)
    page.select_option("#consent-how", "spoken")
    page.fill("#consent-until", f"{datetime.now(UTC) + timedelta(days=60):%Y-%m-%d}")
    page.click("button[value='yes']")


def make(page: Page, case: str) -> str:
    """Make a referral of all of her; return the words."""
    page.goto(f"{case}/referrals")
    page.click("form[action$='/referrals/new'] button")
    page.fill("#referral-words", ASKED)
    page.check("[name^='all-person-']")
    look(page, "1-choose")
    page.click("form.writing button.main")
    expect(page.locator("main")).to_contain_text(NEED)
    look(page, "2-seen")
    page.click("form.writing button.main")
    look(page, "3-words")
    return page.locator("#eight").inner_text()


def come_back(page: Page, office: Office, words: str) -> None:
    """Open the office's page anew and enter words."""
    page.goto("about:blank")
    page.goto(office.url)
    page.click("#to-return")
    page.fill("#typed", words)
    page.press("#typed", "Enter")
    expect(page.locator("#again")).to_be_visible()


def come_back_until(page: Page, office: Office, words: str, text: str) -> None:
    """Open it anew until something waits there: desk and server need a moment."""
    for _ in range(int(PATIENCE)):
        come_back(page, office, words)
        if text in page.locator("#letters").inner_text():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError(text)


def write_back(page: Page, text: str) -> None:
    """Write under the same words, and wait until the server has it."""
    page.click("#reply")
    page.fill("#text", text)
    page.click("#send")
    expect(page.locator("#mark-server[data-done=yes]")).to_be_visible()


def until(page: Page, address: str, text: str) -> None:
    """Open a page of the desk until it says something."""

    def says() -> bool:
        page.goto(address)
        return text in page.locator("main").inner_text()

    for _ in range(2 * int(PATIENCE)):
        if says():
            return
        page.wait_for_timeout(500)
    raise AssertionError(page.locator("main").inner_text())


def hand_over(page: Page, case: str) -> None:
    """See that somebody came, and hand it over."""
    until(page, f"{case}/referrals", "Somebody wrote with the words")
    look(page, "5-came")
    page.click("a:has-text('See what is handed over')")
    look(page, "6-hand")
    page.click("form.writing button.main")
    page.wait_for_url(f"{case}/referrals")
    look(page, "7-handed")


def read_answer(page: Page, case: str) -> None:
    """Read at the desk what they wrote, and see there to which case it belongs."""
    until(page, f"{case}/referrals", "they wrote to us after that")
    look(page, "9-answered")
    page.click("a:has-text('Read what they wrote')")
    expect(page.locator("#thread")).to_contain_text(ANSWER)
    expect(page.locator(f".of-cases a[href='{urlsplit(case).path}']")).to_have_count(1)
    look(page, "10-thread")


def test_a_partner_opens_with_eight_words_what_was_handed_over_and_answers(
    office: Office, windows: Windows
) -> None:
    desk, partner = windows
    case = begin_case(desk)
    write_person(desk, case)
    consent(desk, case)
    words = make(desk, case)
    come_back_until(partner, office, words, "You are in the right place.")
    expect(partner.locator("#letters")).not_to_contain_text(NEED)
    look(partner, "4-greeting")
    write_back(partner, CAME)
    hand_over(desk, case)
    come_back_until(partner, office, words, NEED)
    expect(partner.locator("#letters")).to_contain_text(ASKED)
    look(partner, "8-package")
    write_back(partner, ANSWER)
    read_answer(desk, case)
