# SPDX-License-Identifier: AGPL-3.0-or-later
"""The best lodgings for one party in shelter, through as many houses as it takes, from a day on.

Worked out backwards, night by night and house by house, in what is free.  Where no beds lead to an
exit or the horizon the party stays under a roof as long as it can, and lacks a bed from then on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from safeconduct.rooms.passage.operations.aftermath import Aftermath
from safeconduct.rooms.passage.operations.circumstances import Lodging, Move
from safeconduct.rooms.passage.operations.itineraries import long_exposure
from safeconduct.rooms.passage.planner.cut import Cut
from safeconduct.rooms.passage.planner.free import STAYS
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.planner.stays import BARRED
from safeconduct.rooms.passage.planner.tables import Counts, Flags, Reals, Tables

LAST_RESORT: Final = BARRED / 4
"""For being without a bed, and half as much again if it is for the whole horizon."""
STRICTER: Final = (1.0, 10.0, 100.0)
"""How much exposure counts, until the journey is within the ceiling."""


@dataclass(frozen=True, slots=True)
class Lodged:
    """Where a party sleeps from its cut on, in rows of the tables; `STAYS` without a country."""

    lodgings: tuple[Lodging, ...]
    country: int


class Lodger:
    """Looks for lodgings in what a seeker has free."""

    def __init__(self, after: Aftermath, seeker: Seeker) -> None:
        self._after = after
        self.seeker = seeker
        self.towns = np.flatnonzero(np.diff(seeker.tables.houses.start))
        self.moves = _Moves(after, seeker.tables)
        self.switch = float(after.circumstances.prices.host)

    def find(self, cut: Cut) -> Lodged:
        """Return the best lodgings within the ceiling, or as long as it allows."""
        left = self._after.operation.ceiling - long_exposure(self._after, cut.fixed)
        found = Lodged((), STAYS)
        for strictness in STRICTER:
            found = _Ahead(self, cut, strictness).follow()
            if self._exposed(cut, found) <= left:
                return found
        return self._shorten(cut, found, left)

    def take(self, cut: Cut, found: Lodged) -> None:
        """Take the beds and the place abroad, and let the hosts know the party."""
        self._move(cut, found, 1)

    def give(self, cut: Cut, found: Lodged) -> None:
        """Give back what was taken."""
        self._move(cut, found, -1)

    def bare(self, cut: Cut, found: Lodged) -> bool:
        """Tell whether a party lacks a bed from some night on."""
        until = found.lodgings[-1].leave if found.lodgings else cut.day
        return found.country == STAYS and until < self.seeker.tables.days

    def _move(self, cut: Cut, found: Lodged, sign: int) -> None:
        t, free, party = self.seeker.tables, self.seeker.free, cut.was.party
        size, network = sign * t.parties.size[party], t.parties.network[party]
        known = t.known_hosts.get(party, ())
        free.turn += 1
        for house, first, leave in found.lodgings:
            free.beds[house, first:leave] -= size
            free.turned[house] = free.turn
            host = int(t.houses.household[house])
            if network >= 0:
                free.host_met[host, network] = sign > 0 or host in known
        if found.country != STAYS:
            leave = found.lodgings[-1].leave if found.lodgings else cut.day
            free.quota[found.country, leave // 7] -= size

    def _exposed(self, cut: Cut, found: Lodged) -> int:
        """Return the exposure from the cut on."""
        t = self.seeker.tables
        total, town, day = 0, cut.town, cut.day
        for house, first, leave in found.lodgings:
            total += (leave - first) * int(t.houses.exposure[house])
            to = int(t.houses.town[house])
            if to != town:
                moves = self._after.moves[town, to]
                total += min(
                    move.exposure + self._factor(cut) * move.registered
                    for move in moves
                    if move.days == first - day
                )
            town, day = to, leave
        return total + (0 if found.country == STAYS else int(t.exit_exposure[found.country]))

    def _shorten(self, cut: Cut, found: Lodged, left: int) -> Lodged:
        """Return as many nights as stay within what is left of the ceiling."""
        lodgings = found.lodgings
        while lodgings and self._exposed(cut, Lodged(lodgings, STAYS)) > left:
            last = lodgings[-1]
            shorter = (last._replace(leave=last.leave - 1),) if last.leave > last.first + 1 else ()
            lodgings = (*lodgings[:-1], *shorter)
        return Lodged(lodgings, STAYS)

    def _factor(self, cut: Cut) -> int:
        t = self.seeker.tables
        return int(t.kinds.factor[t.parties.kind[cut.was.party]])


class _Moves:
    """Moves from town to town, and the days on which a town is shut."""

    def __init__(self, after: Aftermath, t: Tables) -> None:
        rows = [move for moves in after.moves.values() for move in moves if move.town != move.to]
        columns = np.array(sorted(rows), np.int64).reshape(-1, len(Move._fields)).T
        self.town, self.to, self.days, self._exposure, self._registered, self._cost = columns
        self._shut = np.zeros((len(t.houses.start) - 1, t.days), np.bool_)
        for town, day in after.shut_towns:
            if day < t.days:
                self._shut[town, day] = True

    def fares(self, factor: int, strictness: float, money: float) -> Reals:
        """Return what each move costs one person."""
        exposure = self._exposure + factor * self._registered
        fares: Reals = strictness * exposure + money * self._cost
        return fares

    def on(self, day: int) -> Counts:
        """Return the moves that can begin on a day."""
        there = day + self.days
        inside = np.flatnonzero(there < self._shut.shape[1])
        shut = self._shut[self.town[inside], day] | self._shut[self.to[inside], there[inside]]
        moves: Counts = inside[~shut]
        return moves


class _Ahead:
    """What every night in every house costs one person, with all that comes after it."""

    def __init__(self, lodger: Lodger, cut: Cut, strictness: float) -> None:
        self._seeker = lodger.seeker
        self._cut = cut
        self._strictness = strictness
        self._switch = lodger.switch
        self._towns = lodger.towns
        t, party = self._seeker.tables, cut.was.party
        self._home = t.houses.town
        self._moves = lodger.moves
        factor = int(t.kinds.factor[t.parties.kind[party]])
        self._fare = self._moves.fares(factor, strictness, float(self._seeker.aim.money))
        self._open = self._beds()
        self._stop, self._country = self._stops()
        self._stay = np.full((t.days + 1, len(self._home)), BARRED)
        self._best = np.full((t.days + 1, len(t.houses.start) - 1), BARRED)
        self._away = self._best.copy()
        for day in range(t.days - 1, cut.day - 1, -1):
            self._count(day)

    def _beds(self) -> Flags:
        """Return houses by nights: whether the party may sleep there."""
        t, party, seeker = self._seeker.tables, self._cut.was.party, self._seeker
        welcome = seeker.shelter.welcome(party) & ~t.parties.reach[party, self._home]
        beds: Flags = (seeker.free.beds >= t.parties.size[party]) & welcome[:, None]
        return beds

    def _stops(self) -> tuple[Reals, Counts]:
        """Return by day what it costs to need no bed from it on, or to have none, and the exit."""
        t, party, seeker = self._seeker.tables, self._cut.was.party, self._seeker
        aim, days = seeker.aim, np.arange(t.days + 1)
        bare = LAST_RESORT * (1.5 - 0.5 * days / t.days)
        bare[-1] = aim.no_exit
        country = np.full(t.days + 1, STAYS)
        kind = t.kinds.documents[t.parties.kind[party]]
        for row, ready in enumerate(t.processing[:, kind].tolist()):
            cost = self._strictness * int(t.exit_exposure[row]) + aim.money * int(t.exit_money[row])
            week = days[:-1] // 7
            may = (days[:-1] >= self._cut.day + ready) & t.exit_open[row]
            may &= seeker.free.quota[row, week] >= t.parties.size[party]
            better = np.flatnonzero(may & (cost < bare[:-1]))
            bare[better], country[better] = cost, row
        return bare, country

    def _count(self, day: int) -> None:
        """Work out one day from all later ones."""
        t = self._seeker.tables
        onward = np.minimum(self._best[day + 1], self._away[day + 1])[self._home] + self._switch
        onward = np.minimum(onward, np.minimum(self._stay[day + 1], self._stop[day + 1]))
        night = self._strictness * t.houses.exposure + onward
        self._stay[day] = np.where(self._open[:, day], night, BARRED)
        if len(self._towns):
            starts = t.houses.start[self._towns]
            self._best[day, self._towns] = np.minimum.reduceat(self._stay[day], starts)
        rows = self._moves.on(day)
        np.minimum.at(self._away[day], self._moves.town[rows], self._goes(day, rows))

    def _goes(self, day: int, rows: Counts) -> Reals:
        """Return what each of these moves costs with all that comes after it."""
        there = day + self._moves.days[rows]
        costs: Reals = self._fare[rows] + self._best[there, self._moves.to[rows]]
        return costs

    def follow(self) -> Lodged:
        """Return the lodgings that cost least."""
        town, day = self._cut.town, self._cut.day
        lodgings: list[Lodging] = []
        house = self._stays_put()
        while True:
            if house < 0:
                ends = self._stop[day] <= min(self._best[day, town], self._away[day, town])
                leaves = bool(lodgings) or self._cut.house is not None
                if ends and (leaves or self._country[day] == STAYS):
                    return Lodged(tuple(lodgings), int(self._country[day]))
                town, day, house = self._enter(town, day)
                if house < 0:
                    return Lodged(tuple(lodgings), STAYS)
            leave = self._until(house, town, day)
            lodgings.append(Lodging(house, day, leave))
            day, house = leave, -1

    def _stays_put(self) -> int:
        """Return the house that the party is in, if it is best to stay there; else -1."""
        houses = self._seeker.tables.houses
        if self._cut.house is None:
            return -1
        row = int(np.flatnonzero(houses.house_id == self._cut.house)[0])
        day, town = self._cut.day, self._cut.town
        other = min(self._best[day, town], self._away[day, town]) + self._switch
        here = self._stay[day, row]
        return row if here <= other and here < BARRED / 2 and here <= self._stop[day] else -1

    def _enter(self, town: int, day: int) -> tuple[int, int, int]:
        """Return town, day and house where the party sleeps next; the house is -1 for none."""
        if self._away[day, town] < self._best[day, town]:
            town, day = self._go(town, day)
        rows = slice(*self._seeker.tables.houses.start[town : town + 2])
        if self._best[day, town] >= BARRED / 2:
            return town, day, -1
        return town, day, int(self._stay[day, rows].argmin() + rows.start)

    def _go(self, town: int, day: int) -> tuple[int, int]:
        """Return where and when the best move ends."""
        rows = self._moves.on(day)
        rows = rows[self._moves.town[rows] == town]
        best = rows[self._goes(day, rows).argmin()]
        return int(self._moves.to[best]), day + int(self._moves.days[best])

    def _until(self, house: int, town: int, day: int) -> int:
        """Return the day on which it is best to leave a house."""
        leave = day + 1
        while leave < self._seeker.tables.days:
            other = min(self._best[leave, town], self._away[leave, town]) + self._switch
            if self._stay[leave, house] > min(other, self._stop[leave]):
                break
            leave += 1
        return leave
