# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which errands an escort would drive if each were worth so much: never two at once."""

from __future__ import annotations

import numpy as np

from safeconduct.rooms.passage.planner.tables import Counts, Reals, RunTable


class Driving:
    """Finds for all escorts together the set of runs that costs least, day by day backwards."""

    def __init__(self, runs: RunTable, days: int) -> None:
        self._end = max([days, *(runs.day + 1).tolist()])
        self._escorts = int(runs.escort.max(initial=-1)) + 1
        self._ends = runs.end
        busy = runs.end > runs.day
        self._idle = np.flatnonzero(~busy)
        order = np.flatnonzero(busy)
        order = order[np.lexsort((runs.escort[order], runs.day[order]))]
        self._days = [
            _Day(runs, order[runs.day[order] == day], self._end) for day in range(self._end)
        ]

    def best(self, cost: Reals) -> tuple[float, Counts]:
        """Return what the best runs cost together (never above 0), and which they are."""
        value = np.zeros((self._end + 1, self._escorts))
        chosen = np.full((self._end, self._escorts), -1, np.int64)
        for day in range(self._end - 1, -1, -1):
            value[day] = value[day + 1]
            if len(self._days[day].runs):
                self._days[day].improve(cost, value, (value[day], chosen[day]))
        idle = self._idle[cost[self._idle] < 0]
        driven = [idle, *self._follow(chosen)]
        return float(value[0].sum() + cost[idle].sum()), np.concatenate(driven)

    def _follow(self, chosen: Counts) -> list[Counts]:
        """Return the runs that are driven if each escort takes the chosen one when it is free."""
        free = np.zeros(self._escorts, np.int64)
        driven = []
        for day in range(self._end):
            runs = chosen[day]
            now = np.flatnonzero((free <= day) & (runs >= 0))
            driven.append(runs[now])
            free[now] = self._ends[runs[now]]
        return driven


class _Day:
    """The runs that begin on one day, by escort."""

    def __init__(self, runs: RunTable, rows: Counts, end: int) -> None:
        self.runs = rows
        self._escort = runs.escort[rows]
        self._until = np.minimum(runs.end[rows], end)
        self._first = np.flatnonzero(np.diff(self._escort, prepend=-1))

    def improve(self, cost: Reals, value: Reals, today: tuple[Reals, Counts]) -> None:
        """Let each escort begin a run today where that costs less than to wait."""
        wait, chosen = today
        day_value = cost[self.runs] + value[self._until, self._escort]
        best = np.minimum.reduceat(day_value, self._first)
        who = self._escort[self._first]
        counts = np.diff(np.append(self._first, len(self.runs)))
        at = np.flatnonzero(day_value == np.repeat(best, counts))
        run = np.full(len(chosen), -1, np.int64)
        run[self._escort[at]] = self.runs[at]
        better = best < wait[who]
        wait[who[better]] = best[better]
        chosen[who[better]] = run[who[better]]
