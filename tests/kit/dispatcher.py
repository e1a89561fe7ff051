# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan as a coordinator makes it by hand: what a planner must be better than.

Parties come by deadline, the higher weight first.  Each takes the earliest day with a free place,
and of that day the journey of least exposure and cost.  An exit is asked for on the day when
papers are ready, three days later or a week later.  Nothing decided is ever changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Final, NamedTuple

from safeconduct.rooms.passage.operations.operation import Journey, Operation, Plan

SLIPS: Final = (0, 3, 7)


class Stay(NamedTuple):
    """A house and an exit, in the order in which a coordinator prefers them."""

    value: int
    house: int
    rank: int
    risk: int
    leave: int
    country: int | None


class _Books:
    """What is still free, and who has met whom."""

    def __init__(self, operation: Operation) -> None:
        self._of: Final = operation
        self.seats = [operation.escorts.seats[one] for one in operation.runs.escort]
        self.told = list(operation.escorts.knowledge_cap)
        self.used: set[int] = set()
        self._days: defaultdict[int, set[int]] = defaultdict(set)
        self.places = list(operation.departures.cap)
        self.beds = [list(nights) for nights in operation.houses.beds]
        self.quota = [list(weeks) for weeks in operation.countries.quota]
        self._escorts_met = [set(met) for met in operation.escorts.met]
        self._hosts_met = [set(met) for met in operation.households.met]

    def free(self, party: int, way: int) -> bool:
        """Tell whether a way has room for a party and strangers on it."""
        parties, ways = self._of.parties, self._of.ways
        size, run, departure = parties.size[party], ways.run[way], ways.departure[way]
        if departure is not None and self.places[departure] < size:
            return False
        if run is None:
            return parties.alone[party]
        escort = self._of.runs.escort[run]
        if self.seats[run] < size or self.told[escort] < 1:
            return False
        if parties.network[party] in self._escorts_met[escort]:
            return False
        return run in self.used or not self._days[escort] & set(self._busy(run))

    def welcome(self, party: int, house: int) -> bool:
        """Tell whether a house would take a party, if it had beds."""
        parties, houses = self._of.parties, self._of.houses
        return (
            houses.suits[house][parties.need[party]]
            and houses.largest_party[house] >= parties.size[party]
            and parties.network[party] not in self._hosts_met[houses.household[house]]
        )

    def book(self, journey: Journey) -> None:
        """Take the places of one journey."""
        of, party = self._of, journey.party
        size, network = of.parties.size[party], of.parties.network[party]
        run, departure = of.ways.run[journey.way], of.ways.departure[journey.way]
        household = of.houses.household[journey.house]
        if run is not None:
            escort = of.runs.escort[run]
            self.seats[run] -= size
            self.told[escort] -= 1
            self.used.add(run)
            self._days[escort].update(self._busy(run))
            if network is not None:
                self._escorts_met[escort].add(network)
        if departure is not None:
            self.places[departure] -= size
        for night in range(of.ways.arrive[journey.way], journey.leave):
            self.beds[journey.house][night] -= size
        if journey.country is not None:
            self.quota[journey.country][journey.leave // 7] -= size
        if network is not None:
            self._hosts_met[household].add(network)

    def _busy(self, run: int) -> range:
        day = self._of.runs.day[run]
        return range(day, day + self._of.runs.busy[run])


def by_hand(operation: Operation) -> Plan:
    """Return the plan that a coordinator would make."""
    parties, ways = operation.parties, operation.ways
    books, by_zone = _Books(operation), defaultdict[int, list[int]](list)
    for way in sorted(range(len(ways.out)), key=ways.out.__getitem__):
        by_zone[ways.zone[way]].append(way)
    order = sorted(
        range(len(parties.size)), key=lambda one: (parties.deadline[one], -parties.weight[one])
    )
    plan = []
    for party in order:
        journey = _Turn(operation, books, party).earliest(by_zone[parties.zone[party]])
        if journey is not None:
            books.book(journey)
            plan.append(journey)
    return tuple(sorted(plan, key=lambda one: one.party))


class _Turn:
    """One party's turn."""

    def __init__(self, operation: Operation, books: _Books, party: int) -> None:
        self._of, self._books, self._party = operation, books, party
        self._size = operation.parties.size[party]
        self._factor = operation.search_list_factor if operation.parties.wanted[party] else 1
        self._homes: defaultdict[int, list[int]] = defaultdict(list)
        for house, town in enumerate(operation.houses.town):
            if books.welcome(party, house):
                self._homes[town].append(house)
        self._known: dict[tuple[int, int], list[Stay]] = {}

    def earliest(self, by_day: list[int]) -> Journey | None:
        """Return the best journey of the first day on which there is one."""
        of, books = self._of, self._books
        reach, ready = of.parties.reach[self._party], of.parties.ready[self._party]
        open_ways = (
            way
            for way in by_day
            if of.ways.out[way] >= ready
            and of.ways.town[way] not in reach
            and of.ways.arrive[way] < of.days
            and books.free(self._party, way)
        )
        for _, today in groupby(open_ways, of.ways.out.__getitem__):
            found = self._least(today)
            if found is not None:
                return found
        return None

    def _least(self, today: Iterator[int]) -> Journey | None:
        """Return the least exposed and costly journey by one of these ways."""
        of, best, rates = self._of, None, self._of.rates
        for way in today:
            risk = of.ways.exposure[way] + self._factor * of.ways.registered[way]
            run, arrive = of.ways.run[way], of.ways.arrive[way]
            price = self._size * risk
            price += rates.run if run is not None and run not in self._books.used else 0
            stays = self._stays(of.ways.town[way], arrive)
            stay = next((one for one in stays if risk + one.risk <= of.ceiling), None)
            if stay is not None:
                cost = price + self._size * stay.value
                found = (cost, stay.house, arrive, stay.rank, way, stay.leave, stay.country)
                best = found if best is None or found[:5] < best[:5] else best
        if best is None:
            return None
        _, house, _, _, way, leave, country = best
        return Journey(self._party, way, house, leave, country)

    def _stays(self, town: int, arrive: int) -> list[Stay]:
        """Return the stays from a day on that have a bed each night, the best first."""
        if (town, arrive) not in self._known:
            exits = list(self._exits(arrive)) if self._homes[town] else []
            found = []
            for house in self._homes[town]:
                nightly, beds = self._of.houses.exposure[house], self._books.beds[house]
                full = arrive
                while full < self._of.days and beds[full] >= self._size:
                    full += 1
                for rank, (leave, country, risk, value) in enumerate(exits):
                    if leave <= full:
                        nights = (leave - arrive) * nightly
                        stay = Stay(nights + value, house, rank, nights + risk, leave, country)
                        found.append(stay)
            self._known[town, arrive] = sorted(found, key=lambda one: one[:3])
        return self._known[town, arrive]

    def _exits(self, arrive: int) -> Iterator[tuple[int, int | None, int, int]]:
        """Day, country, exposure and value of staying on, and of each exit with a free place."""
        of, rates = self._of, self._of.rates
        yield of.days, None, 0, rates.no_exit
        for country, papers in enumerate(of.countries.processing):
            wait = papers[of.parties.documents[self._party]]
            risk, price = of.countries.exposure[country], rates.money * of.countries.cost[country]
            for slip in SLIPS if wait is not None else ():
                leave = arrive + (wait or 0) + slip
                if leave < of.days and self._books.quota[country][leave // 7] >= self._size:
                    yield leave, country, risk, risk + price
