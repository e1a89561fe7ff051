# SPDX-License-Identifier: AGPL-3.0-or-later
"""A helper takes a shift, swaps it, is called and acknowledges, in a real browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from safeconduct.kernel.words import HOUR
from safeconduct.rooms.duty.events import HoursSet, ShiftTaken, SwapOffered
from safeconduct.rooms.duty.pager_facts import PagerPlaceSet, PagerSet
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.clocks import FixedClock
from tests.kit.desk_window import Served, listening
from tests.kit.rehearsal import NIGHT, rehearsal_roster

pytestmark = pytest.mark.browser
SANA, MIRA, TIMUR, *_ = rehearsal_roster()[1]
SHOTS = os.environ.get("SAFECONDUCT_SHOTS", "")


def shot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def test_shift_is_taken_and_swapped_and_the_plan_shows_the_rest_as_gaps(
    page: Page, served: Served
) -> None:
    book = served.desk.duty.book
    book.tell(SANA, HoursSet("Europe/Berlin", 0, 0, ()))
    theirs = book.tell(TIMUR, ShiftTaken(NIGHT + 20 * HOUR, NIGHT + 26 * HOUR, 0))
    page.goto(f"{served.url}/today")
    expect(page.locator("#duty")).to_contain_text("Nobody has taken this time.")
    page.get_by_role("link", name="Shift plan").click()
    page.get_by_label("It begins").fill("2026-11-20T03:00")
    page.get_by_label("and lasts").select_option("6")
    page.get_by_role("button", name="Take the shift").click()
    expect(page.locator(".notice").first).to_contain_text("It ends 20 November, 09:00.")
    expect(page.locator(".plan")).to_contain_text("03:00–09:00 you")
    expect(page.locator(".plan .gap").first).to_contain_text("Nobody: 00:00–03:00 (3 h)")
    page.get_by_label("Offer it to").select_option(f"{TIMUR.hex()}:{theirs.hex()}")
    page.get_by_role("button", name="Offer", exact=True).click()
    expect(page.locator("#main")).to_contain_text("Until it is taken, the shift is yours.")
    shot(page, "plan")
    mine = served.desk.duty.plan().shifts[0]
    book.tell(TIMUR, SwapOffered(theirs, SANA, mine.holding))
    page.reload()
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".plan")).to_contain_text("03:00–09:00 Тимур")
    assert [one.holder for one in served.desk.duty.plan().shifts] == [TIMUR, SANA]


def test_time_that_comes_twice_is_asked_about_and_answered(page: Page, served: Served) -> None:
    served.desk.duty.book.tell(SANA, HoursSet("Europe/Berlin", 0, 0, ()))
    served.desk.clock = FixedClock(NIGHT + 338 * 24 * HOUR)
    page.goto(f"{served.url}/duty")
    page.get_by_label("It begins").fill("2027-10-31T02:30")
    page.get_by_role("button", name="Take the shift").click()
    expect(page.locator("#take-refused")).to_contain_text("this time comes twice")
    assert ["422" in one for one in served.complaints] == [True]
    served.complaints.clear()
    page.get_by_label("Which one?").select_option("second")
    shot(page, "twice")
    page.get_by_role("button", name="Take the shift").click()
    expect(page.locator(".plan")).to_contain_text("02:30 (UTC+1)–10:30 (UTC+1) you")


def test_today_says_who_is_called_and_one_press_stops_it(page: Page, served: Served) -> None:
    book = served.desk.duty.book
    book.tell(SANA, PagerPlaceSet("https://calls.example", ()))
    book.tell(SANA, PagerSet("a" * 32))
    served.desk.triage.judge(served.talks["quiet orchard"], Danger.IN_DANGER)
    served.desk.clock = FixedClock(NIGHT + HOUR)
    page.goto(f"{served.url}/today")
    listening(page)
    expect(page.locator("#calls")).to_contain_text("the people on duty")
    shot(page, "calls-today")
    page.get_by_role("button", name="I see to it").click()
    expect(page.locator("#calls")).to_contain_text("it is seen to by you")
    page.goto(f"{served.url}/duty/calls")
    shot(page, "calls")
    page.goto(f"{served.url}/duty/times")
    expect(page.locator(".times")).to_contain_text("Others: within 2 hours")
    shot(page, "times")


def test_plan_stands_on_a_phone_in_russian(served: Served, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    served.front.session.language = "ru"
    book = served.desk.duty.book
    book.tell(SANA, HoursSet("Europe/Berlin", 20 * 60, 8 * 60, ()))
    book.tell(SANA, ShiftTaken(NIGHT, NIGHT + 8 * HOUR, 0))
    book.tell(MIRA, ShiftTaken(NIGHT, NIGHT + 8 * HOUR, 1))
    page.goto(f"{served.url}/duty")
    expect(page.locator("h1")).to_have_text("План смен")
    wide = page.evaluate("document.documentElement.scrollWidth")
    shot(page, "plan-ru-phone")
    assert wide <= 360
