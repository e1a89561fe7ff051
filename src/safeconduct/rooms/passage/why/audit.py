# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a party is not moved by a day: every way, every house, every exit, and what bars each.

All journeys by that day are looked at, beside a plan whose other journeys stay as they are
(spec/why-not.md 3).  What is said to be enough alone is enough alone, and nothing else is.
Answers tell who is a relative of whom, and who sleeps where: they are for coordinators only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from safeconduct.rooms.passage.planner.free import STAYS, Trip
from safeconduct.rooms.passage.why.barred import NO_HOUSE, Bars, Stay
from safeconduct.rooms.passage.why.holders import Holders
from safeconduct.rooms.passage.why.in_force import PlanInForce
from safeconduct.rooms.passage.why.obstacles import (
    ALL,
    OWN,
    SHIFT,
    Mark,
    Obstacle,
    marks,
    own,
    taken,
)

TOO_EXPOSED: Final = own(Obstacle.CEILING)


class Barred(NamedTuple):
    """How many ways an obstacle bars: as the operation's own, and as journeys of others."""

    obstacle: Obstacle
    own: int
    taken: int


class Chance(NamedTuple):
    """A journey that could be made, in rows of the operation.

    `house` None: a house that does not exist yet; `country` None: to stay to the horizon.
    """

    way: int
    house: int | None
    leave: int
    country: int | None
    out: int


class Alone(NamedTuple):
    """An obstacle without which, alone, the party could go, and one journey that it bars.

    If it is `taken`, `holders` are the parties who hold what that journey would need.
    """

    obstacle: Obstacle
    taken: bool
    chance: Chance
    holders: tuple[int, ...]


class Why(NamedTuple):
    """What stands between a party and leaving by a day."""

    party: int
    by: int
    planned: int | None
    """The day on which the plan lets it leave, if it does."""
    ways: int
    """Ways that leave its zone by the day."""
    free: int
    """Of these, ways that nothing bars."""
    hard: bool
    """Whether it could not go by the day even if it had the whole operation to itself."""
    chance: Chance | None
    """A journey by the day that nothing bars."""
    later: int | None
    """The first day after that on which nothing bars a journey."""
    barred: tuple[Barred, ...]
    """What bars the ways, on most of them first."""
    alone: tuple[Alone, ...]
    """What is enough alone, in the order of the list."""
    together: tuple[Mark, ...]
    """If nothing is: all that bars the journey that least bars."""


class _Found(NamedTuple):
    """A way with a stay behind it, and all that bars both together."""

    obstacles: int
    way: int
    stay: Stay


def why_not(now: PlanInForce, party: int, by: int) -> Why:
    """Say what bars a party from leaving by a day; its own journey is thought away.

    `by` is a day of the operation, and `party` a row of its parties.
    """
    with now.without([party]):
        return _Audit(now, party, by).answer()


def in_the_way(now: PlanInForce, party: int, by: int) -> Counter[int]:
    """Return parties whose journeys bar ways on which nothing else does, by how many."""
    with now.without([party]):
        return _Audit(now, party, by).in_the_way()


class _Audit:
    def __init__(self, now: PlanInForce, party: int, by: int) -> None:
        self._now, self._party, self._by = now, party, by
        self._bars, self._holders = Bars(now, party), Holders(now, party)
        w = now.tables.ways
        first, last = w.start[now.tables.parties.zone[party] :][:2].tolist()
        self._ways = range(first, first + int(np.searchsorted(w.out[first:last], by, "right")))
        self._later = range(self._ways.stop, last)

    def answer(self) -> Why:
        """Look at every way."""
        t, trip = self._now.tables, self._now.trips.get(self._party)
        counts, best, hard, free = Counter[int](), dict[int, _Found](), True, 0
        for found in self._each(self._ways):
            least = min(one.obstacles.bit_count() for one in found)
            fewest = [one for one in found if one.obstacles.bit_count() == least]
            for one in fewest:
                best.setdefault(one.obstacles, one)
            counts.update({bit for one in fewest for bit in _bits(one.obstacles)})
            hard = hard and all(one.obstacles & OWN for one in found)
            free += least == 0
        return Why(
            party=self._party,
            by=self._by,
            planned=None if trip is None else int(t.ways.out[trip.way]),
            ways=len(self._ways),
            free=free,
            hard=hard,
            chance=self._chance(best[0]) if 0 in best else None,
            later=self._first_later(),
            barred=_counted(counts),
            alone=() if 0 in best else tuple(self._alone(best)),
            together=_together(best),
        )

    def in_the_way(self) -> Counter[int]:
        """Count who alone is in the way, way by way."""
        told = Counter[int]()
        for found in self._each(self._ways):
            others = [one for one in found if not one.obstacles & OWN]
            if others:
                one = min(others, key=lambda one: one.obstacles.bit_count())
                told.update(self._who(one))
        return told

    def _each(self, ways: range, *, only_open: bool = False) -> Iterator[list[_Found]]:
        """Yield for each way what bars it with each stay behind it."""
        t = self._now.tables
        rows = slice(ways.start, ways.stop)
        bars = self._bars.on_ways(rows).tolist()
        allowed = (t.ceiling - self._now.free.exposures(self._party, rows)).tolist()
        towns, arrive = t.ways.town[rows].tolist(), t.ways.arrive[rows].tolist()
        for at, way in enumerate(ways):
            if only_open and bars[at]:
                continue
            yield [
                _Found(
                    bars[at] | stay.obstacles | (TOO_EXPOSED if stay.exposure > allowed[at] else 0),
                    way,
                    stay,
                )
                for stay in self._bars.stays(towns[at], arrive[at])
            ]

    def _first_later(self) -> int | None:
        """Return the day of the first way after the day that nothing bars."""
        for found in self._each(self._later, only_open=True):
            if any(not one.obstacles for one in found):
                return int(self._now.tables.ways.out[found[0].way])
        return None

    def _alone(self, best: dict[int, _Found]) -> Iterator[Alone]:
        for obstacle in ALL:
            others, itself = best.get(taken(obstacle)), best.get(own(obstacle))
            found = others or itself
            if found is not None:
                who = tuple(sorted(self._who(found)))
                yield Alone(obstacle, others is not None, self._chance(found), who)

    def _who(self, found: _Found) -> set[int]:
        """Return who holds what the journey would need."""
        trip = Trip(found.way, found.stay.house, found.stay.leave, found.stay.country)
        return {
            party
            for mark in marks(found.obstacles)
            if mark.taken
            for party in self._holders.of(trip, mark.obstacle)
        }

    def _chance(self, found: _Found) -> Chance:
        t, stay = self._now.tables, found.stay
        return Chance(
            way=int(t.ways.way_id[found.way]),
            house=None if stay.house == NO_HOUSE else int(t.houses.house_id[stay.house]),
            leave=stay.leave,
            country=None if stay.country == STAYS else stay.country,
            out=int(t.ways.out[found.way]),
        )


def _bits(obstacles: int) -> Iterator[int]:
    return (bit for bit in range(2 * SHIFT) if obstacles >> bit & 1)


def _counted(counts: Counter[int]) -> tuple[Barred, ...]:
    """Return the obstacles that bar any way, those that bar most first."""
    each = (Barred(obstacle, counts[at], counts[at + SHIFT]) for at, obstacle in enumerate(ALL))
    told = [one for one in each if one.own or one.taken]
    return tuple(sorted(told, key=lambda one: -one.own - one.taken))


def _together(best: dict[int, _Found]) -> tuple[Mark, ...]:
    """Return the smallest set of obstacles if it has more than one, the earliest way's first."""
    least = min(best, key=int.bit_count, default=0)
    return marks(least) if least.bit_count() > 1 else ()
