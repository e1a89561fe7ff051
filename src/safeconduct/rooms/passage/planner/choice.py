# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every party would choose for itself at given prices, were there room for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from safeconduct.rooms.passage.planner.aim import Aim
from safeconduct.rooms.passage.planner.stays import BARRED, Floors, exit_costs, least_exposures
from safeconduct.rooms.passage.planner.tables import Counts, Flags, Reals, Tables


@dataclass(frozen=True, slots=True)
class Choice:
    """What all parties choose costs `cost`; a row for each party that would go."""

    cost: float
    party: Counts
    way: Counts
    house: Counts
    leave: Counts
    country: Counts


class Market:
    """All ways and stays with what they cost, prices apart."""

    def __init__(self, t: Tables, aim: Aim) -> None:
        self._tables = t
        self._aim = aim
        self._floors = Floors(t)
        least = least_exposures(t)
        self._zones = [
            zone
            for zone in (_Zone(t, aim, number, least) for number in range(len(t.ways.start) - 1))
            if len(zone.parties) and zone.ways.stop > zone.ways.start
        ]
        self._unplanned = (aim.unplanned * t.parties.weight).astype(float)

    def choose(
        self, seat: Reals, departure: Reals, known: Reals, stay: tuple[Reals, Reals]
    ) -> Choice:
        """Return everybody's choice; `stay` are the prices of beds and of places abroad."""
        t = self._tables
        floors = self._floors.find(self._aim, *stay)
        price = seat[t.ways.run] + departure[t.ways.departure]
        know = known[t.ways.escort]
        value = self._unplanned.copy()
        way = np.full(len(value), -1, np.int64)
        for zone in self._zones:
            zone.choose(price, know, floors, (value, way))
        party = np.flatnonzero(way >= 0)
        house, leave, country = self._stays(party, way[party], stay[1])
        cost = float((value * t.parties.size).sum())
        return Choice(cost, party, way[party], house, leave, country)

    def _stays(self, party: Counts, way: Counts, quota: Reals) -> tuple[Counts, Counts, Counts]:
        """Return house, day of leaving and country for each party on its way."""
        t = self._tables
        kind, town, arrive = t.parties.kind[party], t.ways.town[way], t.ways.arrive[way]
        towns, days = len(t.houses.start) - 1, t.days
        keys, back = np.unique((kind * towns + town) * days + arrive, return_inverse=True)
        found = np.array(
            [
                self._floors.houses_for(key // days // towns, key // days % towns, key % days)
                for key in keys.tolist()
            ],
            np.int64,
        ).reshape(-1, 2)
        house, leave = found[back.reshape(-1)].T
        return house, leave, self._countries(kind, arrive, leave, quota)

    def _countries(self, kind: Counts, arrive: Counts, leave: Counts, quota: Reals) -> Counts:
        """Return the cheapest country of each stay, -1 for those who stay to the horizon."""
        t = self._tables
        country = np.full(len(kind), -1, np.int64)
        gone = np.flatnonzero(leave < t.days)
        week = leave[gone] // 7
        cost = exit_costs(t, self._aim)[:, None] + quota[:, week]
        ready = arrive[gone] + t.processing[:, t.kinds.documents[kind[gone]]]
        barred = (ready > leave[gone]) | (t.quota[:, week] < t.kinds.size[kind[gone]])
        barred |= ~t.exit_open[:, leave[gone]]
        if len(gone):
            country[gone] = np.where(barred, BARRED, cost).argmin(axis=0)
        return country


class _Zone:
    """The parties and ways of one zone: ways by kind of party, then the best of each day and town.

    A *bunch* is the ways of one day to one town, with escorts or without.
    """

    def __init__(self, t: Tables, aim: Aim, zone: int, least: Reals) -> None:
        self.parties = np.flatnonzero(t.parties.zone == zone)
        self.ways = slice(int(t.ways.start[zone]), int(t.ways.start[zone + 1]))
        self._size = t.parties.size[self.parties]
        self._kinds, self._kind = np.unique(t.parties.kind[self.parties], return_inverse=True)
        self._town, self._arrive = t.ways.town[self.ways], t.ways.arrive[self.ways]
        self._kind_size = t.kinds.size[self._kinds].astype(float)
        self._fixed = self._way_costs(t, aim, least)
        out, lone = t.ways.out[self.ways], t.ways.run[self.ways] < 0
        key = (out * (len(t.houses.start) - 1) + self._town) * 2 + lone
        self._first = np.flatnonzero(np.diff(key, prepend=-1))
        self._last = np.append(self._first[1:], len(key))
        self._own = self._own_costs(t, aim, out[self._first], lone[self._first])

    def _way_costs(self, t: Tables, aim: Aim, least: Reals) -> Reals:
        """Return kinds by ways, per person: what the way costs, barred if it cannot be taken."""
        ways, kinds = t.ways, t.kinds
        rows, kind = self.ways, self._kinds
        exposure = ways.exposure[rows] + kinds.factor[kind][:, None] * ways.registered[rows]
        cost = exposure * float(aim.exposure) + ways.cost[rows] * float(aim.money)
        size = kinds.size[kind][:, None]
        barred = (t.runs.seats[ways.run[rows]] < size) | (t.cap[ways.departure[rows]] < size)
        barred |= t.knowledge[ways.escort[rows]] < 1
        barred |= exposure + least[kind][:, self._town, self._arrive] > t.ceiling
        return np.where(barred, BARRED, cost)

    def _own_costs(self, t: Tables, aim: Aim, out: Counts, lone: Flags) -> Reals:
        """Return parties by bunches, per person: waiting and being late, barred if not for it."""
        p, rows = t.parties, self.parties
        weight = p.weight[rows][:, None]
        cost = (aim.wait * out + aim.late * (out > p.deadline[rows][:, None])) * weight
        barred: Flags = out < p.ready[rows][:, None]
        barred |= lone & ~p.alone[rows][:, None]
        barred |= p.reach[rows][:, self._town[self._first]]
        return np.where(barred, BARRED, cost)

    def choose(self, price: Reals, know: Reals, floors: Reals, found: tuple[Reals, Counts]) -> None:
        """Write into `found` (value per person, way) what each party here would choose."""
        costs = self._fixed + floors[self._kinds][:, self._town, self._arrive]
        costs += price[self.ways] + know[self.ways] / self._kind_size[:, None]
        bunches = np.minimum.reduceat(costs, self._first, axis=1)[self._kind] + self._own
        best = bunches.argmin(axis=1)
        value = bunches[np.arange(len(best)), best]
        everybody, way = found
        for at in np.flatnonzero(value < everybody[self.parties]).tolist():
            rows = slice(self._first[best[at]], self._last[best[at]])
            party = self.parties[at]
            everybody[party] = value[at]
            way[party] = costs[self._kind[at], rows].argmin() + rows.start + self.ways.start
