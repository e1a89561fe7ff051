# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letting the server tell devices apart: what it costs, what every desk says, and ending it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safeconduct.edges.desk.tracing_api import DeviceShare, Tracing, Wish
from safeconduct.kernel.words import DeviceId, Instant
from tests.kit.rehearsal import NIGHT, rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SANA, MIRA, TIMUR, *_ = rehearsal_roster()[1]
PATH = "/crew/tracing"
RUNS = Tracing(Instant(NIGHT), MIRA, "The server is full every noon.")


def test_nothing_is_said_of_it_while_it_does_not_run(window: Window) -> None:
    for place in ("/today", "/crew", "/crew/traced"):
        assert "tell our devices apart" not in window.client.get(place).text
    assert PATH in window.pages.get("/crew").html


@pytest.mark.parametrize("place", ["/today", "/crew"])
def test_every_desk_says_that_it_runs_since_when_by_whom_and_why(
    window: Window, place: str
) -> None:
    window.desk.tracing.runs = RUNS
    steward = window.pages.get(place)
    window.desk._device = TIMUR
    helper = window.pages.get(place)
    for page in (steward, helper):
        assert "The server can tell our devices apart" in page.text
        assert "Opened by Mira, 02:54. Why: The server is full every noon." in page.text
        assert "It still reads nothing" in page.text
    assert PATH in steward.html
    assert PATH not in helper.html


def test_desk_that_has_not_read_who_opened_it_says_so_all_the_same(window: Window) -> None:
    window.desk.tracing.runs = Tracing(Instant(NIGHT), None, "")
    assert "who and why, this desk has not read yet" in window.pages.get("/today").text
    assert "who and why, this desk has not read yet" in window.pages.get(PATH).text


def test_page_warns_of_what_it_costs_before_the_button(window: Window) -> None:
    page = window.pages.get(PATH)
    assert page.text.index("What it costs") < page.text.index("Let the server tell devices apart")
    assert "Name nobody." in page.text
    form = page.form("/crew/tracing/opened")
    sent = window.pages.send(form, reason="It is full every noon.")
    assert "It begins as soon as this desk reaches the server." in sent.text
    assert window.desk.tracing.wished is not None
    window.desk.tracing.reach()
    assert "Opened by you" in window.pages.get("/today").text


def test_without_a_reason_it_is_refused_and_what_was_typed_stays(window: Window) -> None:
    form = window.pages.get(PATH).form("/crew/tracing/opened")
    page = window.pages.send(form, reason="  ", status=422)
    assert "Say why: colleagues read it on Today." in page.text
    page = window.pages.send(form, reason="x" * 2_001, status=422)
    assert "This is too long." in page.text
    assert "x" * 2_001 in page.html


def test_wish_is_taken_back_before_it_begins(window: Window) -> None:
    form = window.pages.get(PATH).form("/crew/tracing/opened")
    page = window.pages.send(form, reason="It is full.")
    again = window.pages.send(form, reason="It is full.")
    assert "it runs, or it was asked for" in again.text
    back = page.form("/crew/tracing/taken-back")
    assert "It does not begin." in window.pages.send(back).text
    assert window.desk.tracing.wished is None
    assert "nothing to take back any more" in window.pages.send(back).text


def test_wish_of_a_colleague_has_no_button(window: Window) -> None:
    window.desk.tracing.wished = Wish(Instant(NIGHT), MIRA, "It is full.", mine=False)
    page = window.pages.get(PATH)
    assert "Asked for by Mira" in page.text
    assert "taken-back" not in page.html
    assert "within half an hour" in page.text


def test_wish_that_came_to_nothing_is_named(window: Window) -> None:
    window.desk.tracing.lost = True
    assert "did not begin" in window.pages.get(PATH).text


def test_page_shows_how_much_came_from_each_device(window: Window) -> None:
    window.desk.tracing.runs = RUNS
    window.desk.tracing.told = [
        DeviceShare(TIMUR, 3 << 30, 2 << 30, 400 << 20),
        DeviceShare(None, 2_048, 0, 2_048),
        DeviceShare(SANA, 900, 0, 900),
        DeviceShare(None, 7, 0, 7, stray=True),
    ]
    page = window.pages.get(PATH)
    assert "ноутбук Тимура · Тимур" in page.text
    for words in ("3 072 MB", "2 048 MB", "400 MB", "900 bytes", "Devices that joined"):
        assert words in page.text
    assert "somebody holds a steward’s keys" in page.text
    assert f"/crew/{TIMUR.hex()}/suspend" in page.html
    assert "Much is not guilt" in page.text


def test_silent_server_is_named_and_ending_it_works_all_the_same(window: Window) -> None:
    window.desk.tracing.runs, window.desk.online = RUNS, False
    page = window.pages.get(PATH)
    assert "the amounts cannot be shown now" in page.text
    page = window.pages.send(page.form("/crew/tracing/ended"))
    assert "It is over as soon as this desk reaches the server." in page.text
    assert "tracing/ended" not in page.html
    window.desk.tracing.reach()
    assert "tell our devices apart" not in window.pages.get("/today").text


def test_pressing_end_twice_says_that_it_is_over(window: Window) -> None:
    window.desk.tracing.runs = RUNS
    form = window.pages.get(PATH).form("/crew/tracing/ended")
    window.pages.send(form)
    window.desk.tracing.reach()
    assert "It is over" in window.pages.send(form).text


def test_helpers_do_not_get_there(window: Window) -> None:
    window.desk._device = TIMUR
    assert "Only a steward can do this." in window.pages.get(PATH, status=422).text
    assert PATH not in window.pages.get("/crew").html
    for act in ("opened", "ended", "taken-back"):
        window.post(f"{PATH}/{act}", {"reason": "no"})
    assert window.desk.tracing.wished is None
    window.desk.tracing.runs = RUNS
    window.post(f"{PATH}/ended")
    assert not window.desk.tracing.ends


def test_more_devices_than_the_server_tells_apart_is_said_in_words(window: Window) -> None:
    roster = window.desk._roster
    member = roster.members[TIMUR]
    more = {DeviceId(number.to_bytes(16, "big")): member for number in range(255)}
    window.desk._roster = replace(roster, members={**roster.members, **more})
    form = window.pages.get(PATH).form("/crew/tracing/opened")
    assert "255 devices" in window.pages.send(form, reason="Full.", status=422).text
