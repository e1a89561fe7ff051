# SPDX-License-Identifier: AGPL-3.0-or-later
"""Filling a form of the office in for a case, changing answers, and what stood there before."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.form_page import Line, answers_of, lines_of, title_of
from safeconduct.edges.desk.forms import facts_in, parse_id
from safeconduct.edges.desk.looked import looked_at
from safeconduct.edges.desk.pages.cases import found
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import FactId
from safeconduct.rooms.cases import CaseFile, Part, Sheet, SheetId
from safeconduct.rooms.cases.form_facts import ITEMS_MOST
from safeconduct.rooms.cases.office_forms import FORMS, OfficeForm
from safeconduct.rooms.cases.record_decide import FieldsMissing, Typed, WrongFields
from safeconduct.rooms.cases.sheets import SHEET_BYTES, parts_of

TEMPLATE: Final = "filled.html"
SAW_MOST: Final = 8 * ITEMS_MOST


@get("/cases/{name:str}/forms/{kind:str}/new", sync_to_thread=True)
def begin_form(visit: Here, name: Named, kind: Named) -> Page:
    """Show an empty form."""
    case, form = found(visit, name), _form(visit, kind)
    return visit.page(TEMPLATE, **_shown(visit, case, form, None))


@get("/cases/{name:str}/forms/{kind:str}/{sheet:str}", sync_to_thread=True)
def read_form(visit: Here, name: Named, kind: Named, sheet: Named) -> Page:
    """Show a filled form, with what was written into it before."""
    case, form = found(visit, name), _form(visit, kind)
    of = _sheet(visit, case, kind, sheet)
    looked_at(visit, case, parts_of(kind, {kind: form.fields}))
    return visit.page(TEMPLATE, **_shown(visit, case, form, of))


@post("/cases/{name:str}/forms/{kind:str}/new/saved", sync_to_thread=True)
def add_form(visit: Here, name: Named, kind: Named) -> Page:
    """Keep the answers of a new one."""
    return _save(visit, found(visit, name), _form(visit, kind), None)


@post("/cases/{name:str}/forms/{kind:str}/{sheet:str}/saved", sync_to_thread=True)
def change_form(visit: Here, name: Named, kind: Named, sheet: Named) -> Page:
    """Keep what was changed."""
    case = found(visit, name)
    return _save(visit, case, _form(visit, kind), _sheet(visit, case, kind, sheet))


@post("/cases/{name:str}/forms/{kind:str}/{sheet:str}/off", sync_to_thread=True)
def take_off_form(visit: Here, name: Named, kind: Named, sheet: Named) -> Page:
    """Take a filled form off the record, or put it back."""
    case, form = found(visit, name), _form(visit, kind)
    of, forms = _sheet(visit, case, kind, sheet), visit.desk.cases.forms
    try:
        if visit.form.get("act") == "back":
            forms.put_back(case.id, kind, of.id)
        else:
            forms.take_off(case.id, kind, of.id, visit.form.get("reason"))
    except SafeconductError as error:
        context = _shown(visit, case, form, of) | {"off": True}
        return visit.refused(visit.why(error), TEMPLATE, into="off-refused", **context)
    return visit.onward(f"/cases/{name}", visit.say("Saved in the record."))


def _save(visit: Visit, case: CaseFile, form: OfficeForm, sheet: Sheet | None) -> Page:
    typed = _typed(visit, case, form, sheet)
    try:
        visit.desk.cases.forms.write(case.id, form.kind, sheet.id if sheet else None, typed)
    except SafeconductError as error:
        context = _shown(visit, case, form, sheet)
        wrong = error.names if isinstance(error, WrongFields | FieldsMissing) else ()
        context |= {"wrong": wrong, "typed": {at: one.text for at, one in typed.items()}}
        return visit.refused(visit.why(error), TEMPLATE, into="form-refused", **context)
    return visit.onward(f"/cases/{case.id.hex()}#forms-title", visit.say("Saved in the record."))


def _typed(
    visit: Visit, case: CaseFile, form: OfficeForm, sheet: Sheet | None
) -> dict[tuple[Part, str], Typed]:
    """Return what a form says of the questions that stood in it."""
    saw = facts_in(visit.form.get("saw"), SAW_MOST)
    found: dict[tuple[Part, str], Typed] = {}
    for line in _lines(visit, case, form):
        if line.part is None or not (
            line.type == "select_multiple" or line.name in visit.form.fields
        ):
            continue
        text = _text(visit, line)
        there = sheet.entered(line.name) if sheet else ()
        ours = {one.fact for of in there if of.part is line.part for one in of.written}
        settles = bool(visit.form.get(f"settle-{line.name}"))
        found[line.part, line.name] = Typed(text, frozenset[FactId](saw & ours), settles)
    return found


def _text(visit: Visit, line: Line) -> str:
    if line.type != "select_multiple":
        return visit.form.get(line.name)
    ticked = (at for at, _ in enumerate(line.choices) if visit.form.get(f"{line.name}-{at}"))
    return " ".join(line.choices[at][0] for at in ticked)


def _lines(visit: Visit, case: CaseFile, form: OfficeForm) -> list[Line]:
    return lines_of(form.newest, {one.part for one in case.parts}, visit.language)


def _shown(visit: Visit, case: CaseFile, form: OfficeForm, sheet: Sheet | None) -> dict[str, Any]:
    lines = _lines(visit, case, form)
    if not any(one.type in FORMS for one in lines):
        raise NotFoundException  # Nothing of it could be filled in or read here.
    last = sheet.id.hex() if sheet else "new"
    path = f"/cases/{case.id.hex()}"
    standing = {
        (of.part, of.name): of.standing for of in (sheet.fields if sheet else ()) if of.standing
    }
    return {
        "case": case,
        "form": form,
        "title": title_of(form, visit.language),
        "lines": lines,
        "sheet": sheet,
        "standing": standing,
        "saw": " ".join(one.fact.hex() for of in standing.values() for one in of),
        "answers": answers_of(form, sheet, visit.language) if sheet else (),
        "typed": {at: of[-1].text for at, of in standing.items()},
        "writes": visit.desk.cases.may_write() and (sheet is not None or form.asked),
        "up": path,
        "path": f"{path}/forms/{form.kind}/{last}",
        "wrong": (),
        "off": False,
    }


def _form(visit: Visit, kind: str) -> OfficeForm:
    form = visit.desk.cases.forms.form(kind)
    if form is None:
        raise NotFoundException
    return form


def _sheet(visit: Visit, case: CaseFile, kind: str, name: str) -> Sheet:
    raw = parse_id(name, SHEET_BYTES)
    record = visit.desk.cases.forms.filled(case.id)
    sheet = record.sheet(SheetId(raw), kind) if raw else None
    if sheet is None:
        raise NotFoundException
    return sheet


VIEWS: Final = (begin_form, read_form, add_form, change_form, take_off_form)
