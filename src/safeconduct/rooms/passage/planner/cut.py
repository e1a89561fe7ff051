# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where each journey that has begun is cut: what was lived stays, what comes can be planned anew.

A party whose lodgings still hold is cut in the last of them, any other where it first has no bed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from safeconduct.rooms.passage.operations.aftermath import Aftermath
from safeconduct.rooms.passage.operations.circumstances import Itinerary, Lodging, LongPlan
from safeconduct.rooms.passage.operations.itineraries import begun, end, lacks_bed


@dataclass(frozen=True, slots=True)
class Cut:
    """A party in shelter or on the road: what of its journey stays, and from where it goes on."""

    was: Itinerary
    before: tuple[Lodging, ...]
    town: int
    day: int
    holds: bool
    """Whether it has beds as it was to have them; its exit is not looked at."""

    @property
    def fixed(self) -> Itinerary:
        """What stays as it is."""
        return Itinerary(self.was.party, self.was.way, self.before, None)

    @property
    def house(self) -> int | None:
        """Where it sleeps until it goes on."""
        last = self.before[-1] if self.before else None
        return last.house if last is not None and last.leave == self.day else None


@dataclass(frozen=True, slots=True)
class Cuts:
    """All that have left, by party; who is out of the country is gone."""

    on_the_way: dict[int, Cut]
    gone: dict[int, Itinerary]
    to_come: dict[int, Itinerary]
    """Who has not left yet."""


def cut_all(after: Aftermath, plan: LongPlan) -> Cuts:
    """Return where every journey of a plan is cut; heavier parties keep their beds first."""
    found = Cuts({}, {}, {})
    beds = [list(row) for row in after.operation.houses.beds]
    weight = after.operation.parties.weight
    for one in sorted(plan.journeys, key=lambda one: (-weight[one.party], one.party)):
        if not begun(after, one):
            found.to_come[one.party] = one
        elif one.country is not None and end(after, one) < after.today:
            found.gone[one.party] = one
        else:
            found.on_the_way[one.party] = _cut_one(after, one, beds)
    return found


def misses(after: Aftermath, cuts: Cuts, party: int, one: Itinerary | None) -> bool:
    """Tell whether a party would be late, left behind or without a bed by a journey.

    Who has left is late no more, and who is abroad misses nothing (spec/planning.md 9).
    """
    if party in cuts.gone:
        return False
    if one is None or party not in cuts.on_the_way:
        deadline = after.operation.parties.deadline[party]
        return one is None or after.operation.ways.out[one.way] > deadline
    return lacks_bed(after, one)


def _cut_one(after: Aftermath, one: Itinerary, beds: list[list[int]]) -> Cut:
    start = max(after.today, after.operation.ways.arrive[one.way])
    size = after.operation.parties.size[one.party]
    for at, lodging in enumerate(one.lodgings):
        takes = size <= after.operation.houses.largest_party[lodging.house]
        for night in range(max(lodging.first, start), lodging.leave):
            if not takes or beds[lodging.house][night] < size:
                return _stop_at(after, one, (at, night), start)
            beds[lodging.house][night] -= size
    town = after.operation.houses.town
    if lacks_bed(after, one) or not one.lodgings:
        last = town[one.lodgings[-1].house] if one.lodgings else _first_town(after, one)
        return Cut(one, one.lodgings, last, max(end(after, one), start), holds=False)
    at, lodging = len(one.lodgings) - 1, one.lodgings[-1]
    day = max(lodging.first, min(start, lodging.leave))
    return Cut(one, _until(one.lodgings, at, day), town[lodging.house], day, holds=True)


def _stop_at(after: Aftermath, one: Itinerary, where: tuple[int, int], start: int) -> Cut:
    """Cut at the first night without a bed; who has yet to move there does not."""
    at, night = where
    town = after.operation.houses.town
    lodging = one.lodgings[at]
    if at and night == lodging.first and one.lodgings[at - 1].leave >= start:
        last = one.lodgings[at - 1]
        return Cut(one, one.lodgings[:at], town[last.house], last.leave, holds=False)
    before = _until(one.lodgings, at, night)
    return Cut(one, before, town[lodging.house], night, holds=False)


def _until(lodgings: tuple[Lodging, ...], at: int, day: int) -> tuple[Lodging, ...]:
    """Return the lodgings up to a day in one of them."""
    last = lodgings[at]
    part = (Lodging(last.house, last.first, day),) if last.first < day else ()
    return (*lodgings[:at], *part)


def _first_town(after: Aftermath, one: Itinerary) -> int:
    return after.operation.ways.town[one.way]


def joined(before: Iterable[Lodging], later: Iterable[Lodging]) -> tuple[Lodging, ...]:
    """Return lodgings one after the other; nights in one house without a gap are one lodging."""
    found: list[Lodging] = []
    for one in (*before, *later):
        last = found[-1] if found else None
        if last is not None and last.house == one.house and last.leave == one.first:
            found[-1] = Lodging(last.house, last.first, one.leave)
        else:
            found.append(one)
    return tuple(found)
