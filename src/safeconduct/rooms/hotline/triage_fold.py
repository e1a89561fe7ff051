# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts of triage to what stands: the same set gives the same state in any order.

Where helpers wrote at once the safer value is shown: the higher danger, the earlier deadline, the
sooner waking, the earlier next contact, all tags of both (spec/triage.md 2).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from safeconduct.kernel.words import DeviceId, FactId, Instant, MessageId
from safeconduct.rooms.hotline.heard import Heard
from safeconduct.rooms.hotline.triage import (
    AHEAD_MOST,
    REASON_MOST,
    SNOOZE_MOST,
    TAG_MOST,
    Danger,
    Lost,
    Set,
    Stood,
    Triage,
)
from safeconduct.rooms.hotline.triage_facts import (
    ContactLost,
    ContactLostSeconded,
    ConversationClosed,
    ConversationSnoozed,
    DangerSet,
    DeadlineSet,
    HostileMarked,
    NextContactSet,
    TagsSet,
    TriageFact,
)

_F = TypeVar(
    "_F", DangerSet, DeadlineSet, TagsSet, ConversationSnoozed, NextContactSet, HostileMarked
)
_Ending = TypeVar("_Ending", ContactLost, ConversationClosed)


Said = Heard[TriageFact]


class Known(NamedTuple):
    """What the rest says: how many messages, which wait, and which say that she is in danger."""

    messages: int
    waiting: frozenset[bytes]
    in_danger: tuple[MessageId, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stands(Generic[_F]):
    """A fact that nobody replaced."""

    fact: FactId
    device: DeviceId
    at: Instant
    event: _F


def fold_triage(said: Sequence[Said], known: Known) -> Triage:
    """Return what stands of the facts of one conversation."""
    danger = _standing(said, DangerSet)
    deadlines = _standing(said, DeadlineSet)
    tags = _standing(said, TagsSet)
    snoozes = _standing(said, ConversationSnoozed)
    contacts = _standing(said, NextContactSet)
    hostile = _standing(said, HostileMarked)
    level = max((one.event.level for one in danger), default=Danger.UNJUDGED)
    standing = Stood(
        *(_facts(danger), _facts(deadlines), _facts(tags), _facts(snoozes), _facts(contacts)),
        _facts(hostile),
    )
    return Triage(
        danger=Danger(level),
        danger_by=tuple(sorted({one.device for one in danger if one.event.level == level})),
        deadline=_deadline(deadlines),
        in_danger=known.in_danger,
        tags=tuple(sorted({tag[:TAG_MOST] for one in tags for tag in one.event.tags if tag})),
        snooze=_snooze(snoozes, known),
        contact=_contact(contacts),
        lost=_lost(said, standing.contact, known),
        closed=_closed(said, standing.contact, known),
        disputed=frozenset(
            name
            for name, values in (
                ("danger", {one.event.level for one in danger}),
                ("deadline", {one.event.by for one in deadlines}),
                ("contact", {one.event.at for one in contacts}),
                ("snooze", {one.event.until for one in snoozes}),
                ("hostile", {one.event.hostile for one in hostile}),
            )
            if len(values) > 1
        ),
        standing=standing,
    )


def _standing(said: Sequence[Said], kind: type[_F]) -> list[_Stands[_F]]:
    found = [
        _Stands(item.fact, item.device, item.at, item.event)
        for item in said
        if isinstance(item.event, kind)
    ]
    replaced = {fact for one in found for fact in one.event.replaces if fact != one.fact}
    return sorted((one for one in found if one.fact not in replaced), key=lambda one: one.fact)


def _facts(found: Sequence[_Stands[_F]]) -> tuple[FactId, ...]:
    return tuple(one.fact for one in found)


def _deadline(found: Sequence[_Stands[DeadlineSet]]) -> Set | None:
    """Return the earliest of those that stand; one colleague's taking away ends no other's."""
    times = [
        Set(Instant(one.event.by), _cut(one.event.reason), one.device, one.at)
        for one in found
        if one.event.by
    ]
    return _earliest(times)


def _contact(found: Sequence[_Stands[NextContactSet]]) -> Set | None:
    def put(one: _Stands[NextContactSet]) -> Set:
        to = Instant(min(one.event.at, one.at + AHEAD_MOST))
        return Set(to, _cut(one.event.reason), one.device, one.at, bool(one.event.heard))

    return _earliest([put(one) for one in found])


def _snooze(found: Sequence[_Stands[ConversationSnoozed]], known: Known) -> Set | None:
    """Return until when it sleeps; None when somebody woke it or the person wrote."""
    asleep = [one for one in found if known.waiting <= set(one.event.messages)]
    if not found or len(asleep) < len(found) or not all(one.event.until for one in asleep):
        return None
    times = [
        Set(Instant(min(one.event.until, one.at + SNOOZE_MOST)), "", one.device, one.at)
        for one in asleep
    ]
    return _earliest(times)


def _cut(reason: str) -> str:
    """Return what lists have room for; a changed desk may write more."""
    return reason[:REASON_MOST]


def _earliest(times: Sequence[Set]) -> Set | None:
    return min(times, key=lambda one: (one.to, one.at, one.by, one.reason), default=None)


def _lost(said: Sequence[Said], contacts: Collection[FactId], known: Known) -> Lost | None:
    """Return that contact is lost: of several who say so one that somebody else seconded first.

    Who seconds it must be another device; that it is another person is asked where it is written.
    """
    seconds = [
        (item.event.lost, item.device)
        for item in said
        if isinstance(item.event, ContactLostSeconded)
    ]
    found = [
        Lost(
            *(item.fact, _cut(item.event.reason), item.device, item.at),
            min((by for of, by in seconds if of == item.fact and by != item.device), default=None),
        )
        for item in said
        if isinstance(item.event, ContactLost) and _ends(item.event, contacts, known)
    ]
    return min(found, key=lambda one: (one.seconded_by is None, one.at, one.fact), default=None)


def _closed(said: Sequence[Said], contacts: Collection[FactId], known: Known) -> Set | None:
    found = [
        Set(item.at, _cut(item.event.reason), item.device, item.at)
        for item in said
        if isinstance(item.event, ConversationClosed) and _ends(item.event, contacts, known)
    ]
    return _earliest(found)


def _ends(event: _Ending, contacts: Collection[FactId], known: Known) -> bool:
    """Tell whether it still ends the waiting: it knew all that was written and agreed.

    One that says it knew more than there is ends nothing: it would end what is yet to be written.
    """
    knew = known.messages == event.messages and not known.waiting
    return knew and set(contacts) <= set(event.contacts)
