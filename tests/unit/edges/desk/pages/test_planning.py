# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning journeys on the page: a search in its own process, its proposal, and between whom."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace

from safeconduct.edges.desk import planning_words, ways_words
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.kernel.sheets import SheetId, Typed
from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.passage import Book, SheetWritten, Told
from safeconduct.rooms.passage.between import choose
from safeconduct.rooms.passage.chosen import Why
from safeconduct.rooms.passage.gathering.gather import gather
from safeconduct.rooms.passage.gathering.measures import CEILINGS, RATES
from safeconduct.rooms.passage.kinds import book_of
from safeconduct.rooms.passage.operations.stuck import Lack
from tests.kit.invented_ways import ADA, Office, invent
from tests.kit.invented_ways import settings as chosen
from tests.kit.pages import Page, check_page, text_of
from tests.unit.edges.desk.pages.window import Window

FIRST = {"row-0": "yes"}
BOTH = {"row-0": "yes", "row-1": "yes"}
PATIENCE = 60.0
"""Seconds: a process starts, imports a solver and plans."""


class Land:
    """One town to leave, one to come to, and who waits."""

    def __init__(self, beds: int = 4) -> None:
        """Two towns, a road, a driver and a house."""
        self.office = Office()
        self.home, self.away = self.office.town("Ford"), self.office.town("Bridge")
        self.house = self.office.house(self.away, beds)
        self.leg = self.office.leg(self.home, self.away, 200)
        self.escort = self.office.escort(seats=4)

    def open(self, window: Window, *books: Book) -> None:
        """Let a desk read it."""
        ways = window.desk.ways
        ways.office.told[:] = self.office.told
        for book in books or Book:
            ways.office.readers[book] = {window.desk.device}


def party_name(window: Window, party: SheetId) -> str:
    """The code name of a party."""
    sheet = window.desk.ways.network().sheet(party, "party")
    assert sheet is not None
    return sheet.name


def searched(window: Window, **typed: str) -> Page:
    """Make a plan by the page, stop the search when it has one, and show it."""
    form = window.pages.get("/ways/plan").form("/ways/plan/begun")
    answer = window.post(form.action, form.fields | typed)
    assert answer.status_code == 303, answer.text
    plans, until = window.desk.ways.plans, time.monotonic() + PATIENCE
    page = window.pages.get("/ways/plan")
    while plans.thinking and time.monotonic() < until:
        if plans.standing() is not None:
            window.post("/ways/plan/enough")
        time.sleep(0.05)
    assert "/ways/plan/enough" in page.html
    return window.pages.get("/ways/plan")


@pytest.fixture
def land(window: Window) -> Land:
    """A window of a desk that reads a land with two parties, of whom the escort takes both."""
    land = Land()
    land.office.party(land.home, 2, alone="no", deadline="2026-12-20")
    land.office.party(land.home, 1, alone="no")
    land.open(window)
    return land


def test_who_reads_no_journeys_finds_nothing_and_who_lacks_a_book_hears_which(
    window: Window,
) -> None:
    assert "/ways/plan" not in window.pages.get("/ways").html
    window.pages.get("/ways/plan", status=404)
    assert window.post("/ways/plan/begun").status_code == 404
    Land().open(window, Book.JOURNEYS, Book.ROADS)
    assert "/ways/plan" in window.pages.get("/ways").html
    lacking = text_of(window.pages.get("/ways/plan").by_id("main"))
    assert "Houses" in lacking
    assert "Abroad" in lacking
    assert window.post("/ways/plan/begun").status_code == 422


def test_who_may_not_write_finds_nothing(
    window: Window, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert land.house
    monkeypatch.setattr(window.desk.ways, "may_write", lambda: False)
    window.pages.get("/ways/plan", status=404)
    assert "/ways/plan" not in window.pages.get("/ways").html


def test_a_plan_is_made_shown_and_approved_as_sheets(window: Window, land: Land) -> None:
    page = searched(window)
    form = page.form("/ways/plan/approved")
    page.by_id("row-1")
    shown = text_of(page.by_id("main"))
    assert "Goes along: Escort" in shown
    assert "No plan saves more." in shown
    assert window.post(form.action, form.fields | FIRST).status_code == 303
    network = window.desk.ways.network()
    (journey,), (ride,), (stay,) = map(network.of_kind, ("journey", "ride", "stay"))
    assert journey.text("state") == "proposed"
    assert (ride.text("escort"), ride.text("leg")) == (land.escort.hex(), land.leg.hex())
    assert (stay.text("house"), stay.text("state")) == (land.house.hex(), "held")
    assert stay.text("until")
    assert "Approved." in window.pages.get("/ways/plan").text
    form = window.pages.get("/ways/plan").form("/ways/plan/approved")
    assert window.post(form.action, form.fields | BOTH).status_code == 303
    assert len(window.desk.ways.network().of_kind("journey")) == 2


def test_a_new_plan_takes_the_place_of_one_that_was_only_proposed(
    window: Window, land: Land
) -> None:
    assert land.leg
    for _ in range(2):
        form = searched(window).form("/ways/plan/approved")
        assert window.post(form.action, form.fields | BOTH).status_code == 303
    states = [one.text("state") for one in window.desk.ways.network().of_kind("journey")]
    assert sorted(states) == ["called_off", "called_off", "proposed", "proposed"]
    stays = [one.text("state") for one in window.desk.ways.network().of_kind("stay")]
    assert sorted(stays) == ["held", "held", "released", "released"]


def test_where_nobody_else_waits_who_was_promised_can_be_planned_anew(window: Window) -> None:
    land = Land()
    party = land.office.party(land.home, 1, alone="no")
    land.open(window)
    form = searched(window).form("/ways/plan/approved")
    assert window.post(form.action, form.fields | FIRST).status_code == 303
    (journey,) = window.desk.ways.network().of_kind("journey")
    over = frozenset(one.fact for one in journey.entered("state")[0].standing)
    window.desk.ways.write("journey", journey.id, {"state": Typed("told", over)})
    page = window.pages.get("/ways/plan")
    (begins,) = (one for one in page.root.iter() if one.get("action") == "/ways/plan/begun")
    assert not [one for one in begins.iter() if one.get("disabled") is not None]
    assert "row-0" in searched(window, **{f"anew-{party.hex()}": "yes"}).html


def test_what_was_planned_on_is_named_when_it_has_changed(window: Window, land: Land) -> None:
    form = searched(window).form("/ways/plan/approved")
    event = {"closes": land.house.hex(), "begins": "2026", "how": "burned", "why": "Searched."}
    office = Office()
    office.add("house_closed", **event)
    window.desk.ways.office.told.append(office.told[0]._replace(fact=FactId(b"n" * 36)))
    refused = window.post(form.action, form.fields | BOTH)
    assert refused.status_code == 422
    assert "has changed meanwhile" in refused.text
    assert "House closed" in refused.text
    assert not window.desk.ways.network().of_kind("journey")


def test_contradictions_stop_a_plan_until_somebody_says_so(window: Window, land: Land) -> None:
    land.office.party(land.home, 1, deadline="2026-12-02", ready="2026-12-09")
    land.open(window)
    page = window.pages.get("/ways/plan")
    assert "can leave only when the deadline has passed" in page.text
    form = page.form("/ways/plan/begun")
    assert window.post(form.action, form.fields).status_code == 422
    searched(window, anyway="yes")
    assert window.desk.ways.plans.proposal() is not None


def test_who_cannot_go_is_told_with_what_would_change_it(window: Window, land: Land) -> None:
    land.office.party(land.home, 1, need="medical", alone="no")
    land.office.party(land.away, 1)
    land.open(window)
    window.desk.ways.office.told.append(suits_nobody_ill(land))
    page = window.pages.get("/ways/plan").text
    assert "Cannot go at all." in page
    assert "a way from their town to another town" in page


def suits_nobody_ill(land: Land) -> Told:
    """A word that the house suits nobody who is ill."""
    office = Office()
    office.write(land.house, "house", suits="any")
    return office.told[0]._replace(fact=FactId(b"s" * 36))


@pytest.fixture
def scarce(window: Window) -> tuple[SheetId, SheetId]:
    """One bed, and two who are in danger; who is in less is moved, since a person said so."""
    land = Land(beds=1)
    less = land.office.party(land.home, 1, alone="no", risk="standard")
    more = land.office.party(land.home, 1, alone="no", risk="grave", wanted="yes")
    land.open(window)
    return less, more


def test_a_choice_between_parties_counts_when_another_person_seconds_it(
    window: Window, scarce: tuple[SheetId, SheetId]
) -> None:
    less, more = scarce
    ways = window.desk.ways
    (other, *_) = sorted(
        one.device.id
        for one in window.desk.roster().members.values()
        if ways.are_apart(one.device.id, ways.own)
    )
    fields = {"first": less.hex(), "behind": more.hex(), "why": "wish"}
    assert window.post("/ways/plan/chosen", fields | {"why": ""}).status_code == 422
    assert window.post("/ways/plan/chosen", fields).status_code == 303
    page = window.pages.get("/ways/plan")
    assert "does not count yet" in page.text
    assert "/ways/plan/seconded" not in page.html
    (choice,) = ways.network().choices
    assert window.post("/ways/plan/seconded", {"choice": choice.fact.hex()}).status_code == 422
    say_from(window, other, less, more)
    theirs = next(one for one in ways.network().choices if one.by == other)
    page = window.pages.get("/ways/plan")
    form = page.form("/ways/plan/seconded")
    assert form.fields["choice"] == theirs.fact.hex()
    assert window.post(form.action, form.fields).status_code == 303
    form = searched(window).form("/ways/plan/approved")
    assert window.post(form.action, form.fields | BOTH).status_code == 303
    (journey,) = ways.network().of_kind("journey")
    assert journey.text("party") == less.hex()


def test_a_journey_names_the_choice_it_follows_to_who_plans_and_to_nobody_else(
    window: Window, scarce: tuple[SheetId, SheetId], monkeypatch: pytest.MonkeyPatch
) -> None:
    less, more = scarce
    ways = window.desk.ways
    other = next(
        one.device.id
        for one in window.desk.roster().members.values()
        if ways.are_apart(one.device.id, ways.own)
    )
    say_from(window, other, less, more)
    (choice,) = ways.network().choices
    ways.plans.second(choice.fact)
    form = searched(window).form("/ways/plan/approved")
    assert window.post(form.action, form.fields | BOTH).status_code == 303
    (journey,) = ways.network().of_kind("journey")
    path = f"/ways/journeys/journey/{journey.id.hex()}"
    page = window.pages.get(path)
    for said in ("By which choice between people", "chosen by", "seconded by"):
        assert said in page.text
    assert f'href="{path}"' in window.pages.get("/ways/plan").html
    ways.office.told.append(of_risk(more))
    assert "it holds no more" in window.pages.get(path).text
    monkeypatch.setattr(ways, "may_write", lambda: False)
    hidden = window.pages.get(path).text
    assert "choice between people" not in hidden
    assert "seconded by" not in hidden


def of_risk(party: SheetId) -> Told:
    """Somebody writes of a party's danger anew."""
    fact = SheetWritten(party, "party", (("risk", "gravest"),), ())
    return Told(FactId(b"r" * 36), ADA, 9 << 60, book_of("party"), fact)


def say_from(window: Window, device: DeviceId, first: SheetId, behind: SheetId) -> None:
    """A colleague puts a party before another."""
    ways = window.desk.ways
    fact = choose(ways.network(), first, [behind], "last_way")
    hlc = (window.desk.now() << 16) + 1
    ways.office.told.append(Told(FactId(b"c" * 36), device, hlc, book_of("party"), fact))


def test_nobody_is_moved_at_the_expense_of_another_without_two_people(
    window: Window, scarce: tuple[SheetId, SheetId]
) -> None:
    less, more = scarce
    searched(window)
    plans = window.desk.ways.plans
    search = plans._search
    assert search is not None
    now = search.planner.now
    assert now is not None
    # The planner moves who is in greater danger; what is refused is the other way round.
    ((_, *rest),) = now.plan
    search.planner.now = replace(now, plan=((0, *rest),), expenses=((0, 1),))
    page = window.pages.get("/ways/plan")
    assert "They could go in time, but only in the place of" in page.text
    form = page.form("/ways/plan/approved")
    refused = window.post(form.action, form.fields | BOTH)
    assert refused.status_code == 422
    check_page(refused.text, 422, refused.headers)
    assert "Two people decide that" in refused.text
    assert party_name(window, more) in refused.text
    assert party_name(window, less) in refused.text
    assert f'name="behind" value="{more.hex()}"' in refused.text
    assert not window.desk.ways.network().of_kind("journey")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_words(language: str) -> None:
    for one in CEILINGS:
        assert planning_words.ceiling(one, language)
    for one in RATES:
        assert planning_words.rates(one, language)
    remarks = (
        one for seed in range(20) for one in gather(invent(seed).network(), chosen()).remarks
    )
    for remark in remarks:
        assert planning_words.remark(remark.code, "field", language)
    for why in Why:
        assert planning_words.why(why, language)
    for lack in Lack:
        assert planning_words.lack(lack, 3, language)
    assert ways_words.choice("country", "accepts", "none", language)
