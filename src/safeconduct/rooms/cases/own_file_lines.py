# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept about one person of a case, line by line, as far as it can be read here.

A line is what somebody wrote into one field, what stood there before too.  `hers` are those that
are about the person by where they stand; each other line is asked about, for it may tell of
somebody else.  What is of other people by where it stands is no line at all (spec/own-file.md 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.rooms.cases.costs import MONEY_PART
from safeconduct.rooms.cases.office_forms import question
from safeconduct.rooms.cases.office_forms import said as words_in
from safeconduct.rooms.cases.risk import RISK_PART
from safeconduct.rooms.cases.sheets import (
    AFTER,
    COST,
    DOCUMENT,
    ITEM,
    OPTION,
    PERSON,
    PURSUER,
    RELOCATION,
    SERVICE,
    SHEETS,
    TIE,
    Form,
)
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from safeconduct.kernel.words import DeviceId, FactId, Instant
    from safeconduct.rooms.cases.consent import Consents
    from safeconduct.rooms.cases.costs import Cost
    from safeconduct.rooms.cases.letters_made import Letter
    from safeconduct.rooms.cases.office_forms import OfficeForm
    from safeconduct.rooms.cases.record import CaseRecord, Entered, Sheet, SheetId
    from safeconduct.rooms.cases.referrals import Referral
    from safeconduct.rooms.cases.risk import CaseRisk
    from safeconduct.rooms.cases.stages import CaseStages
    from safeconduct.rooms.cases.words import CaseFile

LINE_BYTES: Final = 16
STAGE: Final = "stage"
BLOCK: Final = "block"
RISK: Final = "risk"
CONSENT: Final = "consent"
NOTE: Final = "note"
FORM: Final = "form"
REFERRAL: Final = "referral"
LETTER: Final = "letter"
SECTIONS: Final = (*SHEETS, FORM, STAGE, BLOCK, RISK, CONSENT, REFERRAL, LETTER, NOTE)
"""In the order in which a file shows them."""
OF_OTHERS: Final = {(PERSON, "depends")}
"""Fields of a person's own sheet that tell of others."""
OWNERS: Final = {DOCUMENT: "of", SERVICE: "for", OPTION: "for", RELOCATION: "of", ITEM: "for"}
"""The field in which a sheet names whose it is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that somebody wrote; `field` and `text` are the room's own words, not a page's.

    `stands` is false of what was written over since.  `asked` and `shown` are of a form of the
    office: the question and what was chosen, in the form's own language.
    """

    fact: FactId
    part: Part
    section: str
    field: str
    text: str
    at: Instant
    by: DeviceId
    hers: bool
    stands: bool = True
    asked: str = ""
    shown: str = ""

    @property
    def key(self) -> bytes:
        """By which it is chosen: the same at every desk, and another if a word of it is."""
        said = self.part.value, self.section, self.field, self.text
        return fingerprint("own-file-line", self.fact + encode(said))[:LINE_BYTES]


@dataclass(frozen=True, slots=True)
class Kept:
    """What can be read of a case, from which the lines come."""

    file: CaseFile
    record: CaseRecord
    stages: CaseStages | None
    risk: CaseRisk
    consents: Consents
    costs: Sequence[Cost]
    forms: Sequence[OfficeForm]
    filled: CaseRecord
    """The sheets that were filled in with these forms."""
    referrals: Sequence[Referral]
    letters: Sequence[Letter] = ()

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts that cannot be read here; every case has all six, so this tells nothing."""
        return tuple(part for part in Part if self.file.part(part) is None)


def lines_of(kept: Kept, person: SheetId) -> tuple[Line, ...]:
    """Return what is kept about a person, section by section, oldest first."""
    persons = {one.id for one in kept.record.sheets if one.kind == PERSON}
    alone = persons == {person} and not kept.missing
    found = [
        *_of_record(kept.record, person, alone=alone),
        *_of_judging(kept.costs),
        *_of_forms(kept.forms, kept.filled, alone=alone),
        *_of_stages(kept.stages, alone=alone),
        *_of_risk(kept.risk, person),
        *_of_consents(kept.consents, person),
        *_of_referrals(kept.referrals, person),
        *_of_letters(kept.letters, person),
        *_of_notes(kept.file, alone=alone),
    ]
    return tuple(sorted(found, key=lambda one: (SECTIONS.index(one.section), one.at, one.fact)))


def _of_record(record: CaseRecord, person: SheetId, *, alone: bool) -> Iterator[Line]:
    for sheet in record.sheets:
        owner = _owner(record, sheet, person, alone=alone)
        if owner is not None:
            yield from _of_sheet(sheet, owner=owner)


def _of_sheet(sheet: Sheet, *, owner: bool) -> Iterator[Line]:
    forms = {one.name: one.form for one in SHEETS[sheet.kind]}
    for entered in sheet.fields:
        if forms.get(entered.name) in {Form.SHEET, Form.MEMBER, Form.GRANT}:
            continue  # It names another sheet, a colleague, or a donor's money.
        hers = owner and (sheet.kind, entered.name) not in OF_OTHERS
        yield from _of_field(sheet.kind, entered, hers=hers)


def _of_field(kind: str, entered: Entered, *, hers: bool) -> Iterator[Line]:
    for one in entered.written:
        if one.text:
            said = kind, entered.name, one.text, one.at, one.by
            yield Line(one.fact, entered.part, *said, hers=hers, stands=one.stands)


def _owner(record: CaseRecord, sheet: Sheet, person: SheetId, *, alone: bool) -> bool | None:
    """Tell whether a sheet is of the person; None where it is somebody else's."""
    if sheet.kind == PERSON:
        return True if sheet.id == person else None
    if sheet.kind == TIE:
        return False if person.hex() in _names(sheet, "one", "other") else None
    if sheet.kind == PURSUER:
        hunted = _names(sheet, "hunts")
        return False if alone or not hunted or person.hex() in hunted else None
    of = _names(sheet, *((OWNERS[sheet.kind],) if sheet.kind in OWNERS else ()))
    of |= _by_way(record, sheet)
    if of:
        return True if of == {person.hex()} else (False if person.hex() in of else None)
    return alone


def _by_way(record: CaseRecord, sheet: Sheet) -> set[str]:
    """Return whose a sheet is because it belongs to somebody's way abroad."""
    if sheet.kind not in {ITEM, AFTER}:
        return set()
    ways = (record.named(name, RELOCATION) for name in _names(sheet, "of"))
    return {name for way in ways if way is not None for name in _names(way, "of")}


def _names(sheet: Sheet, *fields: str) -> set[str]:
    """Return whom a sheet names, of all that stands: where two wrote at once, both."""
    entered = (one for name in fields for one in sheet.entered(name))
    return {said.text for one in entered for said in one.standing if said.text}


def _of_judging(costs: Iterable[Cost]) -> Iterator[Line]:
    """Return what colleagues said of costs: asked about, for they may say it of others."""
    for cost in costs:
        for one in cost.judged:
            if one.words:
                told = COST, "words", one.words, one.at, one.by
                yield Line(one.fact, MONEY_PART, *told, hers=False, stands=one.counts)


def _of_forms(forms: Iterable[OfficeForm], filled: CaseRecord, *, alone: bool) -> Iterator[Line]:
    of = {one.kind: one for one in forms}
    for sheet in filled.sheets:
        for entered in sheet.fields:
            for line in _of_field(FORM, entered, hers=alone):
                yield _asked(of[sheet.kind], line)


def _asked(form: OfficeForm, line: Line) -> Line:
    main, item = form.newest.brought.language, form.item(line.field)
    if item is None:
        return line
    names = line.text.split() if item.choices else ()
    found = ((name, form.choice(line.field, name)) for name in names)
    chosen = ((words_in(one.labels, main, main) if one else "") or name for name, one in found)
    return replace(line, asked=question(item, main, main), shown=", ".join(chosen))


def _of_stages(stages: CaseStages | None, *, alone: bool) -> Iterator[Line]:
    if stages is None:
        return
    for one in stages.entries():
        hers = alone or not one.note
        yield Line(one.fact, Part.JOURNEY, STAGE, one.stage, one.note, one.begun, one.by, hers)
    for block in stages.blocks:
        said = BLOCK, block.stage, block.text, block.at, block.by
        yield Line(block.fact, Part.JOURNEY, *said, alone)


def _of_risk(risk: CaseRisk, person: SheetId) -> Iterator[Line]:
    """Return assessments: each of their lines is asked about, for they say what pursuers can."""
    of = risk.of(person)
    for one in of.assessments if of else ():
        told = ("band", one.said.value), ("words", one.words), ("changes", one.changes)
        for field, text in told:
            said = RISK, field, text, one.at, one.by
            yield Line(one.fact, RISK_PART, *said, hers=False, stands=one.stands)
        for other in one.seconds:
            for field, text in (("band", other.band.value), ("words", other.words)):
                if text:
                    said = RISK, field, text, other.at, other.by
                    yield Line(other.fact, RISK_PART, *said, hers=False, stands=one.stands)


def _of_consents(consents: Consents, person: SheetId) -> Iterator[Line]:
    for one in consents.given:
        if one.asking.person == person:
            said = CONSENT, "yes", _aim(one.asking.recipient, one.asking.other), one.at, one.by
            stands = not one.against
            yield Line(one.fact, Part.CONTACT, *said, hers=True, stands=stands)
            if one.said.limits:
                said = CONSENT, "limits", one.said.limits, one.at, one.by
                yield Line(one.fact, Part.CONTACT, *said, hers=True, stands=stands)
    for no in consents.noes:
        if no.asking.person == person:
            field = "withdrawn" if no.withdrew else "no"
            said = CONSENT, field, _aim(no.asking.recipient, no.asking.other), no.at, no.by
            yield Line(no.fact, Part.CONTACT, *said, hers=True)


def _of_referrals(referrals: Iterable[Referral], person: SheetId) -> Iterator[Line]:
    """Return who was told of the person; what went along stands in the record, too."""
    for one in referrals:
        if person not in one.said.persons:
            continue
        hers, to = one.said.persons == (person,), one.said.recipient
        acts = [(one.fact, "made", one.at, one.by)]
        acts += [(it.fact, "handed", it.at, it.by) for it in one.handed]
        for fact, field, at, by in acts:
            yield Line(fact, Part.CONTACT, REFERRAL, field, to, at, by, hers=hers)
        yield from _of_words(one)


def _of_letters(letters: Iterable[Letter], person: SheetId) -> Iterator[Line]:
    """Return to whom letters about the person were written."""
    for one in letters:
        if one.said.person == person:
            told = LETTER, "made", one.said.recipient, one.at, one.by
            yield Line(one.fact, Part.CONTACT, *told, hers=True)


def _of_words(one: Referral) -> Iterator[Line]:
    words = [(one.fact, "greeting", one.said.greeting, one.at, one.by)]
    words += [(one.fact, "words", one.said.words, one.at, one.by)]
    words += [(it.fact, "withdrawn", it.reason, it.at, it.by) for it in one.withdrawn]
    for fact, field, text, at, by in words:
        if text:
            yield Line(fact, Part.CONTACT, REFERRAL, field, text, at, by, hers=False)


def _aim(recipient: str, other: str) -> str:
    return f"{recipient}: {other}" if other else recipient


def _of_notes(file: CaseFile, *, alone: bool) -> Iterator[Line]:
    for part in file.parts:
        for note in part.notes:
            said = NOTE, part.part.value, note.text, note.written, note.by
            yield Line(note.fact, part.part, *said, alone)
