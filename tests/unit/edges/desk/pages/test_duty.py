# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shift plan on its page: gaps in words, taking and swapping, and nights when clocks change."""

from dataclasses import replace

import pytest

from safeconduct.kernel.words import HOUR, DeviceId, Instant
from safeconduct.rooms.duty.events import HoursSet, ShiftTaken
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.pages import Page
from tests.kit.rehearsal import NIGHT, rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SANA, MIRA, TIMUR, NADIA, _ = rehearsal_roster()[1]
TAKEN, LEFT, OFFERED, ACCEPTED, DROPPED = (
    f"/duty/{what}" for what in ("taken", "left", "offered", "accepted", "dropped")
)


def take(window: Window, begins: str, *, length: str = "8") -> Page:
    """Take a shift on the page."""
    return window.pages.send(window.pages.get("/duty").form(TAKEN), begin=begins, length=length)


def test_empty_plan_says_in_words_that_nobody_is_there(window: Window) -> None:
    page = window.pages.get("/duty")
    assert "Friday, 20 November" in page.text
    assert page.text.count("Nobody, all day") == 14
    assert "There is no shift plan yet." in window.pages.get("/today").text
    assert "No steward has said yet" in page.text


def test_shift_closes_its_gap_and_today_says_who_is_there(window: Window) -> None:
    page = take(window, "2026-11-20T02:00", length="6")
    assert "You have this shift. It ends 20 November, 08:00." in page.text
    assert "Nobody: 00:00–02:00 (2 h) 02:00–08:00 you Nobody: 08:00–00:00 (16 h)" in page.text
    assert "On duty now you, until 08:00" in window.pages.get("/today").text
    window.post(TAKEN, {"begin": "2026-11-21T02:00", "length": "24", "backup": "1"})
    page = window.pages.get("/duty")
    assert "Nobody, all day 02:00–00:00 you · backup" in page.text


def test_today_says_until_when_by_this_desks_clocks_and_the_plan_by_its_own(
    window: Window,
) -> None:
    book = window.desk.duty.book
    book.tell(SANA, HoursSet("Europe/Berlin", 0, 0, ()))
    book.tell(TIMUR, ShiftTaken(NIGHT, NIGHT + 4 * HOUR, 0))
    assert "Тимур, until 06:54" in window.pages.get("/today").text
    assert "Тимур, until 07:54" in window.pages.get("/duty").text


def test_alarm_of_a_silence_names_who_has_the_shift(window: Window) -> None:
    talk = window.talks["amber lantern"]
    window.desk.triage.judge(talk, Danger.LIFE)
    due = Instant(NIGHT + HOUR)
    window.desk.answer(talk, "Write when you sit in the bus.", next_contact=due)
    window.desk.duty.book.tell(TIMUR, ShiftTaken(NIGHT, NIGHT + 8 * HOUR, 0))
    window.desk.clock.move(2 * HOUR)
    assert "Then everyone on duty now: you, Тимур." in window.pages.get("/today").text


def test_who_was_removed_leaves_gaps(window: Window) -> None:
    window.desk.duty.book.tell(TIMUR, ShiftTaken(NIGHT, NIGHT + 4 * HOUR, 0))
    assert "Тимур, until 06:54" in window.pages.get("/today").text
    facts = window.desk.duty.book.facts
    facts[-1] = replace(facts[-1], device=DeviceId(b"gone" * 4))
    assert "Nobody has taken this time." in window.pages.get("/today").text


def test_hours_are_set_by_stewards_and_shown_to_all(window: Window) -> None:
    form = window.pages.get("/duty").form("/duty/hours")
    page = window.pages.send(form, zone="Europe/Berlin", begins="22:00", ends="06:00")
    assert "by the clocks of Europe/Berlin" in page.text
    assert "Nobody: 00:00–06:00 (6 h) Nobody: 22:00–00:00 (2 h)" in page.text
    refused = window.pages.send(page.form("/duty/hours"), status=422, zone="Nowhere/At all")
    assert "choose one of the zones" in refused.text
    window.desk._device = TIMUR
    assert "/duty/hours" not in window.pages.get("/duty").html
    answer = window.post("/duty/hours", {"zone": "UTC", "begins": "01:00", "ends": "02:00"})
    assert "Only a steward can do this." in answer.text


def test_time_that_comes_twice_is_asked_about_beside_what_was_typed(window: Window) -> None:
    window.desk.duty.book.tell(SANA, HoursSet("Europe/Berlin", 0, 0, ()))
    window.desk.clock.move(338 * 24 * HOUR)
    page = window.pages.get("/duty")
    assert "Clocks are put back on this day: it is longer by 1 h" in page.text
    refused = window.pages.send(page.form(TAKEN), status=422, begin="2027-10-31T02:30")
    assert "this time comes twice" in refused.text
    form = refused.form(TAKEN)
    taken = window.pages.send(form, begin="2027-10-31T02:30", which="second")
    assert "02:30 (UTC+1)–10:30 (UTC+1) you" in taken.text


def test_time_that_is_left_out_is_refused_in_words(window: Window) -> None:
    window.desk.duty.book.tell(SANA, HoursSet("Europe/Berlin", 0, 0, ()))
    window.desk.clock.move(120 * 24 * HOUR)
    page = window.pages.get("/duty")
    refused = window.pages.send(page.form(TAKEN), status=422, begin="2027-03-28T02:30")
    assert "this time does not exist" in refused.text


def test_swap_is_offered_on_one_desk_and_taken_on_another(window: Window) -> None:
    theirs = window.desk.duty.book.tell(TIMUR, ShiftTaken(NIGHT + 9 * HOUR, NIGHT + 12 * HOUR, 0))
    page = take(window, "2026-11-20T02:00", length="6")
    form = page.form(OFFERED)
    page = window.pages.send(form, to=f"{TIMUR.hex()}:{theirs.hex()}")
    assert "Offered to Тимур, for 20 November, 11:54–14:54." in page.text
    window.desk._device = TIMUR
    page = window.pages.get("/duty")
    assert "Sana: 20 November, 02:00–08:00. You would give yours: 20 November, 11:54" in page.text
    page = window.pages.send(page.form(ACCEPTED))
    assert "Swapped." in page.text
    assert "02:00–08:00 you Nobody: 08:00–11:54 (3 h 54 min) 11:54–14:54 Sana" in page.text


def test_offer_is_declined_and_a_shift_is_given_up(window: Window) -> None:
    page = take(window, "2026-11-20T02:00", length="6")
    page = window.pages.send(page.form(OFFERED), to=TIMUR.hex())
    page = window.pages.send(page.form(DROPPED))
    assert "The shifts stay as they were." in page.text
    page = window.pages.send(page.form(LEFT))
    assert "You gave this shift up." in page.text
    assert "Nobody, all day" in page.text


@pytest.mark.parametrize("path", [TAKEN, LEFT, OFFERED, ACCEPTED, DROPPED, "/duty/hours"])
def test_who_answers_nobody_changes_nothing_in_the_plan(window: Window, path: str) -> None:
    window.desk._device = NADIA
    page = window.pages.get("/duty")
    assert TAKEN not in page.html
    answer = window.post(path, {"begin": "2026-11-20T02:00"})
    assert answer.status_code == 422
    assert "nobody takes shifts" in answer.text
    assert window.desk.duty.book.facts == []


@pytest.mark.parametrize("field", ["", "soon", "2026-02-30T01:00", "2026-11-20T25:00"])
def test_time_that_is_none_is_refused_in_words(window: Window, field: str) -> None:
    answer = window.post(TAKEN, {"begin": field})
    assert answer.status_code == 422
    assert "say when it begins" in answer.text


def test_answer_times_show_how_many_and_no_share_of_a_few(window: Window) -> None:
    page = window.pages.get("/duty/times")
    assert "At once: the sealed word of a desk that her letter was received" in page.text
    assert "too few to say" in page.text or "%" in page.text
    assert "Within 10 minutes" in page.text


def test_gap_ends_where_the_next_shift_begins(window: Window) -> None:
    window.desk.duty.book.tell(MIRA, ShiftTaken(NIGHT + HOUR, NIGHT + 2 * HOUR, 0))
    gap = window.desk.duty.now_on().gap
    assert gap is not None
    assert gap.ends == Instant(NIGHT + HOUR)
    assert "It is open at least until 03:54." in window.pages.get("/today").text
