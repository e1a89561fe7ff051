# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long people waited for an answer, counted by hour, and the share within the target.

What stands for "a person": an answer that a helper wrote.  What stands for "at once": the sealed
word of a desk that it has a letter.  What pages say by themselves is not counted: nobody sees it
but who reads it (spec/duty.md 4).  Of fewer than `FEWEST` waits neither a median nor a share is
given: it would speak of one person, or of the one colleague who was on duty.
"""

from __future__ import annotations

from statistics import median_low
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import HOUR, MINUTE, Instant
from safeconduct.rooms.duty.calendar import hour_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo

FLAGGED_WITHIN: Final = 10 * MINUTE
OTHERS_WITHIN: Final = 2 * HOUR
"""Targets of issue 4, item 8; reference: channels.md 6."""
AT_ONCE_WITHIN: Final = MINUTE
"""Ours: a page that is open looks each half minute, so that she sees it while she reads her words.
"""
FEWEST: Final = 5
HOURS: Final = 24


class Wait(NamedTuple):
    """Somebody wrote, and nobody had yet answered what she wrote before.

    `flagged` says that she was in danger, by her own word or a helper's, before the answer came.
    """

    since: Instant
    answered: Instant | None
    flagged: bool


class Count(NamedTuple):
    """How many waits, and of those: the middle one in milliseconds, and how many within the target.

    `waits` counts those that were answered and those that are late; who wrote just now and is
    within the target is counted nowhere yet.  `middle` and `met` are None where they are too few,
    and `middle` also where the middle one is not answered yet.
    """

    waits: int
    middle: int | None
    met: int | None

    @property
    def share(self) -> int | None:
        """How many of a hundred were within the target, rounded down: 99.9 are not 100."""
        return None if self.met is None else self.met * 100 // self.waits


class Hour(NamedTuple):
    """Waits that began in an hour of the day; None for all hours together."""

    hour: int | None
    at_once: Count
    flagged: Count
    others: Count


def by_hour(
    waits: Iterable[Wait], letters: Iterable[Wait], now: Instant, zone: tzinfo
) -> list[Hour]:
    """Return the counts of all hours together, then of each hour of the day in a zone.

    `letters` are the waits of single letters for the word that they were received.
    """
    whole, single = _hours(waits, now, zone), _hours(letters, now, zone)
    return [_hour(hour, whole[hour], single[hour], now) for hour in whole]


def _hours(waits: Iterable[Wait], now: Instant, zone: tzinfo) -> dict[int | None, list[Wait]]:
    """Return all waits under None, and those of each hour of the day."""
    known = [one for one in waits if one.since <= now]
    at: dict[int | None, list[Wait]] = {None: known} | {hour: [] for hour in range(HOURS)}
    for one in known:
        at[hour_of(one.since, zone)].append(one)
    return at


def _hour(hour: int | None, waits: Sequence[Wait], letters: Sequence[Wait], now: Instant) -> Hour:
    return Hour(
        hour,
        _count(letters, lambda _: True, AT_ONCE_WITHIN, now),
        _count(waits, lambda one: one.flagged, FLAGGED_WITHIN, now),
        _count(waits, lambda one: not one.flagged, OTHERS_WITHIN, now),
    )


def _count(waits: Sequence[Wait], of: Callable[[Wait], bool], within: int, now: Instant) -> Count:
    ours = [one for one in waits if of(one)]
    took = sorted(max(0, one.answered - one.since) for one in ours if one.answered is not None)
    late = sum(one.answered is None and now - one.since > within for one in ours)
    total = len(took) + late
    if total < FEWEST:
        return Count(total, None, None)
    # One that still waits took longer than all that were answered: it stands at the end.
    middle = median_low(range(total))
    return Count(
        total,
        took[middle] if middle < len(took) else None,
        sum(one <= within for one in took),
    )
