# SPDX-License-Identifier: AGPL-3.0-or-later
"""Timers that a relay keeps, so that somebody is called with no desk open (spec/check-ins.md 1).

Their number never changes, nor does how many leave and come in a turn: with more or fewer a relay
could count what they stand for.  What a due means, and whether it means anything, desks know.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.wire.bodies import U32, U64, Hash
from safeconduct.kernel.words import DAY, MINUTE, Instant

TIMERS: Final = 32
"""So many an office has, from its first turn on."""
CHANGED: Final = 4
"""So many leave and come in one turn."""
STEP: Final = 5 * MINUTE
"""Turns and dues are whole ones."""
FURTHEST: Final = 7 * DAY
CALLS_MOST: Final = 6
"""So often a timer calls, if nobody takes it away."""
ID_BYTES: Final = 16
_LABEL: Final = b"safeconduct/timer/1\0"

TimerId = Annotated[bytes, Meta(min_length=16, max_length=16)]
Topic = Annotated[bytes, Meta(min_length=16, max_length=16)]


class Timer(Record, frozen=True):
    """One timer: when to call under which topic; whoever knows the token may move it once."""

    id: TimerId
    due: Annotated[int, Meta(ge=0, le=2**63 - 1, multiple_of=STEP)]
    cancel_hash: Hash
    topic: Topic


def timer_id(due: int, cancel_hash: bytes, topic: bytes) -> bytes:
    """Return the id of a timer: it commits to all that the timer does (spec/check-ins.md 1)."""
    said = _LABEL + due.to_bytes(8, "big") + cancel_hash + topic
    return hashlib.sha256(said).digest()[:ID_BYTES]


def new_timer(due: int, cancel_hash: bytes, topic: bytes) -> Timer:
    """Return a timer under its id."""
    return Timer(timer_id(due, cancel_hash, topic), due, cancel_hash, topic)


class TimerTurn(Record, frozen=True):
    """Body of `POST timers`: what leaves and what comes."""

    turn: U64
    gone: list[TimerId]
    new: list[Timer]


class TimerSeen(Record, frozen=True):
    """What a desk is told of a timer that stands."""

    id: TimerId
    due: U64
    calls: U32


class TimersKept(Record, frozen=True):
    """Answer to `GET timers`: the last turn that was written, the relay's time, and all timers."""

    turn: U64
    now: U64
    timers: list[TimerSeen]


class TimerMove(Record, frozen=True):
    """Body of `POST moved`: the token that moves this timer once."""

    id: TimerId
    token: Hash


parse_timer_turn: Final = Codec[TimerTurn](TimerTurn, "timer_turn").decode
parse_timers_kept: Final = Codec[TimersKept](TimersKept, "timers_kept").decode
parse_timer_move: Final = Codec[TimerMove](TimerMove, "timer_move").decode


def rounded(instant: int) -> Instant:
    """Return the first whole five minutes at or after an instant."""
    return Instant(-(-instant // STEP) * STEP)


def turn_of(instant: int) -> int:
    """Return the number of the turn in which an instant lies."""
    return instant // STEP
