# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who holds what a journey would need: the parties whose journeys are in its way.

Each obstacle that others' journeys can be has its own rule; of any other nobody holds anything.
The answer names who is a relative of whom: for coordinators only (spec/why-not.md 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import ClassVar

from safeconduct.rooms.passage.planner.free import Trip
from safeconduct.rooms.passage.why.in_force import PlanInForce
from safeconduct.rooms.passage.why.obstacles import Obstacle

Key = tuple[str, int] | tuple[str, int, int]


class Holders:
    """Finds parties by what they hold, for one party that asks."""

    def __init__(self, now: PlanInForce, party: int) -> None:
        self._now, self._party = now, party

    @cached_property
    def _by(self) -> defaultdict[Key, list[int]]:
        by: defaultdict[Key, list[int]] = defaultdict(list)
        for other, trip in sorted(self._now.trips.items()):
            for key in self._keys(trip) if other != self._party else ():
                by[key].append(other)
        return by

    def of(self, trip: Trip, obstacle: Obstacle) -> list[int]:
        """Return who holds what the party would need for a journey, by number."""
        holds = self._HOLDS.get(obstacle)
        return holds(self, trip) if holds else []

    def _keys(self, trip: Trip) -> list[Key]:
        t, way = self._now.tables, trip.way
        return [
            ("run", int(t.ways.run[way])),
            ("escort", int(t.ways.escort[way])),
            ("departure", int(t.ways.departure[way])),
            ("house", trip.house),
            ("host", int(t.houses.household[trip.house])),
            ("quota", trip.country, trip.leave // 7),
        ]

    def _seats(self, trip: Trip) -> list[int]:
        return self._by["run", self._run(trip)]

    def _knowledge(self, trip: Trip) -> list[int]:
        return self._by["escort", int(self._now.tables.ways.escort[trip.way])]

    def _places(self, trip: Trip) -> list[int]:
        return self._by["departure", int(self._now.tables.ways.departure[trip.way])]

    def _driving(self, trip: Trip) -> list[int]:
        runs, run = self._now.tables.runs, self._run(trip)
        day, end = runs.day[run], runs.end[run]
        return [
            other
            for other in self._knowledge(trip)
            if (drives := self._run(self._now.trips[other])) != run
            and min(end, runs.end[drives]) > max(day, runs.day[drives])
        ]

    def _run(self, trip: Trip) -> int:
        return int(self._now.tables.ways.run[trip.way])

    def _met_escort(self, trip: Trip) -> list[int]:
        return self._kin(self._knowledge(trip))

    def _met_host(self, trip: Trip) -> list[int]:
        return self._kin(self._by["host", int(self._now.tables.houses.household[trip.house])])

    def _kin(self, parties: list[int]) -> list[int]:
        network = self._now.tables.parties.network
        return [other for other in parties if network[other] == network[self._party]]

    def _beds(self, trip: Trip) -> list[int]:
        t, arrive = self._now.tables, int(self._now.tables.ways.arrive[trip.way])
        left = self._now.free.beds[trip.house, arrive : trip.leave]
        few = (left < t.parties.size[self._party]).tolist()
        short = {arrive + night for night, lacking in enumerate(few) if lacking}
        return [
            other
            for other in self._by["house", trip.house]
            if not short.isdisjoint(self._nights(self._now.trips[other]))
        ]

    def _nights(self, trip: Trip) -> range:
        return range(int(self._now.tables.ways.arrive[trip.way]), trip.leave)

    def _quota(self, trip: Trip) -> list[int]:
        return self._by["quota", trip.country, trip.leave // 7]

    _HOLDS: ClassVar[Mapping[Obstacle, Callable[[Holders, Trip], list[int]]]] = {
        Obstacle.SEATS: _seats,
        Obstacle.DRIVING: _driving,
        Obstacle.KNOWLEDGE: _knowledge,
        Obstacle.MET_ESCORT: _met_escort,
        Obstacle.PLACES: _places,
        Obstacle.MET_HOST: _met_host,
        Obstacle.BEDS: _beds,
        Obstacle.QUOTA: _quota,
    }
