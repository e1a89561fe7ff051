# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to the risk of a case: who judged what, who said so too, and what calls for it anew.

A band is a person's judgement: nothing here computes one from answers, and the higher of two is
what counts (spec/risk.md 3).  The same facts give the same state in any order.  Fails closed: facts
count in the vault of the part journey alone, and nobody seconds themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.cases.instruments import INSTRUMENTS
from safeconduct.rooms.cases.office_forms import is_form
from safeconduct.rooms.cases.record import SheetId, sheet_name
from safeconduct.rooms.cases.risk_facts import RiskAssessed, RiskSeconded
from safeconduct.rooms.cases.words import Apart, Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from safeconduct.kernel.words import CaseId, VaultId
    from safeconduct.rooms.cases.fold import Told

RISK_PART: Final = Part.JOURNEY
DUE_MOST: Final = 183
"""So many days after it was made an assessment falls due, whatever it says itself."""


class Band(Enum):
    """In how great a danger somebody is, as people judged it."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"


_ORDER: Final = tuple(Band)
BANDS: Final = {one.value: one for one in Band}


class Said(Enum):
    """What is known of an item."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


SAID: Final = {one.value: one for one in Said}


class Standing(Enum):
    """On how many people's word a band stands."""

    OF_ONE = "of_one"
    OF_TWO = "of_two"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Second:
    """What a second person said of an assessment."""

    fact: FactId
    at: Instant
    by: DeviceId
    band: Band
    words: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What somebody judged; it `stands` while nobody who saw it judged anew."""

    fact: FactId
    at: Instant
    by: DeviceId
    person: SheetId
    instrument: str
    version: int
    answers: Mapping[str, Said]
    weighs: tuple[str, ...]
    said: Band
    """The first person's own word; `band` is what counts."""
    words: str
    changes: str
    due: Instant
    saw: frozenset[FactId]
    seconds: tuple[Second, ...]
    stands: bool

    @property
    def band(self) -> Band:
        """What counts of it: the higher, where two differ."""
        return higher([self.said, *(one.band for one in self.seconds)])

    @property
    def standing(self) -> Standing:
        """On how many people's word it stands."""
        if not self.seconds:
            return Standing.OF_ONE
        agree = all(one.band is self.said for one in self.seconds)
        return Standing.OF_TWO if agree else Standing.DISPUTED


@dataclass(frozen=True, slots=True)
class PersonRisk:
    """Everything that was judged of one person, oldest first."""

    person: SheetId
    name: str
    assessments: tuple[Assessment, ...]

    @property
    def standing(self) -> tuple[Assessment, ...]:
        """What stands; more than one where two judged at once."""
        return tuple(one for one in self.assessments if one.stands)

    @property
    def band(self) -> Band:
        """What counts for this person: nobody lowers a band alone.

        While an assessment waits for its second, or is disputed, what it follows counts too, back
        to the last on which two agreed.
        """
        return higher([one.band for one in self.counting])

    @property
    def counting(self) -> tuple[Assessment, ...]:
        """The assessments of which the highest band counts."""
        known = {one.fact: one for one in self.assessments}
        found, left = dict[FactId, Assessment](), list(self.standing)
        while left:
            one = left.pop()
            if one.fact in found:
                continue
            found[one.fact] = one
            if one.standing is not Standing.OF_TWO:
                left += [known[fact] for fact in one.saw if fact in known]
        return tuple(one for one in self.assessments if one.fact in found)

    @property
    def disputed(self) -> bool:
        """Whether people differ: a first and a second, or two who judged at once."""
        bands = {one.band for one in self.standing}
        differ = any(one.standing is Standing.DISPUTED for one in self.standing)
        return differ or bands != {self.standing[0].band}


@dataclass(frozen=True, slots=True)
class CaseRisk:
    """The risk of each person of a case of whom anything was judged."""

    case: CaseId
    people: tuple[PersonRisk, ...]

    @property
    def band(self) -> Band | None:
        """The highest that counts for anybody; None while nobody was assessed."""
        return higher([one.band for one in self.people]) if self.people else None

    def of(self, person: bytes) -> PersonRisk | None:
        """Return what was judged of one person."""
        return next((one for one in self.people if one.person == person), None)

    def without(self, people: Collection[bytes]) -> CaseRisk:
        """Return it without some people, as those who were taken off the record."""
        return CaseRisk(self.case, tuple(one for one in self.people if one.person not in people))

    def assessment(self, fact: FactId) -> Assessment | None:
        """Return one assessment."""
        every = (one for of in self.people for one in of.assessments)
        return next((one for one in every if one.fact == fact), None)


def higher(bands: Sequence[Band]) -> Band:
    """Return the highest of some bands."""
    return max(bands, key=_ORDER.index)


def fold_risk(
    case: CaseId,
    parts: Mapping[VaultId, Part],
    told: Iterable[Told],
    language: str,
    *,
    apart: Apart,
) -> CaseRisk:
    """Return the risk of a case from the facts in the parts that can be read here."""
    facts = [
        one
        for one in sorted(told, key=lambda one: (one.hlc, one.fact))
        if parts.get(one.vault) is RISK_PART
        and isinstance(one.event, RiskAssessed | RiskSeconded)
        and one.event.case == case
        and one.event.band in BANDS
    ]
    people: dict[bytes, list[tuple[Told, RiskAssessed]]] = {}
    for one in facts:
        if isinstance(one.event, RiskAssessed):
            people.setdefault(one.event.person, []).append((one, one.event))
    return CaseRisk(
        case,
        tuple(
            PersonRisk(
                SheetId(person),
                sheet_name(person, language),
                tuple(
                    _assessment(one, event, _seconds(one, facts, apart), stands=stands)
                    for one, event, stands in _standing(some)
                ),
            )
            for person, some in people.items()
        ),
    )


def _standing(
    some: Sequence[tuple[Told, RiskAssessed]],
) -> list[tuple[Told, RiskAssessed, bool]]:
    """Tell of each assessment of a person whether no other followed it.

    A fact can name only what was there before it, whatever clocks say: its id is a digest of what
    it names.  So no two follow each other; and if two ever did, both would stand.
    """
    followed = {fact for one, event in some for fact in event.saw if fact != one.fact}
    none = all(one.fact in followed for one, _ in some)
    return [(one, event, none or one.fact not in followed) for one, event in some]


def _seconds(first: Told, facts: Iterable[Told], apart: Apart) -> tuple[Second, ...]:
    return tuple(
        Second(one.fact, instant_of(one.hlc), one.device, BANDS[event.band], event.words)
        for one in facts
        if isinstance(event := one.event, RiskSeconded)
        and event.assessment == first.fact
        and apart(one.device, first.device)
    )


def _assessment(
    one: Told, event: RiskAssessed, seconds: tuple[Second, ...], *, stands: bool
) -> Assessment:
    at, answers = instant_of(one.hlc), _answers(event)
    return Assessment(
        fact=one.fact,
        at=at,
        by=one.device,
        person=SheetId(event.person),
        instrument=event.instrument,
        version=event.version,
        answers=answers,
        weighs=tuple(one for one in _known(event, event.weighs) if one in answers),
        said=BANDS[event.band],
        words=event.words,
        changes=event.changes,
        due=_due(event.due, at),
        saw=frozenset(FactId(fact) for fact in event.saw),
        seconds=seconds,
        stands=stands,
    )


def _due(day: int, made: Instant) -> Instant:
    """Return when an assessment falls due: on its day, and never later than half a year on."""
    return Instant(min(day, made // DAY + DUE_MOST) * DAY)


def _answers(event: RiskAssessed) -> dict[str, Said]:
    """Return what was answered to items that this program knows; what was said twice is unknown."""
    names = [name for name, _ in event.answers]
    told = {name: SAID[said] for name, said in event.answers if said in SAID}
    return {
        name: told[name] if names.index(name) == _last(names, name) else Said.UNKNOWN
        for name in _known(event, names)
        if name in told
    }


def _last(names: Sequence[str], name: str) -> int:
    return max(at for at, one in enumerate(names) if one == name)


def _known(event: RiskAssessed, names: Iterable[str]) -> tuple[str, ...]:
    """Return those of some items that this program knows, in the instrument's order.

    What an office asks itself, forms say (`office_instruments`): here all of it stands.
    """
    if is_form(event.instrument):
        return tuple(dict.fromkeys(names))
    instrument = INSTRUMENTS.get((event.instrument, event.version))
    said = set(names)
    return tuple(one for one in instrument.items if one in said) if instrument else ()
