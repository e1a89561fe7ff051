# SPDX-License-Identifier: AGPL-3.0-or-later
"""Improvement of a plan: again and again some parties are planned anew together.

Most rounds begin with somebody who is missed, and take along those who stand in the way: who
leaves from the same zone at that time, who is known to the same people, who sleeps where it could.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from safeconduct.rooms.passage.planner.dispatch import Trips
from safeconduct.rooms.passage.planner.free import Free
from safeconduct.rooms.passage.planner.neighbourhood import Effort, Neighbourhood
from safeconduct.rooms.passage.planner.offers import Breadth, offer
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.planner.tables import Counts

FOR_MISSED = 0.7
"""In so many of the rounds somebody missed comes first."""
STRANGERS = 6
"""Of these, parties from anywhere."""
TOGETHER = 20
"""Parties planned anew in one round."""
BREADTH = Breadth(ways=24, houses=2)
EFFORT = 0.12
"""Deterministic seconds of the solver in one round."""
UNITS = 2000
"""Units of work in one deterministic second of the solver."""


class Improver:
    """Holds a plan, and never makes it dearer."""

    def __init__(
        self, seeker: Seeker, trips: Trips, seed: int, settled: set[int] | None = None
    ) -> None:
        """Improve these trips, and leave parties alone that are settled otherwise."""
        self._seeker = seeker
        self._settled = settled if settled is not None else set[int]()
        self.trips = trips
        self._chance = np.random.default_rng(seed)
        self._round = 0
        t = seeker.tables
        self._alone = Seeker(t, seeker.aim, seeker.prices, Free(t))
        self._known: dict[int, bool] = {}

    def rounds(self) -> Iterator[int]:
        """Plan some parties anew; yield the units of work after each small step."""
        while True:
            self._round += 1
            yield from self.replan(self._pick())

    def replan(self, parties: list[int]) -> Iterator[int]:
        """Plan these anew, and keep the result if it does not cost more."""
        seeker, free = self._seeker, self._seeker.free
        old = {party: self.trips[party] for party in parties if party in self.trips}
        for party, trip in old.items():
            free.give(party, trip)
        offers = [offer(seeker, party, old.get(party), BREADTH) for party in parties]
        before = seeker.together(parties, old)
        hood = Neighbourhood(seeker.tables, free, seeker.aim.run)
        answer = hood.solve(offers, old, Effort(EFFORT, self._round))
        found = answer.trips
        if found is None or seeker.together(parties, found) > before:
            found = old
        for party in parties:
            self.trips.pop(party, None)
        for party, trip in found.items():
            free.take(party, trip)
            self.trips[party] = trip
        yield max(1, 2 * len(parties) + int(UNITS * answer.time))

    def missed(self) -> Counts:
        """Return those late or not planned who could leave in time, were everything free."""
        t = self._seeker.tables
        out = np.full(len(t.parties.size), 1 << 40)
        for party, trip in self.trips.items():
            out[party] = t.ways.out[trip.way]
        missed = np.flatnonzero(out > t.parties.deadline).tolist()
        could = (party for party in missed if party not in self._settled and self._could(party))
        return np.array(list(could), np.int64)

    def _could(self, party: int) -> bool:
        """Tell whether a party could leave in time if it had everything to itself."""
        if party not in self._known:
            t = self._seeker.tables
            ways, _ = self._alone.journeys(party)
            self._known[party] = bool((t.ways.out[ways] <= t.parties.deadline[party]).any())
        return self._known[party]

    def _pick(self) -> list[int]:
        """Return the parties of the next round."""
        p, chance = self._seeker.tables.parties, self._chance
        missed = self.missed()
        if len(missed) and chance.random() < FOR_MISSED:
            weight = (p.size * p.weight)[missed].astype(float)
            first = int(chance.choice(missed, p=weight / weight.sum()))
        else:
            first = int(chance.integers(len(p.size)))
        near = self._near(first)
        kin = np.flatnonzero((p.network == p.network[first]) & (p.network[first] >= 0))
        anywhere = chance.permutation(len(p.size))[:STRANGERS]
        wanted = [first, *kin.tolist(), *near.tolist()[: TOGETHER - STRANGERS], *anywhere.tolist()]
        return [party for party in dict.fromkeys(wanted) if party not in self._settled]

    def _near(self, first: int) -> Counts:
        """Return the parties of the same zone, those who leave at about the same time first."""
        t, chance = self._seeker.tables, self._chance
        zone = np.flatnonzero(t.parties.zone == t.parties.zone[first])
        day = np.array([self._day(party) for party in zone.tolist()])
        missed = self.missed()
        target = float(t.parties.deadline[first]) * chance.random()
        if first not in missed:
            target = self._day(first)
        distance = np.abs(day - target) / 3 + chance.random(len(zone)) * 4
        return zone[np.argsort(distance)]

    def _day(self, party: int) -> int:
        """Return when a party leaves, or should have."""
        t = self._seeker.tables
        trip = self.trips.get(party)
        return int(t.parties.deadline[party] if trip is None else t.ways.out[trip.way])
