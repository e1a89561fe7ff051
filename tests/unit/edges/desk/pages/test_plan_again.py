# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning again on the page: who is hit in which words, plans to choose from, approving one."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest

from safeconduct.edges.desk import again_words
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import FactId
from safeconduct.rooms.passage import Book, Told
from safeconduct.rooms.passage.between import choose
from safeconduct.rooms.passage.kinds import book_of
from tests.kit.invented_ways import Office
from tests.kit.pages import Page, check_page, text_of
from tests.unit.edges.desk.pages.window import Window

PATH = "/ways/plan/again"
BEST = {"number": "0"}
PATIENCE = 60.0
"""Seconds: a process starts, imports a solver and plans."""


class Land:
    """A town to leave, one to come to with two houses, one who is there and one who is to go."""

    def __init__(self, day: str) -> None:
        """Write it down; `day` is today."""
        self.office = office = Office()
        home, away = office.town("Ford"), office.town("Bridge")
        self.house, self.other = office.house(away, 2), office.house(away, 4)
        self.leg = office.leg(home, away, 200)
        self.driver, self.friend = office.escort(seats=4), office.escort(seats=4)
        self.there, self.waits = office.party(home), office.party(home)
        self.begun = office.add("journey", party=self.there, state="begun")
        office.add("stay", journey=self.begun, house=self.house, begins=day, state="there")
        self.told = office.add("journey", party=self.waits, state="told")
        ride = {"journey": self.told, "day": later(day), "at": "08:30", "leg": self.leg}
        office.add("ride", **ride, escort=self.driver)
        stay = {"journey": self.told, "house": self.other, "state": "agreed"}
        office.add("stay", **stay, begins=later(day))

    def open(self, window: Window, *books: Book) -> None:
        """Let a desk read it."""
        ways = window.desk.ways
        ways.office.told[:] = self.office.told
        for book in books or Book:
            ways.office.readers[book] = {window.desk.device}

    def happens(self, window: Window, sheet: SheetId, kind: str, state: str) -> None:
        """Somebody writes what happened."""
        self.office.write(sheet, kind, state=state)
        window.desk.ways.office.told.append(self.office.told[-1])

    def one_bed_is_left(self, window: Window) -> None:
        """The house burns; who slept there is in greater danger than who is to have the bed."""
        self.happens(window, self.house, "house", "burned")
        self.office.write(self.other, "house", beds=1)
        window.desk.ways.office.told.append(self.office.told[-1])
        self.office.write(self.there, "party", risk="gravest")
        window.desk.ways.office.told.append(self.office.told[-1])


def at_somebodys_expense(window: Window) -> int:
    """The number of the first plan in which one party has the place of another."""
    some = window.desk.ways.plans.again.alternatives()
    return next(one.number for one in some if one.option.expenses)


def later(day: str) -> str:
    """Two days later."""
    return (date.fromisoformat(day) + timedelta(days=2)).isoformat()


@pytest.fixture
def land(window: Window) -> Land:
    """A window of a desk that reads it."""
    land = Land(today(window))
    land.open(window)
    return land


def town_of(office: Office, house: SheetId) -> str:
    """The town of a house, as fields hold it."""
    sheet = office.network().sheet(house, "house")
    assert sheet is not None
    return sheet.text("town")


def today(window: Window) -> str:
    """The day by the desk's clock."""
    return time.strftime("%Y-%m-%d", time.gmtime(window.desk.now() / 1000))


def searched(window: Window) -> Page:
    """Plan again by the page, stop the search when it has something, and show it."""
    form = window.pages.get(PATH).form(f"{PATH}/begun")
    answer = window.post(form.action, form.fields)
    assert answer.status_code == 303, answer.text
    again, until = window.desk.ways.plans.again, time.monotonic() + PATIENCE
    assert f"{PATH}/enough" in window.pages.get(PATH).html
    while again.thinking and time.monotonic() < until:
        if again.found() is not None:
            window.pages.get(PATH)
            window.post(f"{PATH}/enough")
        time.sleep(0.05)
    return window.pages.get(PATH)


def main(page: Page) -> str:
    """What the page says."""
    return text_of(page.by_id("main"))


def test_who_does_not_plan_finds_nothing(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    window.pages.get(PATH, status=404)
    assert window.post(f"{PATH}/begun").status_code == 404
    assert window.post(f"{PATH}/approved").status_code == 404
    land = Land(today(window))
    land.open(window, Book.JOURNEYS, Book.ROADS)
    assert "Houses" in main(window.pages.get(PATH))
    assert window.post(f"{PATH}/begun").status_code == 422
    land.open(window)
    monkeypatch.setattr(window.desk.ways, "may_write", lambda: False)
    window.pages.get(PATH, status=404)


def test_who_is_hit_is_said_at_once_and_otherwise_of_who_is_in_shelter(
    window: Window, land: Land
) -> None:
    assert "Nothing on the sheets contradicts a journey." in main(window.pages.get(PATH))
    land.happens(window, land.house, "house", "burned")
    land.happens(window, land.driver, "escort", "arrested")
    shown = main(window.pages.get(PATH))
    sheltered, _, danger = shown.partition("Still in danger, not brought out yet")
    assert "No bed tonight: Safe house" in sheltered
    assert "Not brought out yet, and their escort is gone" in danger
    assert "No bed" not in danger


def test_a_burned_house_is_planned_again_and_approved(window: Window, land: Land) -> None:
    land.happens(window, land.house, "house", "burned")
    page = searched(window)
    assert "1 promise is not kept:" in main(page)
    assert "0 people in shelter would have no bed." in main(page)
    form = page.form(f"{PATH}/approved")
    assert window.post(form.action, form.fields | BEST).status_code == 303
    network = window.desk.ways.network()
    stays = {(one.text("journey"), one.text("house")): one for one in network.of_kind("stay")}
    old = stays[land.begun.hex(), land.house.hex()]
    new = stays[land.begun.hex(), land.other.hex()]
    assert new.text("state") == "held"
    assert new.text("begins") == today(window)
    assert old.text("state") == "released" or old.text("ends") == today(window)
    journey = network.sheet(land.begun, "journey")
    assert journey is not None
    assert journey.text("state") == "begun"
    assert len(network.of_kind("journey")) == 2
    assert window.post(form.action, form.fields | BEST).status_code == 422


def test_an_arrested_escort_is_replaced_and_the_old_journey_called_off(
    window: Window, land: Land
) -> None:
    land.happens(window, land.driver, "escort", "arrested")
    form = searched(window).form(f"{PATH}/approved")
    assert window.post(form.action, form.fields | BEST).status_code == 303
    network = window.desk.ways.network()
    states = {one.id: one.text("state") for one in network.of_kind("journey")}
    assert states.pop(land.told) == "called_off"
    assert states.pop(land.begun) == "begun"
    assert list(states.values()) == ["proposed"]
    (ride,) = [
        one for one in network.of_kind("ride") if bytes.fromhex(one.text("journey")) in states
    ]
    assert ride.text("escort") == land.friend.hex()


def test_what_was_planned_on_is_named_when_it_has_changed(window: Window, land: Land) -> None:
    land.happens(window, land.house, "house", "burned")
    form = searched(window).form(f"{PATH}/approved")
    land.happens(window, land.other, "house", "closed")
    refused = window.post(form.action, form.fields | BEST)
    assert refused.status_code == 422
    assert "has changed meanwhile" in refused.text
    assert "Press Plan again." in refused.text
    assert f"/ways/houses/house/{land.other.hex()}" in refused.text
    assert len(window.desk.ways.network().of_kind("stay")) == 2


def test_who_would_lose_a_place_is_named_and_two_people_are_asked(
    window: Window, land: Land
) -> None:
    network = window.desk.ways.network()
    names = [next(s for s in network.of_kind("party") if s.id == one).name
             for one in (land.there, land.waits)]  # fmt: skip
    land.one_bed_is_left(window)
    page, number = searched(window), at_somebodys_expense(window)
    said = f"Party {names[0]} would have the place of Party {names[1]}. Two people decide that"
    assert said in main(page)
    form = page.form(f"{PATH}/approved")
    refused = window.post(form.action, form.fields | {"number": str(number)})
    asked = check_page(refused.text, 422).form("/ways/plan/chosen")
    assert asked.fields["first"] == land.there.hex()
    assert asked.fields["behind"] == land.waits.hex()
    chosen = window.post(asked.action, asked.fields | {"why": "last_way"})
    assert chosen.headers["location"].startswith(PATH)
    (choice,) = window.desk.ways.network().choices
    assert (choice.first, choice.behind) == (land.there, (land.waits,))


def test_a_ride_within_the_town_is_shown_as_it_was_and_those_that_stand_still_are(
    window: Window, land: Land
) -> None:
    office, moves = land.office, later(today(window))
    (stay,) = (one for one in office.network().of_kind("stay")
               if one.text("house") == land.house.hex())  # fmt: skip
    office.write(stay.id, "stay", ends=moves)
    office.write(land.other, "house", beds="1")
    last = office.house(SheetId(bytes.fromhex(town_of(office, land.other))), 1)
    by = {"journey": land.begun, "day": moves, "escort": land.friend}
    office.add("ride", **by)
    office.add("ride", journey=land.begun, day=today(window), leg=land.leg)
    office.add("stay", journey=land.begun, house=last, begins=moves, state="held")
    land.open(window)
    land.happens(window, last, "house", "burned")
    was, _, now = main(searched(window)).partition("Until now:")[2].partition("From now on:")
    assert "to another house in the town" in was
    assert "Goes along: Escort" in was
    now, _, _ = now.partition("Until now:")
    assert "to another house in the town" not in now
    assert was.count("Ford – Bridge") == now.count("Ford – Bridge") == 1


def test_a_plan_says_how_many_stand_for_it_that_one_has_the_place_of_another(
    window: Window, land: Land
) -> None:
    land.one_bed_is_left(window)
    form, ways = searched(window).form(f"{PATH}/approved"), window.desk.ways
    picked = form.fields | {"number": str(at_somebodys_expense(window))}
    assert "Two people decide that: press Approve" in main(window.pages.get(PATH))
    members = window.desk.roster().members.values()
    other = next(one.device.id for one in members if ways.are_apart(one.device.id, ways.own))
    fact, hlc = (
        choose(ways.network(), land.there, [land.waits], "last_way"),
        window.desk.now() << 16,
    )
    ways.office.told.append(Told(FactId(b"c" * 36), other, hlc, book_of("party"), fact))
    assert "Said by one person." in main(window.pages.get(PATH))
    refused = window.post(form.action, picked)
    assert refused.status_code == 422
    assert "/ways/plan/chosen" not in refused.text
    ways.plans.second(FactId(b"c" * 36))
    assert "Two people stand for it: the plan can be approved." in main(window.pages.get(PATH))
    assert window.post(form.action, picked).status_code == 303


def test_plans_are_thrown_away(window: Window, land: Land) -> None:
    land.happens(window, land.house, "house", "burned")
    assert "What there is to choose" in main(searched(window))
    assert window.post(f"{PATH}/dropped").status_code == 303
    assert "What there is to choose" not in window.pages.get(PATH).html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_blow_has_words_for_who_is_in_shelter_and_who_is_not(language: str) -> None:
    for code in ("no_bed", "escort_gone", "road_closed", "border_closed"):
        some = {again_words.blow(code, language, begun=begun) for begun in (True, False)}
        assert len(some) == 2
    assert again_words.blow("too_late", language, begun=False)
