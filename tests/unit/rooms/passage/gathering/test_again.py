# SPDX-License-Identifier: AGPL-3.0-or-later
"""From sheets to circumstances: what stands is the plan, and what contradicts it happened."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage import Book, standing
from safeconduct.rooms.passage.board.go import People, say_go, seen_of
from safeconduct.rooms.passage.board.soon import end_of, soon
from safeconduct.rooms.passage.board.tonight import tonight
from safeconduct.rooms.passage.events import SheetWritten
from safeconduct.rooms.passage.gathering.again import Again, gather_again
from safeconduct.rooms.passage.gathering.changed import changes, written_again
from safeconduct.rooms.passage.gathering.gather import BooksLacking
from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.circumstances import Lodging, LongPlan
from safeconduct.rooms.passage.operations.itinerary_rules import broken_long_rules
from safeconduct.rooms.passage.planner.mend import Mending, mend
from tests.kit.invented_ways import ADA, BO, TODAY, Office, settings

DAY = "2026-12-02"


class Land(Office):
    """Two towns, a road, a driver, two houses in one town, and a country to go on to."""

    def __init__(self) -> None:
        """Write it down."""
        super().__init__()
        self.home, self.away = self.town("Ford"), self.town("Bridge")
        self.bed, self.other = self.house(self.away, 2), self.house(self.away, 2)
        self.road = self.leg(self.home, self.away, 200)
        self.driver = self.escort(seats=4)
        self.abroad = self.country()

    def to_go(self, state: str = "told", **party: object) -> SheetId:
        """A party that is to go on a day, to a house and on to the country."""
        who = self.party(self.home, **party)  # type: ignore[arg-type]
        to = {"country": self.abroad, "leaves": "2026-12-09"}
        journey = self.add("journey", party=who, state=state, **to)
        ride = {"journey": journey, "day": DAY, "at": "08:00", "leg": self.road}
        self.add("ride", **ride, escort=self.driver)
        stay = {"journey": journey, "house": self.bed, "begins": DAY, "ends": "2026-12-09"}
        self.add("stay", **stay, state="held")
        return journey

    def there(self, since: str = "2026-11-20") -> SheetId:
        """A party that is in the first house."""
        journey = self.add("journey", party=self.party(self.home), state="begun")
        ride = {"journey": journey, "day": since, "leg": self.road, "escort": self.driver}
        self.add("ride", **ride)
        self.add("stay", journey=journey, house=self.bed, begins=since, state="there")
        return journey

    def again(self) -> Again:
        """The circumstances that it gives."""
        return gather_again(self.network(), settings())


def mended(again: Again) -> Mending:
    """The repair and a little more."""
    return mend(again.circumstances, again.plan, work=5, watch=lambda _: True)


def codes(again: Again) -> set[tuple[bytes, str]]:
    """What happened to which journey."""
    return {(one.journey.id, one.code) for one in again.blows}


def facts(again: Again, plan: LongPlan) -> list[SheetWritten]:
    """What approving a plan writes."""
    ids, network = count(9_000), again.gathered.network

    def new() -> SheetId:
        return SheetId(next(ids).to_bytes(16, "big"))

    return list(written_again(network, again, changes(again, plan), new, "Planned again."))


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


class Onward(Land):
    """Who sleeps in a third town is to ride on, to a house and from there to one next door."""

    def __init__(self, ends: str = "town") -> None:
        """Write it down; the road on ends in the town, at a point of it, or is of two legs."""
        super().__init__()
        self.third, start, halfway = self.house(self.away, 2), self.town("Weir"), self.town("Mill")
        self.here = self.house(start, 2)
        point = self.add("point", town=self.away, where="Bench")
        on = self.leg(start, point if ends == "point" else self.away, 100)
        legs = [on] if ends != "legs" else [self.leg(start, halfway, 50),
                                            self.leg(halfway, self.away, 50)]  # fmt: skip
        self.journey = at = self.add("journey", party=self.party(self.home), state="begun")
        stay = {"journey": at, "house": self.here, "begins": "2026-11-20", "ends": DAY}
        self.add("stay", **stay, state="there")
        by = {"journey": at, "day": DAY, "escort": self.driver}
        self.on = [self.add("ride", **by, leg=one) for one in legs]
        stay = {"journey": at, "house": self.bed, "begins": DAY, "ends": "2026-12-05"}
        self.add("stay", **stay, state="held")
        self.next_door = self.add("ride", journey=at, day="2026-12-05")
        stay = {"journey": at, "house": self.other, "begins": "2026-12-05"}
        self.last = self.add("stay", **stay, state="held")

    def sleeping(self, *lodgings: tuple[SheetId, int, int]) -> list[SheetWritten]:
        """What approving writes where its party sleeps in these houses from these days on."""
        again = self.again()
        houses = [one.id for one in again.gathered.houses]
        some = tuple(Lodging(houses.index(one), *days) for one, *days in lodgings)
        (journey,) = again.plan.journeys
        plan = replace(again.plan, journeys=(replace(journey, lodgings=some),))
        assert not broken_long_rules(after(again.circumstances), plan)
        return facts(again, plan)


def off(some: list[SheetWritten]) -> set[bytes]:
    """The sheets that are taken off."""
    return {one.sheet for one in some if "taken_off" in dict(one.values)}


def test_the_ride_to_a_town_stays_where_only_the_second_house_in_it_is_lost() -> None:
    land = Onward()
    land.write(land.other, "house", state="burned")
    days = land.again().gathered.settings.days
    some = land.sleeping((land.here, 1, 13), (land.bed, 13, 16), (land.third, 16, days))
    assert off(some) == {land.next_door}
    said = [dict(one.values) for one in some if one.kind == "ride" and one.sheet not in off(some)]
    assert said == [{"journey": land.journey.hex(), "day": "2026-12-05"}]
    assert {one.sheet: dict(one.values) for one in some}[land.last] == {"state": "released"}


@pytest.mark.parametrize("ends", ["town", "point", "legs"])
def test_every_ride_to_a_house_that_is_given_back_is_taken_off_wherever_it_ends(ends: str) -> None:
    land = Onward(ends)
    for house in (land.bed, land.other):
        land.write(house, "house", state="burned")
    some = land.sleeping((land.here, 1, land.again().gathered.settings.days))
    assert off(some) == {*land.on, land.next_door}


def test_who_is_on_the_road_comes_to_another_house_by_the_rides_that_stand() -> None:
    land = Land()
    journey = land.add("journey", party=land.party(land.home), state="begun")
    halfway = land.town("Mill")
    for day, leg in (("2026-11-29", land.leg(land.home, halfway, 50)),
                     ("2026-12-01", land.leg(halfway, land.away, 50))):  # fmt: skip
        land.add("ride", journey=journey, day=day, leg=leg, escort=land.driver)
    stay = {"journey": journey, "house": land.bed, "begins": "2026-12-01"}
    land.add("stay", **stay, state="held")
    land.write(land.bed, "house", state="burned")
    again = land.again()
    released, held = facts(again, mended(again).best.plan)
    assert dict(released.values) == {"state": "released"}
    assert dict(held.values)["house"] == land.other.hex()


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
