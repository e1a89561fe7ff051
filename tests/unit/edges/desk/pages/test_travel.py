# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stewards see of a device that travels light, and giving back what it left."""

from __future__ import annotations

from safeconduct.edges.desk.travel_api import Away
from tests.kit.rehearsal import rehearsal_roster
from tests.unit.edges.desk.pages.window import Window

SANA, MIRA, TIMUR, *_ = rehearsal_roster()[1]
PATH = f"/crew/{TIMUR.hex()}"


def test_nobody_on_a_trip_shows_nothing_on_today(window: Window) -> None:
    assert "On a trip" not in window.pages.get("/today").text
    assert "safeconduct travel pack" in window.pages.get("/settings").text


def test_crew_says_who_travels_light_and_today_who_asks(window: Window) -> None:
    window.desk.travel.told = [Away(TIMUR, asked=False)]
    page = window.pages.get("/crew")
    assert "On a trip, with less" in page.text
    assert f"{PATH}/give-back" not in page.html
    for today in ("/today", "/crew/asked?at=today"):
        assert "On a trip, with less" not in window.client.get(today).text
    window.desk.travel.told = [Away(TIMUR, asked=True)]
    for place in ("/today", "/crew"):
        assert f"{PATH}/give-back" in window.pages.get(place).html
    assert "Who waits for an answer stands below." in window.pages.get("/today").text


def test_without_a_question_there_is_no_button_and_the_page_says_why(window: Window) -> None:
    window.desk.travel.told = [Away(TIMUR, asked=False)]
    page = window.pages.get(f"{PATH}/give-back")
    assert "has not asked for its keys" in page.text
    assert "given-back" not in page.html
    assert f"{PATH}/suspend" in page.html
    window.desk.travel.told = []
    assert "has everything that it had before" in window.pages.get(f"{PATH}/give-back").text


def test_one_button_gives_back_and_a_second_press_says_that_it_is_done(window: Window) -> None:
    window.desk.travel.told = [Away(TIMUR, asked=True)]
    page = window.pages.get(f"{PATH}/give-back")
    assert "Speak with your colleague by voice" in page.text
    assert "ноутбук Тимура" in page.text
    form = page.form(f"{PATH}/given-back")
    assert "Given back" in window.pages.send(form).text
    assert window.desk.travel.told == []
    assert "has everything that it had before" in window.pages.send(form).text


def test_what_this_desk_does_not_hold_is_said_to_be_missing(window: Window) -> None:
    window.desk.travel.told = [Away(TIMUR, asked=True)]
    window.desk.travel.missing = 1
    form = window.pages.get(f"{PATH}/give-back").form(f"{PATH}/given-back")
    assert "the rest is still missing" in window.pages.send(form).text
    assert window.desk.travel.told == [Away(TIMUR, asked=True)]


def test_what_was_not_asked_for_is_refused_with_words(window: Window) -> None:
    window.desk.travel.told = [Away(TIMUR, asked=True)]
    form = window.pages.get(f"{PATH}/give-back").form(f"{PATH}/given-back")
    window.desk.travel.told = [Away(TIMUR, asked=False)]
    page = window.pages.send(form, status=422)
    assert "has not asked for its keys" in page.text
    assert window.desk.travel.told == [Away(TIMUR, asked=False)]
