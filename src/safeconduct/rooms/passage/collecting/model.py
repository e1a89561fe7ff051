# SPDX-License-Identifier: AGPL-3.0-or-later
"""An evening as one model for CP-SAT: every round worth making is in it, and no other.

All cars together make one circle: from a car's start through its stops to its end, and from there
to the next car's start.  So who follows whom is one choice for each pair, and not one for each car.
Whoever is left has minutes that nothing hangs on.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import fields
from itertools import combinations
from typing import Final, NamedTuple

from ortools.sat.python import cp_model

from safeconduct.rooms.passage.collecting.evening import Cars, Evening, Round, Stop, count, tour
from safeconduct.rooms.passage.collecting.windows import Spot, Windows
from safeconduct.rooms.passage.planner.places import Terms, Var, total
from safeconduct.rooms.passage.planner.solving import Asking, one_worker

HAIR: Final = 1e-6
NOT_SOLVED: Final = frozenset({cp_model.UNKNOWN, cp_model.INFEASIBLE})


class Answer(NamedTuple):
    """A round, if one was found; what none goes below; if there is none at all; what it took."""

    round: Round | None
    bound: int
    impossible: bool
    time: float


class Model:
    """All rounds in which the parties that are `needed` are collected, and some of `others`."""

    def __init__(
        self, evening: Evening, needed: Collection[int], others: Collection[int] = ()
    ) -> None:
        self._evening, self._windows = evening, Windows(evening)
        self._model = cp_model.CpModel()
        self._spots = [spot for spots in self._windows.spots.values() for spot in spots]
        self._there: dict[int, Var] = {}
        self._left: dict[int, Var] = {}
        self._by: dict[tuple[int, int], Var] = {}
        self._minute: dict[tuple[int, bool], Var] = {}
        self._aboard: dict[tuple[int, bool], Var] = {}
        self._used: dict[int, Var] = {}
        self._out: dict[int, Var] = {}
        self._cost: Terms = []
        for party in range(count(evening.parties)):
            self._left[party] = self._model.new_bool_var("")
            if party in needed or party not in others:
                self._model.add(self._left[party] == (party not in needed))
            self._add(party)
        self._drive()
        self._keep_apart()
        self._hold_knowledge()
        self._break_ties()

    def any(self, *, time: float) -> Answer:
        """Find one round, whatever it costs."""
        return self._solve(0, time=time, seed=0)[0]

    def least_left(self, *, time: float, seed: int) -> Answer:
        """Leave as little as can be, by size and weight; later answers leave no more."""
        p = self._evening.parties
        left = total([(var, p.size[one] * p.weight[one]) for one, var in self._left.items()])
        answer, solver = self._solve(left, time=time, seed=seed)
        if solver is not None:
            self._model.add(left <= round(solver.objective_value))
            for index in range(len(self._model.proto.variables)):
                variable = self._model.get_int_var_from_proto_index(index)
                self._model.add_hint(variable, solver.value(variable))
        return answer

    def cheapest(self, *, time: float, seed: int) -> Answer:
        """Let people wait little, then ride little, then drive little, at the evening's prices."""
        return self._solve(total(self._cost), time=time, seed=seed)[0]

    def _solve(
        self, least: cp_model.LinearExprT, *, time: float, seed: int
    ) -> tuple[Answer, cp_model.CpSolver | None]:
        """Return the best round for one aim; Ctrl-C is heard at each new bound."""
        self._model.minimize(least)
        solver = one_worker(time=time, seed=seed)
        asking = Asking(solver, lambda: True)
        status = solver.solve(self._model)
        asking.tell()
        took = float(solver.response_proto.deterministic_time)
        if status in NOT_SOLVED:
            return Answer(None, 0, status == cp_model.INFEASIBLE, took), None
        bound = math.ceil(solver.best_objective_bound - HAIR)
        return Answer(self._round(solver), bound, impossible=False, time=took), solver

    def _add(self, party: int) -> None:
        """Add one party: a car, a meeting point and its minutes, or none of it."""
        model, left, e = self._model, self._left[party], self._evening
        spots = self._of(party)
        cars = sorted(self._windows.cars[party]) if spots else []
        self._by |= {(party, car): model.new_bool_var("") for car in cars}
        model.add_exactly_one([left, *(self._by[party, car] for car in cars)])
        if not spots:
            return
        for gets_in in (True, False):
            self._stop(party, gets_in=gets_in)
        p, stop = e.parties, e.parties.stop[party]
        got_in, got_out = self._minute[party, True], self._minute[party, False]
        ride = model.new_int_var(0, p.longest_ride[party], "")
        model.add(ride == got_out - got_in - stop).only_enforce_if(~left)
        for at, spot in spots[:-1]:
            way = self._windows.near[spot.point][p.goal[party]]
            model.add(ride >= way).only_enforce_if(self._there[at])
        wait = model.new_int_var(0, p.longest_wait[party], "")
        leaves = p.leaves[party]
        before = got_in - p.first[party] if p.stands[party] else 0
        after = 0 if leaves is None else leaves - stop - got_out
        model.add(wait == before + after).only_enforce_if(~left)
        self._cost.append((wait, p.size[party] * e.prices.wait))
        self._cost.append((ride, p.size[party] * e.prices.ride))

    def _of(self, party: int) -> list[tuple[int, Spot]]:
        """Return the spots of a party with their places in the list; the last is its goal."""
        return [(at, spot) for at, spot in enumerate(self._spots) if spot.party == party]

    def _stop(self, party: int, *, gets_in: bool) -> None:
        """Add where and when a party gets in, or out, and who is in the car then."""
        model, seats = self._model, self._evening.cars.seats
        size, cars = self._evening.parties.size[party], sorted(self._windows.cars[party])
        spots = [(at, spot) for at, spot in self._of(party) if spot.gets_in is gets_in]
        first, last = min(one.first for _, one in spots), max(one.last for _, one in spots)
        minute = self._minute[party, gets_in] = model.new_int_var(first, last, "")
        after = 0 if gets_in else size
        """People who are in the car after it stops there."""
        most = max(seats[car] for car in cars) - after
        aboard = model.new_int_var(size - after, most, "")
        self._aboard[party, gets_in] = aboard
        for car in cars:
            if seats[car] - after < most:
                model.add(aboard <= seats[car] - after).only_enforce_if(self._by[party, car])
        for at, spot in spots:
            here = self._there[at] = model.new_bool_var("")
            model.add(minute >= spot.first).only_enforce_if(here)
            model.add(minute <= spot.last).only_enforce_if(here)
        model.add_exactly_one([self._left[party], *(self._there[at] for at, _ in spots)])

    def _drive(self) -> None:
        """Lay the circle through all cars and spots."""
        arcs: list[cp_model.ArcT] = [(at, at, ~here) for at, here in self._there.items()]
        for one, spot in enumerate(self._spots):
            for other, next_spot in enumerate(self._spots):
                if one != other and self._windows.follow(spot, next_spot):
                    arcs.append((one, other, self._follow(one, other)))
        cars, base = count(self._evening.cars), len(self._spots)
        for car in range(cars):
            start, end, after = base + 2 * car, base + 2 * car + 1, base + 2 * ((car + 1) % cars)
            used = self._used[car] = self._model.new_bool_var("")
            self._cost.append((used, self._evening.prices.car))
            arcs += [(start, end, ~used), (end, after, self._model.new_constant(1))]
            arcs += [(start, at, var) for at, var in self._begin(car)]
            arcs += [(at, end, var) for at, var in self._end(car)]
        if arcs:
            self._model.add_circuit(arcs)

    def _follow(self, one: int, other: int) -> Var:
        """Let a car go from one spot to another with nothing between."""
        model, spots, e = self._model, (self._spots[one], self._spots[other]), self._evening
        follows = model.new_bool_var("")
        parties = [spot.party for spot in spots]
        minutes, aboard = (
            [table[spot.party, spot.gets_in] for spot in spots]
            for table in (self._minute, self._aboard)
        )
        way = e.points.minutes[spots[0].point][spots[1].point]
        took = e.parties.stop[parties[0]] + way
        more = e.parties.size[parties[1]] * (1 if spots[1].gets_in else -1)
        model.add(minutes[1] >= minutes[0] + took).only_enforce_if(follows)
        model.add(aboard[1] >= aboard[0] + more).only_enforce_if(follows)
        self._same_car(parties[0], parties[1], follows)
        self._cost.append((follows, way * e.prices.drive))
        return follows

    def _same_car(self, one: int, other: int, holds: Var) -> None:
        """Let two parties have one car where something holds."""
        if one == other:
            return
        for car in sorted(self._windows.cars[one] | self._windows.cars[other]):
            both = [self._by.get((party, car)) for party in (one, other)]
            for has, lacks in (both, both[::-1]):
                if has is not None:
                    self._model.add_bool_or([~holds, ~has, *([] if lacks is None else [lacks])])

    def _begin(self, car: int) -> Iterator[tuple[int, Var]]:
        """Yield where a car's first stop can be."""
        model, cars, e = self._model, self._evening.cars, self._evening
        out = self._out[car] = model.new_int_var(cars.first[car], cars.last[car], "")
        for at, spot in enumerate(self._spots):
            if self._windows.begins(car, spot):
                var = model.new_bool_var("")
                way = e.points.minutes[cars.start[car]][spot.point]
                minute = self._minute[spot.party, True]
                model.add(out <= minute - way).only_enforce_if(var)
                model.add_implication(var, self._by[spot.party, car])
                self._cost.append((var, way * e.prices.drive))
                yield at, var

    def _end(self, car: int) -> Iterator[tuple[int, Var]]:
        """Yield where a car's last stop can be."""
        model, cars, e = self._model, self._evening.cars, self._evening
        back = model.new_int_var(cars.first[car], cars.last[car], "")
        model.add(back - self._out[car] <= cars.longest[car])
        for at, spot in enumerate(self._spots):
            if self._windows.ends(car, spot):
                var = model.new_bool_var("")
                way = e.points.minutes[spot.point][cars.end[car]]
                minute = self._minute[spot.party, False] + e.parties.stop[spot.party]
                model.add(back >= minute + way).only_enforce_if(var)
                model.add_implication(var, self._by[spot.party, car])
                self._cost.append((var, way * e.prices.drive))
                yield at, var

    def _keep_apart(self) -> None:
        """Let nobody be at a point while another party is, or shortly before or after."""
        for one, other in combinations(range(len(self._spots)), 2):
            spots = self._spots[one], self._spots[other]
            gap = self._gap(*spots)
            if gap is None:
                continue
            model, order = self._model, self._model.new_bool_var("")
            here: list[cp_model.LiteralT] = [self._there[one], self._there[other]]
            if not spots[0].gets_in and not spots[1].gets_in:
                together = model.new_bool_var("")
                self._same_car(spots[0].party, spots[1].party, together)
                here.append(~together)
            for first, then, before in ((*spots, order), (*spots[::-1], ~order)):
                model.add(self._comes(then) >= self._goes(first) + gap).only_enforce_if(
                    [*here, before]
                )

    def _gap(self, one: Spot, other: Spot) -> int | None:
        """Return for how long nobody is at a point between two parties; None: no matter."""
        p = self._evening.parties
        if one.party == other.party or one.point != other.point:
            return None
        network = p.network[one.party]
        related = network is not None and network == p.network[other.party]
        gap = self._evening.points.gap[one.point]
        return 0 if gap is None and related else gap

    def _comes(self, spot: Spot) -> cp_model.LinearExprT:
        """Return from when on a party is at a point."""
        p = self._evening.parties
        if spot.gets_in and p.stands[spot.party]:
            return p.first[spot.party]
        return self._minute[spot.party, spot.gets_in]

    def _goes(self, spot: Spot) -> cp_model.LinearExprT:
        """Return when a party is not at a point any more; nobody gets out after it leaves."""
        p, leaves = self._evening.parties, self._evening.parties.leaves[spot.party]
        if leaves is not None and not spot.gets_in:
            return leaves
        return self._minute[spot.party, spot.gets_in] + p.stop[spot.party]

    def _hold_knowledge(self) -> None:
        """Let a driver meet no more parties than they may, and one of each network."""
        e = self._evening
        meets: dict[tuple[int, int | None], Terms] = defaultdict(list)
        for (party, car), var in self._by.items():
            for network in {None, e.parties.network[party]}:
                meets[e.cars.driver[car], network].append((var, 1))
        for (driver, network), terms in meets.items():
            most = e.drivers.most[driver] if network is None else 1
            self._model.add(total(terms) <= most)

    def _break_ties(self) -> None:
        """Of cars that are alike, let the one that comes first take the party that comes first."""
        for one, other in alike(self._evening):
            before: Terms = []
            for party in range(count(self._evening.parties)):
                if (party, other) in self._by:
                    self._model.add(total([(self._by[party, other], 1), *before]) <= 0)
                    before.append((self._by[party, one], -1))

    def _round(self, solver: cp_model.CpSolver) -> Round:
        """Return the round that the solver found."""
        by = {party: car for (party, car), var in self._by.items() if solver.value(var)}
        stops: dict[int, list[Stop]] = defaultdict(list)
        for at, here in self._there.items():
            if solver.value(here):
                party, gets_in, point, _, _ = self._spots[at]
                minute = solver.value(self._minute[party, gets_in])
                stops[by[party]].append(Stop(party, gets_in, point, minute))
        return tuple(
            tour(self._evening, car, tuple(sorted(some, key=lambda stop: stop.minute)))
            for car, some in sorted(stops.items())
        )


def alike(e: Evening) -> Iterator[tuple[int, int]]:
    """Yield pairs of cars, one after the other, that differ in nothing but their number."""
    own = [column for name, column in _columns(e.cars) if name != "driver"]
    last: dict[object, int] = {}
    for car, driver in enumerate(e.cars.driver):
        takes = frozenset(party for party, cars in enumerate(e.parties.cars) if car in cars)
        knows = e.drivers.most[driver], frozenset(e.drivers.met[driver])
        # Whoever drives two cars is not as free as somebody else.
        only = None if e.cars.driver.count(driver) == 1 else driver
        look = (*(column[car] for column in own), takes, knows, only)
        if look in last:
            yield last[look], car
        last[look] = car


def _columns(table: Cars) -> list[tuple[str, tuple[int, ...]]]:
    return [(field.name, getattr(table, field.name)) for field in fields(table)]
