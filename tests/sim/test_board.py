# SPDX-License-Identifier: AGPL-3.0-or-later
"""The board on desks of one office: what two did unseen is red on both, and go takes two people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.ways_api import Seen
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import FactId
from safeconduct.rooms import passage
from safeconduct.rooms.crew import Role
from safeconduct.rooms.passage import Book, SheetWritten, standing
from safeconduct.rooms.passage.board.go import Verdict, said_of, seen_of
from safeconduct.rooms.passage.board.tonight import Why
from safeconduct.rooms.passage.decide import NetworkNotYours
from safeconduct.rooms.passage.events import GoSaid
from tests.sim.courier import Rehearsal
from tests.sim.steps import pass_on
from tests.sim.test_case_pages import window_of
from tests.sim.test_cases import go_online, meet
from tests.sim.test_ways import HOUSE, opened, the, write

COORDINATOR = frozenset({Role.COORDINATOR})
PARTY = {"size": "2", "risk": "grave", "need": "any", "alone": "yes"}
DAY, NIGHT = "2017-04-03", "2017-04-05"
JOURNEYS = Book.JOURNEYS


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, two coordinators, and an operator, each online."""
    with Rehearsal(tmp_path) as rehearsal:
        rehearsal.found()
        for name in ("second", "third"):
            rehearsal.join(name, COORDINATOR)
        rehearsal.join("fourth", frozenset({Role.OPERATOR}))
        go_online(rehearsal)
        meet(rehearsal)
        yield rehearsal


def journey(desk: Desk) -> SheetId:
    """A journey of a party of two."""
    town = write(desk, "town", name="Ford")
    party = write(desk, "party", **PARTY, town=town.hex())
    return write(desk, "journey", party=party.hex(), state="told")


def hold(desk: Desk, house: SheetId) -> SheetId:
    """Hold beds for a party of its own."""
    said = {"house": house.hex(), "begins": DAY, "ends": NIGHT, "state": "held"}
    return write(desk, "stay", journey=journey(desk).hex(), **said)


def ride(desk: Desk) -> SheetId:
    """A ride of a day."""
    ends = {name: write(desk, "town", name=name).hex() for name in ("from", "to")}
    leg = write(desk, "leg", mode="train", minutes="90", exposure="low", **ends)
    return write(desk, "ride", journey=journey(desk).hex(), day=DAY, at="7:40", leg=leg.hex())


def say(desk: Desk, *over: FactId, go: bool = True) -> None:
    """Say of the one ride as it stands that it goes, or not."""
    one = the(desk, "ride")
    desk.ways.say_go(one.id, Seen(seen_of(desk.ways.network(), one), frozenset(over)), go=go)


def verdict(desk: Desk) -> Verdict:
    """What follows from what was said of the one ride."""
    return said_of(desk.ways.network(), the(desk, "ride"), desk.ways.people()).verdict


def test_two_who_hold_one_bed_unseen_both_see_both_in_red(office: Rehearsal) -> None:
    first, second, *_ = office.desks.values()
    for book in (Book.HOUSES, Book.ROADS, JOURNEYS):
        opened(office, book, "second")
    house = write(first, "house", **{**HOUSE, "beds": "3"})
    meet(office)
    held = {hold(first, house), hold(second, house)}
    assert not any(line.reds for line in first.ways.tonight(DAY).lines)
    meet(office)
    for desk in (first, second):
        (line,) = desk.ways.tonight(DAY).lines
        assert {one.sheet.id for one in line.stays} == held
        assert [(red.why, red.missing) for red in line.reds] == [(Why.HELD_TWICE, 1)]
        with window_of(desk) as window:
            said = window.client.get("/ways/board").text
        assert "board" in said
    assert first.ways.tonight(DAY).lines == second.ways.tonight(DAY).lines


@pytest.mark.attack
def test_one_person_on_two_devices_lets_nobody_go(office: Rehearsal) -> None:
    first, second, *_ = office.desks.values()
    person = second.roster().members[second.device].person
    phone = office.join("phone", COORDINATOR, person=person)
    go_online(office)
    meet(office)
    for book in (Book.ROADS, JOURNEYS):
        opened(office, book, "second", "third", "phone")
    ride(first)
    meet(office)
    for desk in (second, phone):
        say(desk)
    meet(office)
    assert {verdict(desk) for desk in (first, second, phone)} == {Verdict.HALF}
    say(office.desks["third"])
    meet(office)
    assert {verdict(desk) for desk in (first, second, phone)} == {Verdict.GOES}


@pytest.mark.attack
def test_who_changes_a_ride_that_two_let_go_lets_nobody_go(office: Rehearsal) -> None:
    first, second, third, _ = office.desks.values()
    for book in (Book.ROADS, JOURNEYS):
        opened(office, book, "second", "third")
    at = ride(first)
    meet(office)
    say(first)
    say(second)
    meet(office)
    assert verdict(third) is Verdict.GOES
    write(third, "ride", at, at="23:50")
    meet(office)
    assert {verdict(desk) for desk in (first, second, third)} == {Verdict.NOT_YET}


@pytest.mark.attack
def test_who_sets_another_meeting_place_for_a_ride_that_two_let_go_lets_nobody_go(
    office: Rehearsal,
) -> None:
    first, second, third, _ = office.desks.values()
    for book in (Book.ROADS, JOURNEYS):
        opened(office, book, "second", "third")
    at = ride(first)
    town = write(first, "town", name="Mill")
    point = write(first, "point", town=town.hex(), where="At the mill")
    write(first, "ride", at, meets=point.hex())
    meet(office)
    say(first)
    say(second)
    meet(office)
    assert verdict(third) is Verdict.GOES
    write(third, "point", point, where="At the barracks")
    meet(office)
    assert {verdict(desk) for desk in (first, second, third)} == {Verdict.NOT_YET}


@pytest.mark.attack
def test_a_word_that_saw_nothing_takes_nobody_out_of_a_house_and_opens_none(
    office: Rehearsal,
) -> None:
    first, second, third, _ = office.desks.values()
    for book in (Book.HOUSES, Book.ROADS, JOURNEYS):
        opened(office, book, "second", "third")
    house = write(first, "house", **HOUSE)
    stay = hold(first, house)
    burned = {"closes": house.hex(), "begins": DAY, "why": "Raid.", "how": "burned"}
    event = write(first, "house_closed", **burned)
    meet(office)
    unseen = [
        SheetWritten(at, kind, (("taken_off", "Written twice."),), ())
        for kind, at in (("stay", stay), ("house_closed", event))
    ]
    third.ways.write_together(lambda *_: unseen)
    meet(office)
    for desk in (first, second, third):
        (line,) = desk.ways.tonight(DAY).lines
        assert [red.why for red in line.reds][:1] == [Why.BURNED]
        assert [(one.sheet.id, one.doubted) for one in line.stays] == [(stay, True)]
        with window_of(desk) as window:
            page = window.client.get(f"/ways/journeys/stay/{stay.hex()}").text
            sheet = window.client.get(f"/ways/houses/house_closed/{event.hex()}").text
        for said in (page, sheet):
            assert "Until you put it back, or take it off, it stands." in said


def test_a_no_said_unseen_stops_what_two_let_go(office: Rehearsal) -> None:
    first, second, third, _ = office.desks.values()
    for book in (Book.ROADS, JOURNEYS):
        opened(office, book, "second", "third")
    ride(first)
    meet(office)
    say(first)
    say(second)
    say(third, go=False)
    meet(office)
    assert {verdict(desk) for desk in (first, second, third)} == {Verdict.SAID_NO}


def test_who_is_suspended_lets_nobody_go_any_more(office: Rehearsal) -> None:
    first, second, third, _ = office.desks.values()
    for book in (Book.ROADS, JOURNEYS):
        opened(office, book, "second", "third")
    ride(first)
    meet(office)
    say(first)
    say(second)
    meet(office)
    assert verdict(third) is Verdict.GOES
    first.removals.suspend(second.device, "Arrested.")
    pass_on(office, "first", "third")
    assert {verdict(first), verdict(third)} == {Verdict.HALF}


def test_an_operator_says_no_go_and_what_a_changed_desk_says_counts_nowhere(
    office: Rehearsal,
) -> None:
    first, *_, fourth = office.desks.values()
    for book in (Book.ROADS, JOURNEYS):
        opened(office, book, "fourth")
    at = ride(first)
    meet(office)
    say(first)
    with pytest.raises(NetworkNotYours):
        say(fourth)
    fact = GoSaid(at, "ride", tuple(sorted(standing(the(fourth, "ride")))), 1, ())
    vault = next(iter(fourth.ways._vaults(JOURNEYS)))
    kind = passage.kind_of(fact)
    fourth.journal.write([Fact(vault, kind, passage.VERSION, passage.write_fact(fact))])
    meet(office)
    assert {verdict(first), verdict(fourth)} == {Verdict.HALF}


@pytest.mark.attack
def test_who_lacks_the_journeys_sees_the_same_bytes_whatever_the_board_shows(
    office: Rehearsal,
) -> None:
    first, _, third, _ = office.desks.values()
    opened(office, Book.HOUSES, "second", "third")
    opened(office, Book.ROADS, "second")
    opened(office, JOURNEYS, "second")
    house = write(first, "house", **{**HOUSE, "beds": "1"})
    meet(office)
    paths = ("/today", "/ways", "/ways/board", "/ways/board/days", "/ways/journeys", "/cases")
    with window_of(third) as window:
        before = {path: window.client.get(path).content for path in paths}
        hold(first, house)
        hold(first, house)
        ride(first)
        meet(office)
        say(first)
        meet(office)
        assert {path: window.client.get(path).content for path in paths} == before
        assert window.client.get("/ways/board").status_code == 404


def test_what_says_nothing_of_the_network_makes_no_new_board(office: Rehearsal) -> None:
    first, *_, fourth = office.desks.values()
    for book in (Book.ROADS, JOURNEYS):
        opened(office, book, "second")
    ride(first)
    before, network = first.ways.tonight(DAY), first.ways.network()
    rows = first.ways._facts.all()
    first.removals.suspend(fourth.device, "Arrested.")
    assert first.ways._facts.all() is not rows
    assert first.ways.network() is network
    assert first.ways.tonight(DAY) is before
