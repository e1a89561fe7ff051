# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hostile sender on the pages: one press puts it away, one brings it back, likeness is told."""

from __future__ import annotations

from safeconduct.rooms.hotline.queue import Weight
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.pages import text_of
from tests.unit.edges.desk.pages.test_looks import colleague
from tests.unit.edges.desk.pages.test_triage import names
from tests.unit.edges.desk.pages.window import Window

NAME = "quiet orchard"


def test_one_press_puts_it_away_and_one_brings_it_back(window: Window) -> None:
    path = window.path(NAME)
    window.pages.send(window.pages.get(path).form(f"{path}/hostile"), hostile="1")
    assert NAME not in names(window, "/hotline")
    assert names(window, "/hotline?show=hostile") == [NAME]
    today = text_of(window.pages.get("/today").by_id("queue"))
    assert "1 conversation is put away as hostile" in today
    page = window.pages.get(path)
    assert "Marked hostile by you" in text_of(page.by_id("hostile"))
    window.pages.send(page.form(f"{path}/hostile"), hostile="0")
    assert NAME in names(window, "/hotline")
    assert names(window, "/hotline?show=hostile") == []


def test_a_row_says_like_how_many_it_is(window: Window) -> None:
    window.desk.triage.weights[window.talks[NAME]] = Weight(band=7, others=1312)
    assert names(window, "/hotline")[-1] == NAME
    said = text_of(window.pages.get(window.path(NAME)).by_id("place"))
    assert "much like 1 312 others that came before it" in said


def test_a_copy_of_what_was_marked_says_so_and_can_be_brought_back(window: Window) -> None:
    path = window.path(NAME)
    window.desk.triage.weights[window.talks[NAME]] = Weight(9, 40, hostile=True, long=True)
    assert names(window, "/hotline?show=hostile") == [NAME]
    page = window.pages.get(path)
    assert "the same text as one that was marked hostile" in text_of(page.by_id("hostile"))
    window.pages.send(page.form(f"{path}/hostile"), hostile="0")
    assert NAME in names(window, "/hotline")


def test_whom_a_colleague_judged_is_put_away_by_two(window: Window) -> None:
    path, talk = window.path(NAME), window.talks[NAME]
    window.pages.send(window.pages.get(path).form(f"{path}/danger"), level="3")
    other = colleague(window)
    other.triage.mark_hostile(talk, hostile=True)
    assert NAME in names(window, "/hotline")
    said = text_of(window.pages.get(path).by_id("hostile"))
    assert "Another says that this person is in danger" in said
    assert "until somebody else marks it hostile too" in said
    place = text_of(window.pages.get(path).by_id("place"))
    assert "judged in danger (you)" in place
    window.desk.triage.mark_hostile(talk, hostile=True)
    assert names(window, "/hotline?show=hostile") == [NAME]


def test_a_second_mark_of_the_same_person_is_refused_with_a_reason(window: Window) -> None:
    path, talk = window.path(NAME), window.talks[NAME]
    form = window.pages.get(path).form(f"{path}/hostile")
    colleague(window).triage.judge(talk, Danger.IN_DANGER)
    window.desk.triage.mark_hostile(talk, hostile=True)
    page = window.pages.send(form, status=422)
    assert "Somebody else has to mark them too" in text_of(page.by_id("hostile-refused"))


def test_a_row_leads_to_those_who_say_the_same_and_one_press_puts_them_away(
    window: Window,
) -> None:
    same = ["calm river", "grey stone", "long road"]
    for one in same:
        talk = window.talks[one] = window.desk.receive(one, "You sold your own people.")
        said = Weight(band=7, others=3, long=True, kind=b"k" * 32)
        window.desk.triage.weights[talk] = said
    shown = [one for one in names(window, "/hotline") if one in same]
    assert len(shown) == 1
    path = f"{window.path(shown[0])}/alike"
    today = window.pages.get("/today")
    assert "and 2 that say nearly the same" in text_of(today.by_id("queue"))
    assert "2 more say nearly what others say" in text_of(today.by_id("queue"))
    page = window.pages.get(path)
    assert sorted(names(window, path)) == sorted(same)
    assert len(names(window, "/hotline?show=behind")) == 2
    window.pages.send(page.form(f"{path}/hostile"))
    assert len(names(window, "/hotline?show=hostile")) == 1
