# SPDX-License-Identifier: AGPL-3.0-or-later
"""The places that parties share, as rows of a model for CP-SAT: no more than what is free.

Beds are not here: how stays are told apart is each model's own.
"""

from __future__ import annotations

from collections import defaultdict

from ortools.sat.python import cp_model

from safeconduct.rooms.passage.planner.free import STAYS, Free
from safeconduct.rooms.passage.planner.tables import Tables

Var = cp_model.IntVar
Terms = list[tuple[Var, int]]


class Places:
    """Gathers who would use what, and adds the rows at the end."""

    def __init__(self, model: cp_model.CpModel, t: Tables, free: Free) -> None:
        self._model = model
        self._tables = t
        self._free = free
        self.runs: dict[int, Var] = {}
        """The runs that nobody uses yet, and whether they are driven."""
        self._seats: dict[int, Terms] = defaultdict(list)
        self._caps: dict[int, Terms] = defaultdict(list)
        self._known: dict[int, list[Var]] = defaultdict(list)
        self._quota: dict[tuple[int, int], Terms] = defaultdict(list)
        self._meetings: dict[tuple[str, int, int], list[Var]] = defaultdict(list)

    def go(self, party: int, way: int, variable: Var) -> None:
        """Let a variable stand for a party on a way."""
        t = self._tables
        size, network = int(t.parties.size[party]), int(t.parties.network[party])
        run, departure = int(t.ways.run[way]), int(t.ways.departure[way])
        if departure >= 0:
            self._caps[departure].append((variable, size))
        if run < 0:
            return
        escort = int(t.runs.escort[run])
        self._seats[run].append((variable, size))
        if escort not in t.known_escorts.get(party, ()):
            self._known[escort].append(variable)
        if network >= 0:
            self._meetings["escort", escort, network].append(variable)
        if self._free.used[run] == 0:
            if run not in self.runs:
                self.runs[run] = self._model.new_bool_var("")
            self._model.add_implication(variable, self.runs[run])

    def sleep(self, party: int, house: int, variable: Var) -> None:
        """Let a variable stand for a party in a house, whose host gets to know it."""
        t = self._tables
        network = int(t.parties.network[party])
        if network >= 0:
            host = int(t.houses.household[house])
            self._meetings["host", host, network].append(variable)

    def leave(self, party: int, exit_to: tuple[int, int], variable: Var) -> None:
        """Let a variable stand for a party that leaves for a country in a week."""
        if exit_to[0] != STAYS:
            size = int(self._tables.parties.size[party])
            self._quota[exit_to].append((variable, size))

    def limit(self) -> None:
        """Add the rows."""
        free = self._free
        for run, terms in self._seats.items():
            self.at_most(terms, int(free.seats[run]), self.runs.get(run))
        for departure, terms in self._caps.items():
            self.at_most(terms, int(free.cap[departure]))
        for escort, known in self._known.items():
            self.at_most([(var, 1) for var in known], int(free.knowledge[escort]))
        for (country, week), terms in self._quota.items():
            self.at_most(terms, int(free.quota[country, week]))
        for met in self._meetings.values():
            if len(met) > 1:
                self._model.add_at_most_one(met)
        self._limit_driving()

    def at_most(self, terms: Terms, most: int, opened: Var | None = None) -> None:
        """Add a row: people together are no more than so many, and none where it is not open."""
        if opened is not None:
            self._model.add(total([*terms, (opened, -most)]) <= 0)
        elif sum(size for _, size in terms) > most:
            self._model.add(total(terms) <= most)

    def _limit_driving(self) -> None:
        """Let each escort drive one run at a time."""
        runs = self._tables.runs
        busy: dict[tuple[int, int], list[Var]] = defaultdict(list)
        for run, variable in self.runs.items():
            for day in range(int(runs.day[run]), int(runs.end[run])):
                busy[int(runs.escort[run]), day].append(variable)
        for together in busy.values():
            if len(together) > 1:
                self._model.add_at_most_one(together)


def total(terms: Terms) -> cp_model.LinearExprT:
    """Return the sum of variables, each so many times."""
    return cp_model.LinearExpr.weighted_sum([var for var, _ in terms], [by for _, by in terms])
