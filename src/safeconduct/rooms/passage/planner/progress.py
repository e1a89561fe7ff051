# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a planner has come: the best plan so far, what is proved, and how much work was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

from safeconduct.rooms.passage.operations.operation import Journey, Operation, Plan
from safeconduct.rooms.passage.operations.score import Score, score
from safeconduct.rooms.passage.planner.dispatch import Trips
from safeconduct.rooms.passage.planner.free import STAYS, Trip
from safeconduct.rooms.passage.planner.tables import Tables


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a planner stands; the plan keeps every rule at every moment."""

    plan: Plan
    score: Score
    bound: int
    """No plan has fewer weighted misses."""
    objective_bound: int
    """No plan that misses as few as this one, or fewer, has a lower objective."""
    work: int
    """Units of work done: the same for the same operation and seed on any machine."""


Watch = Callable[[Progress], bool]
"""Told of every small step; says whether to go on."""


class Course:
    """Keeps the best plan and bounds, counts work, and asks after every step whether to go on."""

    def __init__(self, operation: Operation, t: Tables, watch: Watch, work: int | None) -> None:
        self._operation = operation
        self.tables = t
        self._watch = watch
        self._most = work
        self.best: Trips = {}
        self.now = Progress((), score(operation, ()), 0, 0, 0)
        self.stopped = False

    def offer(self, trips: Trips) -> bool:
        """Keep a plan if it is better than the best so far; say whether it was."""
        plan = to_plan(self.tables, trips)
        worth = score(self._operation, plan)
        if self.now.plan and worth.rank >= self.now.score.rank:
            return False
        self.best = dict(trips)
        self.now = replace(self.now, plan=plan, score=worth)
        return True

    def prove(self, *, misses: float = 0.0, objective: float = 0.0) -> None:
        """Note what no plan can go below, up to rounding errors of sums."""
        self.now = replace(
            self.now,
            bound=max(self.now.bound, -int(-(misses - 0.01) // 1)),
            objective_bound=max(self.now.objective_bound, int(objective - 1)),
        )

    @property
    def left(self) -> float:
        """Units of work until it is enough."""
        return inf if self._most is None else self._most - self.now.work

    def go(self, units: int) -> bool:
        """Count work done; return False once it is enough or somebody says stop."""
        self.now = replace(self.now, work=self.now.work + units)
        enough = self._most is not None and self.now.work >= self._most
        self.stopped = self.stopped or enough or not self._watch(self.now)
        return not self.stopped


def to_plan(t: Tables, trips: Trips) -> Plan:
    """Return trips as journeys of the operation."""
    ways, houses = t.ways.way_id, t.houses.house_id
    return tuple(
        Journey(
            party=party,
            way=int(ways[trip.way]),
            house=int(houses[trip.house]),
            leave=trip.leave,
            country=None if trip.country == STAYS else trip.country,
        )
        for party, trip in sorted(trips.items())
    )


def to_trips(t: Tables, plan: Plan) -> Trips:
    """Return journeys in rows of the tables; they keep the rules."""
    way_row = {int(way): row for row, way in enumerate(t.ways.way_id)}
    house_row = {int(house): row for row, house in enumerate(t.houses.house_id)}
    return {
        journey.party: Trip(
            way_row[journey.way],
            house_row[journey.house],
            journey.leave,
            STAYS if journey.country is None else journey.country,
        )
        for journey in plan
    }
