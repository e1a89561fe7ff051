# SPDX-License-Identifier: AGPL-3.0-or-later
"""What shelter is still free, at given prices: the best stay from every day on in every house.

Tables are kept by size and papers of parties, and only the rows of houses in which beds were taken
or given back since the last look are counted again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from safeconduct.rooms.passage.planner.aim import Aim
from safeconduct.rooms.passage.planner.free import STAYS, Free
from safeconduct.rooms.passage.planner.prices import Prices
from safeconduct.rooms.passage.planner.stays import BARRED, cheapest, exit_costs, exits, night_sums
from safeconduct.rooms.passage.planner.tables import Counts, Flags, Reals, Tables

HOPELESS = BARRED / 2
"""Whatever costs more is barred."""


class Stay(NamedTuple):
    """A house, a day of leaving and a country, at a price per person."""

    value: float
    house: int
    leave: int
    country: int


NOWHERE = Stay(BARRED, -1, -1, STAYS)


class Shelter:
    """Answers where a party of a kind would stay best; follows what is taken from `free`."""

    def __init__(self, t: Tables, aim: Aim, prices: Prices, free: Free) -> None:
        self._tables = t
        self._free = free
        self._aim = aim
        self._quota = prices.quota
        self._exit = exit_costs(t, aim)
        self._night = prices.bed + t.houses.exposure[:, None] * float(aim.exposure)
        self._towns = np.flatnonzero(np.diff(t.houses.start))
        self._pairs: dict[tuple[int, int], _Pair] = {}

    def by_town(self, party: int) -> Reals:
        """Return towns by days of arrival: the best stay per person, however exposed."""
        t = self._tables
        values = np.full((len(t.houses.start) - 1, t.days), BARRED)
        if len(self._towns):
            costs = np.where(self.welcome(party)[:, None], self._pair(party).by_house, BARRED)
            values[self._towns] = np.minimum.reduceat(costs, t.houses.start[self._towns], axis=0)
        return values

    def stay(self, party: int, place: tuple[int, int], allowance: int) -> Stay:
        """Return the best stay from (town, day) on with no more exposure than allowed.

        An allowance of the ceiling or more is not held against the stay.
        """
        found = self.stays(party, place, allowance, 1)
        return found[0] if found else NOWHERE

    def stays(self, party: int, place: tuple[int, int], allowance: int, most: int) -> list[Stay]:
        """Return the best stay in each house of the town, the cheapest houses first."""
        t = self._tables
        town, arrive = place
        pair = self._pair(party)
        rows = np.arange(*t.houses.start[town : town + 2])
        rows = rows[self.welcome(party)[rows]]
        costs = pair.exit_cost[arrive, arrive:] + pair.sums[rows, arrive:]
        costs -= pair.sums[rows, arrive, None]
        if not len(rows):
            return []
        if allowance < t.ceiling:
            nights = np.arange(costs.shape[1]) * t.houses.exposure[rows, None]
            leaving = np.append(t.exit_exposure, 0)[pair.country[arrive, arrive:]]
            costs[nights + leaving > allowance] = BARRED
        day = costs.argmin(axis=1)
        value = costs[np.arange(len(rows)), day]
        order = np.argsort(value, kind="stable")[:most]
        return [
            Stay(
                float(value[at]),
                int(rows[at]),
                int(day[at]) + arrive,
                int(pair.country[arrive, arrive + day[at]]),
            )
            for at in order.tolist()
            if value[at] < HOPELESS
        ]

    def welcome(self, party: int) -> Flags:
        """Return by house whether it suits the party and knows nobody else of its network."""
        t = self._tables
        size, network = t.parties.size[party], t.parties.network[party]
        fits: Flags = t.houses.suits[:, t.kinds.need[t.parties.kind[party]]]
        fits = fits & (t.houses.largest >= size)
        if network >= 0:
            strange = ~self._free.host_met[:, network]
            strange[list(t.known_hosts.get(party, ()))] = True
            fits &= strange[t.houses.household]
        return fits

    def _pair(self, party: int) -> _Pair:
        """Return the tables for parties of this size and papers, as things stand now."""
        t = self._tables
        key = int(t.parties.size[party]), int(t.kinds.documents[t.parties.kind[party]])
        pair = self._pairs.get(key)
        open_weeks = self._free.quota >= key[0]
        if pair is None or not np.array_equal(pair.open_weeks, open_weeks):
            pair = self._pairs[key] = _Pair(self, key, open_weeks)
        pair.follow(self._free, self._night)
        return pair

    def exits(self, size: int, documents: int) -> tuple[Reals, Counts]:
        """Return day of arrival by day of leaving: cost and country of the best exit."""
        t = self._tables
        found = exits(t, documents, size, self._free.quota)
        each = self._exit[:, None] + self._quota[:, found.week]
        country = np.full((t.days, t.days + 1), STAYS)
        if len(each):
            country[:, :-1] = np.where(found.allowed, each[:, None, :], BARRED).argmin(axis=0)
        return found.costs(t, self._aim, self._quota), country


class _Pair:
    """The best stays for parties of one size and papers."""

    def __init__(self, shelter: Shelter, key: tuple[int, int], open_weeks: Flags) -> None:
        self.open_weeks = open_weeks
        self.size = key[0]
        self.exit_cost, self.country = shelter.exits(*key)
        self._seen = -1
        days = self.exit_cost.shape[0]
        self._later = np.arange(days + 1) >= np.arange(days)[:, None]
        self.sums = np.zeros((0, days + 1))
        self.by_house = np.zeros((0, days))

    def follow(self, free: Free, night: Reals) -> None:
        """Count the rows of all houses again that changed since the last time."""
        if self._seen == free.turn:
            return
        if self._seen < 0:
            self.sums = night_sums(free.beds, self.size, night)
            self.by_house = cheapest(self.exit_cost, self.sums)
        else:
            for house in np.flatnonzero(free.turned > self._seen).tolist():
                sums = night_sums(free.beds[house, None], self.size, night[house, None])
                self.sums[house] = sums[0]
                stays = np.where(self._later, self.exit_cost + sums, np.inf)
                self.by_house[house] = stays.min(axis=1) - sums[0, :-1]
        self._seen = free.turn
