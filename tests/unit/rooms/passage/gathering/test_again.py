# SPDX-License-Identifier: AGPL-3.0-or-later
"""From sheets to circumstances: what stands is the plan, and what contradicts it happened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage import Book, standing
from safeconduct.rooms.passage.board.go import People, say_go, seen_of
from safeconduct.rooms.passage.board.soon import end_of, soon
from safeconduct.rooms.passage.board.tonight import tonight
from safeconduct.rooms.passage.events import SheetWritten
from safeconduct.rooms.passage.gathering.again import gather_again
from safeconduct.rooms.passage.gathering.gather import BooksLacking
from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.circumstances import Lodging
from safeconduct.rooms.passage.operations.itinerary_rules import broken_long_rules
from tests.kit.begun_land import DAY, Land, codes, facts, mended
from tests.kit.invented_ways import ADA, BO, TODAY, settings


def test_who_lacks_a_book_is_told_which() -> None:
    with pytest.raises(BooksLacking):
        gather_again(Land().network(Book.ROADS, Book.JOURNEYS), settings())


def test_journeys_that_stand_are_a_plan_that_keeps_every_rule() -> None:
    land = Land()
    land.to_go("bought")
    land.there()
    again = land.again()
    first, second = again.plan.journeys
    assert again.today == 11
    assert first.lodgings == (Lodging(0, 13, 20),)
    assert second.lodgings == (Lodging(0, 1, again.gathered.settings.days),)
    assert [one.level for one in again.circumstances.promises] == [3, 2]
    assert not broken_long_rules(after(again.circumstances), again.plan)
    assert codes(again) == set()
    assert mended(again).hit == ()


@pytest.mark.parametrize(
    ("what", "kind", "state", "code"),
    [
        ("bed", "house", "burned", "no_bed"),
        ("bed", "house", "closed", "no_bed"),
        ("driver", "escort", "arrested", "escort_gone"),
        ("abroad", "country", "closed", "border_closed"),
    ],
)
def test_what_contradicts_a_journey_has_happened(
    what: str, kind: str, state: str, code: str
) -> None:
    land = Land()
    journey = land.to_go()
    land.write(getattr(land, what), kind, state=state)
    again = land.again()
    assert codes(again) == {(journey, code)}
    assert mended(again).hit == (0,)


def test_a_road_that_is_closed_that_day_hits_and_another_day_does_not() -> None:
    land = Land()
    journey = land.to_go()
    land.add("road_closed", closes=land.road, begins="2026-12-03", ends="2026-12-04")
    assert codes(land.again()) == set()
    land.add("road_closed", closes=land.away, begins=DAY, ends=DAY)
    assert codes(land.again()) == {(journey, "road_closed")}


def test_a_deadline_that_moved_and_a_party_that_grew_are_seen() -> None:
    land = Land()
    journey = land.to_go()
    (party,) = land.network().of_kind("party")
    land.write(party.id, "party", deadline="2026-12-02")
    assert codes(land.again()) == {(journey, "too_late")}
    land.write(party.id, "party", size="3")
    assert mended(land.again()).hit == (0,)


def test_who_is_in_a_house_that_burned_moves_today_and_the_past_stays() -> None:
    land = Land()
    journey = land.there()
    land.write(land.bed, "house", state="burned")
    again = land.again()
    (first, ride, second) = facts(again, mended(again).best.plan)
    assert dict(first.values) == {"ends": "2026-11-30"}
    assert dict(ride.values) == {"journey": journey.hex(), "day": "2026-11-30"}
    said = dict(second.values)
    assert (said["journey"], said["house"]) == (journey.hex(), land.other.hex())
    assert (said["begins"], said["state"]) == ("2026-11-30", "held")
    assert said["until"] == "2026-12-03"


@pytest.mark.attack
def test_nobody_moves_within_a_town_before_two_people_say_go() -> None:
    land = Land()
    land.there()
    land.write(land.bed, "house", state="burned")
    again = land.again()
    for fact in facts(again, mended(again).best.plan):
        land.say(fact)
    people = People(lambda one, other: one != other, {ADA, BO})
    today = tonight(land.network(), TODAY)
    (found,) = soon(land.network(), today.rows, end_of(TODAY, "06:00"), people)
    assert not found.goes
    for by in (ADA, BO):
        network = land.network()
        ride = found.ride.sheet
        land.say(say_go(network, ride, seen_of(network, ride), (), go=True), by)
    today = tonight(land.network(), TODAY)
    (found,) = soon(land.network(), today.rows, end_of(TODAY, "06:00"), people)
    assert found.goes


def moving(land: Land) -> tuple[SheetId, SheetId]:
    """Somebody in the first house moves today to the other; two people let the ride go."""
    journey = land.there()
    (stay,) = land.network().of_kind("stay")
    land.write(stay.id, "stay", ends=TODAY)
    to = land.add("stay", journey=journey, house=land.other, begins=TODAY, state="held")
    ride = land.add("ride", journey=journey, day=TODAY)
    both_say_go(land, ride)
    return ride, to


def both_say_go(land: Land, ride: SheetId) -> None:
    """Two people let a ride go as it stands."""
    for by in (ADA, BO):
        network = land.network()
        sheet = network.sheet(ride, "ride")
        assert sheet is not None
        land.say(say_go(network, sheet, seen_of(network, sheet), (), go=True), by)


def going(land: Land) -> list[tuple[str, ...]]:
    """To which houses the rides of today lead that go."""
    people = People(lambda one, other: one != other, {ADA, BO})
    rows = tonight(land.network(), TODAY).rows
    found = soon(land.network(), rows, end_of(TODAY, "06:00"), people)
    return [one.ride.houses for one in found if one.goes]


@pytest.mark.attack
def test_who_leads_a_move_within_a_town_to_another_house_lets_nobody_go() -> None:
    land = Land()
    ride, to = moving(land)
    third = land.house(land.away, 2)
    assert going(land) == [(land.other.hex(),)]
    stay = land.network().sheet(to, "stay")
    assert stay is not None
    over = tuple(sorted(standing(stay)))
    land.say(SheetWritten(to, "stay", (("house", third.hex()),), over))
    assert going(land) == []
    both_say_go(land, ride)
    assert going(land) == [(third.hex(),)]
    for burned in (land.bed, third):
        land.write(burned, "house", state="burned")
    again = land.again()
    for fact in facts(again, mended(again).best.plan):
        land.say(fact)
    assert going(land) == []
    both_say_go(land, ride)
    assert going(land) == [(land.other.hex(),)]


def test_a_move_of_today_to_a_house_that_is_lost_goes_nowhere_when_they_stay() -> None:
    land = Land()
    ride, _ = moving(land)
    land.write(land.other, "house", state="burned")
    again = land.again()
    for fact in facts(again, mended(again).best.plan):
        land.say(fact)
    both_say_go(land, ride)
    assert going(land) == []


def test_a_move_that_was_planned_already_is_not_written_again() -> None:
    land = Land()
    land.there()
    land.write(land.bed, "house", state="burned")
    again = land.again()
    for fact in facts(again, mended(again).best.plan):
        land.say(fact)
    back = land.again()
    assert facts(back, back.plan) == []
    shorter = replace(back.plan.journeys[0], lodgings=cut_short(back.plan.journeys[0].lodgings))
    (ends,) = facts(back, replace(back.plan, journeys=(shorter,)))
    assert dict(ends.values) == {"ends": "2026-12-03"}


def cut_short(lodgings: tuple[Lodging, ...]) -> tuple[Lodging, ...]:
    """The same, but that the last ends three days after today."""
    *some, last = lodgings
    return (*some, last._replace(leave=last.first + 3))


def test_who_had_no_bed_since_yesterday_goes_to_one_by_a_ride_of_today() -> None:
    land = Land()
    journey = land.there()
    (stay,) = land.network().of_kind("stay")
    land.write(stay.id, "stay", ends="2026-11-29")
    again = land.again()
    ride, bed = facts(again, mended(again).best.plan)
    assert dict(ride.values) == {"journey": journey.hex(), "day": TODAY}
    assert dict(bed.values)["begins"] == TODAY


def test_a_move_to_a_house_that_is_lost_too_is_taken_off() -> None:
    land = Land()
    journey = land.there()
    stay = next(iter(land.network().of_kind("stay")))
    land.write(stay.id, "stay", ends="2026-12-02")
    ride = land.add("ride", journey=journey, day="2026-12-02")
    land.add("stay", journey=journey, house=land.other, begins="2026-12-02", state="held")
    land.write(land.other, "house", state="burned")
    again = land.again()
    written = {one.sheet: dict(one.values) for one in facts(again, mended(again).best.plan)}
    assert written[ride] == {"taken_off": "Planned again."}


def test_a_house_that_only_rests_keeps_who_is_there_and_takes_nobody_new() -> None:
    land = Land()
    land.there()
    land.write(land.bed, "house", state="resting")
    again = land.again()
    assert codes(again) == set()
    assert mended(again).hit == ()
    land.to_go()
    assert mended(land.again()).hit == (1,)


def test_nobody_goes_to_a_host_who_met_an_acquaintance() -> None:
    land = Land()
    journey = land.there()
    (met,) = land.network().of_kind("party")
    other = land.party(land.home)
    land.add("acquainted", party=met.id, other=other)
    before = land.add("journey", party=other, state="over")
    land.add("stay", journey=before, house=land.other, begins="2026-11-01", state="over")
    land.write(land.bed, "house", state="burned")
    land.write(land.abroad, "country", state="closed")
    again = land.again()
    best = mended(again).best
    assert best.score.unhoused == 1
    assert {one.sheet.id for one in again.standing.values()} == {journey}


@pytest.mark.parametrize("how", ["two words", "no stay", "no day"])
def test_what_no_plan_can_say_is_left_and_named_if_it_is_hit(how: str) -> None:
    land = Land()
    journey = land.to_go()
    (stay,), (ride,) = land.network().of_kind("stay"), land.network().of_kind("ride")
    if how == "two words":
        land.write(stay.id, "stay", begins="2026-12-03")
    elif how == "no stay":
        land.write(stay.id, "stay", state="released")
    else:
        land.write(ride.id, "ride", day="2026-12")
    land.write(land.driver, "escort", state="arrested")
    again = land.again()
    assert again.standing == {}
    assert [one.id for one in again.gathered.kept] == [journey]
    assert (journey, "escort_gone") in codes(again)
