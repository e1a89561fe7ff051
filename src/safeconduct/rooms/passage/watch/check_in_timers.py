# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which timers stand at the relay: those of check-ins, and dummies (spec/check-ins.md 2).

Every turn takes as many away as it brings, whatever happened, and the number never changes.  Ids
and tokens come from the hotline's key and the facts, so that all desks want the same timers.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from safeconduct.kernel.wire.timers import (
    CALLS_MOST,
    CHANGED,
    FURTHEST,
    STEP,
    TIMERS,
    Timer,
    TimersKept,
    TimerTurn,
    new_timer,
    rounded,
    turn_of,
)
from safeconduct.kernel.words import DAY, HOUR, MINUTE, Instant
from safeconduct.rooms.passage.watch.check_in_facts import Danger
from safeconduct.rooms.passage.watch.check_ins import sees_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.passage.watch.check_ins import CheckIn, Time

REAL_MOST: Final = TIMERS - CHANGED
"""So many are those of check-ins at most: a turn takes none of them away to bring others."""
DECOY_TOPICS: Final = 16
DUMMY_FROM: Final = 5 * MINUTE
DUMMY_NEAR: Final = 8 * HOUR
"""One in four dummies is due by then: the others seldom call before they leave."""
DUMMY_TO: Final = 6 * DAY + 3 * HOUR
"""As far as any check-in's."""
PAST: Final = 2 * HOUR
"""Then all its calls were made."""
UNCALLED: Final = 5 * MINUTE
_TOPIC_BYTES: Final = 16
_TOKEN_BYTES: Final = 32
_CHANCE_BYTES: Final = 8
_T = TypeVar("_T")
_LABEL: Final = b"safeconduct/check-ins/1\0"


class Wanted(NamedTuple):
    """Timers that are to stand, and ids of all that ever were wanted of these check-ins."""

    timers: tuple[Timer, ...]
    ours: frozenset[bytes]


def secret_of(vault_key: bytes, office: bytes) -> bytes:
    """Return what ids, tokens and topics of an office come from."""
    return hmac.digest(vault_key, _LABEL + office, "sha256")


def token_of(secret: bytes, check_in: CheckIn, time: Time) -> bytes:
    """Return what moves a check-in's timer by that time once: a slip or a page may carry it."""
    return _derived(secret, b"token", check_in.id + time.fact)


def timer_of(secret: bytes, check_in: CheckIn, time: Time, topic: str) -> Timer:
    """Return the timer of a check-in by a time that was said for it; `topic` is hex."""
    token_hash = hashlib.sha256(token_of(secret, check_in, time)).digest()
    return new_timer(rounded(time.due + check_in.grace), token_hash, bytes.fromhex(topic))


def wanted(
    secrets: Sequence[bytes],
    check_ins: Iterable[CheckIn],
    topics: Mapping[DeviceId, str],
    now: Instant,
) -> Wanted:
    """Return the timers of check-ins that wait, the earliest; `topics` are hex, of who has one.

    Those whose calls were all made come last.  Of the secrets the first is the newest; what
    stands under others leaves before any dummy.
    """
    found: list[Timer] = []
    ours: set[bytes] = set()
    for one in check_ins:
        reached = [topics[device] for device in one.called if topics.get(device)]
        ours.update(
            timer_of(secret, one, time, topic).id
            for secret in secrets
            for time in one.times
            for topic in reached
        )
        if reached and one.waits and sees_to(one, Danger.SILENCE, now) is None:
            found.append(timer_of(secrets[0], one, one.timer, reached[0]))
    found.sort(key=lambda timer: (timer.due < now - PAST, timer.due, timer.id))
    return Wanted(tuple(found[:REAL_MOST]), frozenset(ours))


def turn(kept: TimersKept, want: Wanted, secret: bytes, rng: Rng) -> TimerTurn:
    """Return what a desk writes now: as many and as much with check-ins as without any."""
    now = Instant(kept.now)
    lacks, there = missing(kept, want), {one.id for one in kept.timers}
    absent = [one for one in want.timers if one.id in lacks - there]
    places = CHANGED if kept.timers else TIMERS
    new = absent[:places]
    new += [_dummy(secret, rng, now) for _ in range(places - len(new))]
    gone = _leave(kept, want, rng)[:CHANGED]
    return TimerTurn(turn_of(now), gone, _mixed(new, rng))


def missing(kept: TimersKept, want: Wanted) -> frozenset[bytes]:
    """Return ids that are wanted, could be there, and are not as they should be.

    One that called before its time, by a clock that was ahead, would call no more in time.
    """
    last, calls = kept.now + FURTHEST, {one.id: one.calls for one in kept.timers}
    near = [one for one in want.timers if one.due <= last]
    return frozenset(
        one.id for one in near if one.id not in calls or (calls[one.id] and one.due > kept.now)
    )


def uncalled(kept: TimersKept) -> frozenset[bytes]:
    """Return ids for which a relay that can call would have called by now."""
    late = kept.now - UNCALLED
    return frozenset(one.id for one in kept.timers if one.due < late and one.calls < CALLS_MOST)


def _leave(kept: TimersKept, want: Wanted, rng: Rng) -> list[bytes]:
    """Return what may leave: first what no check-in needs any more, then dummies by chance."""
    live = {one.id for one in want.timers} - missing(kept, want)
    free = _mixed([one.id for one in kept.timers if one.id not in live], rng)
    return sorted(free, key=lambda one: one not in want.ours)


def _dummy(secret: bytes, rng: Rng, now: Instant) -> Timer:
    most = DUMMY_TO if _below(4, rng) else DUMMY_NEAR
    first, last = rounded(now + DUMMY_FROM), rounded(now + most)
    due = first + STEP * _below((last - first) // STEP + 1, rng)
    which = _below(DECOY_TOPICS, rng).to_bytes(4, "big")
    topic = _derived(secret, b"topic", which)[:_TOPIC_BYTES]
    return new_timer(due, rng.bytes(_TOKEN_BYTES), topic)


def _mixed(some: Collection[_T], rng: Rng) -> list[_T]:
    """Return the same in an order by chance."""
    return [one for _, one in sorted(((rng.bytes(16), one) for one in some), key=lambda p: p[0])]


def _below(most: int, rng: Rng) -> int:
    return int.from_bytes(rng.bytes(_CHANCE_BYTES), "big") % most


def _derived(secret: bytes, kind: bytes, what: bytes) -> bytes:
    return hmac.digest(secret, _LABEL + kind + b"\0" + what, "sha256")
