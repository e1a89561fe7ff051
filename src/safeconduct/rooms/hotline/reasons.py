# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a conversation stands where it stands (spec/triage.md 3), for people to read."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.rooms.hotline.flags import Flag
from safeconduct.rooms.hotline.queue import Place, State, silent, snoozed
from safeconduct.rooms.hotline.triage import Danger

if TYPE_CHECKING:
    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.hotline.bulletins import Touch


class Why(Enum):
    """One reason for a place."""

    LIFE = "life"
    IN_DANGER = "in_danger"
    SAYS_DANGER = "says_danger"
    AT_RISK = "at_risk"
    UNJUDGED = "unjudged"
    NONE_KNOWN = "none_known"
    SUICIDE = "suicide"
    MINOR = "minor"
    DEADLINE = "deadline"
    DEADLINE_PASSED = "deadline_passed"
    SILENT = "silent"
    LOST_SAID = "lost_said"
    LOST = "lost"
    CLOSED = "closed"
    SNOOZED = "snoozed"
    THREAT = "threat"
    THREAT_BY = "threat_by"
    THREAT_PASSED = "threat_passed"
    THREAT_TOLD = "threat_told"
    ALIKE = "alike"
    IMPORTED = "imported"
    HOSTILE = "hostile"
    SAID_HOSTILE = "said_hostile"
    JUDGED_BY = "judged_by"
    SAME_AS_HOSTILE = "same_as_hostile"


class Reason(NamedTuple):
    """A reason, with the time, a helper's words or the number that it speaks of."""

    why: Why
    at: Instant | None = None
    text: str = ""
    number: int = 0


_OF_LEVEL: Final = {
    Danger.LIFE: Why.LIFE,
    Danger.IN_DANGER: Why.IN_DANGER,
    Danger.AT_RISK: Why.AT_RISK,
    Danger.UNJUDGED: Why.UNJUDGED,
    Danger.NONE_KNOWN: Why.NONE_KNOWN,
}
_OF_FLAG: Final = {Flag.SUICIDE: Why.SUICIDE, Flag.MINOR: Why.MINOR}
_OF_STATE: Final = {
    State.LOST_SAID: Why.LOST_SAID,
    State.LOST: Why.LOST,
    State.CLOSED: Why.CLOSED,
}


def reasons(place: Place, now: Instant) -> tuple[Reason, ...]:
    """Return why it stands where it stands, in the order of weight; waiting is told apart."""
    level = Why.SAYS_DANGER if _by_her_word(place) else _OF_LEVEL[place.danger]
    found = [Reason(level), *(Reason(_OF_FLAG[flag]) for flag in place.flags)]
    found = [*_of_marks(place), *found] if place.hostile_by else [*found, *_of_marks(place)]
    if place.deadline is not None:
        passed = place.deadline <= now
        why = Why.DEADLINE_PASSED if passed else Why.DEADLINE
        found.append(Reason(why, place.deadline, place.deadline_reason))
    if silent(place, now):
        found.append(Reason(Why.SILENT, place.due, place.due_reason))
    found += [_threat(one, now) for one in place.touched]
    if place.state is not State.OPEN:
        found.append(Reason(_OF_STATE[place.state]))
    if snoozed(place, now):
        found.append(Reason(Why.SNOOZED, place.snoozed_until))
    return tuple(found)


def _of_marks(place: Place) -> list[Reason]:
    """Return what helpers said of who writes there, or how much it is like others."""
    if place.hostile_by is not None:
        return [Reason(Why.HOSTILE)]
    if place.said_hostile_by is not None:
        return [Reason(Why.SAID_HOSTILE), Reason(Why.JUDGED_BY)]
    if place.imported:
        return [Reason(Why.IMPORTED)]
    if place.same_as_hostile:
        return [Reason(Why.SAME_AS_HOSTILE)]
    return [Reason(Why.ALIKE, number=place.others)] if place.alike else []


def _threat(touch: Touch, now: Instant) -> Reason:
    if touch.told:
        return Reason(Why.THREAT_TOLD, None, touch.title)
    if touch.until is None:
        return Reason(Why.THREAT, None, touch.title)
    passed = touch.until <= now
    return Reason(Why.THREAT_PASSED if passed else Why.THREAT_BY, touch.until, touch.title)


def _by_her_word(place: Place) -> bool:
    return place.says_danger and place.danger == Danger.IN_DANGER
