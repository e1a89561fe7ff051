# SPDX-License-Identifier: AGPL-3.0-or-later
"""The next 72 hours, the clock, who is on the way, and fourteen days: all out of the same rows."""

from __future__ import annotations

import pytest

from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.passage import Freshness, SheetVerified, standing
from safeconduct.rooms.passage.board import ahead as days
from safeconduct.rooms.passage.board.clock import Of, Public, Runs, runs_out
from safeconduct.rooms.passage.board.heard import OnTheWay, contacts, on_the_way
from safeconduct.rooms.passage.board.soon import Against, Soon, end_of, soon
from safeconduct.rooms.passage.board.tonight import tonight
from tests.kit.board_facts import ADA, BO, EVERYONE, NOW, TODAY, Facts
from tests.kit.check_ins import DURESS, RIGHT, Desks
from tests.kit.check_ins import NOW as WATCHED


def coming(facts: Facts) -> tuple[Soon, ...]:
    """The rides of the next 72 hours, from noon."""
    network = facts.network()
    return soon(network, tonight(network, TODAY).rows, end_of(TODAY, "12:00"), EVERYONE)


def clock(facts: Facts, *public: Public) -> list[Runs]:
    """What runs out."""
    network = facts.network()
    return list(runs_out(network, tonight(network, TODAY), NOW, public))


def gone(facts: Facts, desks: Desks, now: Instant = WATCHED) -> tuple[OnTheWay, ...]:
    """Who is on the way."""
    network = facts.network()
    known = contacts(desks.all(), now)
    return on_the_way(network, tonight(network, TODAY).rows, known, (TODAY, "12:00"), now)


def sure(facts: Facts, party: SheetId, at: int) -> None:
    """Somebody makes sure of a party."""
    sheet = facts.network().sheet(party, "party")
    assert sheet is not None
    facts.tell(SheetVerified(party, "party", tuple(sorted(standing(sheet))), "Called."), BO, at)


def test_rides_stand_in_the_order_of_time_and_those_of_today_without_go_first() -> None:
    facts = Facts()
    journey = facts.journey(facts.party())
    late = facts.ride(journey, day="2026-12-03", at="11:00")
    facts.ride(journey, day="2026-12-03", at="13:00")
    facts.ride(journey, day="2026-11-29", at="13:00")
    goes, waits = facts.ride(journey, at="07:00"), facts.ride(journey, at="18:00")
    facts.says(goes, ADA)
    facts.says(goes, BO)
    assert [one.ride.sheet.id for one in coming(facts)] == [waits, goes, late]


def test_a_ride_takes_its_time_from_its_departure() -> None:
    facts = Facts()
    leg = facts.sheet("leg", mode="train", minutes="90", exposure="low")
    train = facts.sheet("departure", leg=leg.hex(), at="07:40")
    facts.ride(facts.journey(facts.party()), departure=train.hex(), at="")
    (one,) = coming(facts)
    assert one.ride.starts == (TODAY, "07:40")


def against(facts: Facts) -> set[Against]:
    """What is known against the one ride, of which two people said go."""
    (ride,) = facts.network().of_kind("ride")
    facts.says(ride.id, ADA)
    facts.says(ride.id, BO)
    (one,) = coming(facts)
    assert one.goes is not bool(one.against)
    return set(one.against)


def test_a_ride_that_nothing_is_known_against_goes() -> None:
    facts = Facts()
    facts.ride(facts.journey(facts.party()))
    assert against(facts) == set()


@pytest.mark.parametrize(
    ("state", "why"), [("arrested", Against.ESCORT_GONE), ("left", Against.ESCORT_GONE)]
)
def test_an_escort_who_is_gone_takes_nobody(state: str, why: Against) -> None:
    facts = Facts()
    escort = facts.sheet("escort", name="E", state="ready")
    facts.also("escort", escort, state=state)
    facts.ride(facts.journey(facts.party()), escort=escort.hex())
    assert against(facts) == {why}


def test_who_may_not_travel_alone_does_not_go_without_an_escort() -> None:
    facts = Facts()
    party = facts.party()
    facts.also("party", party, alone="no")
    facts.ride(facts.journey(party))
    assert against(facts) == {Against.NO_ESCORT}


def test_a_closed_leg_a_known_car_and_a_paused_party_go_nowhere() -> None:
    facts = Facts()
    town, other = facts.sheet("town", name="Ford"), facts.sheet("town", name="Bridge")
    point = facts.sheet("point", town=town.hex(), where="Mill")
    ends = {"from": town.hex(), "to": other.hex()}
    leg = facts.sheet("leg", mode="car", minutes="90", exposure="low", **ends)
    car = facts.sheet("vehicle", name="Van", seats="4", state="known")
    facts.sheet("road_closed", closes=town.hex(), begins=TODAY, why="Raid.")
    party = facts.party()
    facts.also("party", party, state="paused")
    ride = {"leg": leg.hex(), "meets": point.hex(), "vehicle": car.hex()}
    facts.ride(facts.journey(party), **ride)
    assert against(facts) == {
        *(Against.LEG_CLOSED, Against.POINT_CLOSED, Against.VEHICLE, Against.PAUSED)
    }


def test_nobody_goes_to_a_burned_house_and_everybody_may_leave_it() -> None:
    facts = Facts()
    house, journey = facts.house(), facts.journey(facts.party())
    facts.stay(journey, house, begins=TODAY)
    facts.ride(journey)
    assert against(facts) == set()
    facts.sheet("house_closed", closes=house.hex(), begins=TODAY, why="Raid.", how="burned")
    assert against(facts) == {Against.HOUSE_CLOSED}
    facts.stay(journey, facts.house(), begins=TODAY)
    assert against(facts) == set()


def test_a_ride_without_a_leg_goes_to_one_house_or_to_none() -> None:
    facts = Facts()
    journey, house = facts.journey(facts.party()), facts.house()
    facts.ride(journey, leg="")
    facts.stay(journey, facts.house())
    assert against(facts) == {Against.WHICH_HOUSE}
    stay = facts.stay(journey, house, begins=TODAY)
    assert [one.ride.houses for one in coming(facts)] == [(house.hex(),)]
    assert against(facts) == set()
    facts.also("stay", stay, house=facts.house().hex())
    assert against(facts) == {Against.WHICH_HOUSE}
    facts.instead("stay", stay, house=house.hex())
    assert against(facts) == set()
    for change in ({"state": "released"}, {"begins": "2026-12-01"}, {"taken_off": "Wrong."}):
        one = facts.stay(journey, house, begins=TODAY)
        facts.instead("stay", stay, **change)
        assert against(facts) == set()
        stay = one
    facts.instead("stay", stay, taken_off="Wrong.")
    assert against(facts) == {Against.WHICH_HOUSE}


def test_a_deadline_counts_to_the_evening_before_its_day() -> None:
    facts = Facts()
    party = facts.party(deadline="2026-12-02")
    sure(facts, party, NOW - HOUR)
    (one,) = clock(facts)
    assert (one.day, one.left(TODAY)) == ("2026-12-02", 1)
    facts.instead("party", party, deadline=TODAY)
    (one, _) = clock(facts)
    assert one.left(TODAY) == -1


def test_a_ride_of_which_one_says_unseen_that_it_is_off_stays_and_does_not_go() -> None:
    facts = Facts()
    journey = facts.journey(facts.party())
    ride = facts.ride(journey)
    facts.also("ride", ride, taken_off="Written twice.")
    facts.also("journey", journey, taken_off="Over.")
    assert against(facts) == {Against.SAID_OFF}


def test_nobody_goes_on_a_journey_of_which_they_were_not_told() -> None:
    facts = Facts()
    facts.ride(facts.journey(facts.party(), state="proposed"))
    assert against(facts) == {Against.PROPOSED}


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"at": "18:00"}, {Against.TOO_FEW_SEATS}),
        ({"at": "19:00", "leg": "ee" * 16}, {Against.TWICE}),
        ({"at": "", "leg": "ee" * 16}, {Against.TWICE}),
        ({"at": "20:00", "leg": "ee" * 16}, set()),
        ({"at": "18:00", "day": "2026-12-01"}, set()),
    ],
)
def test_a_car_takes_no_more_than_it_has_seats_and_is_in_one_place(
    other: dict[str, str], why: set[Against]
) -> None:
    facts = Facts()
    leg = facts.sheet("leg", mode="car", minutes="90", exposure="low")
    car = facts.sheet("vehicle", name="Van", seats="3", state="fit").hex()
    ride = facts.ride(facts.journey(facts.party()), leg=leg.hex(), vehicle=car)
    facts.ride(facts.journey(facts.party()), **{"vehicle": car, "leg": leg.hex(), **other})
    found = next(one for one in coming(facts) if one.ride.sheet.id == ride)
    assert set(found.against) == why


def test_two_words_on_a_ride_or_no_party_stand_against_it() -> None:
    facts = Facts()
    ride = facts.ride(facts.journey(SheetId(b"?" * 16)))
    facts.also("ride", ride, at="19:00")
    assert against(facts) == {Against.TWO_WORDS, Against.NO_PARTY}


def test_the_most_urgent_stands_first_with_what_passed_already() -> None:
    facts = Facts()
    past, soonest = facts.party(deadline="2026-11-20"), facts.party(deadline="2026-12-02")
    for party in (past, soonest):
        sure(facts, party, NOW - HOUR)
    house = facts.house(until="2026-12-01")
    facts.house(until="2027-06-01")
    journey = facts.journey(past, leaves=TODAY)
    public = Public("2026-12-01", "Ultimatum", b"u")
    found = clock(facts, public)
    said = [(one.of, one.sheet.id if one.sheet else b"") for one in found]
    assert said == [
        *((Of.DEADLINE, past), (Of.LEAVES, journey)),
        *((Of.DEADLINE, soonest), (Of.PUBLIC, b""), (Of.HOUSE, house)),
    ]
    assert [one.left(TODAY) for one in found] == [-11, 0, 1, 1, 1]


def test_a_deadline_stands_while_one_word_says_that_they_have_not_left() -> None:
    facts = Facts()
    party = facts.party(deadline="2026-12-09")
    journey = facts.journey(party, state="begun")
    facts.also("journey", journey, state="told")
    assert Of.DEADLINE in {one.of for one in clock(facts)}
    facts.instead("journey", journey, state="begun")
    assert Of.DEADLINE not in {one.of for one in clock(facts)}


def test_a_deadline_that_passed_is_over_for_who_arrived_and_a_new_one_is_not() -> None:
    facts = Facts()
    party = facts.party(deadline="2026-11-20")
    facts.journey(party, state="over")
    assert Of.DEADLINE not in {one.of for one in clock(facts)}
    facts.also("party", party, deadline="2026-11-21")
    facts.instead("party", party, deadline="2026-12-21")
    assert Of.DEADLINE in {one.of for one in clock(facts)}


def test_of_two_deadlines_the_earlier_counts() -> None:
    facts = Facts()
    party = facts.party(deadline="2027-03")
    facts.also("party", party, deadline="2026-12-24")
    (day,) = (one.day for one in clock(facts) if one.of is Of.DEADLINE)
    assert day == "2026-12-24"


def test_a_party_is_to_be_made_sure_of_when_its_days_are_over() -> None:
    facts = Facts()
    old, never = facts.party(), facts.party()
    sure(facts, facts.party(), NOW - DAY)
    sure(facts, old, NOW - 5 * DAY)
    found = {one.sheet.id: one for one in clock(facts) if one.sheet}
    assert set(found) == {old, never}
    assert (found[old].fresh, found[old].left(TODAY)) == (Freshness.STALE, -2)
    assert (found[never].fresh, found[never].left(TODAY)) == (Freshness.UNVERIFIED, -1)


def test_where_they_were_last_heard_of_is_told_with_its_age() -> None:
    facts, desks = Facts(), Desks()
    party = facts.party()
    journey = facts.journey(party, state="begun")
    first = facts.ride(journey, at="07:00")
    facts.ride(journey, at="18:00")
    (name,) = (one.name for one in facts.network().of_kind("party"))
    (one,) = gone(facts, desks)
    assert (one.heard, one.ride.sheet.id if one.ride else None) == (None, first)
    desks.set(1, due=WATCHED + HOUR, label=f" {name.upper()}")
    (one,) = gone(facts, desks)
    assert one.contact.waits is not None
    desks.hear(RIGHT, WATCHED - HOUR)
    (one,) = gone(facts, desks)
    assert (one.heard, one.contact.waits) == (WATCHED - HOUR, None)
    sure(facts, party, WATCHED - HOUR // 2)
    (one,) = gone(facts, desks)
    assert one.heard == WATCHED - HOUR // 2


def test_a_forced_word_is_an_alarm_and_no_sign_of_where_they_are() -> None:
    facts, desks = Facts(), Desks()
    calm, forced = facts.party(), facts.party()
    for party in (calm, forced):
        facts.journey(party, state="begun")
    names = {one.id: one.name for one in facts.network().of_kind("party")}
    desks.set(1, due=WATCHED + HOUR, label=names[forced])
    desks.hear(DURESS, WATCHED - HOUR)
    first, second = gone(facts, desks)
    assert (first.party.id, first.contact.alarm, first.heard) == (forced, True, None)
    assert (second.party.id, second.contact.alarm) == (calm, False)


def test_a_word_for_a_name_that_two_parties_have_is_nobodys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("safeconduct.kernel.sheets.fold.sheet_name", lambda *_: "harbour")
    facts, desks = Facts(), Desks()
    facts.journey(facts.party(), state="begun")
    facts.party()
    desks.set(1, due=WATCHED + HOUR, label="harbour")
    desks.hear(RIGHT, WATCHED - HOUR)
    (one,) = gone(facts, desks)
    assert one.heard is None


def test_fourteen_days_of_parties_and_houses_say_the_same() -> None:
    facts = Facts()
    house, other = facts.house(beds="2"), facts.house()
    party = facts.party(deadline="2026-12-05")
    journey = facts.journey(party, leaves="2026-12-12")
    facts.stay(journey, house, ends="2026-12-02")
    facts.stay(journey, other, begins="2026-12-03", ends="2027-02-01")
    facts.slept(house, begins="2026-12-01", ends="2026-12-03")
    facts.ride(journey, day="2026-12-02")
    network = facts.network()
    there = tonight(network, TODAY)
    one = next(each for each in days.parties(there) if each.party.id == party)
    stretches = [(each.first, each.nights, each.goes_on) for each in one.stretches]
    assert stretches == [(0, 2, False), (3, 11, True)]
    assert [at for at, _ in one.rides] == [2]
    assert (one.deadline, one.leaves, one.lost) == (5, 12, (2,))
    first, second = days.houses(network, there)
    assert (first.id, first.full) == (house.hex(), (1,))
    assert [each.first for each in first.stretches] == [0, 1]
    assert (second.id, second.full) == (other.hex(), ())
