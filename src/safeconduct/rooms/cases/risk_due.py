# SPDX-License-Identifier: AGPL-3.0-or-later
"""When risk has to be judged anew: by its day, and because of what its author had not seen.

What happened is told as events, each named by its fact, so that no clock decides what somebody
took into account.  `sightings` finds those that stand in the record, `losses` those of the stages;
who tells of a missed check-in or of a bulletin adds events of their own (spec/risk.md 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import FactId, Instant
from safeconduct.rooms.cases.risk import Standing
from safeconduct.rooms.cases.sheets import PERSON, PURSUER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.cases.record import CaseRecord, SheetId
    from safeconduct.rooms.cases.risk import Assessment, CaseRisk
    from safeconduct.rooms.cases.stages import CaseStages

SEEN_FIELD: Final = "seen"
LOST: Final = "lost"
"""The stage of a case whose people cannot be reached (spec/stages.md)."""


class Why(Enum):
    """What somebody has to do about a case's risk, and why."""

    NOBODY = "nobody"
    """Nobody of the case was assessed."""
    SECOND = "second"
    """An assessment waits for a second person."""
    DISPUTED = "disputed"
    """Two differ, until somebody judges anew."""
    DAY = "day"
    """The day on which it was to be judged anew has come."""
    SEEN = "seen"
    """A pursuer was heard of."""
    LOST = "lost"
    """Contact was lost, or a check-in missed."""
    BULLETIN = "bulletin"
    """A warning touches the case."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened that calls for a new assessment by who had not seen it."""

    why: Why
    fact: FactId
    at: Instant
    about: str = ""
    """Whom or what it is about, by a code name; nothing where that says nothing more."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is to be done, and since when."""

    why: Why
    since: Instant
    about: str = ""


def sightings(record: CaseRecord) -> tuple[Event, ...]:
    """Return what stands in the record of pursuers who were heard of."""
    return tuple(
        Event(Why.SEEN, one.fact, one.at, sheet.name)
        for sheet in record.of_kind(PURSUER)
        for entered in sheet.entered(SEEN_FIELD)
        for one in entered.standing
        if one.text
    )


def losses(stages: CaseStages) -> tuple[Event, ...]:
    """Return each time when contact was lost, also where it was found again since."""
    return tuple(
        Event(Why.LOST, entry.fact, entry.written)
        for stay in stages.way
        for entry in stay.entries
        if entry.stage == LOST
    )


def off_record(record: CaseRecord) -> tuple[SheetId, ...]:
    """Return the people who were taken off the record."""
    return tuple(one.id for one in record.off if one.kind == PERSON)


def unjudged(risk: CaseRisk, record: CaseRecord, opened: Instant) -> tuple[Reason, ...]:
    """Return the people of a case whose risk nobody judged; the case itself if it has nobody."""
    judged = {one.person for one in risk.people}
    people = record.of_kind(PERSON)
    if not people and not judged:
        return (Reason(Why.NOBODY, opened),)
    return tuple(
        Reason(
            Why.NOBODY, min((w.at for f in one.fields for w in f.written), default=opened), one.name
        )
        for one in people
        if one.id not in judged
    )


def due(assessment: Assessment, events: Iterable[Event], now: Instant) -> tuple[Reason, ...]:
    """Return why a person has to be assessed anew, longest first; nothing while nothing calls."""
    found = [Reason(one.why, one.at, one.about) for one in events if one.fact not in assessment.saw]
    if now >= assessment.due:
        found.append(Reason(Why.DAY, assessment.due))
    return tuple(sorted(found, key=lambda one: (one.since, one.why.value, one.about)))


def waits(
    risk: CaseRisk, unjudged: Iterable[Reason], events: Iterable[Event], now: Instant
) -> tuple[Reason, ...]:
    """Return what waits to be done about a case's risk, longest first.

    Who was taken off the record waits for nothing: leave them out of the risk before.
    """
    events = tuple(events)
    found: set[Reason] = {*unjudged}
    for person in risk.people:
        for one in person.standing:
            found |= {*_of(one, person.name), *due(one, events, now)}
        if person.disputed:
            found.add(Reason(Why.DISPUTED, person.standing[-1].at, person.name))
    return tuple(sorted(found, key=lambda one: (one.since, one.why.value, one.about)))


def _of(one: Assessment, name: str) -> list[Reason]:
    waiting = one.standing is Standing.OF_ONE
    return [Reason(Why.SECOND, one.at, name)] if waiting else []
