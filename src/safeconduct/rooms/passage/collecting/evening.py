# SPDX-License-Identifier: AGPL-3.0-or-later
"""An evening: who is to be collected, by which cars; and a round of it (spec/collecting.md).

Integers, booleans and None only.  Minutes are counted from any minute 0 that the whole evening
shares; an index is a row of another table, counted from 0.  A *round* is who is collected by whom,
where and when; a party without stops in it is left.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

Ints = tuple[int, ...]
MaybeInts = tuple[int | None, ...]
Bools = tuple[bool, ...]
Lists = tuple[Ints, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """What counts how much: a person's minute outside and in a car, a minute driven, a car."""

    wait: int
    ride: int
    drive: int
    car: int


@dataclass(frozen=True, slots=True)
class Points:
    """Places where a car stops: meeting points, stations, houses, and where cars come from.

    From `first` to `last` people and cars may be there.  `gap` is for how many minutes at least
    nobody is there between two parties; None where others make no difference, as in a station.
    """

    first: Ints
    last: Ints
    gap: MaybeInts
    minutes: Lists


@dataclass(frozen=True, slots=True)
class Parties:
    """People who stay together; `cars` are those that may collect them by the plan.

    A party that `stands` is at its meeting point from `first` on, since it can wait nowhere else;
    others come when the car does.  After `leaves`, if it is not None, nobody waits at the goal.
    """

    size: Ints
    weight: Ints
    points: Lists
    goal: Ints
    first: Ints
    last: Ints
    stands: Bools
    longest_wait: Ints
    longest_ride: Ints
    stop: Ints
    due_first: Ints
    due: Ints
    leaves: MaybeInts
    network: MaybeInts
    cars: Lists


@dataclass(frozen=True, slots=True)
class Cars:
    """Cars with who drives them: from where, to where, between which minutes, for how long."""

    seats: Ints
    start: Ints
    end: Ints
    first: Ints
    last: Ints
    longest: Ints
    driver: Ints


@dataclass(frozen=True, slots=True)
class Drivers:
    """One row is one knower: how many parties they may still meet, and networks they have met."""

    most: Ints
    met: Lists


@dataclass(frozen=True, slots=True)
class Evening:
    """All that a round is made of."""

    networks: int
    prices: Prices
    points: Points
    parties: Parties
    cars: Cars
    drivers: Drivers


class Stop(NamedTuple):
    """A party gets into a car or out of it; the car is there from `minute` on."""

    party: int
    gets_in: bool
    point: int
    minute: int


class Tour(NamedTuple):
    """One car's evening: it leaves its start at `out` and is at its end at `back`."""

    car: int
    out: int
    back: int
    stops: tuple[Stop, ...]


Round = tuple[Tour, ...]
"""By car, each at most once; stops by minute."""


def tour(evening: Evening, car: int, stops: tuple[Stop, ...]) -> Tour:
    """Return the tour with these stops: the car leaves as late and is back as early as it can."""
    minutes, cars = evening.points.minutes, evening.cars
    first, last = stops[0], stops[-1]
    out = first.minute - minutes[cars.start[car]][first.point]
    left = last.minute + evening.parties.stop[last.party]
    return Tour(car, out, left + minutes[last.point][cars.end[car]], stops)


def outside(evening: Evening, got_in: Stop, got_out: Stop) -> int:
    """Return the minutes that a party waits outside, at its meeting point and at its goal."""
    p, party = evening.parties, got_in.party
    leaves = p.leaves[party]
    before = got_in.minute - p.first[party] if p.stands[party] else 0
    return before + (0 if leaves is None else leaves - got_out.minute - p.stop[party])


def goes(evening: Evening, party: int, got_out: int) -> int:
    """Return when a party that gets out from this minute on is not at its goal any more."""
    out, leaves = got_out + evening.parties.stop[party], evening.parties.leaves[party]
    return out if leaves is None else max(out, leaves)


def count(table: Points | Parties | Cars | Drivers) -> int:
    """Return how many rows a table has."""
    return len(getattr(table, fields(table)[0].name))
