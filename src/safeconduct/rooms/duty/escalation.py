# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom an alarm calls, when, and which desk makes the call (spec/duty.md 5).

Each desk computes alarms by itself and comes to the same ids.  What was begun, made and
acknowledged are facts; so several desks make one call, and one takes over what another did not end.
Pure: time, facts and who is there are handed in.
"""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import HOUR, MINUTE, DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.duty.pager_facts import (
    ALARMS_MOST,
    AlarmsAcknowledged,
    PageBegun,
    PagerPlaceSet,
    PagerSet,
    PageSent,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from safeconduct.rooms.duty.fold import Told

AFTER: Final = (0, 10 * MINUTE, 20 * MINUTE)
"""Milliseconds from the first call until those on duty, the backup too, the stewards too."""
AGAIN: Final = 30 * MINUTE
"""So often all of them are called once the last step is reached, until somebody acknowledges."""
TURN: Final = MINUTE
"""So long each desk waits for the one before it to begin."""
LEASE: Final = 2 * MINUTE
"""So long a call that was begun is left to its desk; twice as long after each that reached nobody.
"""
LEASE_DOUBLES_MOST: Final = 4
QUIET: Final = 5 * MINUTE
"""However many alarms there are, two calls lie this far apart."""
ACKNOWLEDGED_FOR: Final = HOUR
"""Who sees to an alarm that still stands after that is asked again, with everybody."""
CLOCKS_APART: Final = 10 * MINUTE
STEPS: Final = len(AFTER)
_ID_BYTES: Final = 16


class Alarm(NamedTuple):
    """Something that calls, alike on each desk, and since when."""

    id: bytes
    since: Instant


class Acknowledged(NamedTuple):
    """Who sees to an alarm, and since when."""

    by: DeviceId
    at: Instant


class Call(NamedTuple):
    """A call that was begun; `taken` is None until its desk says that it was made."""

    fact: FactId
    by: DeviceId
    at: Instant
    step: int
    alarms: frozenset[bytes]
    taken: int | None


class Pages(NamedTuple):
    """Where this office calls, whom, and what was called so far."""

    address: str = ""
    stood: tuple[FactId, ...] = ()
    topics: Mapping[DeviceId, str] = MappingProxyType({})
    calls: tuple[Call, ...] = ()
    acknowledged: Mapping[bytes, Acknowledged] = MappingProxyType({})


class Due(NamedTuple):
    """A call that somebody's desk is to make: the first alarm of that step, and all others."""

    step: int
    first: Alarm
    alarms: tuple[bytes, ...]


def alarm_id(kind: str, conversation: bytes, at: Instant) -> bytes:
    """Return the id of an alarm: of what kind, about whom, by which time."""
    said = kind.encode() + b"\0" + conversation + at.to_bytes(8, "big")
    return hashlib.sha256(b"duty-alarm\0" + said).digest()[:_ID_BYTES]


def fold_pages(told: Iterable[Told], now: Instant) -> Pages:
    """Return what stands, the same whatever the order of the facts.

    A call or an acknowledgement by a clock that is ahead counts for nothing until then: it would
    keep everybody from being called.
    """
    said = sorted(told, key=lambda one: (one.hlc, one.fact))
    places = [(one.fact, one.event) for one in said if isinstance(one.event, PagerPlaceSet)]
    replaced = {old for fact, event in places for old in event.replaces if old != fact}
    standing = sorted((fact, event.address) for fact, event in places if fact not in replaced)
    addresses = {address for _, address in standing}
    passed = [one for one in said if instant_of(one.hlc) <= now + CLOCKS_APART]
    return Pages(
        # Two that were set at once and differ: nobody is called by either until one is set again.
        address=addresses.pop() if len(addresses) == 1 else "",
        stood=tuple(fact for fact, _ in standing),
        topics={one.device: one.event.topic for one in said if isinstance(one.event, PagerSet)},
        calls=_calls_of(passed),
        acknowledged={
            alarm: Acknowledged(one.device, instant_of(one.hlc))
            for one in passed
            if isinstance(one.event, AlarmsAcknowledged)
            for alarm in one.event.alarms
        },
    )


def _calls_of(said: Sequence[Told]) -> tuple[Call, ...]:
    """Return the calls; that one was made its own device alone can say."""
    taken: dict[tuple[FactId, DeviceId], int] = {}
    for one in said:
        if isinstance(one.event, PageSent):
            made = FactId(one.event.begun), one.device
            taken[made] = max(one.event.taken, taken.get(made, 0))
    return tuple(
        Call(
            *(one.fact, one.device, instant_of(one.hlc), one.event.step),
            *(frozenset(one.event.alarms), taken.get((one.fact, one.device))),
        )
        for one in said
        if isinstance(one.event, PageBegun)
    )


def open_alarms(alarms: Iterable[Alarm], pages: Pages, now: Instant) -> list[Alarm]:
    """Return the alarms that nobody sees to, the oldest first."""
    found = (one for one in alarms if not sees_to(one.id, pages, now))
    return sorted(found, key=lambda one: (one.since, one.id))[:ALARMS_MOST]


def sees_to(alarm: bytes, pages: Pages, now: Instant) -> Acknowledged | None:
    """Return who sees to an alarm; who said so an hour ago is not waited for any more.

    What a clock that is ahead says counts for nothing, lest it ended an alarm for good.
    """
    said = pages.acknowledged.get(alarm)
    if said is None or not said.at - CLOCKS_APART <= now < said.at + ACKNOWLEDGED_FOR:
        return None
    return said


def due(alarms: Iterable[Alarm], pages: Pages, now: Instant) -> Due | None:
    """Return the call that is to be made, by whichever desk; None where there is none."""
    steps = [(one, _step(one.id, pages, now)) for one in open_alarms(alarms, pages, now)]
    waiting = [(one, step) for one, step in steps if not _called(one.id, step, pages)]
    if not waiting:
        return None
    step = max(step for _, step in waiting)
    first = next(one for one, at in waiting if at == step)
    return Due(step, first, tuple(sorted(one.id for one, _ in waiting)))


def begins(call: Due, pages: Pages, desks: tuple[DeviceId, Collection[DeviceId]]) -> Instant:
    """Return from when on a desk makes a call: its own turn, among those that are on duty."""
    own, there = desks
    made = [one.at + QUIET for one in pages.calls if one.taken]
    first = _made(call.first.id, pages)
    made += [min(first) + _offset(call.step)] if first else []
    tried = [one.at for one in _calls(call.first.id, pages) if not one.taken]
    lease = LEASE << min(max(0, len(tried) - 1), LEASE_DOUBLES_MOST)
    return Instant(
        max([call.first.since, *made, *(at + lease for at in tried[-1:])])
        + order(call, {*there, own}).index(own) * TURN
    )


def order(call: Due, desks: Iterable[DeviceId]) -> Sequence[DeviceId]:
    """Return in which order desks make a call: by chance, and the same on each."""
    seed = call.first.id + call.step.to_bytes(4, "big")
    return sorted(desks, key=lambda one: hashlib.sha256(seed + one).digest())


def called(step: int, rings: Sequence[Collection[str]]) -> set[str]:
    """Return the topics that a step calls: of its ring and those before; where none has any, on.

    `rings` are the topics of those on duty, of the backup and of the stewards.
    """
    found: set[str] = set()
    for at, ring in enumerate(rings):
        found |= set(ring)
        if at >= step and found:
            break
    return found


def _step(alarm: bytes, pages: Pages, now: Instant) -> int:
    """Return how far an alarm has gone by now, counted from the first call that was made for it."""
    made = _made(alarm, pages)
    gone, last = (now - min(made) if made else 0), STEPS - 1
    if gone >= AFTER[last]:
        return last + (gone - AFTER[last]) // AGAIN
    return max((step for step in range(STEPS) if gone >= AFTER[step]), default=0)


def _offset(step: int) -> int:
    """Return how long after the first call a step begins."""
    last = STEPS - 1
    return AFTER[min(step, last)] + AGAIN * max(0, step - last)


def _calls(alarm: bytes, pages: Pages) -> list[Call]:
    """Return the calls for an alarm since somebody last said that they see to it."""
    said = pages.acknowledged.get(alarm)
    return [
        one for one in pages.calls if alarm in one.alarms and (said is None or one.at > said.at)
    ]


def _made(alarm: bytes, pages: Pages) -> list[Instant]:
    return [one.at for one in _calls(alarm, pages) if one.taken]


def _called(alarm: bytes, step: int, pages: Pages) -> bool:
    """Tell whether a step was called; no call is one of a step that only began later."""
    made = _made(alarm, pages)
    begun = min(made) + _offset(step) if made else 0
    return any(one.step >= step and one.taken and one.at >= begun for one in _calls(alarm, pages))
