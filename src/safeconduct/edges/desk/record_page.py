# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages of a case show of its record, and what may be chosen in the form of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safeconduct.edges.desk import record_words
from safeconduct.edges.desk.abroad_page import by_person
from safeconduct.edges.desk.filenames import shown_name
from safeconduct.edges.desk.render import headline
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.cases.relocation import fields_of_item
from safeconduct.rooms.cases.sheets import APART, COST, ITEM, PERSON, RELOCATION, SHEETS, Form
from safeconduct.rooms.cases.standing import said

if TYPE_CHECKING:
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.cases import CaseFile, CaseRecord, Sheet
    from safeconduct.rooms.cases.grants import Grant
    from safeconduct.rooms.cases.sheets import Field


def recorded(visit: Visit, case: CaseFile) -> dict[str, Any]:
    """Return the record, and the kinds of sheets of which something could be read here.

    The plan and money have pages of their own.
    """
    held = {one.part for one in case.parts}
    kinds = (
        kind
        for kind in SHEETS
        if kind not in APART and any(one.part in held for one in SHEETS[kind])
    )
    record = visit.desk.cases.records.record(case.id)
    off = [one for one in record.off if one.kind not in APART]
    return {
        "record": record,
        "kinds": tuple(kinds),
        "off_record": off,
        "goes": by_person(visit, case.id),
        "alike": visit.desk.cases.across.of_case(case.id),
    }


def fields_shown(kind: str, sheet: Sheet | None, what: str) -> tuple[Field, ...]:
    """Return the fields that a form shows: of a checklist those of this thing, and what stands."""
    if kind != ITEM:
        return SHEETS[kind]
    names = fields_of_item(said(sheet, "what") if sheet else (what,))
    stands = {one.name for one in sheet.fields if one.text} if sheet else set()
    return tuple(one for one in SHEETS[ITEM] if one.name in names | stands)


Options = list[tuple[str, str]]
"""Values that may be chosen, each with its words; one that cannot be read here has none."""


def options_of(
    visit: Visit, record: CaseRecord, at: tuple[str, Field], sheet: Sheet | None
) -> Options:
    """Return what may be chosen in a field of a kind, and what it names already."""
    kind, field = at
    now = sheet.text(field.name) if sheet else ""
    if field.form is Form.SHEET:
        return _sheets(visit, record, field, now)
    if field.form is Form.MEMBER:
        return _members(visit, now)
    if field.form is Form.GRANT:
        found = {
            one: f"{headline(grant.name)} ({grant.amount.currency})"
            for one, grant in grants_of(visit, kind).items()
        }
        return _with(found, now, visit.say("a grant that this desk does not know"))
    return [
        (one, record_words.choice(kind, field.name, one, visit.language)) for one in field.choices
    ]


def grants_of(visit: Visit, kind: str) -> dict[str, Grant]:
    """Return the grants that a cost may name, by their ids in hex."""
    grants = visit.desk.cases.money.office().grants if kind == COST else ()
    return {one.id.hex(): one for one in grants}


def _sheets(visit: Visit, record: CaseRecord, field: Field, now: str) -> Options:
    found = [one for kind in field.of for one in record.of_kind(kind)]
    named = record.named(now, *field.of)
    every = found if named is None or named in found else [*found, named]
    return [(one.id.hex(), headline(_called(visit, record, one))) for one in every]


def _called(visit: Visit, record: CaseRecord, sheet: Sheet) -> str:
    """Return what a sheet is called among others; of two ways to one country, whose each is."""
    said = record_words.label(sheet, visit.language)
    goes = record.named(sheet.text("of"), PERSON) if sheet.kind == RELOCATION else None
    return f"{said} ({goes.name})" if goes else said


def _members(visit: Visit, now: str) -> Options:
    """Return those who may be named in a field, by name."""
    there = visit.desk.roster().present()
    found = {
        one.device.id.hex(): f"{shown_name(one.person)} · {shown_name(one.device.name)}"
        for one in visit.people.everyone()
        if one.device.id in there
    }
    gone = shown_name(visit.people.name(DeviceId(bytes.fromhex(now)))) if now else ""
    return _with(found, now, gone)


def _with(found: dict[str, str], now: str, unknown: str) -> Options:
    """Return what may be chosen, and what stands there though it may not be any more."""
    return list((found | ({now: unknown} if now and now not in found else {})).items())
