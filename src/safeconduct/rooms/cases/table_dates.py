# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates as old tables have them: in two orders, in two counts of days, in digits of any script.

A date that could be two days says nothing before a person chose the order of its column.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.cases.sheets import is_date

if TYPE_CHECKING:
    from collections.abc import Iterable

EPOCHS: Final = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}
"""Day 0 of each count; that of 1900 has a 29 February 1900, so it is right from day 61 on
(ECMA-376 part 1, 18.17.4.1)."""
SERIALS: Final = range(61, 110_000)
"""Days of the 20th to the 22nd century; what is shorter than five digits is a year."""
_TIME: Final = re.compile(r"[ T]\d\d?:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$")
_MIDNIGHT: Final = re.compile(r"[ T]0?0:00(:00(\.0+)?)?(Z|[+-]00:?00)?$")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d\d?)(?:[-/.](\d\d?))?")
_YEAR_LAST: Final = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})")
_MONTH: Final = re.compile(r"(\d\d?)[-/.](\d{4})")
_SHORT: Final = re.compile(r"\d\d?([-/.])\d\d?\1\d\d")
_SERIAL: Final = re.compile(r"(\d{5,6})(?:\.\d+)?")

AMBIGUOUS, UNCOUNTED, SHORT, NONE, TIMED = "order", "system", "short_year", "no_date", "time_left"


def date_of(cell: str, order: str, system: int) -> tuple[str, str]:
    """Return a cell as dates are kept, and a code: why it is none, or that a time was left out.

    `order` is `dmy`, `mdy` or nothing yet; `system` is 1900, 1904 or 0 as yet.
    """
    text = plain_digits(cell).strip()
    bare = _TIME.sub("", text)
    said = TIMED if bare != text and not _MIDNIGHT.search(text) else ""
    found, why = _bare(bare.strip(), order, system)
    return (found, why or said) if found else ("", why)


def orders_shown(cells: Iterable[str]) -> tuple[bool, frozenset[str]]:
    """Tell whether some cells could be two days, and return the orders that others show."""
    shown, asks = set[str](), False
    for cell in cells:
        found = _YEAR_LAST.fullmatch(_TIME.sub("", plain_digits(cell).strip()))
        if not found or found[2] == ".":
            continue
        first, second = int(found[1]), int(found[3])
        asks = asks or first != second <= 12 >= first  # noqa: PLR2004  (months)
        if first > 12 >= second:  # noqa: PLR2004  (months)
            shown.add("dmy")
        if second > 12 >= first:  # noqa: PLR2004
            shown.add("mdy")
    return asks, frozenset(shown)


def counts_days(cells: Iterable[str]) -> bool:
    """Tell whether some cells are numbers of days."""
    return any(_SERIAL.fullmatch(plain_digits(cell).strip()) for cell in cells)


def plain_digits(text: str) -> str:
    """Return a text with the digits of any script as ours."""
    return "".join(str(unicodedata.decimal(one, one)) for one in text)


def _bare(text: str, order: str, system: int) -> tuple[str, str]:
    if re.fullmatch(r"\d{4}", text):
        return _known(text, "", "")
    if found := _YEAR_FIRST.fullmatch(text):
        return _known(found[1], found[2], found[3] or "")
    if found := _MONTH.fullmatch(text):
        return _known(found[2], found[1], "")
    if found := _YEAR_LAST.fullmatch(text):
        return _ordered(found, order)
    if found := _SERIAL.fullmatch(text):
        return _counted(int(found[1]), system)
    return "", SHORT if _SHORT.fullmatch(text) else NONE


def _ordered(found: re.Match[str], order: str) -> tuple[str, str]:
    """Return a date with the year last; between points the day is first everywhere.

    What is a day in one order alone is that day while no order was chosen.
    """
    first, second = found[1], found[3]
    if found[2] == ".":
        order = "dmy"
    tried = {"dmy": _known(found[4], second, first), "mdy": _known(found[4], first, second)}
    if order:
        return tried[order]
    days = {day for day, _ in tried.values() if day}
    return (days.pop(), "") if len(days) == 1 else ("", AMBIGUOUS if days else NONE)


def _counted(days: int, system: int) -> tuple[str, str]:
    if not system:
        return "", UNCOUNTED
    if days not in SERIALS:
        return "", NONE
    return (EPOCHS[system] + timedelta(days)).isoformat(), ""


def _known(year: str, month: str, day: str) -> tuple[str, str]:
    text = "-".join([year, *(one.zfill(2) for one in (month, day) if one)])
    return (text, "") if is_date(text) else ("", NONE)
