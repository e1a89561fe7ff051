# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan being worked on after something happened: trips through one house, lodgings in several.

Every step leaves a plan that keeps the rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from safeconduct.rooms.passage.operations.circumstances import Itinerary
from safeconduct.rooms.passage.planner.cut import Cut, joined
from safeconduct.rooms.passage.planner.dispatch import Trips, dispatch, urgent_first
from safeconduct.rooms.passage.planner.free import STAYS, Trip
from safeconduct.rooms.passage.planner.improve import TOGETHER, Improver
from safeconduct.rooms.passage.planner.lodge import Lodged, Lodger
from safeconduct.rooms.passage.planner.rest import Rest
from safeconduct.rooms.passage.planner.seek import Seeker

AT_ONCE = 20
"""Parties that are looked at before somebody is asked whether to go on."""


class Draft:
    """Holds a plan and what it leaves free."""

    def __init__(self, rest: Rest, seeker: Seeker, like: Draft | None = None) -> None:
        """Begin with nothing, or with what another has; `seeker` has everything free."""
        self._rest = rest
        self.seeker = seeker
        self._lodger = Lodger(rest.after, seeker)
        self.trips: Trips = {}
        self.lodged: dict[int, Lodged] = {}
        if like is not None:
            for party, trip in like.trips.items():
                self.take(party, trip)
            for party, lodged in like.lodged.items():
                self._lodge(party, lodged)

    def take(self, party: int, trip: Trip) -> None:
        """Let a party go as it was to go."""
        self.seeker.free.take(party, trip)
        self.trips[party] = trip
        if party in self._rest.cuts.on_the_way:
            # Nobody loses a bed so that somebody else is moved.
            self.seeker.held.add(party)

    def house(self, party: int) -> None:
        """Give a party that is on the way the best lodgings that are free."""
        cut, t = self._rest.cuts.on_the_way[party], self.seeker.tables
        found = self._lodger.find(cut)
        way = int(t.ways.start[t.parties.zone[party]])
        if len(found.lodgings) == 1:
            house, first, leave = found.lodgings[0]
            trip = Trip(way, house, leave, found.country)
            whole = first == cut.day and (found.country != STAYS or leave == t.days)
            if whole and self.seeker.fits(party, trip):
                self.take(party, trip)
                return
        self._lodge(party, found)

    def _lodge(self, party: int, found: Lodged) -> None:
        self._lodger.take(self._rest.cuts.on_the_way[party], found)
        self.lodged[party] = found

    def journeys(self) -> Iterator[Itinerary]:
        """Yield the whole journey of everybody who has one, the past included."""
        yield from self._rest.cuts.gone.values()
        for party, trip in self.trips.items():
            yield self._rest.itinerary(party, trip)
        ids = self.seeker.tables.houses.house_id
        for party, found in self.lodged.items():
            cut = self._rest.cuts.on_the_way[party]
            later = (one._replace(house=int(ids[one.house])) for one in found.lodgings)
            country = None if found.country == STAYS else found.country
            yield Itinerary(party, cut.was.way, joined(cut.before, later), country)

    def improve(self, seed: int) -> Iterator[int]:
        """Make it better step by step; yield the units of work after each."""
        settled = {*self.lodged, *self._rest.cuts.gone}
        order = urgent_first(self.seeker.tables)
        left = [party for party in order if party not in self.trips and party not in settled]
        for start in range(0, len(left), AT_ONCE):
            some = left[start : start + AT_ONCE]
            yield 2 * len(list(dispatch(self.seeker, some, self.trips)))
        improver = Improver(self.seeker, self.trips, seed, settled)
        for party in [party for party in self.lodged if self._is_bare(party)]:
            yield self._rescue(party, improver)
            if party not in self.lodged:
                settled.discard(party)
        yield from improver.rounds()

    def _is_bare(self, party: int) -> bool:
        """Tell whether a party lacks a bed from some night on."""
        return self._lodger.bare(self._rest.cuts.on_the_way[party], self.lodged[party])

    def _rescue(self, party: int, improver: Improver) -> int:
        """Look for a bed for a party by planning those who are to sleep in its town anew.

        Return the units of work.  Nobody looks at the plan in between: both would have one bed.
        """
        free = self.seeker.free
        cut, found = self._rest.cuts.on_the_way[party], self.lodged[party]
        near = self._neighbours(cut)[: TOGETHER - 1]
        before = {one: self.trips[one] for one in near}
        self._lodger.give(cut, found)
        work = sum(improver.replan([party, *near]))
        if party in self.trips:
            del self.lodged[party]
            self.seeker.held.add(party)
            return work
        for one in near:
            if one in self.trips:
                free.give(one, self.trips.pop(one))
        for one, trip in before.items():
            self.take(one, trip)
        self._lodger.take(cut, found)
        return work

    def _neighbours(self, cut: Cut) -> list[int]:
        """Return who is to sleep in the town of a cut, those who come latest first."""
        t = self.seeker.tables
        there = [
            (-int(t.ways.arrive[trip.way]), party)
            for party, trip in self.trips.items()
            if t.houses.town[trip.house] == cut.town and trip.leave > cut.day
        ]
        return [party for _, party in sorted(there)]
