# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network consists of: kinds of sheets, their fields, and the book of each kind.

This is data (spec/network.md 2).  A kind stands in one book whole.  Choices that people may be
wrong about stand in order, what is safest to believe first; what nobody knows is believed to be the
first.  What this program does not know of a sheet it passes over and keeps.  The book of journeys
holds ids, days and choices alone: no field of it takes a name or a place.
"""

from __future__ import annotations

from typing import Final

from safeconduct.kernel import sheets
from safeconduct.kernel.sheets import Form
from safeconduct.rooms.passage.words import Book

Field = sheets.Field[Book]
Kinds = sheets.Kinds[Book]
_H, _R, _A, _J = Book.HOUSES, Book.ROADS, Book.ABROAD, Book.JOURNEYS

HOUSE: Final = "house"
HOUSEHOLD: Final = "household"
NIGHTS: Final = "nights"
HOUSE_LEARNT: Final = "house_learnt"
HOUSE_CLOSED: Final = "house_closed"
TOWN: Final = "town"
POINT: Final = "point"
LEG: Final = "leg"
DEPARTURE: Final = "departure"
ESCORT: Final = "escort"
VEHICLE: Final = "vehicle"
ROAD_LEARNT: Final = "road_learnt"
ROAD_CLOSED: Final = "road_closed"
COUNTRY: Final = "country"
CROSSING: Final = "crossing"
BORDER_CLOSED: Final = "border_closed"
PARTY: Final = "party"
REACH: Final = "reach"
ACQUAINTED: Final = "acquainted"
JOURNEY: Final = "journey"
RIDE: Final = "ride"
STAY: Final = "stay"
POSITION: Final = "position"
"""The field of a town that says where the map draws it (spec/places.md 4)."""
NAMED: Final = frozenset({HOUSE, HOUSEHOLD, ESCORT, PARTY})
"""Kinds whose sheets colleagues speak of by a code name."""


def _one(name: str, book: Book, *choices: str, needed: bool = False) -> Field:
    return Field(name, book, Form.ONE, choices, needed=needed)


def _many(name: str, book: Book, *choices: str) -> Field:
    return Field(name, book, Form.MANY, choices)


def _sheet(name: str, book: Book, *of: str, needed: bool = False) -> Field:
    return Field(name, book, Form.SHEET, of=of, needed=needed)


def _count(name: str, book: Book, *, needed: bool = False) -> Field:
    return Field(name, book, Form.INTEGER, needed=needed)


def _text(name: str, book: Book, *, needed: bool = False) -> Field:
    return Field(name, book, Form.TEXT, needed=needed)


def _line(name: str, book: Book, *, needed: bool = False) -> Field:
    return Field(name, book, needed=needed)


def _trust(book: Book) -> Field:
    return _one("trust", book, "none", "low", "fair", "high")


def _learnt(book: Book, *who: str) -> tuple[Field, ...]:
    return (
        _sheet("who", book, *who, needed=True),
        Field("day", book, Form.DATE, needed=True),
        _line("of", book, needed=True),
        _text("what", book, needed=True),
    )


def _closed(book: Book, *what: str) -> tuple[Field, ...]:
    return (
        _sheet("closes", book, *what, needed=True),
        Field("begins", book, Form.DATE, needed=True),
        Field("ends", book, Form.DATE),
        _text("why", book, needed=True),
    )


_TOLD: Final = ("begun", "bought", "host_told", "told", "proposed")
"""How far a journey is promised; what binds most is believed first."""
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NETWORK: Final[Kinds] = {
    HOUSE: (
        _text("where", _H, needed=True),
        _sheet("town", _H, TOWN),
        _sheet("host", _H, HOUSEHOLD),
        _count("beds", _H, needed=True),
        _many("suits", _H, "any", "women", "family", "medical"),
        _trust(_H),
        _one("state", _H, "burned", "closed", "resting", "fit", needed=True),
        Field("until", _H, Form.DATE),
        Field("cost", _H, Form.AMOUNT),
        _text("rules", _H),
    ),
    HOUSEHOLD: (
        _line("name", _H, needed=True),
        _text("reach", _H),
        _count("people", _H),
        _line("languages", _H),
        _trust(_H),
        _one("state", _H, "arrested", "left", "resting", "ready", needed=True),
        _text("knows", _H),
    ),
    NIGHTS: (
        _sheet("house", _H, HOUSE, needed=True),
        Field("begins", _H, Form.DATE, needed=True),
        Field("ends", _H, Form.DATE, needed=True),
        _count("beds", _H, needed=True),
        _line("why", _H),
    ),
    HOUSE_LEARNT: _learnt(_H, HOUSEHOLD),
    HOUSE_CLOSED: (*_closed(_H, HOUSE), _one("how", _H, "burned", "closed", needed=True)),
    TOWN: (
        _line("name", _R, needed=True),
        _line("also", _R),
        _line("region", _R),
        _line(POSITION, _R),
        _text("note", _R),
    ),
    POINT: (
        _sheet("town", _R, TOWN, needed=True),
        _text("where", _R, needed=True),
        _line("hours", _R),
        _one("watched", _R, "yes", "no"),
    ),
    LEG: (
        _sheet("from", _R, TOWN, POINT, needed=True),
        _sheet("to", _R, TOWN, POINT, needed=True),
        _one("mode", _R, "foot", "car", "coach", "train", "plane", "boat", needed=True),
        _count("minutes", _R, needed=True),
        Field("cost", _R, Form.AMOUNT),
        _one("exposure", _R, "very_high", "high", "fair", "low", needed=True),
        _one("registers", _R, "yes", "no"),
        _count("checkpoints", _R),
        _text("note", _R),
    ),
    DEPARTURE: (
        _sheet("leg", _R, LEG, needed=True),
        Field("at", _R, Form.TIME, needed=True),
        _many("days", _R, *_DAYS),
        Field("day", _R, Form.DATE),
        _count("most", _R),
        _line("source", _R),
    ),
    ESCORT: (
        _line("name", _R, needed=True),
        _text("reach", _R),
        _sheet("lives_with", _R, ESCORT),
        _count("most", _R),
        _line("languages", _R),
        _trust(_R),
        _one("state", _R, "arrested", "left", "resting", "ready", needed=True),
    ),
    VEHICLE: (
        _line("name", _R, needed=True),
        _sheet("escort", _R, ESCORT),
        _count("seats", _R, needed=True),
        _one("state", _R, "known", "broken", "fit", needed=True),
    ),
    ROAD_LEARNT: _learnt(_R, ESCORT),
    ROAD_CLOSED: _closed(_R, TOWN, POINT, LEG, DEPARTURE),
    COUNTRY: (
        _line("name", _A, needed=True),
        _text("route", _A, needed=True),
        _text("documents", _A),
        _one("accepts", _A, "passport", "identity", "none"),
        _count("wait", _A),
        _count("quota", _A),
        _one("per", _A, "all", "year", "month", "week"),
        Field("cost", _A, Form.AMOUNT),
        _text("contact", _A),
        _text("dangers", _A),
        _one("state", _A, "closed", "waits", "open", needed=True),
    ),
    CROSSING: (
        _line("name", _A, needed=True),
        _sheet("country", _A, COUNTRY),
        _text("papers", _A),
        _line("hours", _A),
        _one("watched", _A, "yes", "no"),
    ),
    BORDER_CLOSED: _closed(_A, COUNTRY, CROSSING),
    PARTY: (
        _count("size", _J, needed=True),
        _one("risk", _J, "gravest", "grave", "high", "raised", "standard", needed=True),
        _sheet("town", _J, TOWN, needed=True),
        Field("ready", _J, Form.DATE),
        Field("deadline", _J, Form.DATE),
        _one("alone", _J, "no", "yes"),
        _one("wanted", _J, "yes", "no"),
        _one("papers", _J, "none", "identity", "passport"),
        _one("need", _J, "medical", "family", "women", "any", needed=True),
        _one("state", _J, "waits", "paused", "over"),
    ),
    REACH: (_sheet("party", _J, PARTY, needed=True), _sheet("town", _J, TOWN, needed=True)),
    ACQUAINTED: (
        _sheet("party", _J, PARTY, needed=True),
        _sheet("other", _J, PARTY, needed=True),
    ),
    JOURNEY: (
        _sheet("party", _J, PARTY, needed=True),
        _one("state", _J, *_TOLD, "over", "called_off", needed=True),
        _sheet("country", _J, COUNTRY),
        Field("leaves", _J, Form.DATE),
    ),
    RIDE: (
        _sheet("journey", _J, JOURNEY, needed=True),
        Field("day", _J, Form.DATE, needed=True),
        Field("at", _J, Form.TIME),
        _sheet("leg", _J, LEG),
        _sheet("departure", _J, DEPARTURE),
        _sheet("meets", _J, POINT),
        _sheet("escort", _J, ESCORT),
        _sheet("vehicle", _J, VEHICLE),
    ),
    STAY: (
        _sheet("journey", _J, JOURNEY, needed=True),
        _sheet("house", _J, HOUSE, needed=True),
        Field("begins", _J, Form.DATE, needed=True),
        Field("ends", _J, Form.DATE),
        _one("state", _J, "there", "agreed", "held", "over", "released", needed=True),
        Field("until", _J, Form.DATE),
    ),
}
"""In the order in which pages show them."""
FRESH_DAYS: Final = {
    HOUSE: 14,
    HOUSEHOLD: 30,
    POINT: 30,
    LEG: 7,
    DEPARTURE: 7,
    ESCORT: 14,
    VEHICLE: 30,
    COUNTRY: 30,
    CROSSING: 7,
    PARTY: 3,
    HOUSE_CLOSED: 7,
    ROAD_CLOSED: 3,
    BORDER_CLOSED: 3,
}
"""For so many days it is enough that somebody made sure; of other kinds nobody has to.

Working values of this design, to be changed by what offices see: no source measures them.
"""
LEAST: Final = frozenset({"beds", "seats", "most", "quota"})
GREATEST: Final = frozenset({"minutes", "checkpoints", "people", "size", "wait"})
"""Numbers of which the smallest, or the greatest, is the safest to believe."""


def book_of(kind: str) -> Book:
    """Return the book in which a kind stands."""
    return NETWORK[kind][0].part


def kinds_of(book: Book) -> tuple[str, ...]:
    """Return the kinds of a book, in their order."""
    return tuple(kind for kind in NETWORK if book_of(kind) is book)


def field_named(kind: str, name: str) -> Field | None:
    """Return a field of a kind, but for the one that says why a sheet was taken off."""
    return next((one for one in NETWORK[kind] if one.name == name), None)
