# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the bars and marks of the board's timeline stand in its picture; words stand in templates.

Fourteen days from left to right in every language.  A bar is a row of nights: it begins in the
middle of its first day and ends in the middle of the day of leaving.  What is held only, and what
is red, is drawn with another edge too, and not by its colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.board.board_rows import HELD
from safeconduct.rooms.passage.board.tonight import AHEAD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from safeconduct.rooms.passage.board.ahead import HouseDays, PartyDays, Stretch

DAY: Final = 44
"""Width of a day."""
LEFT: Final = 120
"""Width of the names."""
ROW: Final = 34
HEAD: Final = 24
BAR: Final = 16
GAP: Final = 3
LETTER: Final = 8
"""Width of a letter in a bar."""
NAME_MOST: Final = 14
"""Letters of a name in a picture; the list beside it has them all."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of nights: whose name stands in it, and how it is drawn."""

    x: int
    y: int
    width: int
    name: str
    held: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day, or in a night: a ride, a deadline, leaving, nights without a bed.

    A deadline of a party is the evening before its day, where that day begins.
    """

    x: int
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its name, where it stands, how high it is, and what is drawn in it."""

    name: str
    y: int
    height: int
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in whole units; `days` are the left edges of its days."""

    width: int
    height: int
    rows: tuple[Row, ...]
    days: tuple[int, ...]


def draw_parties(some: Sequence[PartyDays], house_name: Callable[[str], str]) -> Picture:
    """Return the picture of parties; `house_name` names a house by its id."""
    drawn = []
    for one in some:
        marks = (
            *(Mark(_middle(at), "lost") for at in one.lost),
            *(Mark(_x(at), "ride") for at in sorted({at for at, _ in one.rides})),
            *(Mark(_x(at), "evening") for at in (one.deadline,) if at is not None),
            *(Mark(_x(at), "leaves") for at in (one.leaves,) if at is not None),
        )
        names = [house_name(stretch.stay.house) for stretch in one.stretches]
        drawn.append(_row(one.party.name, _bars(one.stretches, names), marks))
    return _picture(drawn)


def draw_houses(some: Sequence[HouseDays], house_name: Callable[[str], str]) -> Picture:
    """Return the picture of houses."""
    drawn = []
    for one in some:
        marks = (
            *(Mark(_middle(at), "lost") for at in one.full),
            *(Mark(_x(at), "deadline") for at in (one.until,) if at is not None),
        )
        parties = [stretch.stay.party for stretch in one.stretches]
        names = [party.name if party else "?" for party in parties]
        drawn.append(_row(house_name(one.id), _bars(one.stretches, names), marks))
    return _picture(drawn)


def _row(name: str, bars: tuple[tuple[Bar, ...], int], marks: tuple[Mark, ...]) -> Row:
    drawn, lanes = bars
    return Row(_short(name), 0, ROW + (lanes - 1) * (BAR + GAP), drawn, marks)


def _picture(drawn: Sequence[Row]) -> Picture:
    rows, y = [], HEAD
    for one in drawn:
        rows.append(replace(one, y=y))
        y += one.height
    return Picture(LEFT + AHEAD * DAY, y, tuple(rows), tuple(_x(at) for at in range(AHEAD)))


def _bars(stretches: Sequence[Stretch], called: Sequence[str]) -> tuple[tuple[Bar, ...], int]:
    """Return the bars, those that would cover each other below one another, and in how many."""
    ends: list[int] = []
    bars = []
    for one, name in zip(stretches, called, strict=True):
        free = [lane for lane, end in enumerate(ends) if end <= one.first]
        lane = free[0] if free else len(ends)
        ends[lane : lane + 1] = [one.first + one.nights]
        x = LEFT if one.first == 0 else _middle(one.first)
        end = LEFT + AHEAD * DAY if one.goes_on else _middle(one.first + one.nights)
        y = (ROW - BAR) // 2 + lane * (BAR + GAP)
        width = min(end, LEFT + AHEAD * DAY) - x
        bars.append(Bar(x, y, width, _fitting(name, width), one.stay.state == HELD))
    return tuple(bars), max(1, len(ends))


def _x(day: int) -> int:
    return LEFT + day * DAY


def _middle(day: int) -> int:
    return _x(day) + DAY // 2


def _fitting(name: str, width: int) -> str:
    """Return as much of a name as a bar has room for."""
    return name[: max(0, (width - 8) // LETTER)]


def _short(name: str) -> str:
    return name if len(name) <= NAME_MOST else name[: NAME_MOST - 1] + "…"
