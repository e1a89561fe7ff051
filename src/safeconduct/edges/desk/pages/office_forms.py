# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's own forms: bringing one in from a workbook, choosing parts, asking no more."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.form_page import line_of, title_of
from safeconduct.edges.desk.importing.found import NoFileChosen, NoWorkbook, expecting
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.office_forms import FORMS, RISK, moved
from safeconduct.rooms.cases.office_forms_decide import PartsMissing
from safeconduct.rooms.cases.office_instruments import can_be_item
from safeconduct.rooms.cases.xlsform import Draft

BODY_MOST: Final = 9 << 20
TEMPLATE: Final = "office_forms.html"


@get("/forms", sync_to_thread=True)
def see_forms(visit: Here) -> Page:
    """Show the forms of the office, and the one that is being brought in."""
    return visit.page(TEMPLATE, **_shown(visit))


@post("/forms/look", sync_to_thread=True, request_max_body_size=BODY_MOST)
def look(visit: Here) -> Page:
    """Read a workbook."""
    try:
        if not visit.form.files:
            raise NoFileChosen
        visit.desk.cases.forms.look(visit.form.files[0])
    except SafeconductError as error:
        why = visit.why(expecting(NoWorkbook, error))
        return visit.refused(why, TEMPLATE, into="form-refused", **_shown(visit))
    return visit.onward("/forms#draft-title")


@post("/forms/bring", sync_to_thread=True)
def bring(visit: Here) -> Page:
    """Ask with it from here on."""
    forms, draft = visit.desk.cases.forms, visit.desk.cases.forms.draft
    typed = {
        one.path: visit.form.get(f"part-{at}")
        for at, one in enumerate(draft.items if draft else ())
    }
    form, version = visit.form.get("form"), visit.form.get("version")
    try:
        brought = forms.bring(form, version, typed)
    except SafeconductError as error:
        context = _shown(visit) | {"typed": typed, "form_id": form, "form_version": version}
        context["wrong"] = error.names if isinstance(error, PartsMissing) else ()
        return visit.refused(visit.why(error), TEMPLATE, into="draft-refused", **context)
    said = visit.say("The office asks with this form now. It stands on the pages of cases.")
    return visit.onward(f"/forms#{brought.kind}", said)


@post("/forms/drop", sync_to_thread=True)
def drop(visit: Here) -> Page:
    """Keep nothing of what was read."""
    visit.desk.cases.forms.drop()
    return visit.onward("/forms")


@post("/forms/{kind:str}/end", sync_to_thread=True)
def end(visit: Here, kind: Named) -> Page:
    """Ask with a form no more."""
    if visit.desk.cases.forms.form(kind) is None:
        raise NotFoundException
    try:
        visit.desk.cases.forms.end(kind)
    except SafeconductError as error:
        return visit.refused(visit.why(error), TEMPLATE, into="form-refused", **_shown(visit))
    return visit.onward("/forms", visit.say("Asked no more. What was answered stays in the cases."))


def _shown(visit: Visit) -> dict[str, Any]:
    forms = visit.desk.cases.forms
    draft, every = forms.draft if forms.may_bring() else None, forms.all()
    before = next((one for one in every if draft and one.id == draft.form), None)
    return {
        "may": forms.may_bring(),
        "forms": [(one, title_of(one, visit.language)) for one in every],
        "draft": draft,
        "lines": _lines(draft, visit.language) if draft else (),
        "moved": moved(before, draft.items) if draft else {},
        "parts": tuple(Part),
        "typed": {one.path: one.part for one in draft.items} if draft else {},
        "can_be_item": can_be_item,
        "risk": RISK,
        "form_id": draft.form if draft else "",
        "form_version": draft.version if draft else "",
        "wrong": (),
    }


def _lines(draft: Draft, language: str) -> list[tuple[int, int, Any]]:
    """Return the questions of a draft: their place, their line in the workbook, and their words."""
    return [
        (at, line, line_of(one, language, draft.language))
        for at, (one, line) in enumerate(zip(draft.items, draft.lines, strict=True))
        if one.type in FORMS
    ]


VIEWS: Final = (see_forms, look, bring, drop, end)
