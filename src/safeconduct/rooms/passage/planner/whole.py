# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole operation as one model for CP-SAT: every plan worth making is in it, and no other.

A party goes by one way or is not planned.  Where a way ends it comes to a house; night after night
whoever was there or came is still there or leaves (a flow, so that beds are rows of few terms),
and who leaves in a week leaves for a country.  Only journeys that cost as much as not to be planned
are left out.
For operations of some hundred thousand variables at most: the number grows with parties times ways
and with parties times houses times nights.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model

from safeconduct.rooms.passage.planner.free import STAYS, Trip
from safeconduct.rooms.passage.planner.neighbourhood import Answer, Effort
from safeconduct.rooms.passage.planner.places import Places, Terms, Var, total
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.planner.solving import Asking, one_worker
from safeconduct.rooms.passage.planner.stays import exit_costs
from safeconduct.rooms.passage.planner.tables import Counts, Tables

Arrivals = dict[int, list[Var]]
"""Who would come, by day."""


def variables(t: Tables) -> int:
    """Return about how many variables a model of the whole has, and rarely fewer."""
    p, kinds = t.parties, t.kinds
    ways = np.diff(t.ways.start)[p.zone]
    suits = t.houses.suits[:, kinds.need] & (t.houses.largest[:, None] >= kinds.size)
    nights = (t.houses.beds > 0).sum(axis=1) @ suits.astype(np.int64)
    return int(ways.sum() + 2 * nights[p.kind].sum())


class Whole:
    """The model; `seeker` knows what is free, at no prices."""

    def __init__(self, seeker: Seeker, misses: tuple[int, int] | None = None) -> None:
        """Make the model of all plans, or of those with from so many to so many weighted misses."""
        self._tables = seeker.tables
        self._seeker = seeker
        self._model = cp_model.CpModel()
        self._places = Places(self._model, seeker.tables, seeker.free)
        self._exit_cost = exit_costs(seeker.tables, seeker.aim)
        self._cost: Terms = []
        self._missed: Terms = []
        self._sleepers: dict[tuple[int, int], Terms] = defaultdict(list)
        self._left: dict[int, Var] = {}
        self._ways: dict[tuple[int, int], Var] = {}
        self._comes: dict[tuple[int, int, int], Var] = {}
        self._nights: dict[tuple[int, int, int], Var] = {}
        self._leaves: dict[tuple[int, int, int], Var] = {}
        self._exits: dict[tuple[int, int, int], Var] = {}
        for party in range(len(self._tables.parties.size)):
            self._add(party)
        self._limit(misses)

    @property
    def variables(self) -> int:
        """How many there are."""
        return len(self._model.proto.variables)

    def solve(
        self, old: dict[int, Trip], effort: Effort, go: Callable[[], bool] = lambda: True
    ) -> Answer:
        """Return the best plan found, no worse than the old one, and what no plan goes below.

        At each new bound `go` says whether to go on; what it raises is raised here.
        """
        self._hint(old)
        solver = one_worker(time=effort.time, seed=effort.seed)
        asking = Asking(solver, go)
        status = solver.solve(self._model)
        asking.tell()
        time = float(solver.response_proto.deterministic_time)
        bound = float(solver.best_objective_bound)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(None, bound, time)
        return Answer(self._trips(solver), bound, time)

    def _add(self, party: int) -> None:
        """Add one party: one way and a stay behind it, or neither."""
        model, p = self._model, self._tables.parties
        left = self._left[party] = model.new_bool_var("")
        weight = int(p.size[party] * p.weight[party])
        self._cost.append((left, round(self._seeker.unplanned(party))))
        self._missed.append((left, weight))
        ways = self._worthwhile(party)
        costs = self._seeker.way_costs(party, ways)
        for way, cost in zip(ways.tolist(), costs.tolist(), strict=True):
            variable = self._ways[party, way] = model.new_bool_var("")
            self._cost.append((variable, round(cost)))
            if self._tables.ways.out[way] > p.deadline[party]:
                self._missed.append((variable, weight))
            self._places.go(party, way, variable)
        model.add_exactly_one([left, *(self._ways[party, way] for way in ways.tolist())])
        arrivals = self._arrivals(party, ways)
        for house, days in arrivals.items():
            self._stay(party, house, days)
        self._leave(party, arrivals)
        self._hold_ceiling(party, ways, list(arrivals))

    def _worthwhile(self, party: int) -> Counts:
        """Return the ways by which a journey can cost less than not to be planned."""
        seeker = self._seeker
        ways, costs = seeker.journeys(party)
        fresh = seeker.aim.run * (self._tables.ways.run[ways] >= 0)
        worthwhile: Counts = ways[costs - fresh < seeker.unplanned(party)]
        return worthwhile

    def _arrivals(self, party: int, ways: Counts) -> dict[int, Arrivals]:
        """Return by house and day who comes: the ways themselves where there is one house."""
        t = self._tables
        places: dict[tuple[int, int], list[Var]] = defaultdict(list)
        for way in ways.tolist():
            place = int(t.ways.town[way]), int(t.ways.arrive[way])
            places[place].append(self._ways[party, way])
        arrivals: dict[int, Arrivals] = defaultdict(dict)
        for place, come in places.items():
            found = self._seeker.shelter.stays(party, place, t.ceiling, len(t.houses.town))
            houses = sorted(stay.house for stay in found)
            shares = [come] if len(houses) == 1 else self._split(party, place[1], houses, come)
            for house, share in zip(houses, shares, strict=True):
                arrivals[house][place[1]] = share
                for variable in share:
                    self._places.sleep(party, house, variable)
        return arrivals

    def _split(self, party: int, day: int, houses: list[int], come: list[Var]) -> list[list[Var]]:
        """Return one variable for each house, of which one holds if somebody comes."""
        found = []
        for house in houses:
            self._comes[party, house, day] = self._model.new_bool_var("")
            found.append(self._comes[party, house, day])
        self._model.add(_ones(found) == _ones(come))
        return [[variable] for variable in found]

    def _stay(self, party: int, house: int, days: Arrivals) -> None:
        """Add the nights in one house: who is there or comes stays there or leaves."""
        t, model, size = self._tables, self._model, int(self._tables.parties.size[party])
        least, before = self._least(party), None
        for day in range(min(days), t.days):
            came = days.get(day, [])
            here = self._sleep(party, house, day) if t.houses.beds[house, day] >= size else None
            flow = [(var, 1) for var in came]
            flow += [(var, sign) for var, sign in ((before, 1), (here, -1)) if var is not None]
            if day >= min(days) + least:
                goes = self._leaves[party, house, day] = model.new_bool_var("")
                flow.append((goes, -1))
            model.add(total(flow) == 0)
            recent = [var for at in range(day - least + 1, day) for var in days.get(at, ())]
            if recent or (came and least):
                # Nobody leaves before the papers are ready.
                stays = [] if here is None else [(here, -1)]
                model.add(total([(var, 1) for var in (*recent, *came)] + stays) <= 0)
            before = here

    def _sleep(self, party: int, house: int, night: int) -> Var:
        """Add one night of one party in one house."""
        t, size = self._tables, int(self._tables.parties.size[party])
        variable = self._nights[party, house, night] = self._model.new_bool_var("")
        self._sleepers[house, night].append((variable, size))
        each = int(t.houses.exposure[house]) * self._seeker.aim.exposure
        if night == t.days - 1:
            each += self._seeker.aim.no_exit
        self._cost.append((variable, size * each))
        return variable

    def _least(self, party: int) -> int:
        """Return after how many days the first papers are ready; the horizon if none ever are."""
        return min([self._tables.days, *(wait for _, wait in self._countries(party))])

    def _countries(self, party: int) -> list[tuple[int, int]]:
        """Return the countries that the party may ever leave for, and the days its papers take."""
        t = self._tables
        waits = t.processing[:, t.kinds.documents[t.parties.kind[party]]].tolist()
        taken = (t.quota >= t.parties.size[party]).any(axis=1).tolist()
        return [
            (country, wait)
            for country, (wait, some) in enumerate(zip(waits, taken, strict=True))
            if some and wait < t.days
        ]

    def _leave(self, party: int, arrivals: dict[int, Arrivals]) -> None:
        """Let a party that leaves in a week leave for a country, once its papers are ready."""
        model = self._model
        came: Arrivals = defaultdict(list)
        for days in arrivals.values():
            for day, share in days.items():
                came[day] += share
        timing = [(var, -day) for day, share in came.items() for var in share]
        goes = self._goes(party, list(arrivals), timing)
        exits: dict[int, list[Var]] = defaultdict(list)
        for country, wait in self._countries(party):
            for week, variable in self._exit(party, (country, wait), came):
                exits[week].append(variable)
                timing.append((variable, -wait))
        for week in sorted(goes | exits):
            model.add(_ones(goes[week]) == _ones(exits[week]))
        if timing:
            model.add(total(timing) >= 0)

    def _goes(self, party: int, houses: list[int], timing: Terms) -> dict[int, list[Var]]:
        """Return who leaves by week, and add the days of leaving to the timing."""
        last = self._tables.days - 1
        goes: dict[int, list[Var]] = defaultdict(list)
        for house in houses:
            for day in range(last + 1):
                leaves = self._leaves.get((party, house, day))
                if leaves is not None:
                    goes[day // 7].append(leaves)
                    timing.append((leaves, day))
            stays = self._nights.get((party, house, last))
            if stays is not None:
                timing.append((stays, last + 1))
        return goes

    def _exit(self, party: int, papers: tuple[int, int], came: Arrivals) -> list[tuple[int, Var]]:
        """Add the exits to one country, by week; who leaves by a week's end came long before."""
        t, size = self._tables, int(self._tables.parties.size[party])
        country, wait = papers
        found: list[tuple[int, Var]] = []
        for week in range(t.quota.shape[1]):
            last = min(7 * week + 6, t.days - 1) - wait
            if t.quota[country, week] < size or last < min(came, default=t.days):
                continue
            variable = self._exits[party, country, week] = self._model.new_bool_var("")
            self._cost.append((variable, size * round(float(self._exit_cost[country]))))
            self._places.leave(party, (country, week), variable)
            found.append((week, variable))
            early = [var for day, share in came.items() if day <= last for var in share]
            if last < max(came):
                self._model.add(_ones([var for _, var in found]) <= _ones(early))
        return found

    def _hold_ceiling(self, party: int, ways: Counts, houses: list[int]) -> None:
        """Bar what is together too exposed, if anything can be."""
        t = self._tables
        terms = [
            (self._ways[party, way], exposure)
            for way, exposure in zip(
                ways.tolist(), self._seeker.free.exposures(party, ways).tolist(), strict=True
            )
        ]
        for house in houses:
            night = int(t.houses.exposure[house])
            keys = ((party, house, day) for day in range(t.days))
            terms += [(self._nights[key], night) for key in keys if key in self._nights]
        for country, _ in self._countries(party):
            risk = int(t.exit_exposure[country])
            keys = ((party, country, week) for week in range(t.quota.shape[1]))
            terms += [(self._exits[key], risk) for key in keys if key in self._exits]
        if terms:
            self._model.add(total(terms) <= t.ceiling)

    def _limit(self, misses: tuple[int, int] | None) -> None:
        """Add what parties share, and what is made small."""
        self._places.limit()
        for (house, night), terms in self._sleepers.items():
            self._places.at_most(terms, int(self._seeker.free.beds[house, night]))
        self._cost += [(run, self._seeker.aim.run) for run in self._places.runs.values()]
        if misses is not None:
            self._model.add_linear_constraint(total(self._missed), *misses)
        self._model.minimize(total(self._cost))

    def _hint(self, old: dict[int, Trip]) -> None:
        """Let the solver begin from a plan."""
        t, chosen = self._tables, _Chosen()
        old = {party: trip for party, trip in old.items() if (party, trip.way) in self._ways}
        for party, trip in old.items():
            chosen.take(party, trip, int(t.ways.arrive[trip.way]), t.days)
        runs = {int(t.ways.run[trip.way]) for trip in old.values()}
        self._model.clear_hints()  # type: ignore[no-untyped-call]  # (their stubs leave it out)
        for run, variable in self._places.runs.items():
            self._model.add_hint(variable, run in runs)
        for party, variable in self._left.items():
            self._model.add_hint(variable, party not in old)
        for way, variable in self._ways.items():
            self._model.add_hint(variable, way in chosen.ways)
        for table, keys in (
            (self._comes, chosen.comes),
            (self._nights, chosen.nights),
            (self._leaves, chosen.leaves),
            (self._exits, chosen.exits),
        ):
            for key, variable in table.items():
                self._model.add_hint(variable, key in keys)

    def _trips(self, solver: cp_model.CpSolver) -> dict[int, Trip]:
        """Return the plan that the solver found."""
        t = self._tables
        country = {key[0]: key[1] for key, var in self._exits.items() if solver.value(var)}
        ends = {key[0]: key[1:] for key, var in self._leaves.items() if solver.value(var)}
        ends |= {
            party: (house, t.days)
            for (party, house, night), var in self._nights.items()
            if night == t.days - 1 and solver.value(var)
        }
        return {
            party: Trip(way, *ends[party], country.get(party, STAYS))
            for (party, way), var in self._ways.items()
            if solver.value(var)
        }


class _Chosen:
    """The keys of all variables that hold in a plan."""

    def __init__(self) -> None:
        self.ways: set[tuple[int, int]] = set()
        self.comes: set[tuple[int, int, int]] = set()
        self.nights: set[tuple[int, int, int]] = set()
        self.leaves: set[tuple[int, int, int]] = set()
        self.exits: set[tuple[int, int, int]] = set()

    def take(self, party: int, trip: Trip, arrive: int, days: int) -> None:
        """Add those of one journey."""
        self.ways.add((party, trip.way))
        self.comes.add((party, trip.house, arrive))
        self.nights |= {(party, trip.house, night) for night in range(arrive, trip.leave)}
        if trip.leave < days:
            self.leaves.add((party, trip.house, trip.leave))
            self.exits.add((party, trip.country, trip.leave // 7))


def _ones(variables: list[Var]) -> cp_model.LinearExprT:
    return total([(variable, 1) for variable in variables])
