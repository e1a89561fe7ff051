# SPDX-License-Identifier: AGPL-3.0-or-later
"""What no round may break, whoever made it, and what a round is worth (spec/collecting.md 4, 5).

Every break is found, not the first.  Rules are named by the words of the specification.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

from safeconduct.rooms.passage.collecting.evening import (
    Evening,
    Round,
    Stop,
    Tour,
    count,
    goes,
    outside,
    tour,
)
from safeconduct.rooms.passage.operations.rules import Broken


class Worth(NamedTuple):
    """People left, and by risk; minutes of people outside and in cars; minutes driven; the sum."""

    left: int
    left_by_risk: int
    waits: int
    rides: int
    drives: int
    cars: int
    cost: int


class Taken(NamedTuple):
    """One party in one car."""

    car: int
    got_in: Stop
    got_out: Stop


def broken_rules(evening: Evening, found: Round) -> tuple[Broken, ...]:
    """Return every break; empty when the round may be driven.

    Where `form` is broken nothing else is looked at.
    """
    wrong = tuple(_form(evening, found))
    if wrong:
        return wrong
    taken = takes(found)
    broken = [one for party in taken for one in _of_party(evening, taken[party])]
    for one in found:
        broken += _of_tour(evening, one)
    broken += _knowledge(evening, taken)
    broken += _apart(evening, list(taken.values()))
    return tuple(broken)


def takes(found: Round) -> dict[int, Taken]:
    """Return by party who is collected, in a round of which the form is right."""
    ins = {stop.party: stop for one in found for stop in one.stops if stop.gets_in}
    outs = {stop.party: (one.car, stop) for one in found for stop in one.stops if not stop.gets_in}
    return {party: Taken(outs[party][0], ins[party], outs[party][1]) for party in sorted(ins)}


def left_by(evening: Evening, found: Round) -> list[int]:
    """Return the parties that have no stops in a round."""
    collected = {stop.party for one in found for stop in one.stops}
    return [party for party in range(count(evening.parties)) if party not in collected]


def worth(evening: Evening, found: Round) -> Worth:
    """Return what a round of which the form is right is worth."""
    p, prices, taken = evening.parties, evening.prices, takes(found)
    left = left_by(evening, found)
    waits = sum(p.size[one] * outside(evening, *_stops(taken[one])) for one in taken)
    rides = sum(p.size[one] * _ride(evening, taken[one]) for one in taken)
    drives = sum(_driven(evening, one) for one in found)
    cost = waits * prices.wait + rides * prices.ride + drives * prices.drive
    return Worth(
        sum(p.size[one] for one in left),
        sum(p.size[one] * p.weight[one] for one in left),
        waits,
        rides,
        drives,
        len(found),
        cost + len(found) * prices.car,
    )


def _form(e: Evening, found: Round) -> Iterator[Broken]:
    """Yield tours of no car or a car again, and stops of no party, out of order, or elsewhere."""
    cars: set[int] = set()
    seen: set[int] = set()
    for row, one in enumerate(found):
        here = [stop.party for stop in one.stops]
        good = one.car < count(e.cars) and one.car not in cars and bool(here)
        good = good and all(party < count(e.parties) for party in here)
        good = good and seen.isdisjoint(here) and all(_pair(e, one, at) for at in set(here))
        good = good and one.stops == tuple(sorted(one.stops, key=lambda stop: stop.minute))
        if not good or one != tour(e, one.car, one.stops):
            yield Broken("form", "tours", row)
        cars.add(one.car)
        seen.update(here)


def _pair(e: Evening, one: Tour, party: int) -> bool:
    """Tell whether a party gets in once at one of its points and then out once at its goal."""
    stops = [stop for stop in one.stops if stop.party == party]
    return (
        [stop.gets_in for stop in stops] == [True, False]
        and stops[0].point in e.parties.points[party]
        and stops[1].point == e.parties.goal[party]
    )


def _of_party(e: Evening, one: Taken) -> Iterator[Broken]:
    """Yield what one party breaks whatever the others do."""
    p, party = e.parties, one.got_in.party
    stop, leaves = p.stop[party], p.leaves[party]
    got_in, got_out = one.got_in.minute, one.got_out.minute
    ride, wait = _ride(e, one), outside(e, *_stops(one))
    holds = {
        "allowed": one.car in p.cars[party],
        "collected": p.first[party] <= got_in <= p.last[party],
        "due": p.due_first[party] <= got_out <= p.due[party],
        "leaves": leaves is None or got_out + stop <= leaves,
        "point": all(_open(e, at) for at in _stops(one)),
    }
    yield from (Broken(rule, "parties", party) for rule, held in holds.items() if not held)
    for rule, found, limit in (
        ("ride", ride, p.longest_ride[party]),
        ("wait", wait, p.longest_wait[party]),
    ):
        if found > limit:
            yield Broken(rule, "parties", party, found=found, limit=limit)


def _of_tour(e: Evening, one: Tour) -> Iterator[Broken]:
    """Yield what a car breaks: seats, ways between stops, and its hours."""
    cars, p, car = e.cars, e.parties, one.car
    aboard = most = 0
    for stop in one.stops:
        aboard += p.size[stop.party] * (1 if stop.gets_in else -1)
        most = max(most, aboard)
    if most > cars.seats[car]:
        yield Broken("seats", "cars", car, found=most, limit=cars.seats[car])
    for before, after in pairwise(one.stops):
        there = before.minute + p.stop[before.party] + e.points.minutes[before.point][after.point]
        if after.minute < there:
            yield Broken("way", "cars", car, at=after.party, found=after.minute, limit=there)
    if one.out < cars.first[car] or one.back > cars.last[car]:
        yield Broken("hours", "cars", car)
    if one.back - one.out > cars.longest[car]:
        yield Broken("longest", "cars", car, found=one.back - one.out, limit=cars.longest[car])


def _knowledge(e: Evening, taken: dict[int, Taken]) -> Iterator[Broken]:
    """Yield drivers who would meet too many parties, or two of a network."""
    knows: Counter[int] = Counter()
    met: defaultdict[tuple[int, int], int] = defaultdict(int)
    for party, one in taken.items():
        driver, network = e.cars.driver[one.car], e.parties.network[party]
        knows[driver] += 1
        if network is not None:
            met[driver, network] += 1
    for driver, parties in sorted(knows.items()):
        if parties > e.drivers.most[driver]:
            limit = e.drivers.most[driver]
            yield Broken("knowledge", "drivers", driver, found=parties, limit=limit)
    for (driver, network), parties in sorted(met.items()):
        if parties + (network in e.drivers.met[driver]) > 1:
            yield Broken("met", "drivers", driver, at=network)


def _apart(e: Evening, taken: list[Taken]) -> Iterator[Broken]:
    """Yield parties who would be at one point at once, or too soon after each other."""
    for one, other in combinations(taken, 2):
        network = e.parties.network[one.got_in.party]
        related = network is not None and network == e.parties.network[other.got_in.party]
        for mine in _stops(one):
            for theirs in _stops(other):
                gap = e.points.gap[mine.point]
                gap = 0 if gap is None and related else gap
                together = one.car == other.car and not mine.gets_in and not theirs.gets_in
                if mine.point != theirs.point or gap is None or together:
                    continue
                (_, gone), (come, _) = sorted((_presence(e, mine), _presence(e, theirs)))
                if come < gone + gap:
                    yield Broken("apart", "parties", mine.party, at=theirs.party)


def _stops(one: Taken) -> tuple[Stop, Stop]:
    return one.got_in, one.got_out


def _presence(e: Evening, stop: Stop) -> tuple[int, int]:
    """Return from when to when a party is at a point: until it is in the car, or leaves."""
    if not stop.gets_in:
        return stop.minute, goes(e, stop.party, stop.minute)
    comes = e.parties.first[stop.party] if e.parties.stands[stop.party] else stop.minute
    return comes, stop.minute + e.parties.stop[stop.party]


def _open(e: Evening, stop: Stop) -> bool:
    """Tell whether a party is at a point only while people may be there."""
    comes, gone = _presence(e, stop)
    return e.points.first[stop.point] <= comes and gone <= e.points.last[stop.point]


def _ride(e: Evening, one: Taken) -> int:
    return one.got_out.minute - one.got_in.minute - e.parties.stop[one.got_in.party]


def _driven(e: Evening, one: Tour) -> int:
    """Return the minutes for which a car drives."""
    places = [e.cars.start[one.car], *(stop.point for stop in one.stops), e.cars.end[one.car]]
    return sum(e.points.minutes[a][b] for a, b in pairwise(places))
