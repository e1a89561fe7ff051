# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole ways out of a zone, day by day: chains of legs with an escort, or by departures alone.

An escort goes along the whole way and takes as long to come home.  Minutes are counted through the
days, so that a way knows on which day it leaves, and on which it arrives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import choice, number
from safeconduct.rooms.passage.gathering.knowers import households_of_escorts
from safeconduct.rooms.passage.gathering.measures import (
    ACCOMPANIED,
    CHANGE,
    ESCORTED,
    LONGEST_CHANGE,
    MORNING,
)
from safeconduct.rooms.passage.kinds import ESCORT, VEHICLE

if TYPE_CHECKING:
    from safeconduct.rooms.passage.fold import Sheet
    from safeconduct.rooms.passage.gathering.gather_parties import Waiting
    from safeconduct.rooms.passage.gathering.ground import Ground
    from safeconduct.rooms.passage.gathering.legs import Board, Chain, Stretch
    from safeconduct.rooms.passage.gathering.promised import Promised

DAY: Final = 1_440
SEATS_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Hop:
    """One leg on a day: `at` is a minute of that day, at which one leaves."""

    leg: Stretch
    board: Board | None
    day: int
    at: int

    @property
    def clock(self) -> str:
        """The time at which one leaves: `07:40`."""
        return f"{self.at // 60:02d}:{self.at % 60:02d}"


@dataclass(frozen=True, slots=True)
class Timing:
    """A chain as it runs once; `busy` is days until somebody who goes along is home again."""

    out: int
    arrive: int
    busy: int
    hops: tuple[Hop, ...]

    @property
    def boards(self) -> tuple[tuple[str, int], ...]:
        """The departures that it takes, each with its day."""
        return tuple((one.board.sheet.id.hex(), one.day) for one in self.hops if one.board)


@dataclass(frozen=True, slots=True)
class Knower:
    """One or more escorts who are one knower, and who of them goes; `car` is what they drive."""

    members: tuple[str, ...]
    sheet: Sheet
    car: Sheet | None
    seats: int
    cap: int
    exposure: int
    busy: frozenset[int]


def timings(ground: Ground, chain: Chain) -> Iterator[Timing]:
    """Yield how a chain runs on each day of the horizon."""
    first = next((at for at, leg in enumerate(chain.legs) if leg.public), None)
    days = ground.horizon.days
    if first is None:
        for day in range(days):
            start = max(day * DAY + MORNING, ground.settings.minute + CHANGE)
            if start < day * DAY + DAY:
                yield from _run(chain, start, days)
        return
    before = sum(leg.minutes for leg in chain.legs[:first]) + (CHANGE if first else 0)
    for board in chain.legs[first].boards:
        for day in sorted(board.days):
            start = day * DAY + board.earliest - before
            if start >= ground.settings.minute:
                yield from _run(chain, start, days, (board, day))


def _run(
    chain: Chain, start: int, days: int, first: tuple[Board, int] | None = None
) -> Iterator[Timing]:
    """Yield the one timing that begins at a minute, if each leg is open and no change too long."""
    minute, hops = start, list[Hop]()
    for at, leg in enumerate(chain.legs):
        board, leaves = None, minute
        if leg.public:
            found = first or _next(leg, minute + (CHANGE if at else 0))
            if found is None:
                return
            first = None
            board, day = found
            leaves, minute = day * DAY + board.earliest, day * DAY + board.latest
        day = leaves // DAY
        if day >= days or not leg.open[day]:
            return
        hops.append(Hop(leg, board, day, leaves % DAY))
        minute += leg.minutes
    arrive, home = minute // DAY, (2 * minute - start) // DAY
    if arrive < days:
        yield Timing(start // DAY, arrive, home - start // DAY + 1, tuple(hops))


def _next(leg: Stretch, ready: int) -> tuple[Board, int] | None:
    """Return the first departure on a leg that somebody can still catch, and its day."""
    found = [
        (day * DAY + board.earliest, board, day)
        for board in leg.boards
        for day in (ready // DAY, ready // DAY + 1)
        if day in board.days and ready <= day * DAY + board.earliest <= ready + LONGEST_CHANGE
    ]
    if not found:
        return None
    _, board, day = min(found, key=lambda one: (one[0], one[1].sheet.id))
    return board, day


def knowers(ground: Ground, promised: Promised, parties: list[Waiting]) -> list[Knower]:
    """Return the escorts who can go, those who live together as one."""
    together, found, done = households_of_escorts(ground), list[Knower](), set[str]()
    cars = _cars(ground)
    for sheet in ground.of_kind(ESCORT):
        members = together[sheet.id.hex()]
        if sheet.id.hex() not in done:
            done.update(members)
            one = _knower(ground, promised, members, cars)
            if one is not None:
                found.append(_capped(ground, promised, one, parties))
    return found


def _knower(
    ground: Ground, promised: Promised, members: tuple[str, ...], cars: dict[str, Sheet]
) -> Knower | None:
    sheets = [one for one in ground.of_kind(ESCORT) if one.id.hex() in members]
    arrested = [one for one in sheets if choice(one, "state") == "arrested"]
    ready = [one for one in sheets if ground.state(one, "ready")]
    for one in ready if arrested else ():
        ground.bar("lives_with_arrested", one)
    if arrested or not ready:
        return None
    driver = max(ready, key=lambda one: _seats(cars.get(one.id.hex())))
    ground.look_over(driver)
    car = cars.get(driver.id.hex())
    seats = _seats(car) if car else ACCOMPANIED
    busy = frozenset().union(*(promised.busy[one] for one in members))
    trust = ESCORTED[choice(driver, "trust")]
    return Knower(members, driver, car, min(seats, SEATS_MOST), 0, trust, busy)


def _capped(ground: Ground, promised: Promised, one: Knower, parties: list[Waiting]) -> Knower:
    """Return a knower with the number of parties who may still meet them.

    Sheets count people and an operation parties: so many that even the largest are not too many.
    """
    caps = []
    for member in one.members:
        sheet = ground.named(member, ESCORT)
        if sheet is not None and not sheet.taken_off:
            caps.append(ground.count(sheet, "most") - promised.known_people(member))
    people, cap = min(caps, default=0), 0
    for size in sorted((party.size for party in parties), reverse=True):
        people -= size
        if people < 0:
            break
        cap += 1
    return replace(one, cap=cap)


def _cars(ground: Ground) -> dict[str, Sheet]:
    """Return the car with most seats that each escort can drive today."""
    found: dict[str, Sheet] = {}
    for sheet in ground.of_kind(VEHICLE):
        if not ground.state(sheet, "fit") or not ground.count(sheet, "seats"):
            continue
        driver = ground.one(sheet, "escort")
        escort = driver.id.hex() if driver is not None else ""
        if escort and (escort not in found or _seats(sheet) > _seats(found[escort])):
            found[escort] = sheet
    for sheet in found.values():
        ground.look_over(sheet)
    return found


def _seats(car: Sheet | None) -> int:
    return (number(car, "seats") or 0) if car is not None else 0


__all__ = ["Hop", "Knower", "Timing", "knowers", "timings"]
