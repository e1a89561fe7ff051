# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invented operations of any size, the same for the same seed.

The country does not exist: zones, hubs and towns are points drawn in a plane, and only their
numbers and distances count.  It is scarce as the field is: an escort to eleven people, a house to
five, six weeks, a public deadline after 26 days and an earlier one for a third of the parties.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any, Final, TypeVar

from safeconduct.rooms.passage.operations.operation import (
    Countries,
    Departures,
    Escorts,
    Households,
    Houses,
    Operation,
    Parties,
    Rates,
    Runs,
    Ways,
)

DAYS: Final = 45
WEEKS: Final = 7
PUBLIC_DEADLINE: Final = 26
CEILING: Final = 10_000
SEARCH_LIST_FACTOR: Final = 4
RATES: Final = Rates(late=100_000, unplanned=300_000, wait=30, run=400, no_exit=400, money=10)
HUBS: Final = 5
WEIGHTS: Final = (1, 2, 3, 5, 8)
KNOWLEDGE_CAP: Final = 18
MET: Final = 0.15
"""The share of networks of which one escort has met somebody, and one household too."""
NIGHTLY: Final = (60, 15, 7)
"""Exposure of a night, by how far a host is trusted."""
TOWNS_WITHIN: Final = ((0, 600), (100, 950), (250, 1200), (500, 1550), (750, 2200), (900, 3200))
FARTHEST: Final = (1000, 6000)
"""So many towns of a thousand lie within so many kilometres."""
ABROAD: Final = (
    (600, 25, (None, 40, 12), 25),
    (500, 30, (None, 38, 20), 20),
    (400, 40, (None, 35, 15), 10),
    (1300, 12, (None, 9, 5), 50),
    (900, 15, (None, 12, 7), 40),
    (700, 20, (None, 36, 10), 30),
    (300, 60, (40, 30, 18), 8),
)
"""Exposure, cost, days until papers are ready, and how many of a thousand people leave a week."""
Point = tuple[int, int]
T = TypeVar("T")


def invent(people: int, seed: int, *, tight: float = 1.0) -> Operation:
    """Return an operation for so many people; `tight` divides the number of escorts."""
    return _Inventor(people, seed).operation(max(6, int(people / 11 / tight)))


def changed(operation: Operation, column: str, row: int, value: object) -> Operation:
    """Return an operation with another value in a row of `table.column`."""
    table, _, name = column.partition(".")
    rows = getattr(operation, table)
    values = list(getattr(rows, name))
    values[row] = value
    return replace(operation, **{table: replace(rows, **{name: tuple(values)})})


class _Inventor:
    """One country, and chance."""

    def __init__(self, people: int, seed: int) -> None:
        self.people = people
        self.dice = Random(seed)
        doublings = math.log2(people / 40 + 1)
        zones, towns = int(min(24, 4 + 2 * doublings)), int(min(80, 8 + 10 * doublings))
        self.zones = [self._point(self.dice.randint(20, 190), 2 * math.pi) for _ in range(zones)]
        self.hubs = [self._point(self.dice.randint(280, 650), math.pi) for _ in range(HUBS)]
        self.towns = [self._point(self._distance(), math.pi) for _ in range(towns)]
        self.networks = 0

    def operation(self, escorts: int) -> Operation:
        """Put it together."""
        parties = self._parties()
        bases = self.dice.choices(parties.zone, k=escorts)
        runs, goals = self._runs(bases)
        departures = self._departures()
        houses, households = self._houses()
        return Operation(
            days=DAYS,
            ceiling=CEILING,
            search_list_factor=SEARCH_LIST_FACTOR,
            zones=len(self.zones),
            towns=len(self.towns),
            hubs=HUBS,
            networks=self.networks,
            rates=RATES,
            parties=parties,
            escorts=Escorts(
                tuple(self.dice.choices((3, 4, 7), (60, 25, 15), k=escorts)),
                (KNOWLEDGE_CAP,) * escorts,
                self._met(escorts),
            ),
            runs=runs,
            departures=departures,
            ways=self._ways(bases, runs, goals, departures),
            houses=houses,
            households=Households(self._met(households)),
            countries=self._countries(),
        )

    def _point(self, far: int, round_about: float) -> Point:
        angle = self.dice.random() * round_about
        return int(far * math.cos(angle)), int(far * math.sin(angle))

    def _distance(self) -> int:
        at = self.dice.randrange(1000)
        steps = (*TOWNS_WITHIN, FARTHEST)
        above = bisect([share for share, _ in steps], at)
        (low, near), (high, far) = steps[above - 1], steps[above]
        return near + (far - near) * (at - low) // (high - low)

    def _parties(self) -> Parties:
        dice, sizes = self.dice, list[int]()
        while sum(sizes) < self.people:
            size = self._one((1, 2, 3, 4), (76, 16, 5, 3))
            sizes.append(min(size, self.people - sum(sizes)))
        count = len(sizes)
        pressed = [dice.random() < 0.35 for _ in sizes]
        network = self._draw_networks(count)
        reached = [self._reach(0.12) for _ in range(self.networks)]
        crowding = [1 / (2 * zone + 3) for zone in range(len(self.zones))]
        return Parties(
            size=tuple(sizes),
            weight=tuple(dice.choices(WEIGHTS, (25, 25, 25, 15, 10), k=count)),
            zone=tuple(dice.choices(range(len(self.zones)), crowding, k=count)),
            ready=tuple(0 if one else dice.randint(0, 7) for one in pressed),
            deadline=tuple(dice.randint(2, 11) if one else PUBLIC_DEADLINE for one in pressed),
            alone=tuple(dice.random() < 0.35 for _ in sizes),
            wanted=tuple(dice.random() < 0.2 for _ in sizes),
            documents=tuple(dice.choices(range(3), (15, 40, 45), k=count)),
            need=tuple(dice.choices(range(3), (80, 12, 8), k=count)),
            network=tuple(network),
            reach=tuple(self._reach(0.08) if one is None else reached[one] for one in network),
        )

    def _draw_networks(self, count: int) -> list[int | None]:
        """Put four parties of ten into networks of two to five."""
        network: list[int | None] = [None] * count
        order = self.dice.sample(range(count), count)
        placed = 0
        while placed < 4 * count // 10:
            size = self.dice.randint(2, 5)
            for party in order[placed : placed + size]:
                network[party] = self.networks
            placed += size
            self.networks += 1
        return network

    def _reach(self, share: float) -> tuple[int, ...]:
        return tuple(town for town in range(len(self.towns)) if self.dice.random() < share)

    def _met(self, knowers: int) -> tuple[tuple[int, ...], ...]:
        met: list[list[int]] = [[] for _ in range(knowers)]
        for network in range(self.networks):
            if self.dice.random() < MET:
                self.dice.choice(met).append(network)
        return tuple(tuple(one) for one in met)

    def _runs(self, bases: list[int]) -> tuple[Runs, list[tuple[str, int]]]:
        """Return the runs and where each goes: every escort knows two towns and one hub."""
        rows, goals = list[tuple[Any, ...]](), list[tuple[str, int]]()
        for escort, base in enumerate(bases):
            near = [1 / (200 + _km(self.zones[base], town)) for town in self.towns]
            first = self._one(range(len(self.towns)), near)
            near[first] = 0
            second = self._one(range(len(self.towns)), near)
            known = (("town", first), ("town", second), ("hub", self.dice.randrange(HUBS)))
            for day in range(DAYS - 6):
                for kind, goal in known if self.dice.random() < 0.45 else ():
                    busy = 1 if kind == "hub" else 2 * self._drive(base, goal)
                    rows.append((escort, day, busy))
                    goals.append((kind, goal))
        return Runs(*_columns(rows, 3)), goals

    def _drive(self, zone: int, town: int) -> int:
        """Days by car: roads are 1.3 times as long as the line, and 840 km make a day."""
        return max(1, -(-13 * _km(self.zones[zone], self.towns[town]) // 8400))

    def _ride(self, hub: int, town: int) -> int:
        return max(1, -(-_km(self.hubs[hub], self.towns[town]) // 1200))

    def _departures(self) -> Departures:
        """Every day one from each hub to each of eight towns."""
        rows, cap = list[tuple[Any, ...]](), max(3, 3 * self.people // 160)
        for hub in range(HUBS):
            for town in self.dice.sample(range(len(self.towns)), 8):
                rows += [(hub, town, day, cap) for day in range(DAYS - 4)]
        return Departures(*_columns(rows, 4))

    def _ways(
        self,
        bases: list[int],
        runs: Runs,
        goals: list[tuple[str, int]],
        departures: Departures,
    ) -> Ways:
        leaving: dict[tuple[int, int], list[int]] = {}
        for row, at in enumerate(zip(departures.hub, departures.day, strict=True)):
            leaving.setdefault(at, []).append(row)
        rows = list[tuple[Any, ...]]()
        for run, (kind, goal) in enumerate(goals):
            zone, day = bases[runs.escort[run]], runs.day[run]
            if kind == "town":
                km, arrive = _km(self.zones[zone], self.towns[goal]), day + self._drive(zone, goal)
                rows.append((zone, goal, run, None, day, arrive, 1000 + 4 * km // 10, 0, 90))
                continue
            risk = 800 + 2 * _km(self.zones[zone], self.hubs[goal]) // 10
            for row in leaving.get((goal, day), ()):
                town = departures.town[row]
                arrive = day + self._ride(goal, town)
                rows.append((zone, town, run, row, day, arrive, risk, 900, 60))
        for zone, point in enumerate(self.zones):
            hub = min(range(HUBS), key=lambda one: _km(point, self.hubs[one]))
            for day in range(DAYS - 5):
                for row in leaving[hub, day]:
                    town = departures.town[row]
                    arrive = day + self._ride(hub, town)
                    rows.append((zone, town, None, row, day, arrive, 2600, 1200, 45))
        return Ways(*_columns(rows, 9))

    def _houses(self) -> tuple[Houses, int]:
        """Return the houses, and by how many households they are kept."""
        dice, rows, households = self.dice, list[tuple[Any, ...]](), 0
        for house in range(max(12, self.people // 5)):
            second = house > 0 and dice.randrange(12) == 0
            beds = self._one((1, 2, 3, 4, 6), (15, 30, 25, 20, 10))
            opens = dice.randrange(12) if dice.random() < 0.4 else 0
            closes = DAYS if dice.random() < 0.6 else dice.randint(25, DAYS)
            rows.append(
                (
                    dice.randrange(len(self.towns)),
                    dice.randrange(households) if second else households,
                    beds,
                    (True, dice.random() < 0.5, dice.random() < 0.3),
                    self._one(NIGHTLY, (20, 40, 40)),
                    tuple(beds if opens <= night < closes else 0 for night in range(DAYS)),
                )
            )
            households += not second
        return Houses(*_columns(rows, 6)), households

    def _countries(self) -> Countries:
        risks, costs, days, shares = zip(*ABROAD, strict=True)
        most = (max(1, (self.people * share + 500) // 1000) for share in shares)
        return Countries(risks, costs, days, tuple((one,) * WEEKS for one in most))

    def _one(self, of: Sequence[T], shares: Sequence[float]) -> T:
        return self.dice.choices(of, shares)[0]


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) or [()] * width


def _km(one: Point, other: Point) -> int:
    return int(math.dist(one, other))
