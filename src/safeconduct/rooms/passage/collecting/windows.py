# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be told of an evening without searching: where and when each party can be at all.

Only what can be in no round is left out here; whether the rest fits together is the model's to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from safeconduct.rooms.passage.collecting.evening import Evening, count


class Spot(NamedTuple):
    """A party can get in, or out, at a point; the car comes from `first` to `last`."""

    party: int
    gets_in: bool
    point: int
    first: int
    last: int


class Windows:
    """The spots of an evening, the cars of each party, and which spot can follow which."""

    def __init__(self, evening: Evening) -> None:
        self._evening = evening
        self.near = _nearest(evening.points.minutes)
        parties = range(count(evening.parties))
        self.cars = {party: self._may_take(party) for party in parties}
        spots = {party: self._spots(party) for party in parties if self.cars[party]}
        self.spots = {party: found for party, found in spots.items() if found}
        """Of who can be collected at all: where they get in, and last where they get out."""

    def follow(self, one: Spot, other: Spot) -> bool:
        """Tell whether a car can go from one spot to the other with nothing between."""
        p, minutes = self._evening.parties, self._evening.points.minutes
        if one.first + p.stop[one.party] + minutes[one.point][other.point] > other.last:
            return False
        if one.party == other.party:
            return one.gets_in and not other.gets_in
        if not any(self._in_time(spots) for spots in self._through(one, other)):
            return False
        return any(self._fit(one, other, car) for car in self.shared(one.party, other.party))

    def _through(self, one: Spot, other: Spot) -> Iterator[tuple[Spot, ...]]:
        """Yield in which orders a car can be at the spots of two parties, if the second follows."""
        (*_, out), (*_, other_out) = self.spots[one.party], self.spots[other.party]
        for into, other_into in product(self._ways_in(one), self._ways_in(other)):
            if one.gets_in and other.gets_in:
                yield one, other, out, other_out
                yield one, other, other_out, out
            elif one.gets_in:
                yield other_into, one, other, out
            elif other.gets_in:
                yield into, one, other, other_out
            else:
                yield into, other_into, one, other
                yield other_into, into, one, other

    def _ways_in(self, spot: Spot) -> list[Spot]:
        """Return where the party of a spot may have got in."""
        return [spot] if spot.gets_in else self.spots[spot.party][:-1]

    def _in_time(self, spots: tuple[Spot, ...]) -> bool:
        """Tell whether a car can be at these spots in this order, whatever lies between."""
        p, minute, way, got_in = self._evening.parties, spots[0].first, 0, dict[int, int]()
        for before, spot in zip((spots[0], *spots), spots, strict=False):
            if spot is not before:
                took = p.stop[before.party] + self.near[before.point][spot.point]
                way, minute = way + took, max(minute + took, spot.first)
            if minute > spot.last:
                return False
            if spot.gets_in:
                got_in[spot.party] = way + p.stop[spot.party]
            elif way - got_in[spot.party] > p.longest_ride[spot.party]:
                return False
        return True

    def shared(self, one: int, other: int) -> frozenset[int]:
        """Return the cars that may take both of two parties."""
        p = self._evening.parties
        if p.network[one] is not None and p.network[one] == p.network[other]:
            return frozenset()
        drivers = self._evening.drivers.most, self._evening.cars.driver
        both = self.cars[one] & self.cars[other]
        return frozenset(car for car in both if drivers[0][drivers[1][car]] > 1)

    def begins(self, car: int, spot: Spot) -> bool:
        """Tell whether a car's first stop can be there."""
        cars = self._evening.cars
        way = self._evening.points.minutes[cars.start[car]][spot.point]
        return spot.gets_in and car in self.cars[spot.party] and cars.first[car] + way <= spot.last

    def ends(self, car: int, spot: Spot) -> bool:
        """Tell whether a car's last stop can be there."""
        cars, stop = self._evening.cars, self._evening.parties.stop[spot.party]
        way = self._evening.points.minutes[spot.point][cars.end[car]]
        if spot.gets_in or car not in self.cars[spot.party]:
            return False
        return spot.first + stop + way <= cars.last[car]

    def _fit(self, one: Spot, other: Spot, car: int) -> bool:
        """Tell whether both parties fit into a car wherever both are in it between the spots."""
        size = self._evening.parties.size
        together = one.gets_in or not other.gets_in
        return not together or size[one.party] + size[other.party] <= self._evening.cars.seats[car]

    def _may_take(self, party: int) -> frozenset[int]:
        """Return the cars that may collect a party, if it were the only one."""
        e = self._evening
        network = e.parties.network[party]
        return frozenset(
            car
            for car in e.parties.cars[party]
            if e.cars.seats[car] >= e.parties.size[party]
            and e.drivers.most[e.cars.driver[car]] > 0
            and network not in e.drivers.met[e.cars.driver[car]]
        )

    def _spots(self, party: int) -> list[Spot]:
        """Return where a party can be, if it were the only one; empty if nowhere."""
        p, stop = self._evening.parties, self._evening.parties.stop[party]
        goal = self._out(party)
        if goal is None:
            return []
        found = []
        for spot in self._in(party):
            way = stop + self.near[spot.point][goal.point]
            first = max(spot.first, goal.first - stop - p.longest_ride[party])
            last = min(spot.last, goal.last - way)
            if first <= last and way - stop <= p.longest_ride[party]:
                found.append(spot._replace(first=first, last=last))
        if not found:
            return []
        ways = [spot.first + stop + self.near[spot.point][goal.point] for spot in found]
        first = max(goal.first, min(ways))
        last = min(goal.last, max(spot.last for spot in found) + stop + p.longest_ride[party])
        return [*found, goal._replace(first=first, last=last)] if first <= last else []

    def _in(self, party: int) -> Iterator[Spot]:
        """Yield where a party can get in, for all that its goal says."""
        e, p = self._evening, self._evening.parties
        for point in p.points[party]:
            first, last = max(p.first[party], e.points.first[point]), p.last[party]
            last = min(last, e.points.last[point] - p.stop[party])
            if p.stands[party]:
                if e.points.first[point] > p.first[party]:
                    continue
                last = min(last, p.first[party] + p.longest_wait[party])
            comes = [
                e.cars.first[car] + self.near[e.cars.start[car]][point] for car in self.cars[party]
            ]
            first = max(first, min(comes))
            if first <= last:
                yield Spot(party, True, point, first, last)

    def _out(self, party: int) -> Spot | None:
        """Return where and when a party can get out, for all that its meeting point says."""
        e, p, goal = self._evening, self._evening.parties, self._evening.parties.goal[party]
        stop, leaves = p.stop[party], p.leaves[party]
        if leaves is not None and leaves > e.points.last[goal]:
            return None
        first = max(p.due_first[party], e.points.first[goal])
        last = min(p.due[party], e.points.last[goal] - stop)
        if leaves is not None:
            first = max(first, leaves - stop - p.longest_wait[party])
            last = min(last, leaves - stop)
        backs = [e.cars.last[car] - self.near[goal][e.cars.end[car]] for car in self.cars[party]]
        return Spot(party, False, goal, first, min(last, max(backs) - stop))


def _nearest(minutes: tuple[tuple[int, ...], ...]) -> list[list[int]]:
    """Return the fewest minutes between any two points, through others where that is less."""
    near = [list(row) for row in minutes]
    for through, via in enumerate(near):
        for row in near:
            first = row[through]
            row[:] = [min(way, first + more) for way, more in zip(row, via, strict=True)]
    return near
