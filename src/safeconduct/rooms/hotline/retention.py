# SPDX-License-Identifier: AGPL-3.0-or-later
"""For how long what is over is kept: the office's times, extensions, holds, and destructions.

What it is: facts and what stands of them.  What it is not: the act itself, which each desk does
for itself once it finds by facts alone that the time has come (spec/retention.md).
Invariant: what is destroyed never comes back, and what is kept can be destroyed tomorrow; so in
doubt the longer time holds, and nothing shortens one at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count, Record
from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant
from safeconduct.rooms.hotline.heard import Heard

NEVER: Final = Instant(0)
KEPT_LEAST: Final = 31
"""Days.  An answer ends within 31 days of when it was put into a person's box, and the clock starts
no sooner; so nothing of ours waits for her any more when its conversation goes."""
KEPT_MOST: Final = 3_650
REPLIES_LEAST: Final = 7
REPLIES_MOST: Final = 30
WAIT: Final = 7 * DAY
"""So long a shorter time, or the end of a hold, is shown before it counts."""
REMIND: Final = 14 * DAY
"""So long before it goes, Today names what goes."""
EXTENDED_MOST: Final = 366 * DAY
"""No extension reaches further from when it was written, whatever its fact says."""
ALSO_MOST: Final = 100
"""So many joined conversations go in one act."""

KeptDays = Annotated[int, msgspec.Meta(ge=KEPT_LEAST, le=KEPT_MOST)]
RepliesDays = Annotated[int, msgspec.Meta(ge=REPLIES_LEAST, le=REPLIES_MOST)]
ALL: Final = "all"
FILES: Final = "files"
What = Literal["all", "files"]


class RetentionSet(Record, frozen=True):
    """A steward set the office's times, in days; `replaces` are those that they saw stand."""

    conversation_days: KeptDays
    file_days: KeptDays
    reply_days: RepliesDays
    replaces: tuple[Bytes36, ...]


class RetentionExtended(Record, frozen=True):
    """A helper has a conversation kept until a time, at least, and says why."""

    conversation: Bytes16
    until: Count
    reason: str


class RetentionHeld(Record, frozen=True):
    """A steward has a conversation kept until a steward ends that, and says why."""

    conversation: Bytes16
    reason: str


class RetentionHoldEnded(Record, frozen=True):
    """A steward ends the holds that they saw stand, and says why."""

    conversation: Bytes16
    holds: tuple[Bytes36, ...]
    reason: str


class RetentionDue(Record, frozen=True):
    """A desk found that the time has come: every desk judges that by what stands before this.

    With the conversation go those in `also`, which are joined with it.  `what` is `all`, or the
    files alone.
    """

    conversation: Bytes16
    also: Annotated[tuple[Bytes16, ...], msgspec.Meta(max_length=ALSO_MOST)]
    what: What


RetentionFact = RetentionExtended | RetentionHeld | RetentionHoldEnded | RetentionDue
RETENTION_FACTS: Final[tuple[type[RetentionFact], ...]] = (
    *(RetentionExtended, RetentionHeld, RetentionHoldEnded, RetentionDue),
)


class Times(NamedTuple):
    """For how many days what is kept: a conversation, its files, and an answer in her box."""

    conversation: int
    files: int
    replies: int


USUAL: Final = Times(365, 180, REPLIES_MOST)
"""What stewards are offered first.  Nothing goes while they have set nothing."""


class TimesTold(NamedTuple):
    """A setting as read: its id, the writer, a time before which it was not made, its content."""

    fact: FactId
    device: DeviceId
    at: Instant
    event: RetentionSet

    @property
    def times(self) -> Times:
        """What it sets."""
        event = self.event
        return Times(event.conversation_days, event.file_days, event.reply_days)


@dataclass(frozen=True, slots=True)
class Policy:
    """Every setting that counts, in any order; which times hold depends on when one asks."""

    said: tuple[TimesTold, ...] = ()

    @property
    def standing(self) -> tuple[TimesTold, ...]:
        """The settings that no other replaced, the last first."""
        replaced = {fact for one in self.said for fact in one.event.replaces}
        left = [one for one in self.said if one.fact not in replaced]
        return tuple(sorted(left, key=lambda one: (one.at, one.fact), reverse=True))

    @property
    def begins(self) -> Instant | None:
        """When the first setting counts: nothing goes before; None while nobody set any."""
        first = min((one.at for one in self.said), default=None)
        return None if first is None else Instant(first + REMIND)

    def at(self, when: Instant) -> Times | None:
        """Return the times that hold: of each the longest that stands or was replaced lately.

        None before the first setting counts: what cannot be undone, people decide.
        """
        standing = [one.times for one in self.said if self._holds(one, when)]
        if not standing or self.begins is None or self.begins > when:
            return None
        return _longest(standing)

    def replies(self, when: Instant) -> int:
        """Return for how many days an answer is kept in a person's box; as usual without times."""
        times = self.at(when)
        return USUAL.replies if times is None else times.replies

    def coming(self, now: Instant) -> tuple[Times, Instant] | None:
        """Return what holds when the last change counts, and when that is; None when it does."""
        counts = [one.at + (WAIT if one.event.replaces else REMIND) for one in self.said]
        when = Instant(max(counts, default=0))
        after = self.at(when) if when > now else None
        return None if after is None or after == self.at(now) else (after, when)

    def _holds(self, one: TimesTold, when: Instant) -> bool:
        ended = [next_.at for next_ in self.said if one.fact in next_.event.replaces]
        return one.at <= when and (not ended or min(ended) + WAIT > when)


def _longest(times: Iterable[Times]) -> Times:
    return Times(*map(max, zip(*times, strict=True)))


Said = Heard[RetentionFact]


@dataclass(frozen=True, slots=True)
class Extension:
    """Until when somebody has it kept, why, who, and when they said so."""

    until: Instant
    reason: str
    by: DeviceId
    at: Instant


@dataclass(frozen=True, slots=True)
class Hold:
    """Who has it kept without an end, why, and who ended that when."""

    fact: FactId
    reason: str
    by: DeviceId
    at: Instant
    ended_by: DeviceId | None = None
    ended_at: Instant | None = None
    end_reason: str = ""

    def stands(self, when: Instant) -> bool:
        """Tell whether it holds; its end counts a week after it was written."""
        return self.ended_at is None or self.ended_at + WAIT > when


@dataclass(frozen=True, slots=True)
class Keeping:
    """What has a conversation kept beyond the office's times; and when somebody last did a thing.

    Of several extensions the one that reaches furthest comes first and holds.
    """

    last: Instant = NEVER
    extensions: tuple[Extension, ...] = ()
    holds: tuple[Hold, ...] = ()

    @property
    def open_holds(self) -> tuple[FactId, ...]:
        """The holds that nobody ended."""
        return tuple(one.fact for one in self.holds if one.ended_at is None)

    @property
    def until(self) -> Instant:
        """Until when it is kept at least, but for holds that nobody ended."""
        ended = [Instant(one.ended_at + WAIT) for one in self.holds if one.ended_at is not None]
        return max([one.until for one in self.extensions] + ended, default=Instant(0))


def fold_keeping(said: Iterable[Said], last: Instant) -> Keeping:
    """Return what stands of the facts of one conversation, in any order."""
    told = sorted(said, key=lambda one: (one.at, one.fact))
    return Keeping(last, _extensions(told), _holds(told))


def _extensions(told: Sequence[Said]) -> tuple[Extension, ...]:
    found = [
        Extension(
            Instant(min(one.event.until, one.at + EXTENDED_MOST)),
            one.event.reason,
            one.device,
            one.at,
        )
        for one in told
        if isinstance(one.event, RetentionExtended)
    ]
    return tuple(sorted(found, key=lambda one: (-one.until, one.at, one.by, one.reason)))


def _holds(told: Sequence[Said]) -> tuple[Hold, ...]:
    ends: dict[bytes, Said] = {}
    for one in told:
        if isinstance(one.event, RetentionHoldEnded):
            for fact in one.event.holds:
                ends.setdefault(fact, one)
    return tuple(
        _hold(one, one.event.reason, ends.get(one.fact))
        for one in told
        if isinstance(one.event, RetentionHeld)
    )


def _hold(one: Said, reason: str, end: Said | None) -> Hold:
    if end is None or not isinstance(end.event, RetentionHoldEnded):
        return Hold(one.fact, reason, one.device, one.at)
    at = max(one.at, end.at)  # No end counts before what it ends.
    return Hold(one.fact, reason, one.device, one.at, end.device, at, end.event.reason)
