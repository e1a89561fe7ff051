# SPDX-License-Identifier: AGPL-3.0-or-later
"""The best journey that one party can still make, at given prices for what it would use up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from safeconduct.rooms.passage.planner.aim import Aim
from safeconduct.rooms.passage.planner.free import STAYS, Free, Trip
from safeconduct.rooms.passage.planner.prices import Prices
from safeconduct.rooms.passage.planner.shelter import HOPELESS, NOWHERE, Shelter, Stay
from safeconduct.rooms.passage.planner.tables import Counts, Reals, Tables

HELD = 1000
"""So many times dearer is it to give up a party that is held."""


class Kept(NamedTuple):
    """The journey that was promised to a party, and the price of any other."""

    trip: Trip
    price: int


class Seeker:
    """Looks for journeys in what is free, and for what they cost at the prices."""

    def __init__(
        self,
        t: Tables,
        aim: Aim,
        prices: Prices,
        free: Free,
        promises: Mapping[int, Kept] | None = None,
    ) -> None:
        """Look in `free`; of parties with a promise another journey than that costs more."""
        self.promises = promises or {}
        self.held: set[int] = set()
        """Parties that are not left without a journey for whatever it is worth to others."""
        self.tables = t
        self.aim = aim
        self.prices = prices
        self.free = free
        self.shelter = Shelter(t, aim, prices, free)

    def unplanned(self, party: int) -> float:
        """Return what it costs not to move the party at all."""
        p = self.tables.parties
        cost = float(self.aim.unplanned * p.weight[party] * p.size[party])
        return cost * HELD if party in self.held else cost

    def way_costs(self, party: int, ways: Counts) -> Reals:
        """Return what each way costs the party, stay and a fresh run apart."""
        t, aim, price = self.tables, self.aim, self.prices
        p, w = t.parties, t.ways
        out, weight = w.out[ways], int(p.weight[party])
        each = self.free.exposures(party, ways) * float(aim.exposure) + w.cost[ways] * float(
            aim.money
        )
        each += (aim.wait * out + aim.late * (out > p.deadline[party])) * weight
        each += price.seat[w.run[ways]] + price.departure[w.departure[ways]]
        costs: Reals = each * float(p.size[party]) + price.known[w.escort[ways]]
        return costs

    def journeys(self, party: int) -> tuple[Counts, Reals]:
        """Return the open ways, and what each costs with the best stay behind it."""
        t, free = self.tables, self.free
        ways = free.open_ways(party)
        costs = self.way_costs(party, ways)
        run = t.ways.run[ways]
        costs += self.aim.run * ((free.used[run] == 0) & (run >= 0))
        stays = self.shelter.by_town(party)[t.ways.town[ways], t.ways.arrive[ways]]
        possible = stays < HOPELESS
        return ways[possible], (costs + int(t.parties.size[party]) * stays)[possible]

    def best(self, party: int) -> tuple[float, Trip | None]:
        """Return (cost, journey) of what costs least, or of not being moved at all."""
        best: tuple[float, Trip | None] = self.unplanned(party), None
        ways, costs = self.journeys(party)
        size = int(self.tables.parties.size[party])
        while len(ways):
            at = int(costs.argmin())
            if costs[at] >= best[0]:
                break
            way = int(ways[at])
            loose, stay = self._stays(party, way)
            cost = float(costs[at] + size * (stay.value - loose.value))
            if stay is not NOWHERE and cost < best[0]:
                best = cost, Trip(way, stay.house, stay.leave, stay.country)
            costs[at] = np.inf
        return best

    def _stays(self, party: int, way: int) -> tuple[Stay, Stay]:
        """Return the best stay behind a way, and the best one within the ceiling."""
        t = self.tables
        place = int(t.ways.town[way]), int(t.ways.arrive[way])
        loose = self.shelter.stay(party, place, t.ceiling)
        allowance = t.ceiling - int(self.free.exposures(party, np.array([way]))[0])
        exposed = (loose.leave - place[1]) * int(t.houses.exposure[loose.house])
        exposed += 0 if loose.country == STAYS else int(t.exit_exposure[loose.country])
        if exposed <= allowance:
            return loose, loose
        return loose, self.shelter.stay(party, place, allowance)

    def promised(self, party: int) -> Kept | None:
        """Return what was promised to a party, if that can still be kept."""
        kept = self.promises.get(party)
        return kept if kept is not None and self.fits(party, kept.trip) else None

    def breach(self, party: int, trip: Trip | None) -> int:
        """Return what it costs that this is not what was promised, if it is not."""
        kept = self.promises.get(party)
        return 0 if kept is None or kept.trip == trip else kept.price

    def fits(self, party: int, trip: Trip) -> bool:
        """Tell whether a party can still make a journey."""
        return self._way_fits(party, trip.way) and self._stay_fits(party, trip)

    def _way_fits(self, party: int, way: int) -> bool:
        t, free = self.tables, self.free
        p, w = t.parties, t.ways
        run, size = int(w.run[way]), p.size[party]
        return bool(
            w.zone[way] == p.zone[party]
            and w.out[way] >= p.ready[party]
            and not p.reach[party, w.town[way]]
            and (p.alone[party] or run >= 0)
            and free.seats[run] >= size
            and free.clash[run] == 0
            and free.cap[w.departure[way]] >= size
            and free.may_escort(party)[w.escort[way]]
        )

    def _stay_fits(self, party: int, trip: Trip) -> bool:
        t, free = self.tables, self.free
        size, arrive = t.parties.size[party], int(t.ways.arrive[trip.way])
        exposed = int(free.exposures(party, np.array([trip.way]))[0])
        exposed += (trip.leave - arrive) * int(t.houses.exposure[trip.house])
        if trip.country == STAYS:
            leaves = trip.leave == t.days
        else:
            exposed += int(t.exit_exposure[trip.country])
            ready = arrive + t.processing[trip.country, t.kinds.documents[t.parties.kind[party]]]
            leaves = bool(ready <= trip.leave < t.days)
            leaves = leaves and bool(t.exit_open[trip.country, trip.leave])
            leaves = leaves and bool(free.quota[trip.country, trip.leave // 7] >= size)
        return bool(
            leaves
            and t.houses.town[trip.house] == t.ways.town[trip.way]
            and self.shelter.welcome(party)[trip.house]
            and (free.beds[trip.house, arrive : trip.leave] >= size).all()
            and exposed <= t.ceiling
        )

    def cost(self, party: int, trip: Trip) -> float:
        """Return what a journey costs at the prices, a fresh run apart."""
        t, price = self.tables, self.prices
        arrive, house = int(t.ways.arrive[trip.way]), trip.house
        nights = float(price.bed[house, arrive : trip.leave].sum())
        nights += (trip.leave - arrive) * float(t.houses.exposure[house]) * self.aim.exposure
        if trip.country == STAYS:
            leaving = float(self.aim.no_exit)
        else:
            money = float(t.exit_money[trip.country]) * self.aim.money
            leaving = float(t.exit_exposure[trip.country]) * self.aim.exposure + money
            leaving += float(price.quota[trip.country, trip.leave // 7])
        way = float(self.way_costs(party, np.array([trip.way]))[0])
        return way + float(t.parties.size[party]) * (nights + leaving)

    def together(self, parties: list[int], trips: dict[int, Trip]) -> float:
        """Return what parties cost at the prices with these trips, fresh runs included."""
        runs = {int(self.tables.ways.run[trip.way]) for trip in trips.values()}
        fresh = [run for run in runs if run >= 0 and self.free.used[run] == 0]
        left = sum(self.unplanned(party) for party in parties if party not in trips)
        moved = sum(self.cost(party, trip) for party, trip in trips.items())
        broken = sum(self.breach(party, trips.get(party)) for party in parties)
        return left + moved + self.aim.run * len(fresh) + broken
