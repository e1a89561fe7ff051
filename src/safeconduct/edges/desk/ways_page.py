# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages show of houses, roads and countries: how fresh, how many beds, closed or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from safeconduct.edges.desk import ways_words
from safeconduct.edges.desk.between_page import followed_shown
from safeconduct.edges.desk.burned_page import burns
from safeconduct.edges.desk.place_page import finding
from safeconduct.edges.desk.render import headline
from safeconduct.edges.desk.tasks_page import today_of
from safeconduct.kernel.sheets import Form
from safeconduct.rooms.passage import Book, Freshness, standing
from safeconduct.rooms.passage.believed import beds, burned, closed
from safeconduct.rooms.passage.kinds import (
    BORDER_CLOSED,
    FRESH_DAYS,
    HOUSE,
    HOUSE_CLOSED,
    JOURNEY,
    LEG,
    NETWORK,
    PARTY,
    RIDE,
    ROAD_CLOSED,
    STAY,
    TOWN,
    book_of,
    kinds_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.edges.desk.sheet_naming import Naming
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.passage import Network, Sheet, Verification
    from safeconduct.rooms.passage.kinds import Field

CLOSINGS: Final = frozenset({HOUSE_CLOSED, ROAD_CLOSED, BORDER_CLOSED})
"""What is closed is closed from today on, unless somebody says otherwise."""
STEP: Final = 40
LAST: Final = "~"
"""A bed comes after the legs of its day."""
UNSURE_MOST: Final = 20
"""So many that somebody has to make sure of are named on a book's page."""


class Listed(NamedTuple):
    """What somebody wants to see: sheets of a kind that stand, or that were taken off."""

    book: Book
    kind: str
    off: bool


class Shown(NamedTuple):
    """A sheet with what is believed of it today; `beds` of houses alone."""

    sheet: Sheet
    fresh: Freshness | None
    sure: Verification | None
    closed: bool
    burned: bool
    beds: int | None


class Piece(NamedTuple):
    """A leg or a stay of a journey; `what` is the leg or the house, where it is read here."""

    sheet: Sheet
    day: str
    at: str
    what: Sheet | None


def shown(visit: Visit, network: Network, sheet: Sheet) -> Shown:
    """Return a sheet with what is believed of it today."""
    day, now = today_of(visit), visit.desk.now()
    made = network.made_sure(sheet)
    return Shown(
        sheet,
        None if network.is_off(sheet) else network.freshness(sheet, now),
        made[-1] if made else None,
        closed(network, sheet, day),
        burned(network, sheet, day),
        beds(network, sheet, day) if sheet.kind == HOUSE else None,
    )


def book_shown(visit: Visit, book: Book) -> dict[str, Any]:
    """Return what the page of a book shows: how many of each kind, and what is not fresh."""
    network = visit.desk.ways.network()
    there = [
        one for one in network.sheets if one.kind in kinds_of(book) and not network.is_off(one)
    ]
    unsure = _unsure(network, there, visit.desk.now())
    return {
        "book": book,
        "kinds": [(kind, sum(one.kind == kind for one in there)) for kind in kinds_of(book)],
        "unsure": unsure[:UNSURE_MOST],
        "unsure_total": len(unsure),
        "naming": ways_words.naming(network, visit.language),
    }


def _unsure(
    network: Network, some: Sequence[Sheet], now: int
) -> list[tuple[Sheet, Freshness | None]]:
    """Return what somebody has to make sure of: what changed first, then what is old, then new."""
    order = {Freshness.CHANGED: 0, Freshness.STALE: 1, Freshness.UNVERIFIED: 2}
    found = [(one, network.freshness(one, now)) for one in some]
    unsure = [(one, fresh) for one, fresh in found if fresh in order]
    return sorted(unsure, key=lambda one: order[one[1]] if one[1] else 0)


def list_shown(visit: Visit, listed: Listed) -> dict[str, Any]:
    """Return what the list of a kind shows."""
    network, start = visit.desk.ways.network(), visit.start()
    off = [one for one in network.off(listed.book) if one.kind == listed.kind]
    every: Sequence[Sheet] = off if listed.off else network.of_kind(listed.kind)
    return {
        **listed._asdict(),
        "network": network,
        "naming": ways_words.naming(network, visit.language),
        "rows": [shown(visit, network, one) for one in every[start : start + STEP]],
        "days": FRESH_DAYS.get(listed.kind),
        "off_total": len(off),
        "start": start,
        "step": STEP,
        "total": len(every),
        "writes": visit.desk.ways.may_write(),
    }


def form_shown(visit: Visit, kind: str, sheet: Sheet | None) -> dict[str, Any]:
    """Return what the page of a sheet shows."""
    network, ways = visit.desk.ways.network(), visit.desk.ways
    fields, naming = NETWORK[kind], ways_words.naming(network, visit.language)
    asked = {one.name: visit.asked(one.name) for one in fields if one.form is Form.SHEET}
    if kind in CLOSINGS:
        asked["begins"] = today_of(visit)
    return {
        "book": book_of(kind),
        "kind": kind,
        "sheet": sheet,
        "row": shown(visit, network, sheet) if sheet else None,
        "made": network.made_sure(sheet) if sheet else (),
        "saw": " ".join(one.hex() for one in sorted(standing(sheet))) if sheet else "",
        "fields": fields,
        "network": network,
        "naming": naming,
        "options": {one.name: _options(network, naming, (kind, one), sheet) for one in fields},
        "days": FRESH_DAYS.get(kind),
        "writes": ways.may_write(),
        "verifies": ways.may_verify(),
        "path": f"/ways/{book_of(kind).value}/{kind}/{sheet.id.hex() if sheet else 'new'}",
        "typed": asked if sheet is None else {},
        "wrong": (),
        "about": "",
        "how": "",
        "finding": finding(visit) if kind == TOWN else None,
        "taken": False,
        "burns": burns(visit, kind) if sheet else (),
        "board": Book.JOURNEYS in network.books,
        "plans": ways.plans.shown(),
        "follows": followed_shown(visit, network, sheet),
        **belongs(network, sheet),
    }


def belongs(network: Network, sheet: Sheet | None) -> dict[str, Any]:
    """Return whose journey a sheet is of, and its legs and stays in the order of days."""
    journey = sheet if sheet and sheet.kind == JOURNEY else None
    if sheet and sheet.kind in {RIDE, STAY}:
        journey = network.named(sheet.text("journey"), JOURNEY)
    if journey is None:
        return {"party": None, "journey": None, "pieces": ()}
    pieces = [
        Piece(one, one.text(day), one.text("at"), network.named(one.text(what), what))
        for kind, day, what in ((RIDE, "day", LEG), (STAY, "begins", HOUSE))
        for one in network.that_name(kind, "journey", journey)
        if one is not sheet
    ]
    return {
        "party": network.named(journey.text("party"), PARTY),
        "journey": journey if journey is not sheet else None,
        "pieces": sorted(pieces, key=lambda one: (one.day, one.at or LAST)),
    }


def _options(
    network: Network, naming: Naming, at: tuple[str, Field], sheet: Sheet | None
) -> list[tuple[str, str]]:
    """Return what may be chosen in a field, in words; what it names now stays, read here or not."""
    kind, field = at
    if field.form is not Form.SHEET:
        return [(one, naming.choice(kind, field.name, one)) for one in field.choices]
    found = {
        one.id.hex(): headline(naming.label(one))
        for name in field.of
        for one in network.of_kind(name)
    }
    now = sheet.text(field.name) if sheet else ""
    if now and now not in found:
        named = network.named(now, *field.of)
        found[now] = headline(naming.label(named)) if named else ""
    return list(found.items())
