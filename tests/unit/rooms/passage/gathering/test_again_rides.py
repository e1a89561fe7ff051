# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which rides a plan made again takes off, and which stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage.events import SheetWritten
from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.circumstances import Lodging
from safeconduct.rooms.passage.operations.itinerary_rules import broken_long_rules
from tests.kit.begun_land import DAY, Land, facts, mended


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
