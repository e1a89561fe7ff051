# SPDX-License-Identifier: AGPL-3.0-or-later
"""Operations so small that every plan can be tried, and the best plan found by trying.

Up to five parties who compete for nearly everything: seats, places, beds, quotas, and who may know
of whom.  What is searched here is every journey of every party in turn; nothing is left out but
what is dearer already than a whole plan, and what breaks a rule already.
"""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any, Final

from safeconduct.rooms.passage.operations.operation import (
    Countries,
    Departures,
    Escorts,
    Households,
    Houses,
    Journey,
    Operation,
    Parties,
    Plan,
    Rates,
    Runs,
    Ways,
)
from safeconduct.rooms.passage.operations.rules import broken_rules
from safeconduct.rooms.passage.operations.score import score

DAYS: Final = 9
ZONES, TOWNS, NETWORKS = 2, 2, 2
Rank = tuple[int, int]


def tiny(seed: int) -> Operation:
    """Return an operation of two to five parties."""
    dice = Random(seed)
    runs = Runs(
        *_table(6, lambda: (dice.randrange(2), dice.randrange(DAYS - 2), dice.randint(0, 3)))
    )
    departures = Departures(
        *_table(5, lambda: (0, dice.randrange(TOWNS), dice.randrange(DAYS - 2), dice.randint(1, 3)))
    )
    return Operation(
        days=DAYS,
        ceiling=dice.choice((40, 70, 200)),
        search_list_factor=3,
        zones=ZONES,
        towns=TOWNS,
        hubs=1,
        networks=NETWORKS,
        rates=Rates(dice.choice((20, 300)), 500, 3, dice.choice((0, 5)), 40, 1),
        parties=_parties(dice),
        escorts=Escorts(
            tuple(dice.randint(1, 4) for _ in range(2)),
            tuple(dice.randint(1, 3) for _ in range(2)),
            tuple(_some(dice, NETWORKS, 0.15) for _ in range(2)),
        ),
        runs=runs,
        departures=departures,
        ways=_ways(dice, runs, departures),
        houses=_houses(dice),
        households=Households(tuple(_some(dice, NETWORKS, 0.15) for _ in range(2))),
        countries=Countries(
            (10, 25),
            (4, 2),
            tuple(tuple(dice.choice((None, 0, 1, 2, 4)) for _ in range(3)) for _ in range(2)),
            tuple(tuple(dice.choice((0, 1, 2)) for _ in range(2)) for _ in range(2)),
        ),
    )


def best_by_trying(operation: Operation) -> tuple[Rank, Plan]:
    """Return the weighted misses and the objective of the best plan, and the plan."""
    search = _Search(operation)
    search.go((), 0)
    return search.rank, search.plan


class _Search:
    """Party after party, every journey; `least` is what those to come cost at least."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.rank = _rank(operation, ())
        self.plan: Plan = ()
        count = len(operation.parties.size)
        self.journeys = [_journeys(operation, party) for party in range(count)]
        nobody = _rank(operation, ())
        gains = [
            [_less(rank, nobody) for rank, _ in journeys] or [(0, 0)] for journeys in self.journeys
        ]
        self.least = [(0, 0)] * (count + 1)
        for party in range(count - 1, -1, -1):
            misses = min(0, *(gain[0] for gain in gains[party]))
            objective = min(0, *(gain[1] for gain in gains[party])) - operation.rates.run
            after = self.least[party + 1]
            self.least[party] = after[0] + misses, after[1] + objective

    def go(self, plan: Plan, party: int) -> None:
        """Try all that can follow a plan of the parties before this one."""
        now, least = _rank(self.operation, plan), self.least[party]
        if (now[0] + least[0], now[1] + least[1]) >= self.rank:
            return
        if party == len(self.journeys):
            self.rank, self.plan = now, plan
            return
        for _, journey in self.journeys[party]:
            if not broken_rules(self.operation, (*plan, journey)):
                self.go((*plan, journey), party + 1)
        self.go(plan, party + 1)


def _journeys(operation: Operation, party: int) -> list[tuple[Rank, Journey]]:
    """Return all that one party could do if it were alone, the best first."""
    countries = (None, *range(len(operation.countries.cost)))
    every = product(
        range(len(operation.ways.zone)),
        range(len(operation.houses.town)),
        range(DAYS + 1),
        countries,
    )
    found = [
        (_rank(operation, (journey,)), journey)
        for journey in (Journey(party, *rest) for rest in every)
        if not broken_rules(operation, (journey,))
    ]
    return sorted(found, key=lambda one: one[0])


def _rank(operation: Operation, plan: Plan) -> Rank:
    return score(operation, plan).rank


def _less(one: Rank, other: Rank) -> Rank:
    return one[0] - other[0], one[1] - other[1]


def _some(dice: Random, count: int, share: float) -> tuple[int, ...]:
    return tuple(row for row in range(count) if dice.random() < share)


def _table(rows: int, row: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  (a row is any tuple)
    return list(zip(*(row() for _ in range(rows)), strict=True))


def _parties(dice: Random) -> Parties:
    count = dice.randint(2, 5)

    def row() -> tuple[Any, ...]:
        ready = dice.randrange(3)
        return (
            dice.choice((1, 1, 2)),
            dice.choice((1, 2, 5)),
            dice.randrange(ZONES),
            ready,
            ready + dice.randrange(4),
            dice.random() < 0.6,
            dice.random() < 0.3,
            dice.randrange(3),
            dice.choice((0, 0, 1)),
            dice.choice((None, 0, 1)),
            _some(dice, TOWNS, 0.15),
        )

    return Parties(*_table(count, row))


def _ways(dice: Random, runs: Runs, departures: Departures) -> Ways:
    """Return two ways for each run and one for each departure."""

    def way(run: int | None, departure: int | None, day: int) -> tuple[Any, ...]:
        town = dice.randrange(TOWNS) if departure is None else departures.town[departure]
        arrive = max(day, 0 if departure is None else departures.day[departure])
        risk = dice.randrange(5, 40), dice.choice((0, 3)), dice.randrange(5)
        return (dice.randrange(ZONES), town, run, departure, day, arrive, *risk)

    rows = [way(run, None, day) for run, day in enumerate(runs.day) for _ in range(2)]
    rows += [way(None, row, day) for row, day in enumerate(departures.day)]
    return Ways(*zip(*rows, strict=True))


def _houses(dice: Random) -> Houses:
    def row() -> tuple[Any, ...]:
        beds = dice.randint(1, 3)
        return (
            dice.randrange(TOWNS),
            dice.randrange(2),
            beds,
            (True, dice.random() < 0.5, False),
            dice.choice((0, 1, 4)),
            tuple(beds if dice.random() < 0.95 else 0 for _ in range(DAYS)),
        )

    return Houses(*_table(3, row))
