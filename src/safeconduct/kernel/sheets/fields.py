# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields of sheets: the forms that a value may have, and a value as it is kept (spec/record.md 1).

A field stands in a part, which has a vault of its own; which parts there are a room says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Final, Generic, TypeVar

from msgspec import Meta

from safeconduct.kernel.canon import Bytes36
from safeconduct.kernel.money import amount_in, rate_in
from safeconduct.kernel.words import DEVICE_ID_BYTES

LINE_MOST: Final = 300
TEXT_MOST: Final = 4_000
"""Characters."""
SHEET_BYTES: Final = 16
KIND_MOST: Final = 32
VALUE_MOST: Final = 4_000
FIELDS_MOST: Final = 64
OVER_MOST: Final = 1_024
TAKEN_OFF: Final = "taken_off"
"""A field of every kind in every part: why the sheet was taken off the record, or nothing."""
_DAY_FIRST: Final = re.compile(r"(?:(\d\d?)\.)?(\d\d?)\.(\d{4})", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
_NUMBER: Final = re.compile(r"([-+]?)0*(\d{1,18})(?:[.,](\d{0,12}?)0*)?", re.ASCII)

KindName = Annotated[str, Meta(min_length=1, max_length=KIND_MOST)]
Values = Annotated[
    tuple[tuple[KindName, Annotated[str, Meta(max_length=VALUE_MOST)]], ...],
    Meta(min_length=1, max_length=FIELDS_MOST),
]
"""Names of fields with what they say, as facts hold them."""
Over = Annotated[tuple[Bytes36, ...], Meta(max_length=OVER_MOST)]
"""The facts over which something was written."""


class Form(Enum):
    """How a value is written down."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    """A year, a month or a day, as exactly as it is known: `2017`, `2017-04` or `2017-04-03`."""
    TIME = "time"
    """A time of day by the clocks of the place: `07:40`."""
    ONE = "one"
    """One of the choices."""
    SHEET = "sheet"
    """Another sheet, by its id in hex."""
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
P = TypeVar("P", bound=Enum)
"""The parts of a room's sheets."""


# Without slots: rooms make fields by the name `Field[Part]`, which Python 3.11 cannot with them.
@dataclass(frozen=True)
class Field(Generic[P]):
    """One field of a kind of sheet; `of` are the kinds of sheets that it may name.

    Where it is `needed` no sheet of the kind is written without it, by whoever has its part.
    """

    name: str
    part: P
    form: Form = Form.LINE
    choices: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    needed: bool = False


Kinds = Mapping[str, tuple[Field[P], ...]]
"""Kinds of sheets with their fields, in the order in which pages show them."""


def parts_of(kind: str, kinds: Kinds[P]) -> tuple[P, ...]:
    """Return the parts in which a kind of sheet has fields, in their order."""
    fields = kinds[kind]
    there = {field.part for field in fields}
    return tuple(part for part in type(fields[0].part) if part in there) if fields else ()


def field_of(kind: str, name: str, part: P, kinds: Kinds[P]) -> Field[P] | None:
    """Return what is known of a field in a part; None where it does not belong."""
    if name == TAKEN_OFF and part in parts_of(kind, kinds):
        return Field(TAKEN_OFF, part, Form.TEXT)
    return next((one for one in kinds[kind] if one.name == name and one.part is part), None)


def plain_value(field: Field[P], typed: str) -> str | None:
    """Return what was typed as it is kept; None when it is no value of the field.

    Nothing is a value of every field: it says that nothing is known any more.
    """
    text = typed.strip() if field.form is Form.TEXT else " ".join(typed.split())
    if not text:
        return ""
    if field.form in {Form.LINE, Form.TEXT}:
        return text if len(text) <= (LINE_MOST if field.form is Form.LINE else TEXT_MOST) else None
    if field.form in {Form.DATE, Form.TIME}:
        return _when(field.form, text)
    if field.form in {Form.ONE, Form.MANY}:
        return _chosen(field, text)
    if field.form in _COUNTED:
        return _counted(field.form, text)
    size = DEVICE_ID_BYTES if field.form is Form.MEMBER else SHEET_BYTES
    return text if re.fullmatch(rf"[0-9a-f]{{{2 * size}}}", text) else None


def _when(form: Form, text: str) -> str | None:
    """Return a date or a time of day as it is kept."""
    if form is Form.DATE:
        text = _turned(text)
        return text if is_date(text) else None
    found = _TIME.fullmatch(text)
    return f"{found[1].zfill(2)}:{found[2]}" if found else None


def _chosen(field: Field[P], text: str) -> str | None:
    """Return what was chosen of a field's choices; of several, in the order of the choices."""
    if field.form is Form.ONE:
        return text if text in field.choices else None
    chosen = frozenset(text.split(" "))
    if not chosen <= frozenset(field.choices):
        return None
    return " ".join(one for one in field.choices if one in chosen)


def _counted(form: Form, text: str) -> str | None:
    """Return a number, a sum or a rate as it is kept."""
    if form in {Form.INTEGER, Form.DECIMAL}:
        return _number(form, text)
    found = amount_in(text) if form is Form.AMOUNT else rate_in(text)
    return found.text if found else None


def _number(form: Form, text: str) -> str | None:
    """Return a number as few digits as it takes; a comma before the decimals is a point."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    sign, whole, after = found.groups("")
    if form is Form.INTEGER and ("." in text or "," in text):
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
