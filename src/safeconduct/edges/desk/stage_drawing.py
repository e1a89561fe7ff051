# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the lines and marks of a case's timeline stand in its picture; words stand in the template.

Time runs from left to right in every language.  A row for each stage in which the case was, so that
the way can be seen without colour; below them what blocked it, its record and its notes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.cases.stages import STAGES
from safeconduct.rooms.cases.timeline import (
    BEGUN,
    CHANGED,
    HANDED,
    NOTE,
    OFF,
    REFERRED,
    TOOK_BACK,
    Happened,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safeconduct.rooms.cases import CaseStages
    from safeconduct.rooms.cases.stages import Block

WIDTH: Final = 480
ROW: Final = 40
FOOT: Final = 30
SHORT: Final = 2 * DAY
NARROWEST: Final = 4
"""A stay of an hour in a year is still seen."""
MARKS: Final = {
    "record": frozenset({BEGUN, CHANGED, OFF}),
    "notes": frozenset({NOTE}),
    "referrals": frozenset({REFERRED, HANDED, TOOK_BACK}),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time; one that `lasts` has no end yet."""

    x: int
    width: int
    lasts: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One row: what it is called, where it stands, and what is drawn in it."""

    name: str
    y: int = 0
    bars: tuple[Bar, ...] = ()
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture in whole units, and the moments that stand below it."""

    height: int
    lanes: tuple[Lane, ...]
    first: Instant
    middle: Instant
    last: Instant

    @property
    def short(self) -> bool:
        """Whether days would not tell its moments apart."""
        return self.last - self.first < SHORT


@dataclass(frozen=True, slots=True)
class _Scale:
    first: Instant
    last: Instant

    def x(self, at: Instant) -> int:
        """Return where a moment stands; one of a wrong clock stands at the edge."""
        within = min(max(at, self.first), self.last) - self.first
        return within * WIDTH // (self.last - self.first)

    def bar(self, begun: Instant, ended: Instant | None) -> Bar:
        """Return a stretch; it is seen however short it is."""
        start = min(self.x(begun), WIDTH - NARROWEST)
        end = self.x(self.last if ended is None else ended)
        return Bar(start, max(NARROWEST, end - start), ended is None)


def draw(stages: CaseStages, happened: Sequence[Happened], now: Instant) -> Drawing | None:
    """Return the picture of what happened; None where that is nothing."""
    if not happened:
        return None
    first = min(one.at for one in happened)
    scale = _Scale(first, Instant(max(now, first + HOUR)))
    rows = [
        *(_stays(stage, stages, scale) for stage in STAGES),
        Lane("blocks", bars=tuple(_block(one, scale) for one in stages.blocks)),
        *(Lane(name, marks=_marks(happened, kinds, scale)) for name, kinds in MARKS.items()),
    ]
    drawn = [row for row in rows if row.bars or row.marks]
    lanes = tuple(replace(row, y=at * ROW) for at, row in enumerate(drawn))
    middle = Instant((scale.first + scale.last) // 2)
    return Drawing(len(lanes) * ROW + FOOT, lanes, scale.first, middle, scale.last)


def _stays(stage: str, stages: CaseStages, scale: _Scale) -> Lane:
    """Return where a case was in a stage; of an end the moment alone at which it came there."""
    bars = [
        scale.bar(one.entry.begun, None if one.runs else one.ended or one.entry.begun)
        for one in stages.way
        if one.entry.stage == stage
    ]
    return Lane(stage, bars=tuple(bars))


def _block(block: Block, scale: _Scale) -> Bar:
    return scale.bar(block.at, block.lifted.at if block.lifted else None)


def _marks(happened: Iterable[Happened], kinds: frozenset[str], scale: _Scale) -> tuple[int, ...]:
    """Return where marks stand; those that would cover each other are one."""
    return tuple(sorted({scale.x(one.at) for one in happened if one.what in kinds}))
