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
    CHANGED,
    STEP,
    TIMERS,
    Timer,
    TimerSeen,
    TimersKept,
    TimerTurn,
    rounded,
    turn_of,
)
from safeconduct.kernel.words import HOUR, MINUTE, Instant
from safeconduct.rooms.passage.check_in_facts import Danger

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.words import DeviceId, FactId
    from safeconduct.rooms.passage.check_ins import CheckIn

REAL_MOST: Final = TIMERS - CHANGED
"""So many are those of check-ins at most: a turn takes none of them away to bring others."""
DECOY_TOPICS: Final = 16
DUMMY_FROM: Final = 15 * MINUTE
DUMMY_TO: Final = 8 * HOUR
_ID_BYTES: Final = 16
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


def timer_id(secret: bytes, check_in: CheckIn, fact: FactId) -> bytes:
    """Return the id of the timer of a check-in by the time that a fact says."""
    return _derived(secret, b"id", check_in.id + fact)[:_ID_BYTES]


def token_of(secret: bytes, check_in: CheckIn) -> bytes:
    """Return what moves a check-in's timer once: a slip or a page may carry it."""
    return _derived(secret, b"token", check_in.id + check_in.timer)


def wanted(
    secrets: Sequence[bytes], check_ins: Iterable[CheckIn], topics: Mapping[DeviceId, str]
) -> Wanted:
    """Return the timers of check-ins that wait, the earliest; `topics` are hex, of who has one.

    Of the secrets the first is the newest; what stands under others leaves before any dummy.
    """
    found: list[Timer] = []
    ours: set[bytes] = set()
    for one in check_ins:
        ours.update(timer_id(each, one, fact) for each in secrets for fact in one.facts)
        topic = next(filter(None, (topics.get(device, "") for device in one.called)), "")
        if one.waits and topic and Danger.SILENCE not in one.seen:
            found.append(_timer(secrets[0], one, topic))
    found.sort(key=lambda timer: (timer.due, timer.id))
    return Wanted(tuple(found[:REAL_MOST]), frozenset(ours))


def turn(kept: TimersKept, want: Wanted, secret: bytes, rng: Rng) -> TimerTurn:
    """Return what a desk writes now: as many and as much with check-ins as without any."""
    now = Instant(kept.now)
    there = {one.id for one in kept.timers}
    absent = [one for one in want.timers if one.id not in there]
    places = CHANGED if kept.timers else TIMERS
    new = absent[:places]
    new += [_dummy(secret, rng, now) for _ in range(places - len(new))]
    gone = _leave(kept.timers, want, rng)[:CHANGED]
    return TimerTurn(turn_of(now), gone, _mixed(new, rng))


def missing(kept: TimersKept, want: Wanted) -> frozenset[bytes]:
    """Return ids that are wanted and not there."""
    return frozenset(one.id for one in want.timers) - {one.id for one in kept.timers}


def _timer(secret: bytes, check_in: CheckIn, topic: str) -> Timer:
    token_hash = hashlib.sha256(token_of(secret, check_in)).digest()
    name = timer_id(secret, check_in, check_in.timer)
    return Timer(name, rounded(check_in.silent_from), token_hash, bytes.fromhex(topic))


def _leave(there: Sequence[TimerSeen], want: Wanted, rng: Rng) -> list[bytes]:
    """Return what may leave: first what no check-in needs any more, then dummies by chance."""
    live = {one.id for one in want.timers}
    free = _mixed([one.id for one in there if one.id not in live], rng)
    return sorted(free, key=lambda one: one not in want.ours)


def _dummy(secret: bytes, rng: Rng, now: Instant) -> Timer:
    first, last = rounded(now + DUMMY_FROM), rounded(now + DUMMY_TO)
    due = first + STEP * _below((last - first) // STEP + 1, rng)
    which = _below(DECOY_TOPICS, rng).to_bytes(4, "big")
    topic = _derived(secret, b"topic", which)[:_ID_BYTES]
    return Timer(rng.bytes(_ID_BYTES), due, rng.bytes(_TOKEN_BYTES), topic)


def _mixed(some: Collection[_T], rng: Rng) -> list[_T]:
    """Return the same in an order by chance."""
    return [one for _, one in sorted(((rng.bytes(16), one) for one in some), key=lambda p: p[0])]


def _below(most: int, rng: Rng) -> int:
    return int.from_bytes(rng.bytes(_CHANCE_BYTES), "big") % most


def _derived(secret: bytes, kind: bytes, what: bytes) -> bytes:
    return hmac.digest(secret, _LABEL + kind + b"\0" + what, "sha256")
