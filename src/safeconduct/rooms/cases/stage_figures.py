# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many cases are in each stage, and how long stages take: median and worst (spec/stages.md 4).

Stays that are over and those that last are never put together: the first say how long it takes, the
second how long people wait now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.rooms.cases.stages import ENDS, STAGES, CaseStages, Stay

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safeconduct.kernel.words import CaseId, Instant


@dataclass(frozen=True, slots=True)
class Times:
    """How long stays took: how many, the middle one, the longest, and in which case that was."""

    count: int
    median: int
    worst: int
    case: CaseId


@dataclass(frozen=True, slots=True)
class StageFigure:
    """One stage: how many cases are in it, and its stays; no clock runs in one that ends a case."""

    stage: str
    cases: int
    over: Times | None
    lasting: Times | None

    @property
    def clocked(self) -> bool:
        """Whether a clock runs in it."""
        return self.stage not in ENDS


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case in a stage in which a clock runs."""

    stages: CaseStages
    stay: Stay
    length: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All stages, the cases that wait in one, longest first, and those of which none is said."""

    stages: tuple[StageFigure, ...]
    waiting: tuple[Waiting, ...]
    unsaid: tuple[CaseStages, ...]


def median(lengths: Sequence[int]) -> int:
    """Return the middle of some lengths in any order; of an even number, half the two middle ones.

    What is left over of a half is cut off.  There has to be one length at least.
    """
    ordered = sorted(lengths)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) // 2


def figures(cases: Iterable[CaseStages], now: Instant) -> Figures:
    """Count the cases of which a desk holds the journey."""
    told = tuple(cases)
    stays = [(one.case, stay) for one in told for stay in one.way]
    waiting = [
        Waiting(one, stay, stay.length(now)) for one in told for stay in one.now if stay.runs
    ]
    waiting.sort(key=lambda one: (-one.length, one.stages.case))
    return Figures(
        tuple(_figure(stage, stays, now) for stage in STAGES),
        tuple(waiting),
        tuple(one for one in told if not one.now),
    )


def _figure(stage: str, stays: Sequence[tuple[CaseId, Stay]], now: Instant) -> StageFigure:
    here = [(case, stay) for case, stay in stays if stay.entry.stage == stage]
    over = [(case, stay) for case, stay in here if stay.ended is not None]
    lasting = [(case, stay) for case, stay in here if stay.ended is None]
    clock = () if stage in ENDS else lasting
    return StageFigure(
        stage, len({case for case, _ in lasting}), _times(over, now), _times(clock, now)
    )


def _times(stays: Sequence[tuple[CaseId, Stay]], now: Instant) -> Times | None:
    if not stays:
        return None
    lengths = [stay.length(now) for _, stay in stays]
    worst = max(lengths)
    case = min(case for (case, _), length in zip(stays, lengths, strict=True) if length == worst)
    return Times(len(lengths), median(lengths), worst, case)
