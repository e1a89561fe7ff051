# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody judges of a person's risk, or says of a colleague's judgement: facts, or a refusal.

The band is what the person chose; no answer is counted here (spec/risk.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY
from safeconduct.rooms.cases.days import day_in
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.risk import (
    BANDS,
    DUE_MOST,
    RISK_PART,
    CaseRisk,
    Said,
    Standing,
)
from safeconduct.rooms.cases.risk_facts import SAW_MOST, WORDS_MOST, RiskAssessed, RiskSeconded
from safeconduct.rooms.cases.sheets import PERSON

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from safeconduct.kernel.words import DeviceId, FactId, Instant
    from safeconduct.rooms.cases.instruments import Instrument
    from safeconduct.rooms.cases.record import CaseRecord
    from safeconduct.rooms.cases.words import Apart, Part


class NobodyToAssess(Refused):
    """An assessment is of a person who stands on the record of the case."""

    code = "nobody_to_assess"


class NothingWeighs(Refused):
    """A band names the items that it rests on, each of them answered with yes or no."""

    code = "nothing_weighs"


class NoBand(Refused):
    """A band is chosen by a person, and none was."""

    code = "no_band"


class NoRiskWords(Refused):
    """An assessment says why, and what would change it; another band says why."""

    code = "no_risk_words"


class RiskWordsTooLong(Refused):
    """A text has 4,000 characters at most."""

    code = "risk_words_too_long"


class NoDayToReassess(Refused):
    """An assessment says on which of the next 183 days it is made anew."""

    code = "no_day_to_reassess"


@dataclass(eq=False)
class AssessmentLacks(Refused):
    """These fields of a form lack what each of the refusals says; nothing was kept."""

    code = "assessment_lacks"
    found: tuple[tuple[str, Refused], ...]


class NoAssessmentWaits(Refused):
    """There is no such assessment, or it does not wait for a second person any more."""

    code = "no_assessment_waits"


class SameAssessor(Refused):
    """Nobody seconds their own assessment, from another device neither."""

    code = "same_assessor"


@dataclass(frozen=True, slots=True)
class Assessing:
    """What somebody chose and typed into the form of an instrument.

    `saw` are the facts that stood on the form: what it follows, and what called for it.
    """

    person: bytes
    instrument: Instrument
    answers: Mapping[str, Said]
    weighs: Collection[str]
    band: str
    words: str
    changes: str
    due: str
    saw: Collection[FactId] = ()


class Seconding(NamedTuple):
    """What a second person chose and typed; words are needed where the band is another."""

    band: str
    words: str = ""


def assess(
    record: CaseRecord, held: Collection[Part], typed: Assessing, now: Instant
) -> RiskAssessed:
    """Judge in how great a danger a person is.

    Raises:
        NoSuchPart: see there.
        AssessmentLacks: NobodyToAssess, NothingWeighs, NoBand, NoRiskWords, RiskWordsTooLong,
            NoDayToReassess, as many of them as there are.
    """
    if RISK_PART not in held:
        raise NoSuchPart
    instrument = typed.instrument
    said = {name: typed.answers.get(name, Said.UNKNOWN) for name in instrument.items}
    weighs = tuple(one for one in instrument.items if one in typed.weighs)
    lacks = _lacks(record, said, weighs, typed, now)
    if lacks:
        raise AssessmentLacks(lacks)
    return RiskAssessed(
        record.case,
        typed.person,
        instrument.name,
        instrument.version,
        tuple((name, one.value) for name, one in said.items()),
        weighs,
        _band(typed.band),
        _words(typed.words),
        _words(typed.changes),
        _due(typed.due, now),
        tuple(sorted(typed.saw)[:SAW_MOST]),
    )


def second(
    risk: CaseRisk, assessment: FactId, said: Seconding, *, by: DeviceId, apart: Apart
) -> RiskSeconded:
    """Say the same of an assessment, or another band, as a second person.

    Raises:
        NoAssessmentWaits, SameAssessor, NoBand, NoRiskWords, RiskWordsTooLong: see there.
    """
    found = risk.assessment(assessment)
    if found is None or not found.stands or found.standing is not Standing.OF_ONE:
        raise NoAssessmentWaits
    if not apart(by, found.by):
        raise SameAssessor
    agrees = _band(said.band) == found.said.value
    words = _words(said.words) if said.words.strip() or not agrees else ""
    return RiskSeconded(risk.case, assessment, said.band, words)


def _lacks(
    record: CaseRecord,
    said: Mapping[str, Said],
    weighs: Collection[str],
    typed: Assessing,
    now: Instant,
) -> tuple[tuple[str, Refused], ...]:
    """Return which fields hold what cannot be kept, and why."""
    checks: dict[str, Callable[[], object]] = {
        "person": lambda: _person(record, typed.person),
        "weighs": lambda: _weighing(said, weighs),
        "band": lambda: _band(typed.band),
        "words": lambda: _words(typed.words),
        "changes": lambda: _words(typed.changes),
        "due": lambda: _due(typed.due, now),
    }
    found = []
    for name, check in checks.items():
        try:
            check()
        except Refused as why:
            found.append((name, why))
    return tuple(found)


def _person(record: CaseRecord, typed: bytes) -> None:
    if all(one.id != typed for one in record.of_kind(PERSON)):
        raise NobodyToAssess


def _weighing(said: Mapping[str, Said], weighs: Collection[str]) -> None:
    if not weighs or any(said[one] is Said.UNKNOWN for one in weighs):
        raise NothingWeighs


def _band(typed: str) -> str:
    if typed not in BANDS:
        raise NoBand
    return typed


def _words(typed: str) -> str:
    text = typed.strip()
    if not text:
        raise NoRiskWords
    if len(text) > WORDS_MOST:
        raise RiskWordsTooLong
    return text


def _due(typed: str, now: Instant) -> int:
    day, today = day_in(typed.strip()), now // DAY
    if day is None or not today < day <= today + DUE_MOST:
        raise NoDayToReassess
    return day
