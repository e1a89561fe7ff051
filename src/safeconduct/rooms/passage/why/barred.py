# SPDX-License-Identifier: AGPL-3.0-or-later
"""What bars one party: on each way, and in each stay at its end (spec/why-not.md 2).

A stay is a house, a day of leaving it and a country.  Of the stays that have the same obstacles
only the least exposed is kept: the ceiling alone depends on way and stay together.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from safeconduct.rooms.passage.planner.free import STAYS
from safeconduct.rooms.passage.planner.tables import Counts, Flags
from safeconduct.rooms.passage.why.in_force import PlanInForce
from safeconduct.rooms.passage.why.obstacles import SHIFT, Obstacle, own, taken

NO_HOUSE: Final = -1
"""In place of a house, where no house of a town suits the party."""
NO_ROOM: Final = own(Obstacle.HOUSE)


class Stay(NamedTuple):
    """The least exposed stay with just these obstacles, in rows of `Tables`."""

    obstacles: int
    exposure: int
    house: int
    leave: int
    country: int


class _Day(NamedTuple):
    """All stays from a day on: houses by exits, and when and to where each exit is."""

    obstacles: Counts
    exposure: Counts
    leave: list[int]
    country: list[int]


class Bars:
    """Looks at what is free now; the party asked for must hold nothing."""

    def __init__(self, now: PlanInForce, party: int) -> None:
        self._t, self._free, self._party = now.tables, now.free, party
        p = self._t.parties
        self._size, self._network = int(p.size[party]), int(p.network[party])
        self._documents = int(self._t.kinds.documents[p.kind[party]])
        self._welcome = self._welcomes()
        self._full = [self._fill(beds) for beds in (self._t.houses.beds, self._free.beds)]
        self._days: dict[int, _Day] = {}
        self._known: dict[tuple[int, int], tuple[Stay, ...]] = {}

    def on_ways(self, ways: slice) -> Counts:
        """Return the obstacles on each way, stays apart."""
        t, free, size = self._t, self._free, self._size
        w, p = t.ways, t.parties
        run, escort, departure = w.run[ways], w.escort[ways], w.departure[ways]
        found = own(Obstacle.READY) * (w.out[ways] < p.ready[self._party])
        found |= own(Obstacle.REACH) * p.reach[self._party][w.town[ways]]
        if not p.alone[self._party]:
            found |= own(Obstacle.ESCORT) * (run < 0)
        found |= taken(Obstacle.DRIVING) * (free.clash[run] > 0)
        found |= self._short(Obstacle.SEATS, t.runs.seats[run], free.seats[run], size)
        found |= self._short(Obstacle.PLACES, t.cap[departure], free.cap[departure], size)
        found |= self._short(Obstacle.KNOWLEDGE, t.knowledge[escort], free.knowledge[escort], 1)
        if self._network >= 0:
            before = np.append(t.escort_met[:, self._network], False)[escort]
            now = np.append(free.escort_met[:, self._network], False)[escort]
            found |= _whose(Obstacle.MET_ESCORT, before, now)
        obstacles: Counts = found
        return obstacles

    def stays(self, town: int, arrive: int) -> tuple[Stay, ...]:
        """Return what there is in a town from a day on: for each set of obstacles one stay."""
        if (town, arrive) not in self._known:
            self._known[town, arrive] = tuple(self._stays(town, arrive))
        return self._known[town, arrive]

    def _stays(self, town: int, arrive: int) -> list[Stay]:
        t, found = self._t, list[Stay]()
        first, last = t.houses.start[town : town + 2].tolist()
        if not (self._welcome[first:last] & NO_ROOM == 0).any():
            found.append(Stay(NO_ROOM, 0, NO_HOUSE, t.days, STAYS))
        if first == last:
            return found
        day = self._day(arrive)
        risks = day.exposure[first:last].ravel().tolist()
        best: dict[int, int] = {}
        for at, bars in enumerate(day.obstacles[first:last].ravel().tolist()):
            if bars not in best or risks[at] < risks[best[bars]]:
                best[bars] = at
        for bars, at in best.items():
            house, stay = divmod(at, len(day.leave))
            leave, country = day.leave[stay], day.country[stay]
            found.append(Stay(bars, risks[at], first + house, leave, country))
        return _needed(found)

    def _day(self, arrive: int) -> _Day:
        if arrive not in self._days:
            exits, exposure, leave, country = self._exits(arrive)
            short = [full[:, arrive, None] < leave for full in self._full]
            nights = (leave - arrive) * self._t.houses.exposure[:, None]
            self._days[arrive] = _Day(
                self._welcome[:, None] | _whose(Obstacle.BEDS, *short) | exits,
                nights + exposure,
                leave.tolist(),
                country.tolist(),
            )
        return self._days[arrive]

    def _exits(self, arrive: int) -> tuple[Counts, Counts, Counts, Counts]:
        """Return obstacles, exposure, day of leaving and country of each exit; last, to stay.

        Of each country and what bars it there is the first day alone: later ones need more beds
        and are more exposed.
        """
        t = self._t
        days = np.arange(arrive, t.days)
        early = days - arrive < t.processing[:, self._documents, None]
        found = own(Obstacle.PAPERS) * early
        week = days // 7
        found |= self._short(
            Obstacle.QUOTA, t.quota[:, week], self._free.quota[:, week], self._size
        )
        country = np.arange(len(found))[:, None]
        _, first = np.unique((country << 2 * SHIFT) | found, return_index=True)
        exposure = np.append(t.exit_exposure[first // len(days)], 0)
        return (
            np.append(found.ravel()[first], 0),
            exposure,
            np.append(first % len(days) + arrive, t.days),
            np.append(first // len(days), STAYS),
        )

    def _welcomes(self) -> Counts:
        """Return what bars each house itself."""
        t = self._t
        need = t.kinds.need[t.parties.kind[self._party]]
        suits = t.houses.suits[:, need] & (t.houses.largest >= self._size)
        found: Counts = own(Obstacle.HOUSE) * ~suits
        if self._network >= 0:
            host = t.houses.household
            before, now = t.host_met[host, self._network], self._free.host_met[host, self._network]
            found |= _whose(Obstacle.MET_HOST, before, now)
        return found

    def _fill(self, beds: Counts) -> Counts:
        """Return houses by days: the first night from then on without beds enough."""
        nights = np.where(beds < self._size, np.arange(self._t.days), self._t.days)
        full: Counts = np.minimum.accumulate(nights[:, ::-1], axis=1)[:, ::-1]
        return full

    def _short(self, obstacle: Obstacle, there: Counts, left: Counts, wanted: int) -> Counts:
        return _whose(obstacle, there < wanted, left < wanted)


def _whose(obstacle: Obstacle, before: Flags, now: Flags) -> Counts:
    """Return an obstacle where it is one now; the operation's own where it was one before."""
    found: Counts = np.where(before, own(obstacle), taken(obstacle) * now)
    return found


def _needed(stays: list[Stay]) -> list[Stay]:
    """Leave out each stay that another beats: fewer obstacles, and no more exposed."""
    kept = list[Stay]()
    for stay in sorted(stays, key=lambda one: (one.obstacles.bit_count(), one.exposure)):
        if not any(
            other.obstacles & ~stay.obstacles == 0 and other.exposure <= stay.exposure
            for other in kept
        ):
            kept.append(stay)
    return kept
