# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages show of people who go abroad: what is missing first, and how many things press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from safeconduct.edges.desk.handoffs import papers_of_country
from safeconduct.edges.desk.record_words import label
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.relocation import NOT_NEEDED, Item, Relocation
from safeconduct.rooms.cases.relocation_due import Alarm, alarms, pressing
from safeconduct.rooms.cases.sheets import ABROAD, PERSON, THINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from safeconduct.edges.desk.relocations_api import HeldRelocation
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases import CaseFile, CaseRecord, SheetId
    from safeconduct.rooms.cases.consent import Consents
    from safeconduct.rooms.cases.letters_made import Letter

    Found = list[tuple[Relocation, Sequence[Alarm]]]

_LAST = "9999-99"


@dataclass(frozen=True, slots=True)
class Way:
    """One relocation as a page shows it."""

    of: Relocation
    who: str
    alarms: tuple[Alarm, ...]
    items: tuple[Item, ...]
    """What is still to be got first, what nobody needs last."""
    begins: int
    """How many things a press would add to the list."""
    asks: tuple[str, ...]
    """What the office's book says that the country asks for."""


def ways_of(visit: Visit, record: CaseRecord) -> list[Way]:
    """Return the relocations of a case, those that travel first at the top."""
    today = visit.words.today(visit.desk.now())
    found = visit.desk.cases.relocations.of(record.case).relocations
    ordered = sorted(found, key=lambda one: (one.travels or _LAST, one.id))
    return [_way(visit, record, one, today) for one in ordered]


def _way(visit: Visit, record: CaseRecord, one: Relocation, today: date) -> Way:
    relocations = visit.desk.cases.relocations
    asks = papers_of_country(visit.desk.ways.network(), one.country)
    people = [sheet for sheet in record.of_kind(PERSON) if sheet.id in one.persons]
    return Way(
        of=one,
        who=", ".join(label(sheet, visit.language) for sheet in people),
        alarms=alarms(one, today),
        items=tuple(sorted(one.items, key=_place)),
        begins=len(relocations.proposed(record.case, one.id, asks)) if one.before else 0,
        asks=asks,
    )


def _place(item: Item) -> tuple[bool, bool, str, int]:
    order = THINGS.index(item.what)
    return not item.open, item.state == NOT_NEEDED, item.due or item.day or _LAST, order


def shown(visit: Visit, case: CaseFile) -> dict[str, Any]:
    """Return what the page of one case shows."""
    record = visit.desk.cases.records.record(case.id)
    held = {one.part for one in case.parts}
    consents = visit.desk.cases.consents.of(case.id)
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "record": record,
        "options": visit.desk.cases.relocations.of(case.id).options,
        "ways": ways_of(visit, record),
        "off": [one for one in record.off if one.kind in ABROAD],
        "journey": Part.JOURNEY in held,
        "contact": Part.CONTACT in held,
        "letters": [(one, _stands(consents, one)) for one in visit.desk.cases.letters.of(case.id)],
        "allowed": visit.desk.cases.letters.allowed(case.id),
        "consents": consents,
        "today": visit.words.today(visit.desk.now()),
        "writes": visit.desk.cases.may_write(),
        "wrong": None,
    }


def _stands(consents: Consents, letter: Letter) -> bool:
    """Tell whether nobody took back the consent under which a letter was made."""
    one = consents.consent(letter.said.consent)
    return one is not None and not one.against


def by_person(visit: Visit, case: CaseId) -> dict[SheetId, Found]:
    """Return for each person of a case where they go, and what is the matter."""
    today = visit.words.today(visit.desk.now())
    found: dict[SheetId, Found] = {}
    for one in visit.desk.cases.relocations.of(case).relocations:
        for person in one.persons:
            found.setdefault(person, []).append((one, alarms(one, today)))
    return found


def press(visit: Visit) -> list[tuple[HeldRelocation, Sequence[Alarm]]]:
    """Return whose things press, in all cases, those that travel first at the top."""
    today = visit.words.today(visit.desk.now())
    every = ((one, pressing(one.of, today)) for one in visit.desk.cases.relocations.all())
    return [(one, some) for one, some in every if some]


def abroad_due(visit: Visit) -> dict[str, Any]:
    """Return how many things press of those who go abroad, for Today."""
    return {"abroad_due": sum(len(some) for _, some in press(visit))}
