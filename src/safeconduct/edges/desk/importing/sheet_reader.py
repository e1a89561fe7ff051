# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader of sheets: a process of its own in the sandbox of clean copies (docs/adr/0047).

It loads the one library that reads them, gives up all else, and only then reads.  Formulas are the
values that were saved with them; nothing is computed.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
from typing import Any, Final

import python_calamine

from safeconduct.edges.desk.cleaning.confine import NotConfined, confine
from safeconduct.edges.desk.cleaning.copied import UNCONFINED
from safeconduct.edges.desk.importing.tables import (
    CELL_MOST,
    CELLS_MOST,
    ROWS_MOST,
    SHEETS_MOST,
    TABLES_MOST,
    Sheet,
    Tables,
    write_tables,
)

MERGES_MOST: Final = 20_000
UNREADABLE: Final = 72
"""The exit code of a reader that could not read the file, and says no more of it."""


def main() -> None:
    """Read the sheets that standard input holds."""
    try:
        confine()
    except NotConfined:
        os._exit(UNCONFINED)
    try:
        answer = write_tables(read(sys.stdin.buffer.read()))
    except BaseException:  # noqa: BLE001  (a library may panic, and its text may quote the file)
        os._exit(UNREADABLE)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(0)


def read(data: bytes) -> Tables:
    """Return the sheets of a file that are seen."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    left = TABLES_MOST // 4
    sheets: list[Sheet] = []
    for about in book.sheets_metadata[:SHEETS_MOST]:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet, used = _sheet(book.get_sheet_by_name(about.name), left)
        left -= used
        sheets.append(sheet)
    return Tables(1, tuple(sheets))


def _sheet(sheet: python_calamine.CalamineSheet, left: int) -> tuple[Sheet, int]:
    rows: list[list[str]] = []
    used, cut = 0, False
    top, first = sheet.start or (0, 0)
    for values in sheet.iter_rows():
        row = [_text(value) for value in values[:CELLS_MOST]]
        used += sum(map(len, row))
        cut = cut or len(values) > CELLS_MOST or any(len(one) > CELL_MOST for one in row)
        if len(rows) >= ROWS_MOST or used > left:
            cut = True
            break
        rows.append([one[:CELL_MOST] for one in row])
    _spread(rows, sheet.merged_cell_ranges or [], top, first)
    return Sheet(sheet.name[:200], tuple(map(tuple, rows)), int(cut)), used


def _spread(
    rows: list[list[str]],
    merged: list[tuple[tuple[int, int], tuple[int, int]]],
    top: int,
    first: int,
) -> None:
    """Write what stands in merged cells into each row that they cover: it holds for all."""
    for (start, left), (end, _) in merged[:MERGES_MOST]:
        column = left - first
        for at in range(start - top + 1, min(end - top + 1, len(rows), ROWS_MOST)):
            above = rows[start - top] if 0 <= start - top < len(rows) else []
            if 0 <= column < min(len(above), len(rows[at])) and not rows[at][column]:
                rows[at][column] = above[column]


def _text(value: Any) -> str:  # noqa: ANN401  (what a cell may hold)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).replace("\0", "")
