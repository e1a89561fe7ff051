# SPDX-License-Identifier: AGPL-3.0-or-later
"""Some parties planned anew together, by CP-SAT, in what the others leave free.

A party's way and its stay are chosen apart and joined where they meet: in one town on one day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from safeconduct.rooms.passage.planner.free import STAYS, Free, Trip
from safeconduct.rooms.passage.planner.offers import Offers, Place, StayKey
from safeconduct.rooms.passage.planner.places import Places, Terms, Var, total
from safeconduct.rooms.passage.planner.solving import one_worker
from safeconduct.rooms.passage.planner.tables import Tables


@dataclass(frozen=True, slots=True)
class Effort:
    """How long the solver may look, in its own deterministic seconds, and its seed."""

    time: float
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The journeys found (none if nothing was), and how much work the solver did."""

    trips: dict[int, Trip] | None
    bound: float
    time: float


class Neighbourhood:
    """One model: the rows are the places that the offers ask for."""

    def __init__(self, t: Tables, free: Free, run_cost: int) -> None:
        self._tables = t
        self._free = free
        self._run_cost = run_cost
        self._model = cp_model.CpModel()
        self._cost: Terms = []
        self._ways: dict[tuple[int, int], Var] = {}
        self._stays: dict[tuple[int, Place, StayKey], Var] = {}
        self._beds: dict[int, list[tuple[Var, int, int, int]]] = defaultdict(list)
        self._places = Places(self._model, t, free)

    def solve(self, offers: Iterable[Offers], old: dict[int, Trip], effort: Effort) -> Answer:
        """Return the best journeys for all who have offers; `old` are theirs of now."""
        for each in offers:
            self._add(each, old.get(each.party))
        self._places.limit()
        self._limit_beds()
        model = self._model
        self._cost += [(driven, self._run_cost) for driven in self._places.runs.values()]
        model.minimize(total(self._cost))
        used = {int(self._tables.ways.run[trip.way]) for trip in old.values()}
        for run, variable in self._places.runs.items():
            model.add_hint(variable, run in used)
        solver = one_worker(time=effort.time, seed=effort.seed)
        status = solver.solve(model)
        time = float(solver.response_proto.deterministic_time)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(None, 0.0, time)
        return Answer(self._trips(solver), solver.best_objective_bound, time)

    def _trips(self, solver: cp_model.CpSolver) -> dict[int, Trip]:
        way = {party: way for (party, way), var in self._ways.items() if solver.value(var)}
        return {
            party: Trip(way[party], *stay)
            for (party, _, stay), var in self._stays.items()
            if solver.value(var)
        }

    def _add(self, offers: Offers, old: Trip | None) -> None:
        """Add one party: one way and one stay behind it, or neither unless it must go."""
        model, party = self._model, offers.party
        arrivals: dict[Place, list[Var]] = defaultdict(list)
        chosen: list[Var] = []
        if offers.unplanned is not None:
            chosen.append(model.new_bool_var(""))
            model.add_hint(chosen[0], old is None)
            self._cost.append((chosen[0], offers.unplanned))
        for way, cost in offers.ways.items():
            variable = model.new_bool_var("")
            model.add_hint(variable, old is not None and old.way == way)
            self._ways[party, way] = variable
            self._cost.append((variable, cost))
            chosen.append(variable)
            place = int(self._tables.ways.town[way]), int(self._tables.ways.arrive[way])
            arrivals[place].append(variable)
            self._places.go(party, way, variable)
        model.add_exactly_one(chosen)
        for place, ways in arrivals.items():
            stays = self._add_stays(offers, place, old)
            model.add(total([(var, 1) for var in ways] + [(var, -1) for var in stays]) == 0)
        self._hold_ceiling(offers)
        self._reward(offers)

    def _reward(self, offers: Offers) -> None:
        """Make the promised journey cheaper than it is: that of all others being dearer."""
        if offers.kept is None or not offers.kept.price:
            return
        (way, *stay), party = offers.kept.trip, offers.party
        place = int(self._tables.ways.town[way]), int(self._tables.ways.arrive[way])
        kept = self._model.new_bool_var("")
        self._model.add_implication(kept, self._ways[party, way])
        self._model.add_implication(kept, self._stays[party, place, (stay[0], stay[1], stay[2])])
        self._cost.append((kept, -offers.kept.price))

    def _add_stays(self, offers: Offers, place: Place, old: Trip | None) -> list[Var]:
        """Add the stays at one place."""
        found = []
        for stay, cost in offers.stays[place].items():
            variable = self._model.new_bool_var("")
            arrives = old is not None and int(self._tables.ways.arrive[old.way]) == place[1]
            self._model.add_hint(variable, old is not None and arrives and old[1:] == stay)
            self._stays[offers.party, place, stay] = variable
            self._cost.append((variable, cost))
            found.append(variable)
            self._use_stay(offers.party, place[1], stay, variable)
        return found

    def _use_stay(self, party: int, arrive: int, stay: StayKey, variable: Var) -> None:
        house, leave, country = stay
        size = int(self._tables.parties.size[party])
        self._beds[house].append((variable, size, arrive, leave))
        self._places.leave(party, (country, leave // 7), variable)
        self._places.sleep(party, house, variable)

    def _hold_ceiling(self, offers: Offers) -> None:
        """Bar each way with each stay behind it that together are too exposed."""
        t, party = self._tables, offers.party
        for way in offers.ways:
            place = int(t.ways.town[way]), int(t.ways.arrive[way])
            left = t.ceiling - int(self._free.exposures(party, slice(way, way + 1))[0])
            for stay in offers.stays[place]:
                if self._exposed(place[1], stay) > left:
                    self._model.add_bool_or(
                        ~self._ways[party, way], ~self._stays[party, place, stay]
                    )

    def _exposed(self, arrive: int, stay: StayKey) -> int:
        t = self._tables
        nights = (stay[1] - arrive) * int(t.houses.exposure[stay[0]])
        return nights + (0 if stay[2] == STAYS else int(t.exit_exposure[stay[2]]))

    def _limit_beds(self) -> None:
        """Limit each house on nights when somebody comes or a bed goes: the others follow."""
        beds = self._free.beds
        for house, stays in self._beds.items():
            nights = {arrive for _, _, arrive, _ in stays}
            row = beds[house]
            nights |= {night for night in range(1, len(row)) if row[night] < row[night - 1]}
            for night in sorted(nights):
                there = [(var, size) for var, size, start, end in stays if start <= night < end]
                self._places.at_most(there, int(row[night]))
