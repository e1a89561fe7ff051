# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk hands over as it locks, so that phones are called without its keys (duty.md 6).

Times, topics and signs, and nothing else: not of whom, not why, not how many.  Times are rounded
up, those that fall together are one, and there are few.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Count, Record
from safeconduct.kernel.words import HOUR, MINUTE, Instant
from safeconduct.rooms.duty.pager_facts import ADDRESS, ADDRESS_MOST
from safeconduct.rooms.duty.signs import RANKS, SLOTS, Day, day_of, slot_of

SHIFT: Final = 12 * HOUR
"""Milliseconds for which a locked desk may ask and call; to the next full hour."""
ROUND: Final = 5 * MINUTE
"""Milliseconds to which times are rounded up."""
BEGINS_MOST: Final = 16
TOPICS_MOST: Final = 32
WATCHES_MOST: Final = 12
DAYS_MOST: Final = 3
Ring = Annotated[
    tuple[Annotated[int, msgspec.Meta(ge=0, lt=TOPICS_MOST)], ...],
    msgspec.Meta(max_length=TOPICS_MOST),
]


class Watch(Record, frozen=True):
    """From when on which topics are those on duty, the backup's, the stewards'."""

    begins: Count
    on: Ring
    behind: Ring
    stewards: Ring


class LockedCalls(Record, frozen=True):
    """Whom to call through which server, and the times at which somebody has to look."""

    address: Annotated[str, msgspec.Meta(max_length=ADDRESS_MOST, pattern=ADDRESS.pattern)]
    topics: Annotated[tuple[Bytes16, ...], msgspec.Meta(max_length=TOPICS_MOST)]
    watches: Annotated[tuple[Watch, ...], msgspec.Meta(min_length=1, max_length=WATCHES_MOST)]
    begins: Annotated[tuple[Count, ...], msgspec.Meta(max_length=BEGINS_MOST)]
    rank: Annotated[int, msgspec.Meta(ge=0, lt=RANKS)]
    days: Annotated[tuple[Day, ...], msgspec.Meta(max_length=DAYS_MOST)]
    locked: Count
    until: Count

    def rings(self, now: Instant) -> list[set[str]]:
        """Return the topics of those on duty, of the backup and of the stewards."""
        stand = [one for one in self.watches if one.begins <= now] or self.watches[:1]
        watch = stand[-1]
        return [
            {self.topics[at].hex() for at in ring if at < len(self.topics)}
            for ring in (watch.on, watch.behind, watch.stewards)
        ]

    def day(self, slot: int) -> Day | None:
        """Return what is known of the signs of a slot's day."""
        return next((one for one in self.days if one.day == slot // SLOTS), None)


def end_of(now: Instant) -> Instant:
    """Return until when a desk that locks now may ask and call."""
    return Instant(-(-(now + SHIFT) // HOUR) * HOUR)


def rounded(times: Iterable[int]) -> tuple[int, ...]:
    """Return times rounded up, each once, the first ones only."""
    return tuple(sorted({-(-one // ROUND) * ROUND for one in times}))[:BEGINS_MOST]


def watches_of(rings: Iterable[tuple[Instant, list[set[str]]]]) -> tuple[list[str], list[Watch]]:
    """Return topics, and who is called under which of them from when on; changes alone."""
    topics: list[str] = []
    watches: list[Watch] = []
    for begins, (on, behind, stewards) in rings:
        if len(watches) == WATCHES_MOST:
            break
        at = [_places(ring, topics) for ring in (on, behind, stewards)]
        if not watches or [watches[-1].on, watches[-1].behind, watches[-1].stewards] != at:
            watches.append(Watch(begins, *at))
    return topics, watches


def days_of(secret: bytes, rank: int, now: Instant, until: Instant) -> tuple[Day, ...]:
    """Return what is handed over of signs, for the days between two moments."""
    first, last = slot_of(now), slot_of(until)
    days = range(first // SLOTS, last // SLOTS + 1)
    return tuple(day_of(secret, rank, day, last) for day in days[:DAYS_MOST])


def _places(ring: set[str], topics: list[str]) -> tuple[int, ...]:
    """Return where topics stand in the table; new ones are put there while there is room."""
    for topic in sorted(ring - set(topics)):
        if len(topics) < TOPICS_MOST:
            topics.append(topic)
    return tuple(sorted(topics.index(one) for one in ring if one in topics))
