# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of a sheet as items: who, when, what was said, and whether somebody answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.cleaning import sandbox
from safeconduct.edges.desk.importing.columns import Columns, Field, guess
from safeconduct.edges.desk.importing.csvs import read_csv
from safeconduct.edges.desk.importing.found import (
    BEGINS_MOST,
    Found,
    NotReadable,
    TooMuch,
    fitting,
    line,
)
from safeconduct.edges.desk.importing.packed import unpacked
from safeconduct.edges.desk.importing.tables import TABLES_MOST, Sheet, Tables, parse_tables
from safeconduct.kernel.errors import Untrusted
from safeconduct.kernel.words import SECOND, Instant
from safeconduct.rooms.hotline.import_plan import Item, Left
from safeconduct.rooms.hotline.imported import item_id

SHEET_MOST: Final = 64 << 20
UNPACKED_MOST: Final = 400 << 20
"""Bytes of all that is packed in one."""
ZIPPED: Final = b"PK\x03\x04"
PACKED: Final = (ZIPPED, b"\xd0\xcf\x11\xe0")
"""How sheets of office programs begin; anything else is read as text."""
CODE: Final = (
    "import sys; sys.path[:0] = ['/app', '/site']; "
    "from safeconduct.edges.desk.importing.sheet_reader import main; main()"
)
YES: Final = frozenset(
    {"yes", "y", "true", "1", "+", "x", "✓", "✔", "да", "ага", "д", "high", "urgent", "высокий"}
    | {"высокая", "срочно", "danger", "опасно", "done", "answered", "closed", "sí", "oui", "نعم"}
)
NO: Final = frozenset({"", "no", "n", "false", "0", "-", "—", "нет", "н", "none", "not yet", "لا"})
OPEN: Final = ("no", "not", "open", "wait", "new", "нет", "не ", "ждёт", "ждет", "нов", "откр")
_FORMS: Final = (
    *("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y %H:%M", "%d.%m.%y"),
    *("%d/%m/%Y %H:%M", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d"),
    *("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%m/%d/%Y %H:%M", "%m/%d/%Y"),
)


def load(path: Path) -> Tables:
    """Return the sheets of a file, read in the sandbox where it is more than text.

    Raises:
        TooMuch, NotReadable: it is too large, or no sheet.
        NoSandbox, ConverterSlow: there is no way to read it here.
    """
    if path.exists() and not path.is_file():
        raise NotReadable  # A pipe or a device would be waited for without end.
    with path.open("rb") as file:
        raw = file.read(SHEET_MOST + 1)
    if len(raw) > SHEET_MOST:
        raise TooMuch
    if not raw.startswith(PACKED):
        return read_csv(raw)
    return tables_in(raw)


def tables_in(raw: bytes) -> Tables:
    """Return the sheets of a workbook, read in the sandbox.

    Raises:
        TooMuch, NotReadable, NoSandbox, ConverterSlow: see `load`.
    """
    if raw.startswith(ZIPPED) and unpacked(raw) > UNPACKED_MOST:
        raise TooMuch
    try:
        with sandbox.ONE_AT_A_TIME:
            answer = sandbox.run((CODE,), raw)
        if len(answer) > TABLES_MOST:
            raise TooMuch
        return parse_tables(answer)
    except (sandbox.ConverterFailed, Untrusted):
        raise NotReadable from None


class Sheets:
    """The sheets of a file, by columns that a person confirmed."""

    def __init__(self, tables: Tables, columns: Mapping[int, Columns], zone: tzinfo | None) -> None:
        """Read these sheets; one without columns is read by what its headers seem to say."""
        self.tables: Final = tables
        self._columns: Final = columns
        self._zone: Final = zone

    def columns_of(self, at: int) -> Columns:
        """Return the columns by which a sheet is read."""
        return self._columns.get(at) or guess(self.tables.sheets[at])

    def read(self) -> Iterator[Found | Left]:
        """Yield their rows."""
        number = 0
        same: Counter[tuple[str, ...]] = Counter()
        for at, sheet in enumerate(self.tables.sheets):
            columns = self.columns_of(at)
            for index, row in enumerate(sheet.rows):
                number += 1
                if index <= columns.header:
                    continue
                cells = _bare(row)
                if not cells:
                    continue
                same[cells] += 1
                if same[cells] > 1:
                    yield Left(number, "row_twice", line(_cell(row, columns, "who")))
                else:
                    yield self._row(row, cells, columns, number)
            if sheet.cut:
                yield Left(number, "sheet_cut")

    def _row(
        self, row: Sequence[str], cells: tuple[str, ...], columns: Columns, number: int
    ) -> Found | Left:
        who = line(_cell(row, columns, "who"))
        if not columns.usable:
            return Left(number, "no_columns", who)
        said = _cell(row, columns, "text")
        if not said:
            return Left(number, "empty", who)
        channel = line(_cell(row, columns, "channel"))
        text, files, remarks = fitting(f"{said}\n— {channel}" if channel else said, ())
        happened = when(_cell(row, columns, "date"), self._zone)
        answer = _cell(row, columns, "answered")
        item = Item(
            id=item_id("sheet", *cells),
            source="sheet",
            where=number,
            who=who.casefold() or f"?{number}",
            sender=who,
            happened=happened,
            begins=line(said, BEGINS_MOST),
            danger=_yes(_cell(row, columns, "danger")),
            answered=_answered(answer),
            remarks=(*remarks, *(() if happened is not None else ("undated",))),
        )
        region = line(_cell(row, columns, "region"), 100)
        return Found(item=item, text=text, files=files, region=region, answer=answer)


def when(text: str, zone: tzinfo | None) -> Instant | None:
    """Return the time that a cell says, in one of the usual ways of writing one."""
    said = re.sub(r"\s+", " ", text.replace(",", " ")).strip() if "," in text else text.strip()
    for moment in (_iso(said), *(_formed(said, form) for form in _FORMS)):
        if moment is None:
            continue
        try:
            seconds = int(moment.replace(tzinfo=moment.tzinfo or zone).timestamp())
        except (ValueError, OverflowError, OSError):
            return None
        return Instant(seconds * SECOND) if seconds > 0 else None
    return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if "-" in text else None
    except ValueError:
        return None


def _formed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007  (its zone is set where it is used)
    except ValueError:
        return None


def _bare(row: Sequence[str]) -> tuple[str, ...]:
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _cell(row: Sequence[str], columns: Columns, field: Field) -> str:
    at = columns.of(field)
    return row[at].strip() if 0 <= at < len(row) else ""


def _yes(text: str) -> bool:
    return " ".join(text.casefold().split()) in YES


def _answered(text: str) -> bool:
    """Tell whether a cell says that somebody answered; what says it neither way did not."""
    said = " ".join(text.casefold().split())
    return said not in NO and not said.startswith(OPEN)


__all__ = ["Sheet", "Sheets", "load", "when"]
