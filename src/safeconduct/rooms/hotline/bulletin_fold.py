# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a bulletin's facts to the bulletin: the same set gives the same in any order.

Where helpers wrote at once the safer counts: whom either touches, the earlier deadline, the later
time from which people have to be told, running over ended, touched over not (spec/bulletins.md 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from safeconduct.kernel.words import ConversationId, DeviceId, FactId, Instant
from safeconduct.rooms.hotline.bulletin_facts import (
    BulletinEnded,
    BulletinFact,
    BulletinMarked,
    BulletinNoticeApproved,
    BulletinNoticeWritten,
    BulletinSet,
)
from safeconduct.rooms.hotline.bulletins import (
    TERM_MOST,
    TEXT_MOST,
    TITLE_MOST,
    Bulletin,
    BulletinId,
    Confidence,
    Mark,
    PublicNotice,
    Said,
    Scope,
    Threat,
    Version,
)
from safeconduct.rooms.hotline.triage import REASON_MOST


@dataclass(frozen=True, slots=True)
class BulletinTold:
    """A fact of a bulletin as read: its id, the writer, the writer's time, and what it says."""

    fact: FactId
    device: DeviceId
    at: Instant
    event: BulletinFact


_R = TypeVar("_R", BulletinSet, BulletinMarked, BulletinNoticeWritten)


def fold_bulletin(bulletin: BulletinId, told: Iterable[BulletinTold]) -> Bulletin | None:
    """Return a bulletin, or None while nothing tells of it."""
    facts = sorted(
        (one for one in told if one.event.bulletin == bulletin), key=lambda one: (one.at, one.fact)
    )
    standing = _standing(facts, BulletinSet)
    if not standing:
        return None
    return Bulletin(
        id=bulletin,
        versions=tuple(_version(one, event) for one, event in standing),
        told=tuple(
            _said(one, one.event.reason) for one in facts if isinstance(one.event, BulletinSet)
        ),
        ended=_ended(facts, {one.fact for one, _ in standing}),
        marks=_marks(facts),
        notices=_notices(facts),
    )


def _standing(facts: Sequence[BulletinTold], kind: type[_R]) -> list[tuple[BulletinTold, _R]]:
    found = [(one, one.event) for one in facts if isinstance(one.event, kind)]
    replaced = {fact for one, event in found for fact in event.replaces if fact != one.fact}
    return [(one, event) for one, event in found if one.fact not in replaced]


def _version(one: BulletinTold, event: BulletinSet) -> Version:
    scope = Scope(
        everyone=bool(event.everyone),
        regions=_terms(event.regions),
        tags=_terms(event.tags),
        look_for=_terms(event.look_for),
        conversations=frozenset(map(ConversationId, event.conversations)),
    )
    return Version(
        fact=one.fact,
        by=one.device,
        at=one.at,
        threat=Threat(event.kind),
        title=event.title[:TITLE_MOST],
        known=event.known[:TEXT_MOST],
        todo=event.todo[:TEXT_MOST],
        source=event.source[:TEXT_MOST],
        confidence=Confidence(event.confidence),
        until=Instant(event.until) if event.until else None,
        since=Instant(min(event.since, one.at)),
        scope=scope,
        reason=event.reason[:REASON_MOST],
    )


def _terms(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(term[:TERM_MOST] for term in terms if term.strip())


def _said(one: BulletinTold, reason: str) -> Said:
    return Said(one.device, one.at, reason[:REASON_MOST])


def _ended(facts: Sequence[BulletinTold], standing: set[FactId]) -> Said | None:
    """Return who ended it, knowing all that stands; what was told at once goes on."""
    for one in facts:
        if isinstance(one.event, BulletinEnded) and standing <= set(one.event.versions):
            return _said(one, one.event.reason)
    return None


def _marks(facts: Sequence[BulletinTold]) -> tuple[tuple[ConversationId, Mark], ...]:
    talks: dict[bytes, list[BulletinTold]] = {}
    for one in facts:
        if isinstance(one.event, BulletinMarked):
            talks.setdefault(one.event.conversation, []).append(one)
    marks: list[tuple[ConversationId, Mark]] = []
    for talk in sorted(talks):
        standing = _standing(talks[talk], BulletinMarked)
        if not standing:
            continue
        shown = next((pair for pair in standing if pair[1].touched), standing[0])
        names = tuple(sorted(one.fact for one, _ in standing))
        mark = Mark(bool(shown[1].touched), _said(shown[0], shown[1].reason), names)
        marks.append((ConversationId(talk), mark))
    return tuple(marks)


def _notices(facts: Sequence[BulletinTold]) -> tuple[PublicNotice, ...]:
    approved: dict[bytes, set[DeviceId]] = {}
    for one in facts:
        if isinstance(one.event, BulletinNoticeApproved):
            approved.setdefault(one.event.notice, set()).add(one.device)
    return tuple(
        PublicNotice(
            fact=one.fact,
            by=one.device,
            at=one.at,
            language=event.language,
            do=event.do[:TEXT_MOST],
            avoid=event.avoid[:TEXT_MOST],
            until=Instant(event.until) if event.until else None,
            approved_by=tuple(sorted(approved.get(one.fact, set()) - {one.device})),
        )
        for one, event in _standing(facts, BulletinNoticeWritten)
    )
