# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choices between parties as they are told: who was put before whom, why, and who stands for it.

The same facts give the same choices in any order.  Whether one counts the roster says, and whether
it still holds the sheets of its parties (between.py; spec/planning.md 7).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from safeconduct.kernel.words import DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.passage.events import ChoiceSaid, ChoiceSeconded
from safeconduct.rooms.passage.kinds import PARTY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Apart = Callable[[DeviceId, DeviceId], bool]
    """Whether two devices are of two people who both stand on the roster now."""


class Why(IntEnum):
    """Why one party is put before another."""

    OTHER = 0
    """What a newer program may say."""
    WORSE = 1
    """Their danger is greater than their sheet says."""
    WEAKER = 2
    """A child, or somebody ill or hurt, is among them."""
    LAST_WAY = 3
    """It is the last way for them; the others have one later."""
    MORE = 4
    """More people are saved so."""
    WAITED = 5
    """They were put back before."""
    WISH = 6
    """The others said that they would rather wait."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A party is put before others."""

    fact: FactId
    at: Instant
    by: DeviceId
    first: bytes
    behind: tuple[bytes, ...]
    why: Why
    saw: frozenset[FactId]
    seconds: tuple[DeviceId, ...]
    """Whoever seconded it, oldest first; whether they are another person the roster says."""

    def second(self, apart: Apart) -> DeviceId | None:
        """Return the first who seconded it and is another person; None while it does not count."""
        return next((one for one in self.seconds if apart(one, self.by)), None)


def fold_choices(
    told: Iterable[tuple[FactId, DeviceId, int, ChoiceSaid | ChoiceSeconded]],
) -> tuple[Choice, ...]:
    """Return all choices that were said, oldest first, each with those who seconded it."""
    said: list[tuple[FactId, DeviceId, int, ChoiceSaid]] = []
    seconds: defaultdict[bytes, list[DeviceId]] = defaultdict(list)
    for fact, by, hlc, event in sorted(told, key=lambda one: (one[2], one[0])):
        if isinstance(event, ChoiceSaid):
            said.append((fact, by, hlc, event))
        else:
            seconds[event.choice].append(by)
    return tuple(
        Choice(
            *(fact, instant_of(hlc), by, event.sheet, event.behind, _why(event.why)),
            frozenset(FactId(one) for one in event.saw),
            tuple(seconds[fact]),
        )
        for fact, by, hlc, event in said
        if event.kind == PARTY
    )


def _why(value: int) -> Why:
    return Why(value) if value in Why.__members__.values() else Why.OTHER


__all__ = ["Choice", "Why", "fold_choices"]
