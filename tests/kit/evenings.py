# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invented evenings, the same for the same seed, and the best round of a tiny one found by trying.

What is tried is every car, meeting point and minute of every party in turn; nothing is left out but
what breaks a rule already, or costs as much already as a whole round.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise, product
from random import Random
from typing import Any, Final

from safeconduct.rooms.passage.collecting.evening import (
    Cars,
    Drivers,
    Evening,
    Parties,
    Points,
    Prices,
    Round,
    Stop,
    count,
    tour,
)
from safeconduct.rooms.passage.collecting.round_rules import broken_rules, worth

BEGINS: Final = 1_080
PRICES: Final = Prices(wait=100, ride=10, drive=1, car=20)


def evening(parties: int, seed: int, *, cars: int = 2, tight: bool = True) -> Evening:
    """Return an evening in a town: some go to a train, some to houses."""
    dice = Random(seed)
    count_points = parties + 4
    places = [(dice.randrange(20), dice.randrange(20)) for _ in range(count_points)]
    goals = [count_points - 1, count_points - 2]
    rows = [_party(dice, parties, goals, cars, tight=tight) for _ in range(parties)]
    shared = dice.random() < 0.3
    drivers = 1 if shared or cars == 1 else cars
    return Evening(
        3,
        PRICES,
        Points(
            (0,) * count_points,
            tuple(dice.choice((1_300, 1_500)) for _ in range(count_points)),
            tuple(dice.choice((None, 0, 3, 8)) for _ in range(count_points)),
            tuple(tuple(_way(one, other) for other in places) for one in places),
        ),
        Parties(*zip(*rows, strict=True)) if rows else Parties(*((),) * 15),
        Cars(
            tuple(dice.randint(2, 5) for _ in range(cars)),
            (0,) * cars,
            tuple(dice.choice((0, 1)) for _ in range(cars)),
            (BEGINS - 60,) * cars,
            (BEGINS + 240,) * cars,
            tuple(dice.choice((90, 240)) for _ in range(cars)),
            tuple(min(car, drivers - 1) for car in range(cars)),
        ),
        Drivers(
            tuple(dice.randint(1, max(1, parties)) for _ in range(drivers)),
            tuple((dice.randrange(3),) if dice.random() < 0.2 else () for _ in range(drivers)),
        ),
    )


def tiny(seed: int) -> Evening:
    """Return an evening of one to three parties and at most two cars, within a dozen minutes."""
    dice = Random(seed)
    points = 5
    rows = []
    for _ in range(dice.randint(1, 3)):
        first, due, goal = dice.randint(2, 5), dice.randint(6, 9), dice.choice((3, 3, 3, 4))
        rows.append(
            (
                dice.choice((1, 1, 2)),
                dice.choice((1, 2, 5)),
                tuple(sorted(dice.sample((1, 2, 7 - goal), dice.choice((1, 1, 2))))),
                goal,
                first,
                first + dice.randint(1, 4),
                dice.random() < 0.5,
                dice.choice((2, 9, 9)),
                dice.randint(5, 11),
                1,
                due,
                due + dice.randint(2, 6),
                dice.choice((None, due + dice.randint(4, 8))),
                dice.choice((None, 0, 0, 1)),
                dice.choice(((0,), (1,), (0, 1), (0, 1))),
            )
        )
    return Evening(
        2,
        Prices(*(dice.choice(some) for some in ((0, 7), (0, 3), (1, 2), (0, 5)))),
        Points(
            tuple(dice.choice((0, 0, 0, 3)) for _ in range(points)),
            tuple(dice.choice((8, 20, 20, 20)) for _ in range(points)),
            tuple(dice.choice((None, 0, 2)) for _ in range(points)),
            tuple(
                tuple(0 if one == other else dice.choice((1, 1, 2)) for other in range(points))
                for one in range(points)
            ),
        ),
        Parties(*zip(*rows, strict=True)),
        Cars(
            tuple(dice.randint(2, 4) for _ in range(2)),
            (0, 0),
            (0, dice.choice((0, 3))),
            tuple(dice.choice((0, 3)) for _ in range(2)),
            (20, 20),
            tuple(dice.choice((12, 20, 20)) for _ in range(2)),
            (0, dice.choice((0, 1, 1))),
        ),
        Drivers(
            tuple(dice.randint(2, 4) for _ in range(2)),
            tuple((0,) if dice.random() < 0.1 else () for _ in range(2)),
        ),
    )


def best_by_trying(one: Evening) -> tuple[tuple[int, int], Round]:
    """Return what the best round leaves by risk and costs, and the round."""
    found = worth(one, ())
    best: list[Any] = [(found.left_by_risk, found.cost), ()]
    _try(one, 0, {}, best)
    return best[0], best[1]


def _try(one: Evening, party: int, taken: dict[int, list[Stop]], best: list[Any]) -> None:
    made = tuple(
        tour(one, car, tuple(sorted(stops, key=lambda stop: stop.minute)))
        for car, stops in sorted(taken.items())
    )
    now = worth(one, made)
    if party == count(one.parties):
        if (now.left_by_risk, now.cost) < best[0] and not broken_rules(one, made):
            best[:] = [(now.left_by_risk, now.cost), made]
        return
    for car, got_in, got_out in _choices(one, party):
        stops = [*taken.get(car, ()), got_in, got_out]
        if _beside(one, stops):
            _try(one, party + 1, {**taken, car: stops}, best)
    _try(one, party + 1, taken, best)


def _beside(one: Evening, stops: list[Stop]) -> bool:
    """Tell whether a car has left each of its stops before it is at another."""
    spans = sorted((stop.minute, stop.minute + one.parties.stop[stop.party]) for stop in stops)
    return all(first[1] <= then[0] for first, then in pairwise(spans))


def _choices(one: Evening, party: int) -> Iterator[tuple[int, Stop, Stop]]:
    """Yield all that one party could do if it were alone."""
    p = one.parties
    into = range(p.first[party], p.last[party] + 1)
    out = range(p.due_first[party], p.due[party] + 1)
    for car, point, at, to in product(p.cars[party], p.points[party], into, out):
        stops = Stop(party, True, point, at), Stop(party, False, p.goal[party], to)
        if at < to and not broken_rules(one, (tour(one, car, stops),)):
            yield car, *stops


def _party(
    dice: Random, parties: int, goals: list[int], cars: int, *, tight: bool
) -> tuple[Any, ...]:
    first = BEGINS + dice.randrange(120)
    wide, ride = (20, 40) if tight else (90, 120)
    train = dice.random() < 0.5
    due = first + dice.randint(20, 60)
    return (
        dice.choice((1, 1, 2, 3)),
        dice.choice((1, 2, 3, 5, 8)),
        tuple(sorted(dice.sample(range(2, parties + 2), min(parties, dice.choice((1, 1, 2)))))),
        goals[0] if train else goals[1],
        first,
        first + wide,
        dice.random() < 0.4,
        dice.choice((10, 60)),
        ride,
        dice.choice((1, 2, 3)),
        first,
        due,
        due + dice.randint(2, 30) if train else None,
        dice.choice((None, None, 0, 1, 2)),
        tuple(sorted(dice.sample(range(cars), dice.randint(1, cars)))),
    )


def _way(one: tuple[int, int], other: tuple[int, int]) -> int:
    return math.ceil(math.dist(one, other))
