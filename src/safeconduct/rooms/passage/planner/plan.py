# SPDX-License-Identifier: AGPL-3.0-or-later
"""The planner: who goes when, by which way, to which bed, and on to which country.

A first plan is made at once, party after party.  Then scarce places get prices (`prices`), a plan
is made by these, and it is improved (`improve`) until there is nothing to win or somebody says
stop; on the way prices go on once, since they prove more beside a plan that is worth something.
Every plan on the way keeps every rule, and none is worse than the one before.
Pure: no clock, and chance only from the seed; the same seed and work give the same plan.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np

from safeconduct.rooms.passage.operations.operation import Operation, Plan
from safeconduct.rooms.passage.planner.aim import MISSES, objective
from safeconduct.rooms.passage.planner.dispatch import Trips, dispatch, reinsert, urgent_first
from safeconduct.rooms.passage.planner.free import Free
from safeconduct.rooms.passage.planner.improve import Improver
from safeconduct.rooms.passage.planner.prices import Ascent, no_prices
from safeconduct.rooms.passage.planner.progress import Course, Progress, Watch, to_trips
from safeconduct.rooms.passage.planner.prove import Prover
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.planner.tables import Tables, lay_out

__all__ = ["Ground", "Progress", "Watch", "plan", "plan_on"]

STEPS = 200
"""How many times prices are moved."""


class Ground(NamedTuple):
    """An operation and its tables, which may have less in them than it says."""

    operation: Operation
    tables: Tables


def plan(
    operation: Operation, *, work: int | None, watch: Watch, seed: int = 0, start: Plan = ()
) -> Progress:
    """Return the best plan found, and what is proved of any plan.

    `work` is the most units of work to do, None for no end; `watch` is told of every small step
    and says whether to go on; `start` is a plan that keeps the rules, to begin from.
    """
    ground = Ground(operation, lay_out(operation))
    return plan_on(ground, work=work, watch=watch, seed=seed, start=start)


def plan_on(
    ground: Ground, *, work: int | None, watch: Watch, seed: int = 0, start: Plan = ()
) -> Progress:
    """Return the best plan found in tables that are laid out; the rest as in `plan`."""
    course = Course(ground.operation, ground.tables, watch, work)
    return _Planner(ground.operation, course, seed).run(start)


class _Planner:
    """The stages of planning, in order."""

    def __init__(self, operation: Operation, course: Course, seed: int) -> None:
        self._seed = seed
        self._course = course
        self._tables = course.tables
        rates = operation.rates
        self._aim = objective(rates)
        self._ascent = Ascent(course.tables, self._aim)
        self._prover = Prover(course, self._aim, seed)
        self._units = 1 + len(course.tables.parties.size) // 32
        self._misses_first = objective(rates, miss=10 * rates.unplanned)

    def run(self, start: Plan) -> Progress:
        """Go through the stages until somebody says stop."""
        first = (self._begin, self._price, self._by_price, self._settle)
        for stage in (*first, self._improve_some, self._price_again, self._improve):
            if not (self._course.stopped or self._prover.done):
                stage(start)
        return self._course.now

    def _improve_some(self, start: Plan) -> None:
        """Improve for half as much work as was done before it."""
        self._improve(start, until=3 * self._course.now.work / 2)

    def _improve(self, _: Plan, until: float = inf) -> None:
        """Plan some parties anew, round after round, and look at the whole in between."""
        course, prover = self._course, self._prover

        def over() -> bool:
            return course.stopped or prover.done or course.now.work >= until

        while not over():
            trips = dict(course.best)
            improver = Improver(self._seeker(trips), trips, self._seed + prover.turns)
            for units in improver.rounds():
                course.offer(improver.trips)
                if not course.go(units) or prover.due(units) or over():
                    break
            if not over():
                prover.turn()

    def _begin(self, start: Plan) -> None:
        """Make a first plan, from what was given."""
        t, course = self._tables, self._course
        trips = to_trips(t, start)
        if start:
            course.offer(trips)
        seeker = self._seeker(trips)
        left = [party for party in urgent_first(t) if party not in trips]
        for _ in dispatch(seeker, left, trips):
            if not course.go(2):
                break
        course.offer(trips)

    def _price(self, _: Plan) -> None:
        """Find prices for scarce places, and what they prove."""
        course, units = self._course, self._units
        proof, ascent = Ascent(self._tables, MISSES), self._ascent
        for _step in range(STEPS):
            proof.step(float(course.now.score.weighted_misses))
            ascent.step(float(course.now.score.objective))
            course.prove(misses=proof.bound, objective=ascent.bound)
            if not course.go(2 * units):
                break

    def _price_again(self, _: Plan) -> None:
        """Go on from the best prices, beside what the best plan costs now."""
        course, ascent = self._course, self._ascent
        ascent.begin_again()
        for _step in range(STEPS):
            ascent.step(float(course.now.score.objective))
            course.prove(objective=ascent.bound)
            if not course.go(self._units):
                break

    def _by_price(self, _: Plan) -> None:
        """Make plans in which each party weighs what it takes from others, in several orders."""
        t = self._tables
        for order in self._orders():
            trips: Trips = {}
            seeker = Seeker(t, self._aim, self._ascent.prices, Free(t))
            for _party in dispatch(seeker, order, trips):
                if not self._course.go(2):
                    break
            self._course.offer(trips)
            if self._course.stopped:
                break

    def _orders(self) -> list[list[int]]:
        """Return the urgent first, the heavy first, and two orders between chance and urgency."""
        p, chance = self._tables.parties, np.random.default_rng(self._seed)
        days = self._tables.days
        shuffled = [p.deadline + days / 4 * chance.random(len(p.size)) for _ in range(2)]
        keys = [-p.weight * p.size, *shuffled]
        return [
            urgent_first(self._tables),
            *(np.argsort(key, kind="stable").tolist() for key in keys),
        ]

    def _settle(self, _: Plan) -> None:
        """Put each party where it now costs least."""
        trips = dict(self._course.best)
        seeker = self._seeker(trips)
        for _party in reinsert(seeker, urgent_first(self._tables), trips):
            if not self._course.go(2):
                break
        self._course.offer(trips)

    def _seeker(self, trips: Trips) -> Seeker:
        """Return a seeker at no prices, with the places of the trips taken."""
        free = Free(self._tables)
        for party, trip in trips.items():
            free.take(party, trip)
        return Seeker(self._tables, self._misses_first, no_prices(self._tables), free)
