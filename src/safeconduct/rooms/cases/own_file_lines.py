# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept about one person of a case, line by line, as far as it can be read here.

A line is what somebody wrote into one field, what stood there before too.  `hers` are those that
are about the person by where they stand; each other line is asked about, for it may tell of
somebody else.  What is of other people by where it stands is no line at all (spec/own-file.md 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.rooms.cases.risk import RISK_PART
from safeconduct.rooms.cases.sheets import (
    DOCUMENT,
    PERSON,
    PURSUER,
    SERVICE,
    SHEETS,
    TIE,
    Form,
)
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeconduct.kernel.words import DeviceId, FactId, Instant
    from safeconduct.rooms.cases.consent import Consents
    from safeconduct.rooms.cases.record import CaseRecord, Entered, Sheet, SheetId
    from safeconduct.rooms.cases.risk import CaseRisk
    from safeconduct.rooms.cases.stages import CaseStages
    from safeconduct.rooms.cases.words import CaseFile

LINE_BYTES: Final = 16
STAGE: Final = "stage"
BLOCK: Final = "block"
RISK: Final = "risk"
CONSENT: Final = "consent"
NOTE: Final = "note"
SECTIONS: Final = (*SHEETS, STAGE, BLOCK, RISK, CONSENT, NOTE)
"""In the order in which a file shows them."""
OF_OTHERS: Final = {(PERSON, "depends")}
"""Fields of a person's own sheet that tell of others."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that somebody wrote; `field` and `text` are the room's own words, not a page's.

    `stands` is false of what was written over since.
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

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts that cannot be read here; every case has all six, so this tells nothing."""
        return tuple(part for part in Part if self.file.part(part) is None)


def lines_of(kept: Kept, person: SheetId) -> tuple[Line, ...]:
    """Return what is kept about a person, section by section, oldest first."""
    persons = {one.id for one in kept.record.sheets if one.kind == PERSON}
    alone = persons == {person} and not kept.missing
    found = [
        *(line for sheet in kept.record.sheets for line in _of_sheet(sheet, person, alone=alone)),
        *_of_stages(kept.stages, alone=alone),
        *_of_risk(kept.risk, person),
        *_of_consents(kept.consents, person),
        *_of_notes(kept.file, alone=alone),
    ]
    return tuple(sorted(found, key=lambda one: (SECTIONS.index(one.section), one.at, one.fact)))


def _of_sheet(sheet: Sheet, person: SheetId, *, alone: bool) -> Iterator[Line]:
    owner = _owner(sheet, person, alone=alone)
    if owner is None:
        return
    forms = {one.name: one.form for one in SHEETS[sheet.kind]}
    for entered in sheet.fields:
        if forms.get(entered.name) in {Form.SHEET, Form.MEMBER, Form.GRANT}:
            continue  # It names another sheet, a colleague, or a grant.
        hers = owner and (sheet.kind, entered.name) not in OF_OTHERS
        yield from _of_field(sheet.kind, entered, hers=hers)


def _of_field(kind: str, entered: Entered, *, hers: bool) -> Iterator[Line]:
    for one in entered.written:
        if one.text:
            said = kind, entered.name, one.text, one.at, one.by
            yield Line(one.fact, entered.part, *said, hers=hers, stands=one.stands)


def _owner(sheet: Sheet, person: SheetId, *, alone: bool) -> bool | None:
    """Tell whether a sheet is of the person; None where it is somebody else's."""
    if sheet.kind == PERSON:
        return True if sheet.id == person else None
    if sheet.kind == TIE:
        return False if person.hex() in _names(sheet, "one", "other") else None
    if sheet.kind == PURSUER:
        hunted = _names(sheet, "hunts")
        return False if alone or not hunted or person.hex() in hunted else None
    of = _names(sheet, *({DOCUMENT: ("of",), SERVICE: ("for",)}.get(sheet.kind, ())))
    if of:
        return True if of == {person.hex()} else (False if person.hex() in of else None)
    return alone


def _names(sheet: Sheet, *fields: str) -> set[str]:
    """Return whom a sheet names, of all that stands: where two wrote at once, both."""
    entered = (one for name in fields for one in sheet.entered(name))
    return {said.text for one in entered for said in one.standing if said.text}


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


def _aim(recipient: str, other: str) -> str:
    return f"{recipient}: {other}" if other else recipient


def _of_notes(file: CaseFile, *, alone: bool) -> Iterator[Line]:
    for part in file.parts:
        for note in part.notes:
            said = NOTE, part.part.value, note.text, note.written, note.by
            yield Line(note.fact, part.part, *said, alone)
