# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a case's record consists of: kinds of sheets, their fields, and the part of each field.

This is data.  A field stands in the vault of its part, so that a sheet is as much as a reader's
keys open: a coordinator learns where a pursuer has reach, and not what he is called (spec/record.md
1).  What this program does not know of a sheet it passes over and keeps.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from safeconduct.kernel.words import DEVICE_ID_BYTES
from safeconduct.rooms.cases.money import amount_in, rate_in
from safeconduct.rooms.cases.words import Part

LINE_MOST: Final = 300
TEXT_MOST: Final = 4_000
"""Characters."""
SHEET_BYTES: Final = 16
TAKEN_OFF: Final = "taken_off"
"""A field of every kind in every part: why the sheet was taken off the record, or nothing."""
_DAY_FIRST: Final = re.compile(r"(?:(\d\d?)\.)?(\d\d?)\.(\d{4})", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_NUMBER: Final = re.compile(r"([-+]?)0*(\d{1,18})(?:[.,](\d{0,12}?)0*)?", re.ASCII)


class Form(Enum):
    """How a value is written down."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    """A year, a month or a day, as exactly as it is known: `2017`, `2017-04` or `2017-04-03`."""
    ONE = "one"
    """One of the choices."""
    SHEET = "sheet"
    """Another sheet of the case, by its id in hex."""
    MEMBER = "member"
    """A device of the office's roster, by its id in hex."""
    INTEGER = "integer"
    DECIMAL = "decimal"
    MANY = "many"
    """Some of the choices, in their order, with a space between them."""
    AMOUNT = "amount"
    """So much of a currency: `EUR 1200.50` (spec/money.md 1)."""
    RATE = "rate"
    """What one unit of another currency is in this one: `EUR 0.0102`."""
    GRANT = "grant"
    """A grant of the office, by its id in hex."""


_COUNTED: Final = frozenset({Form.INTEGER, Form.DECIMAL, Form.AMOUNT, Form.RATE})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind of sheet; `of` are the kinds of sheets that it may name.

    Where it is `needed` no sheet of the kind is written without it, by whoever has its part.
    """

    name: str
    part: Part
    form: Form = Form.LINE
    choices: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    needed: bool = False


def _one(name: str, part: Part, *choices: str) -> Field:
    return Field(name, part, Form.ONE, choices)


def _sheet(name: str, part: Part, *of: str) -> Field:
    return Field(name, part, Form.SHEET, of=of)


_I, _C, _J, _L, _H = Part.IDENTITY, Part.CONTACT, Part.JOURNEY, Part.LEGAL, Part.HEALTH

PERSON: Final = "person"
PURSUER: Final = "pursuer"
TIE: Final = "tie"
DOCUMENT: Final = "document"
PLACE: Final = "place"
GOAL: Final = "goal"
TASK: Final = "task"
SERVICE: Final = "service"
REVIEW: Final = "review"
COST: Final = "cost"
PLAN: Final = (GOAL, TASK, SERVICE, REVIEW)
"""What stands on the page of the plan (spec/plan.md), and not among people and papers."""
APART: Final = (*PLAN, COST)
"""What stands on a page of its own; that of costs is money's (spec/money.md)."""
PURPOSES: Final = (
    *("shelter", "travel", "documents", "medical", "legal", "food", "phone", "cash", "other"),
)
"""For what money is spent; `cash` is money in hand."""
Kinds = Mapping[str, tuple[Field, ...]]
"""Kinds of sheets with their fields: those below, or what an office asks in forms of its own."""
SHEETS: Final[Kinds] = {
    PERSON: (
        _one("stands", _J, "asks", "partner", "child", "parent", "sibling", "relative", "friend"),
        Field("name", _I),
        Field("papers_name", _I),
        Field("other_names", _I, Form.TEXT),
        Field("born", _I, Form.DATE),
        Field("citizenship", _I),
        Field("from", _I),
        Field("gender", _I),
        Field("languages", _C),
        Field("reach", _C, Form.TEXT),
        Field("skills", _J),
        Field("depends", _J, Form.TEXT),
        Field("standing", _L, Form.TEXT),
        Field("health", _H, Form.TEXT),
        Field("needs", _H, Form.TEXT),
    ),
    PURSUER: (
        Field("name", _I),
        _sheet("hunts", _I, PERSON),
        _one(
            *("relation", _I),
            *("parent", "sibling", "partner", "relative", "community", "security", "other"),
        ),
        Field("reach", _J, Form.TEXT),
        Field("resources", _J, Form.TEXT),
        Field("knows", _J, Form.TEXT),
        Field("seen", _J, Form.DATE),
        _one("report", _J, "none", "missing", "wanted", "unknown"),
    ),
    TIE: (
        _sheet("one", _I, PERSON, PURSUER),
        _one(
            *("relation", _I),
            *("partner", "parent", "child", "sibling", "relative", "friend", "other"),
        ),
        _sheet("other", _I, PERSON, PURSUER),
        Field("note", _I),
    ),
    DOCUMENT: (
        _sheet("of", _J, PERSON),
        _one(
            *("paper", _J),
            *("passport", "identity_card", "visa", "travel", "birth", "residence", "medical"),
            *("court", "other"),
        ),
        _one("state", _J, "held", "with_us", "taken", "lost", "applied"),
        Field("expires", _J, Form.DATE),
        Field("number", _I),
        Field("name_in", _I),
        Field("note", _J),
    ),
    PLACE: (
        Field("where", _J),
        Field("why", _J, Form.TEXT),
        Field("until", _J, Form.DATE),
    ),
    GOAL: (
        Field("what", _J, needed=True),
        Field("why", _J, Form.TEXT),
        _one("state", _J, "open", "reached", "dropped"),
        Field("came", _J, Form.TEXT),
    ),
    TASK: (
        Field("what", _J, needed=True),
        _sheet("goal", _J, GOAL),
        Field("owner", _J, Form.MEMBER),
        Field("due", _J, Form.DATE),
        _one("state", _J, "open", "done", "dropped"),
        Field("came", _J, Form.TEXT),
    ),
    SERVICE: (
        Field(
            *("service", _J, Form.ONE),
            choices=(
                *("shelter", "medical", "psychological", "legal", "documents", "money", "food"),
                *("phone", "transport", "other"),
            ),
            needed=True,
        ),
        Field("what", _J, Form.TEXT),
        _sheet("for", _J, PERSON),
        Field("from", _J),
        _one("state", _J, "asked", "agreed", "given", "refused"),
        Field("came", _J, Form.TEXT),
    ),
    REVIEW: (
        Field("day", _J, Form.DATE, needed=True),
        Field("reached", _J, Form.TEXT, needed=True),
        Field("danger", _J, Form.TEXT, needed=True),
        Field("feedback", _J, Form.TEXT, needed=True),
        Field("told", _J, Form.TEXT, needed=True),
        Field("after", _C, Form.TEXT),
    ),
    COST: (
        Field("purpose", _J, Form.ONE, choices=PURPOSES, needed=True),
        Field("amount", _J, Form.AMOUNT, needed=True),
        Field("what", _J, needed=True),
        Field("day", _J, Form.DATE, needed=True),
        _one("state", _J, "planned", "asked", "paid", "dropped"),
        Field("grant", _J, Form.GRANT),
        Field("rate", _J, Form.RATE),
        Field("rate_day", _J, Form.DATE),
        Field("rate_source", _J),
        Field("receipt", _J),
        Field("no_receipt", _J),
        Field("urgent", _J, Form.TEXT),
    ),
}
"""In the order in which pages show them."""


def parts_of(kind: str, kinds: Kinds = SHEETS) -> tuple[Part, ...]:
    """Return the parts in which a kind of sheet has fields, in their order."""
    there = {field.part for field in kinds[kind]}
    return tuple(part for part in Part if part in there)


def field_of(kind: str, name: str, part: Part, kinds: Kinds = SHEETS) -> Field | None:
    """Return what is known of a field in a part; None where it does not belong."""
    if name == TAKEN_OFF and part in parts_of(kind, kinds):
        return Field(TAKEN_OFF, part, Form.TEXT)
    return next((one for one in kinds[kind] if one.name == name and one.part is part), None)


def plain_value(field: Field, typed: str) -> str | None:
    """Return what was typed as it is kept; None when it is no value of the field.

    Nothing is a value of every field: it says that nothing is known any more.
    """
    text = typed.strip() if field.form is Form.TEXT else " ".join(typed.split())
    if not text:
        return ""
    if field.form in {Form.LINE, Form.TEXT}:
        return text if len(text) <= (LINE_MOST if field.form is Form.LINE else TEXT_MOST) else None
    if field.form is Form.DATE:
        text = _turned(text)
        return text if is_date(text) else None
    if field.form in {Form.ONE, Form.MANY}:
        return _chosen(field, text)
    if field.form in _COUNTED:
        return _counted(field, text)
    size = DEVICE_ID_BYTES if field.form is Form.MEMBER else SHEET_BYTES
    return text if re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", text) else None


def _chosen(field: Field, text: str) -> str | None:
    """Return what was chosen of a field's choices; of several, in the order of the choices."""
    if field.form is Form.ONE:
        return text if text in field.choices else None
    chosen = frozenset(text.split(" "))
    if not chosen <= frozenset(field.choices):
        return None
    return " ".join(one for one in field.choices if one in chosen)


def _counted(field: Field, text: str) -> str | None:
    """Return a number, a sum or a rate as it is kept."""
    if field.form in {Form.INTEGER, Form.DECIMAL}:
        return _number(field, text)
    found = amount_in(text) if field.form is Form.AMOUNT else rate_in(text)
    return found.text if found else None


def _number(field: Field, text: str) -> str | None:
    """Return a number as few digits as it takes; a comma before the decimals is a point."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    sign, whole, after = found.groups("")
    if field.form is Form.INTEGER and ("." in text or "," in text):
        return None
    number = f"{whole}.{after}" if after else whole
    return f"-{number}" if sign == "-" and number != "0" else number


def _turned(typed: str) -> str:
    """Return a date with the year first that was typed with the day or the month first."""
    found = _DAY_FIRST.fullmatch(typed)
    if not found:
        return typed
    day, month, year = found.groups()
    return "-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])])


def is_date(text: str) -> bool:
    """Tell whether a text is a year, a month or a day of the calendar."""
    found = _DATE.fullmatch(text)
    if not found:
        return False
    year, month, day = (int(one or 1) for one in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
