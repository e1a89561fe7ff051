# SPDX-License-Identifier: AGPL-3.0-or-later
"""The gazetteer of this desk: brought in from a file, asked when a town is written, forgotten."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.place_page import chosen, finding
from safeconduct.edges.desk.visit import Here, Named, Page
from safeconduct.edges.desk.ways_page import form_shown
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.sheets import SHEET_BYTES
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.kinds import TOWN

if TYPE_CHECKING:
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.edges.desk.ways_api import WaysApi
    from safeconduct.rooms.passage import Sheet

AT: Final = "/ways/places"
WORDS_MOST: Final = 80


@get(AT, sync_to_thread=True)
def see_places(visit: Here) -> Page:
    """Show how many places are kept, of which regions, and where to bring in more."""
    _need(visit)
    return visit.page("places.html", **_shown(visit))


@post(f"{AT}/brought", sync_to_thread=True)
def bring_places(visit: Here) -> Page:
    """Add the places of a file that lies on this computer."""
    _need(visit)
    path = Path(visit.form.get("path").strip().strip("\"'"))
    with suppress(RuntimeError):  # The home of somebody whom this computer does not know.
        path = path.expanduser()
    try:
        visit.desk.ways.places.bring(path, visit.form.get("codes"))
    except SafeconductError as error:
        context = _shown(visit) | {"typed": visit.form.fields}
        return visit.refused(visit.why(error), "places.html", "places-refused", **context)
    return visit.onward(AT, visit.say("Kept, sealed, at this desk. You can delete the file."))


@post(f"{AT}/forgotten", sync_to_thread=True)
def forget_places(visit: Here) -> Page:
    """Keep no place any more."""
    _need(visit)
    visit.desk.ways.places.forget()
    return visit.onward(AT, visit.say("No place is kept here any more."))


@post("/ways/{book:str}/{kind:str}/new/found", sync_to_thread=True)
def find_new_town(visit: Here, book: Named, kind: Named) -> Page:
    """Show the places that are called so, or the empty form filled in with the one chosen."""
    _towns(visit, book, kind)
    return _found(visit, None)


@post("/ways/{book:str}/{kind:str}/{sheet:str}/found", sync_to_thread=True)
def find_town(visit: Here, book: Named, kind: Named, sheet: Named) -> Page:
    """Show the places that are called so, or the form filled in with the one that was chosen."""
    _towns(visit, book, kind)
    raw = parse_id(sheet, SHEET_BYTES)
    there = visit.desk.ways.network().sheet(raw, TOWN) if raw else None
    if there is None:
        raise NotFoundException
    return _found(visit, there)


def _found(visit: Visit, town: Sheet | None) -> Page:
    text, number = visit.form.get("find")[:WORDS_MOST].strip(), visit.form.get("place")
    context, taken = form_shown(visit, TOWN, town), chosen(visit, text, number)
    context["finding"], context["taken"] = finding(visit, text), bool(taken)
    context["typed"] = taken or ({} if town else {"name": text})
    return visit.page("ways_sheet.html", **context)


def _towns(visit: Visit, book: str, kind: str) -> None:
    _need(visit)
    if (book, kind) != (Book.ROADS.value, TOWN):
        raise NotFoundException


def _need(visit: Visit) -> WaysApi:
    if Book.ROADS not in visit.desk.ways.network().books:
        raise NotFoundException
    return visit.desk.ways


def _shown(visit: Visit) -> dict[str, Any]:
    places = visit.desk.ways.places
    return {"many": places.many(), "called": sorted(places.names().items()), "typed": {}}


VIEWS: Final = (see_places, bring_places, forget_places, find_new_town, find_town)
