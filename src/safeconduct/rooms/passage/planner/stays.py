# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a stay costs one person: nights in a house, then a country or the horizon.

Prices of beds are summed over the nights once, so that a stay's price is a difference of two sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from safeconduct.rooms.passage.planner.aim import Aim
from safeconduct.rooms.passage.planner.tables import Counts, Flags, Reals, Tables

BARRED = 1e8
"""Dearer than what may be done; small enough that sums over nights keep a millionth."""


@dataclass(frozen=True, slots=True)
class Exits:
    """By papers and size: which country may be left for on which day, after which arrival."""

    allowed: Flags
    """Countries by day of arrival by day of leaving."""
    week: Counts
    size: int

    def costs(self, t: Tables, aim: Aim, price: Reals) -> Reals:
        """Return day of arrival by day of leaving: the cheapest exit; the last day is staying."""
        each = exit_costs(t, aim)[:, None] + price[:, self.week]
        costs = np.full((t.days, t.days + 1), BARRED)
        if len(each):
            costs[:, :-1] = np.where(self.allowed, each[:, None, :], BARRED).min(axis=0)
        costs[:, -1] = aim.no_exit
        return costs


def exit_costs(t: Tables, aim: Aim) -> Reals:
    """Return by country what leaving for it costs one person."""
    exposure = t.exit_exposure.astype(float)
    cost: Reals = exposure * aim.exposure + t.exit_money.astype(float) * aim.money
    return cost


def exits(t: Tables, documents: int, size: int, quota: Counts) -> Exits:
    """Return the exits for parties of this size, with what is left of the quota."""
    days = np.arange(t.days)
    week = days // 7
    ready = days[None, :] + np.minimum(t.processing[:, documents], t.days)[:, None]
    allowed = days[None, None, :] >= ready[:, :, None]
    possible = (quota[:, week] >= size) & t.exit_open
    return Exits(allowed & possible[:, None, :], week, size)


def night_sums(beds: Counts, size: int, night: Reals) -> Reals:
    """Return houses by days: the cost of all nights before; a night without beds is barred."""
    sums = np.zeros((beds.shape[0], beds.shape[1] + 1))
    np.cumsum(np.where(beds >= size, night, BARRED), axis=1, out=sums[:, 1:])
    return sums


def cheapest(exit_cost: Reals, sums: Reals) -> Reals:
    """Return houses by day of arrival: the cheapest stay from then on."""
    days = exit_cost.shape[0]
    costs = np.empty((sums.shape[0], days))
    for day in range(days):
        costs[:, day] = (exit_cost[day, day:] + sums[:, day:]).min(axis=1)
    return costs - sums[:, :-1]


EXPOSURE = Aim(late=0, unplanned=0, wait=0, run=0, no_exit=0, money=0, exposure=1)


def least_exposures(t: Tables) -> Reals:
    """Return by kind, town and day of arrival the least exposure of any stay from then on."""
    return Floors(t).find(EXPOSURE, np.zeros(t.houses.beds.shape), np.zeros(t.quota.shape))


class Floors:
    """By kind of party, town and day of arrival: the least that a stay can cost at given prices."""

    def __init__(self, t: Tables) -> None:
        self._tables = t
        kinds = t.kinds
        pairs = np.array([kinds.size, kinds.documents]).reshape(2, -1)
        self.pairs, pair = np.unique(pairs, axis=1, return_inverse=True)
        self.pair: Counts = pair.reshape(-1)
        self._exits = [exits(t, docs, size, t.quota) for size, docs in self.pairs.T]
        self._towns = np.flatnonzero(np.diff(t.houses.start))
        self._closed = [
            np.where(t.houses.suits[:, need] & (t.houses.largest >= size), 0.0, BARRED)
            for need, size in zip(kinds.need, kinds.size, strict=True)
        ]
        self.exit_cost: list[Reals] = []
        self.sums: list[Reals] = []
        self.by_house: list[Reals] = []

    def find(self, aim: Aim, bed: Reals, quota: Reals) -> Reals:
        """Return kinds by towns by days, per person."""
        t = self._tables
        night = bed + t.houses.exposure[:, None] * float(aim.exposure)
        sums = {size: night_sums(t.houses.beds, size, night) for size in set(self.pairs[0])}
        self.exit_cost = [each.costs(t, aim, quota) for each in self._exits]
        self.sums = [sums[size] for size in self.pairs[0]]
        self.by_house = [cheapest(*both) for both in zip(self.exit_cost, self.sums, strict=True)]
        floors = np.full((len(self.pair), len(t.houses.start) - 1, t.days), BARRED)
        if len(self._towns):
            for kind, pair in enumerate(self.pair):
                costs = self.by_house[pair] + self._closed[kind][:, None]
                floors[kind, self._towns] = np.minimum.reduceat(
                    costs, t.houses.start[self._towns], axis=0
                )
        least: Reals = np.minimum(floors, BARRED)
        return least

    def houses_for(self, kind: int, town: int, day: int) -> tuple[int, int]:
        """Return (house, day of leaving) of the cheapest stay at the prices of the last `find`."""
        pair = self.pair[kind]
        rows = slice(*self._tables.houses.start[town : town + 2])
        costs = self.by_house[pair][rows, day] + self._closed[kind][rows]
        house = int(costs.argmin() + rows.start)
        leave = self.exit_cost[pair][day, day:] + self.sums[pair][house, day:]
        return house, int(leave.argmin() + day)
