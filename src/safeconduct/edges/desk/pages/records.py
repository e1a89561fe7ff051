# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record of a case: its sheets, the form of one, and what was written into it before."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import facts_in, parse_id
from safeconduct.edges.desk.looked import looked_at
from safeconduct.edges.desk.pages.cases import found
from safeconduct.edges.desk.record_page import fields_shown, grants_of, options_of
from safeconduct.edges.desk.sheet_places import page_of, place_of
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import FactId
from safeconduct.rooms.cases import CaseFile, Part, Sheet, SheetId
from safeconduct.rooms.cases.record_decide import FieldsMissing, Typed, WrongFields
from safeconduct.rooms.cases.sheets import COST, ITEM, SHEET_BYTES, SHEETS, Form, parts_of

SAW_MOST: Final = 64


@get("/cases/{name:str}/record/{kind:str}/new", sync_to_thread=True)
def begin_sheet(visit: Here, name: Named, kind: Named) -> Page:
    """Show an empty form of a kind of sheet."""
    case = found(visit, name)
    return visit.page("sheet.html", **_form(visit, case, _kind(kind), None))


@get("/cases/{name:str}/record/{kind:str}/{sheet:str}", sync_to_thread=True)
def read_sheet(visit: Here, name: Named, kind: Named, sheet: Named) -> Page:
    """Show one sheet in a form, with what was written into it before."""
    case = found(visit, name)
    looked_at(visit, case, (*parts_of(kind), Part.IDENTITY) if kind in SHEETS else ())
    return visit.page("sheet.html", **_form(visit, case, kind, _sheet(visit, case, kind, sheet)))


@post("/cases/{name:str}/record/{kind:str}/new/saved", sync_to_thread=True)
def add_sheet(visit: Here, name: Named, kind: Named) -> Page:
    """Write a new sheet."""
    return _save(visit, found(visit, name), _kind(kind), None)


@post("/cases/{name:str}/record/{kind:str}/{sheet:str}/saved", sync_to_thread=True)
def change_sheet(visit: Here, name: Named, kind: Named, sheet: Named) -> Page:
    """Write what was changed in a sheet."""
    case = found(visit, name)
    return _save(visit, case, kind, _sheet(visit, case, kind, sheet))


@post("/cases/{name:str}/record/{kind:str}/{sheet:str}/off", sync_to_thread=True)
def take_off(visit: Here, name: Named, kind: Named, sheet: Named) -> Page:
    """Take a sheet off the record, or put it back."""
    case = found(visit, name)
    of, records = _sheet(visit, case, kind, sheet), visit.desk.cases.records
    context = _form(visit, case, kind, of) | {"off": True}
    try:
        if visit.form.get("act") == "back":
            records.put_back(case.id, kind, of.id)
        else:
            records.take_off(case.id, kind, of.id, visit.form.get("reason"))
    except SafeconductError as error:
        return visit.refused(visit.why(error), "sheet.html", into="off-refused", **context)
    taken_off = visit.form.get("act") != "back"
    at = place_of(case.id, kind, of.id, off=taken_off)
    return visit.onward(at, visit.say("Saved in the record."))


def _save(visit: Visit, case: CaseFile, kind: str, sheet: Sheet | None) -> Page:
    typed, of = _typed(visit, case, kind), sheet.id if sheet else None
    try:
        if kind == COST:
            at = visit.desk.cases.money.write_cost(case.id, of, typed)
        else:
            at = visit.desk.cases.records.write(case.id, kind, of, typed)
    except SafeconductError as error:
        wrong = error.names if isinstance(error, WrongFields | FieldsMissing) else ()
        context = _form(visit, case, kind, sheet) | {"wrong": wrong}
        context["typed"] = {at: one.text for at, one in typed.items()}
        return visit.refused(visit.why(error), "sheet.html", into="sheet-refused", **context)
    said = visit.say("Saved in the record.")
    if any(one.asked for one in visit.desk.cases.across.of_case(case.id).get(at, ())):
        said += " " + visit.say("This may be the person of another case: see below, beside it.")
    off = sheet is not None and bool(sheet.taken_off)
    return visit.onward(place_of(case.id, kind, at, off=off), said)


def _typed(visit: Visit, case: CaseFile, kind: str) -> dict[tuple[Part, str], Typed]:
    """Return what a form says of the fields that can be read here, and that stood in it."""
    held, form = {one.part for one in case.parts}, visit.form
    fields = [one for one in SHEETS[kind] if one.part in held and one.name in form.fields]
    return {
        (field.part, field.name): Typed(
            form.get(field.name),
            saw(form.get(f"saw-{field.name}")),
            settles=bool(form.get(f"settle-{field.name}")),
        )
        for field in fields
    }


def saw(text: str) -> frozenset[FactId]:
    """Return the facts that stood in a field when somebody opened the form."""
    return facts_in(text, SAW_MOST)


def _form(visit: Visit, case: CaseFile, kind: str, sheet: Sheet | None) -> dict[str, Any]:
    record = visit.desk.cases.records.record(case.id)
    held = {one.part for one in case.parts}
    path = f"/cases/{case.id.hex()}"
    last = sheet.id.hex() if sheet else "new"
    asked = _asked(visit, kind) if sheet is None else {}
    shown = fields_shown(kind, sheet, asked.get((Part.JOURNEY, "what"), ""))
    return {
        "case": case,
        "kind": kind,
        "sheet": sheet,
        "groups": [
            (part, some)
            for part in parts_of(kind)
            if part in held and (some := [one for one in shown if one.part is part])
        ],
        "record": record,
        "options": {
            one.name: options_of(visit, record, (kind, one), sheet) for one in SHEETS[kind]
        },
        "grants": grants_of(visit, kind),
        "needs": any(one.needed and one.part in held for one in SHEETS[kind]),
        "writes": visit.desk.cases.may_write(),
        "up": page_of(case.id, kind),
        "path": f"{path}/record/{kind}/{last}",
        "typed": asked,
        "wrong": (),
        "off": False,
    }


def _asked(visit: Visit, kind: str) -> dict[tuple[Part, str], str]:
    """Return what the address asks a new sheet to name."""
    named = {"what"} if kind == ITEM else set()
    fields = [one for one in SHEETS[kind] if one.form is Form.SHEET or one.name in named]
    return {(one.part, one.name): visit.asked(one.name) for one in fields}


def _kind(name: str) -> str:
    if name not in SHEETS:
        raise NotFoundException
    return name


def _sheet(visit: Visit, case: CaseFile, kind: str, name: str) -> Sheet:
    raw = parse_id(name, SHEET_BYTES)
    record = visit.desk.cases.records.record(case.id)
    sheet = record.sheet(SheetId(raw), kind) if raw else None
    if sheet is None or sheet.kind != kind:
        raise NotFoundException
    return sheet


VIEWS: Final = (begin_sheet, read_sheet, add_sheet, change_sheet, take_off)
