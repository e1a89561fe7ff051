# SPDX-License-Identifier: AGPL-3.0-or-later
"""Houses, roads and countries: their books, who reads them, lists, and the form of one sheet."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import facts_in, parse_id
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.edges.desk.ways_page import Listed, book_shown, form_shown, list_shown
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.sheets import (
    OVER_MOST,
    SHEET_BYTES,
    FieldsMissing,
    Form,
    SheetId,
    Typed,
    WrongFields,
)
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.decide import NotASteward, helpers
from safeconduct.rooms.passage import Book, Sheet
from safeconduct.rooms.passage.kinds import NETWORK, Field, book_of

SAW_MOST: Final = 64
_BOOKS: Final = {one.value: one for one in Book}


@get("/ways", sync_to_thread=True)
def see_books(visit: Here) -> Page:
    """Show the books that can be read here, and to stewards those that nobody opened yet."""
    ways = visit.desk.ways
    shown = [book_shown(visit, one) for one in Book if one in ways.network().books]
    plans = ways.plans.shown()
    return visit.page("ways.html", books=shown, to_open=ways.to_open(), plans=plans)


@get("/ways/{book:str}", sync_to_thread=True)
def see_book(visit: Here, book: Named) -> Page:
    """Show what is in a book, and what somebody has to make sure of."""
    shown = book_shown(visit, _readable(visit, book))
    return visit.page("ways_book.html", **shown, writes=visit.desk.ways.may_write())


@get("/ways/{book:str}/open", sync_to_thread=True)
def choose_readers(visit: Here, book: Named) -> Page:
    """Show the form that opens a book."""
    return visit.page("ways_open.html", **_opening(visit, _openable(visit, book)))


@post("/ways/{book:str}/opened", sync_to_thread=True)
def open_book(visit: Here, book: Named) -> Page:
    """Open a book for those who were chosen, and for this desk."""
    of, chosen = _openable(visit, book), _chosen(visit)
    try:
        visit.desk.ways.open(of, chosen)
    except SafeconductError as error:
        context = _opening(visit, of) | {"chosen": chosen}
        return visit.refused(visit.why(error), "ways_open.html", into="opening-refused", **context)
    said = visit.say("Opened. Those you chose can read and write it when their desks hear of it.")
    return visit.onward(f"/ways/{of.value}", said)


@get("/ways/{book:str}/who", sync_to_thread=True)
def see_readers(visit: Here, book: Named) -> Page:
    """Show who holds keys of a book, and to whom it could be given."""
    return visit.page("ways_who.html", **_readers(visit, _readable(visit, book)))


@post("/ways/{book:str}/given", sync_to_thread=True)
def give_book(visit: Here, book: Named) -> Page:
    """Give a book to those who were chosen."""
    of, chosen = _readable(visit, book), _chosen(visit)
    try:
        visit.desk.ways.give(of, chosen)
    except SafeconductError as error:
        context = _readers(visit, of) | {"chosen": chosen}
        return visit.refused(visit.why(error), "ways_who.html", into="giving-refused", **context)
    said = visit.say("Given. Their desks can read it when they hear of it.")
    return visit.onward(f"/ways/{of.value}/who", said)


@get("/ways/{book:str}/{kind:str}", sync_to_thread=True)
def see_sheets(visit: Here, book: Named, kind: Named) -> Page:
    """Show the sheets of a kind."""
    listed = Listed(_readable(visit, book), _kind(book, kind), off=bool(visit.asked("off")))
    return visit.page("ways_list.html", **list_shown(visit, listed))


@get("/ways/{book:str}/{kind:str}/new", sync_to_thread=True)
def begin_sheet(visit: Here, book: Named, kind: Named) -> Page:
    """Show an empty form."""
    _readable(visit, book)
    return visit.page("ways_sheet.html", **form_shown(visit, _kind(book, kind), None))


@get("/ways/{book:str}/{kind:str}/{sheet:str}", sync_to_thread=True)
def read_sheet(visit: Here, book: Named, kind: Named, sheet: Named) -> Page:
    """Show one sheet in a form, who made sure of it, and what was written before."""
    found = _sheet(visit, book, kind, sheet)
    return visit.page("ways_sheet.html", **form_shown(visit, kind, found))


@post("/ways/{book:str}/{kind:str}/new/saved", sync_to_thread=True)
def add_sheet(visit: Here, book: Named, kind: Named) -> Page:
    """Write a new sheet."""
    _readable(visit, book)
    return _save(visit, _kind(book, kind), None)


@post("/ways/{book:str}/{kind:str}/{sheet:str}/saved", sync_to_thread=True)
def change_sheet(visit: Here, book: Named, kind: Named, sheet: Named) -> Page:
    """Write what was changed in a sheet."""
    return _save(visit, kind, _sheet(visit, book, kind, sheet))


@post("/ways/{book:str}/{kind:str}/{sheet:str}/off", sync_to_thread=True)
def take_off(visit: Here, book: Named, kind: Named, sheet: Named) -> Page:
    """Take a sheet off the record, or put it back."""
    found, ways, back = _sheet(visit, book, kind, sheet), visit.desk.ways, _goes_back(visit)
    try:
        if back:
            ways.put_back(kind, found.id)
        else:
            ways.take_off(kind, found.id, visit.form.get("reason"))
    except SafeconductError as error:
        context = form_shown(visit, kind, found) | {"about": "off"}
        return visit.refused(visit.why(error), "ways_sheet.html", into="off-refused", **context)
    return visit.onward(_place(kind, found.id), visit.say("Saved."))


@post("/ways/{book:str}/{kind:str}/{sheet:str}/sure", sync_to_thread=True)
def make_sure(visit: Here, book: Named, kind: Named, sheet: Named) -> Page:
    """Say that what stands on a sheet is so."""
    found, form = _sheet(visit, book, kind, sheet), visit.form
    try:
        saw = facts_in(form.get("saw"), OVER_MOST)
        visit.desk.ways.verify(kind, found.id, saw, form.get("how"))
    except SafeconductError as error:
        context = form_shown(visit, kind, found) | {"about": "sure", "how": form.get("how")}
        return visit.refused(visit.why(error), "ways_sheet.html", into="sure-refused", **context)
    said = visit.say("Saved: you made sure of this today.")
    return visit.onward(_place(kind, found.id), said)


def _save(visit: Visit, kind: str, sheet: Sheet | None) -> Page:
    typed = _typed(visit, kind)
    try:
        at = visit.desk.ways.write(kind, sheet.id if sheet else None, typed)
    except SafeconductError as error:
        wrong = error.names if isinstance(error, WrongFields | FieldsMissing) else ()
        context = form_shown(visit, kind, sheet) | {"wrong": wrong, "about": "sheet"}
        context["typed"] = {name: one.text for name, one in typed.items()}
        return visit.refused(visit.why(error), "ways_sheet.html", into="sheet-refused", **context)
    return visit.onward(_place(kind, at), visit.say("Saved."))


def _typed(visit: Visit, kind: str) -> dict[str, Typed]:
    """Return what a form says of the fields that stood in it."""
    form = visit.form
    return {
        field.name: Typed(
            _said(visit, field),
            facts_in(form.get(f"saw-{field.name}"), SAW_MOST),
            settles=bool(form.get(f"settle-{field.name}")),
        )
        for field in NETWORK[kind]
        if field.name in form.fields
    }


def _said(visit: Visit, field: Field) -> str:
    """Return what stands in a field of a form; of several that may be ticked, those that are."""
    if field.form is not Form.MANY:
        return visit.form.get(field.name)
    return " ".join(one for one in field.choices if visit.form.get(f"{field.name}-{one}"))


def _goes_back(visit: Visit) -> bool:
    return visit.form.get("act") == "back"


def _place(kind: str, sheet: SheetId) -> str:
    return f"/ways/{book_of(kind).value}/{kind}/{sheet.hex()}"


def _readable(visit: Visit, name: str) -> Book:
    book = _BOOKS.get(name)
    if book is None or book not in visit.desk.ways.network().books:
        raise NotFoundException
    return book


def _openable(visit: Visit, name: str) -> Book:
    book, could = _BOOKS.get(name), visit.desk.ways.to_open()
    if book is None or (could and book not in could):
        raise NotFoundException
    if not could:
        raise NotASteward
    return book


def _kind(book: str, name: str) -> str:
    if name not in NETWORK or book_of(name).value != book:
        raise NotFoundException
    return name


def _sheet(visit: Visit, book: str, kind: str, name: str) -> Sheet:
    _readable(visit, book)
    raw = parse_id(name, SHEET_BYTES)
    found = visit.desk.ways.network().sheet(raw, _kind(book, kind)) if raw else None
    if found is None:
        raise NotFoundException
    return found


def _chosen(visit: Visit) -> set[DeviceId]:
    everyone = (member.device.id for member in visit.people.everyone())
    return {device for device in everyone if visit.form.get(f"device-{device.hex()}")}


def _opening(visit: Visit, book: Book) -> dict[str, Any]:
    there = helpers(visit.desk.roster()) - {visit.desk.device}
    return {
        "book": book,
        "members": [one for one in visit.people.everyone() if one.device.id in there],
        "chosen": set(visit.desk.ways.proposed()),
    }


def _readers(visit: Visit, book: Book) -> dict[str, Any]:
    could = visit.desk.ways.givable(book)
    return {
        "book": book,
        "seen": visit.desk.ways.who_can_see(book),
        "roster": visit.desk.roster(),
        "members": [one for one in visit.people.everyone() if one.device.id in could],
        "chosen": set(),
    }


VIEWS: Final = (
    *(see_books, see_book, choose_readers, open_book, see_readers, give_book, see_sheets),
    *(begin_sheet, read_sheet, add_sheet, change_sheet, take_off, make_sure),
)
