# SPDX-License-Identifier: AGPL-3.0-or-later
"""Of whoever is left: which one thing would change that (spec/collecting.md 6).

Each thing is given to the evening and a round is looked for in which everybody is collected who is
collected now, and the party too.  So what is said to help does; that something is not said does not
mean that it would not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Final, NamedTuple

from safeconduct.rooms.passage.collecting.collect import can_be
from safeconduct.rooms.passage.collecting.evening import Evening, Ints, Round, count
from safeconduct.rooms.passage.collecting.round_rules import left_by, takes

WORK: Final = 0.5
"""The solver's seconds for each thing that is tried."""
LATER: Final = (15, 30, 60, 120)
"""Minutes that are tried, fewest first."""
ENDLESS: Final = 1_000_000


class Lack(StrEnum):
    """What there could be more of."""

    LATER = "later"
    """The party is collected later, and may be at its goal later if nothing leaves there."""
    EARLIER = "earlier"
    """It is at its meeting point earlier."""
    RIDE = "ride"
    """It rides for longer."""
    WAIT = "wait"
    """It waits outside for longer."""
    HOURS = "hours"
    """Its cars are out for longer."""
    SEATS = "seats"
    """Each of its cars has more seats."""
    CAR = "car"
    """One more car like the first of its own, with a driver who knows nobody yet."""
    DRIVER = "driver"
    """The drivers of its cars may be told of one more, and had met nobody of its network."""
    POINT = "point"
    """A meeting point beside its first, for it alone and at any minute."""


class Left(NamedTuple):
    """A party that is left, and what would help.

    `alone` is that a way was found were it the only one, `beside` that one was found beside all
    who are collected: then nothing lacks but a longer search.
    """

    party: int
    alone: bool
    helps: tuple[tuple[Lack, int], ...]
    beside: bool = False


def find_left(evening: Evening, found: Round) -> Iterator[Left]:
    """Yield who is left by a round, and what would change it with the fewest minutes or seats.

    Each takes a while: up to 20 models and more, as large as that of the round.
    """
    collected = frozenset(takes(found))
    for party in left_by(evening, found):
        yield _look(evening, collected, party)


def with_more(evening: Evening, party: int, lack: Lack, amount: int) -> Evening:
    """Return the evening with one thing more for a party, which has at least one car."""
    match lack:
        case Lack.LATER | Lack.EARLIER | Lack.RIDE | Lack.WAIT:
            return _other_minutes(evening, party, lack, amount)
        case Lack.HOURS | Lack.SEATS:
            return _other_cars(evening, party, lack, amount)
        case Lack.CAR:
            return _one_more_car(evening, party)
        case Lack.DRIVER:
            return _others_told(evening, party)
        case Lack.POINT:
            return _one_more_point(evening, party)


def _look(evening: Evening, collected: frozenset[int], party: int) -> Left:
    if can_be(evening, collected | {party}, work=WORK):
        return Left(party, alone=True, helps=(), beside=True)
    alone = can_be(evening, frozenset({party}), work=WORK)
    if not evening.parties.cars[party]:
        return Left(party, alone, ())
    helps = []
    for lack in Lack:
        amounts = LATER if lack in _MINUTES else range(1, evening.parties.size[party] + 1)
        for amount in amounts if lack in _MINUTES or lack is Lack.SEATS else (1,):
            more = with_more(evening, party, lack, amount)
            if can_be(more, collected | {party}, work=WORK):
                helps.append((lack, amount))
                break
    return Left(party, alone, tuple(helps))


_MINUTES: Final = frozenset({Lack.LATER, Lack.EARLIER, Lack.RIDE, Lack.WAIT, Lack.HOURS})


def _other_minutes(e: Evening, party: int, lack: Lack, more: int) -> Evening:
    p, goes_by = e.parties, e.parties.leaves[party] is not None
    at_goal = 0 if goes_by else more
    match lack:
        case Lack.LATER:
            last, due = _add(p.last, {party: more}), _add(p.due, {party: at_goal})
            return replace(e, parties=replace(p, last=last, due=due))
        case Lack.EARLIER:
            first, due = _add(p.first, {party: -more}), _add(p.due_first, {party: -at_goal})
            return replace(e, parties=replace(p, first=first, due_first=due))
        case Lack.RIDE:
            return replace(e, parties=replace(p, longest_ride=_add(p.longest_ride, {party: more})))
        case _:
            return replace(e, parties=replace(p, longest_wait=_add(p.longest_wait, {party: more})))


def _other_cars(e: Evening, party: int, lack: Lack, more: int) -> Evening:
    cars, its = e.cars, dict.fromkeys(e.parties.cars[party], more)
    if lack is Lack.SEATS:
        return replace(e, cars=replace(cars, seats=_add(cars.seats, its)))
    last, longest = _add(cars.last, its), _add(cars.longest, its)
    return replace(e, cars=replace(cars, last=last, longest=longest))


def _one_more_car(e: Evening, party: int) -> Evening:
    """Return an evening in which the first car of a party is there twice."""
    c, first, new = e.cars, e.parties.cars[party][0], count(e.cars)
    cars = replace(
        c,
        seats=_again(c.seats, first),
        start=_again(c.start, first),
        end=_again(c.end, first),
        first=_again(c.first, first),
        last=_again(c.last, first),
        longest=_again(c.longest, first),
        driver=(*c.driver, count(e.drivers)),
    )
    drivers = replace(e.drivers, most=(*e.drivers.most, ENDLESS), met=(*e.drivers.met, ()))
    may = tuple((*some, new) if first in some else some for some in e.parties.cars)
    return replace(e, cars=cars, drivers=drivers, parties=replace(e.parties, cars=may))


def _others_told(e: Evening, party: int) -> Evening:
    """Return an evening in which its drivers may meet one more, and never met its network."""
    its = dict.fromkeys((e.cars.driver[car] for car in e.parties.cars[party]), 1)
    network = e.parties.network[party]
    met = tuple(
        tuple(one for one in some if driver not in its or one != network)
        for driver, some in enumerate(e.drivers.met)
    )
    return replace(e, drivers=replace(e.drivers, most=_add(e.drivers.most, its), met=met))


def _one_more_point(e: Evening, party: int) -> Evening:
    """Return an evening in which the first meeting point of a party has another beside it."""
    points, old = e.points, e.parties.points[party][0]
    minutes = tuple(_again(row, old) for row in points.minutes)
    more = replace(
        points,
        first=(*points.first, -ENDLESS),
        last=(*points.last, ENDLESS),
        gap=(*points.gap, None),
        minutes=(*minutes, minutes[old]),
    )
    its = (*e.parties.points[party], count(points))
    all_points = (*e.parties.points[:party], its, *e.parties.points[party + 1 :])
    return replace(e, points=more, parties=replace(e.parties, points=all_points))


def _add(values: Ints, more: dict[int, int]) -> Ints:
    return tuple(value + more.get(row, 0) for row, value in enumerate(values))


def _again(values: Ints, row: int) -> Ints:
    return (*values, values[row])
