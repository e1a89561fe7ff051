# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody writes down of what a person said: what they typed to facts, or a refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.cases.consent import (
    AHEAD,
    DAYS_MOST,
    PURPOSES,
    WAYS,
    Asking,
    Consent,
    ConsentId,
    Consents,
    How,
    Purpose,
    WhyNot,
    day_of,
    line_of,
)
from safeconduct.rooms.cases.consent_facts import (
    LIMITS_MOST,
    OVER_MOST,
    TAG_LEAST,
    TAG_MOST,
    TEXT_MOST,
    VERSION_MOST,
    ConsentGiven,
    ConsentRefused,
    ConsentWithdrawn,
)
from safeconduct.rooms.cases.days import day_in
from safeconduct.rooms.cases.decide import NoSuchPart, SaidTooMuch

if TYPE_CHECKING:
    from collections.abc import Collection

    from safeconduct.kernel.words import FactId, Instant
    from safeconduct.rooms.cases.record import SheetId

WITH_YES: Final = ("through", "limits")
"""Words of a form that a consent keeps and a refusal has no place for."""
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)


class NoSuchPerson(Refused):
    """Consent is a person's own: somebody who stands in the record as a person."""

    code = "consent_of_nobody"


@dataclass(eq=False)
class WrongAnswer(Refused):
    """These fields hold what cannot be kept; nothing was."""

    code = "wrong_consent"
    names: tuple[str, ...]


class SaidNoMeanwhile(Refused):
    """A no to the same was written down that the author of this consent did not see."""

    code = "consent_refused_meanwhile"


@dataclass(eq=False)
class NoHasNoLimits(Refused):
    """These fields have words that are kept with a yes alone; nothing was kept."""

    code = "no_has_no_limits"
    names: tuple[str, ...]


class NothingToWithdraw(Refused):
    """There is no such consent, or it was taken back already."""

    code = "no_such_consent"


@dataclass(eq=False)
class NoConsent(Refused):
    """Nothing of a person is passed on without a consent that holds."""

    code = "no_consent"
    why: WhyNot


class Answer(NamedTuple):
    """What stands in the form of an answer; days as `2017-04-03`; `saw`, the noes on its page."""

    person: bytes
    purpose: str
    recipient: str
    other: str = ""
    text: str = ""
    language: str = ""
    version: int = 0
    how: str = ""
    through: str = ""
    given: str = ""
    until: str = ""
    limits: str = ""
    saw: frozenset[FactId] = frozenset()


def give(
    consents: Consents,
    people: Collection[SheetId],
    typed: Answer,
    consent: ConsentId,
    now: Instant,
) -> ConsentGiven:
    """Write down that somebody said yes, over the noes that were on the page.

    Raises:
        NoSuchPart, NoSuchPerson, WrongAnswer, SaidNoMeanwhile: see there; nothing was kept.
    """
    asking, wrong = _asked(consents, people, typed)
    text, limits = typed.text.strip(), typed.limits.strip()
    wrong += _lasts(typed, day_of(now))
    wrong += _said(typed)
    wrong += ["limits"] if len(limits) > LIMITS_MOST else []
    given, until = day_in(typed.given), day_in(typed.until)
    if wrong or asking is None or given is None or until is None:
        raise WrongAnswer(tuple(wrong))
    over = {one.fact for one in consents.against(asking)}
    if not over <= typed.saw:
        raise SaidNoMeanwhile
    through = line_of(typed.through) if WAYS[typed.how] is How.THROUGH else ""
    return ConsentGiven(
        *(consents.case, consent, *_of(asking), text, typed.language, typed.version),
        *(typed.how, through, given, until, limits, tuple(sorted(over))[:OVER_MOST]),
    )


def refuse(
    consents: Consents, people: Collection[SheetId], typed: Answer, now: Instant
) -> ConsentRefused:
    """Write down that somebody said no.

    Raises:
        NoSuchPart, NoSuchPerson, WrongAnswer, NoHasNoLimits: see there; nothing was kept.
    """
    asking, wrong = _asked(consents, people, typed)
    day = day_in(typed.given)
    if day is None or day > day_of(now) + AHEAD:
        wrong.append("given")
    if wrong or asking is None or day is None:
        raise WrongAnswer(tuple(wrong))
    left = [name for name in WITH_YES if getattr(typed, name).strip()]
    if left:
        raise NoHasNoLimits(tuple(left))
    return ConsentRefused(consents.case, *_of(asking), day)


def withdraw(consents: Consents, consent: bytes, reason: str) -> ConsentWithdrawn:
    """Take a consent back; why may stay unsaid, and one that has ended can be taken back too.

    Raises:
        NoSuchPart, NothingToWithdraw, SaidTooMuch: see there; nothing was kept.
    """
    if not consents.readable:
        raise NoSuchPart
    found, reason = consents.consent(consent), reason.strip()
    if found is None or _taken_back(found):
        raise NothingToWithdraw
    if len(reason) > LIMITS_MOST:
        raise SaidTooMuch
    return ConsentWithdrawn(consents.case, found.id, reason)


def _taken_back(consent: Consent) -> bool:
    return any(one.withdrew == consent.id for one in consent.against)


def _of(asking: Asking) -> tuple[bytes, str, str, str]:
    return asking.person, asking.purpose.value, asking.other, asking.recipient


def _asked(
    consents: Consents, people: Collection[SheetId], typed: Answer
) -> tuple[Asking | None, list[str]]:
    """Return what was asked, and which fields say it wrongly."""
    if not consents.readable:
        raise NoSuchPart
    person = next((one for one in people if one == typed.person), None)
    if person is None:
        raise NoSuchPerson
    purpose, recipient = PURPOSES.get(typed.purpose), line_of(typed.recipient)
    other = line_of(typed.other) if purpose is Purpose.OTHER else ""
    wrong = [
        *(["purpose"] if purpose is None else []),
        *(["other"] if purpose is Purpose.OTHER and not other else []),
        *([] if recipient else ["recipient"]),
    ]
    asking = Asking(person, purpose, recipient, other) if purpose and not wrong else None
    return asking, wrong


def _lasts(typed: Answer, today: int) -> list[str]:
    """Return which of the days are none that a consent can have."""
    given, until = day_in(typed.given), day_in(typed.until)
    if given is None or given > today + AHEAD:
        return ["given"]
    if until is None or until < max(given, today - AHEAD) or until - given > DAYS_MOST:
        return ["until"]
    return []


def _said(typed: Answer) -> list[str]:
    """Return which fields do not say what was read to somebody, and how they answered."""
    how, tag = WAYS.get(typed.how), typed.language
    fits = _TAG.fullmatch(tag) and TAG_LEAST <= len(tag) <= TAG_MOST
    return [
        *([] if 0 < len(typed.text.strip()) <= TEXT_MOST else ["text"]),
        *([] if fits else ["language"]),
        *([] if 0 <= typed.version <= VERSION_MOST else ["version"]),
        *(["how"] if how is None else []),
        *(["through"] if how is How.THROUGH and not line_of(typed.through) else []),
    ]
