# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is still free while a plan is made: seats, beds, places abroad, and who has met whom.

A journey here speaks of rows of `Tables`.  What was taken can be given back in any order, and
then stands as if it had never been taken.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from safeconduct.rooms.passage.planner.stays import least_exposures
from safeconduct.rooms.passage.planner.tables import Counts, Flags, Reals, Tables

STAYS = -1
"""In place of a country: still sheltered at the horizon."""


class Trip(NamedTuple):
    """How one party goes, in rows of `Tables`; `country` may be `STAYS`."""

    way: int
    house: int
    leave: int
    country: int


class Free:
    """The places that are left; nothing here checks that a journey fits before it is taken."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.seats = tables.runs.seats.copy()
        self.cap = tables.cap.copy()
        self.beds = tables.houses.beds.copy()
        self.quota = tables.quota.copy()
        self.knowledge = tables.knowledge.copy()
        self.escort_met = tables.escort_met.copy()
        self.host_met = tables.host_met.copy()
        self.used = np.zeros(len(self.seats), np.int64)
        """Parties on each run."""
        self.clash = np.zeros(len(self.seats), np.int64)
        """Days of each run on which another used run has its escort."""
        self._exposed = least_exposures(tables)
        self.turn = 0
        """How often anything was taken or given back."""
        self.turned = np.zeros(len(self.beds), np.int64)
        """By house, the turn at which its beds changed last."""
        self._runs_of = _rows_of(tables.runs.escort, len(self.knowledge) - 1)

    def take(self, party: int, trip: Trip) -> None:
        """Take the places of a journey."""
        self._move(party, trip, 1)

    def give(self, party: int, trip: Trip) -> None:
        """Give back the places of a journey that was taken."""
        self._move(party, trip, -1)

    def open_ways(self, party: int) -> Counts:
        """Return the ways that the party could take, houses apart, in order of leaving."""
        t = self._tables
        p = t.parties
        start, end = t.ways.start[p.zone[party] : p.zone[party] + 2]
        start += np.searchsorted(t.ways.out[start:end], p.ready[party])
        rows = slice(start, end)
        size, run = p.size[party], t.ways.run[rows]
        fits = (self.seats[run] >= size) & (self.clash[run] == 0)
        fits &= self.may_escort(party)[t.ways.escort[rows]]
        fits &= self.cap[t.ways.departure[rows]] >= size
        fits &= ~p.reach[party][t.ways.town[rows]]
        fits &= self.exposures(party, rows) + self._least(party, rows) <= t.ceiling
        if not p.alone[party]:
            fits &= run >= 0
        ways: Counts = np.flatnonzero(fits) + start
        return ways

    def may_escort(self, party: int) -> Flags:
        """Return which escorts may take a party as far as it is told; the last is none."""
        t = self._tables
        network = t.parties.network[party]
        may: Flags = self.knowledge > 0
        if network >= 0:
            may[:-1] &= ~self.escort_met[:, network]
        may[list(t.known_escorts.get(party, ()))] = True
        return may

    def exposures(self, party: int, ways: slice | Counts) -> Counts:
        """Return the exposure of each way for this party."""
        t = self._tables
        factor = t.kinds.factor[t.parties.kind[party]]
        exposure: Counts = t.ways.exposure[ways] + factor * t.ways.registered[ways]
        return exposure

    def _least(self, party: int, ways: slice) -> Reals:
        """Return the least exposure of any stay behind each way."""
        w = self._tables.ways
        kind = self._tables.parties.kind[party]
        least: Reals = self._exposed[kind, w.town[ways], w.arrive[ways]]
        return least

    def _move(self, party: int, trip: Trip, sign: int) -> None:
        t = self._tables
        size, network = int(t.parties.size[party]), t.parties.network[party]
        run, departure = int(t.ways.run[trip.way]), t.ways.departure[trip.way]
        if run >= 0:
            escort = int(t.runs.escort[run])
            known = escort in t.known_escorts.get(party, ())
            self._move_run(run, size, sign)
            self.knowledge[escort] -= 0 if known else sign
            if network >= 0:
                self.escort_met[escort, network] = sign > 0 or known
        if departure >= 0:
            self.cap[departure] -= sign * size
        self.turn += 1
        self.turned[trip.house] = self.turn
        self.beds[trip.house, t.ways.arrive[trip.way] : trip.leave] -= sign * size
        if trip.country != STAYS:
            self.quota[trip.country, trip.leave // 7] -= sign * size
        if network >= 0:
            host = int(t.houses.household[trip.house])
            known = host in t.known_hosts.get(party, ())
            self.host_met[host, network] = sign > 0 or known

    def _move_run(self, run: int, size: int, sign: int) -> None:
        escort = self._tables.runs.escort[run]
        self.seats[run] -= sign * size
        self.used[run] += sign
        if self.used[run] == max(sign, 0):
            runs = self._tables.runs
            others = self._runs_of[escort]
            overlap = np.minimum(runs.end[others], runs.end[run]) > np.maximum(
                runs.day[others], runs.day[run]
            )
            self.clash[others[overlap]] += sign
            self.clash[run] -= sign * bool(runs.end[run] > runs.day[run])


def _rows_of(keys: Counts, count: int) -> list[Counts]:
    """Return the rows under each key."""
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.searchsorted(keys[order], np.arange(1, count)))
