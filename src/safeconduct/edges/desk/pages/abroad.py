# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going abroad: what was offered, what is missing, and what happened after arrival."""

from __future__ import annotations

from typing import Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.abroad_page import press, shown
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.handoffs import papers_of_country
from safeconduct.edges.desk.looked import looked_at, looked_through
from safeconduct.edges.desk.pages.cases import STEP, found
from safeconduct.edges.desk.pages.records import saw
from safeconduct.edges.desk.sheet_places import place_of
from safeconduct.edges.desk.visit import Here, Named, Page
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.relocation import READY
from safeconduct.rooms.cases.sheets import ABROAD, ITEM, RELOCATION, SHEET_BYTES, parts_of

PARTS: Final = tuple(part for part in Part if any(part in parts_of(kind) for kind in ABROAD))


@get("/cases/{name:str}/abroad", sync_to_thread=True)
def see_abroad(visit: Here, name: Named) -> Page:
    """Show who goes where, what is missing, and what was heard after arrival."""
    case = found(visit, name)
    looked_at(visit, case, PARTS)
    return visit.page("abroad.html", **shown(visit, case))


@post("/cases/{name:str}/abroad/{sheet:str}/begun", sync_to_thread=True)
def begin_list(visit: Here, name: Named, sheet: Named) -> Page:
    """Put on the list of a relocation what it begins with, in one press."""
    case, relocations = found(visit, name), visit.desk.cases.relocations
    at = SheetId(parse_id(sheet, SHEET_BYTES))
    way = next((one for one in relocations.of(case.id).relocations if one.id == at), None)
    if way is None:
        raise NotFoundException
    lines = papers_of_country(visit.desk.ways.network(), way.country)
    try:
        relocations.begin(case.id, at, lines)
    except SafeconductError as error:
        context = shown(visit, case) | {"wrong": at}
        into = f"begin-{sheet}-refused"
        return visit.refused(visit.why(error), "abroad.html", into=into, **context)
    said = visit.say("The checklist is begun. Take off what is not needed, with a reason.")
    return visit.onward(place_of(case.id, RELOCATION, at), said)


@post("/cases/{name:str}/abroad/{sheet:str}/there", sync_to_thread=True)
def settle(visit: Here, name: Named, sheet: Named) -> Page:
    """Say of a thing on the list that it is there."""
    case, records = found(visit, name), visit.desk.cases.records
    item = records.record(case.id).sheet(parse_id(sheet, SHEET_BYTES), ITEM)
    if item is None:
        raise NotFoundException
    typed = {(Part.JOURNEY, "state"): Typed(READY, saw(visit.form.get("saw-state")), settles=True)}
    try:
        records.write(case.id, ITEM, item.id, typed)
    except SafeconductError as error:
        context = shown(visit, case) | {"wrong": item.id}
        into = f"there-{sheet}-refused"
        return visit.refused(visit.why(error), "abroad.html", into=into, **context)
    return visit.onward(place_of(case.id, ITEM, item.id), visit.say("Saved in the record."))


@get("/cases/abroad", sync_to_thread=True)
def see_all_abroad(visit: Here) -> Page:
    """Show whose things press, in all cases."""
    rows, start = press(visit), visit.start()
    some = rows[start : start + STEP]
    looked_through(visit, (one.case for one, _ in some), (Part.JOURNEY, Part.HEALTH))
    return visit.page(
        "abroad_all.html",
        rows=some,
        today=visit.words.today(visit.desk.now()),
        total=len(rows),
        start=start,
        step=STEP,
    )


VIEWS: Final = (see_abroad, begin_list, settle, see_all_abroad)
