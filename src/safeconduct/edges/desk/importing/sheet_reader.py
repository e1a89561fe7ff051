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
from safeconduct.edges.desk.importing.sheet_marks import Marked, marked_cells
from safeconduct.edges.desk.importing.tables import (
    CELL_MOST,
    CELLS_MOST,
    MARKS_MOST,
    ROWS_MOST,
    SHEETS_MOST,
    TABLES_MOST,
    Mark,
    Says,
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


Marks = dict[tuple[int, int], Says]
"""By row and column in what is read."""


def read(data: bytes) -> Tables:
    """Return the sheets of a file that are no drawings or programs, hidden ones too."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = marked_cells(data)
    left = TABLES_MOST // 4
    sheets: list[Sheet] = []
    for about in book.sheets_metadata[:SHEETS_MOST]:
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
        of = found.sheets.get(about.name, {}) if found else {}
        sheet, used = _sheet(book.get_sheet_by_name(about.name), left, of, hidden=hidden)
        left -= used
        sheets.append(sheet)
    return Tables(1, tuple(sheets), found.system if found else 0, int(found is not None))


def _sheet(
    sheet: python_calamine.CalamineSheet, left: int, of: Marked, *, hidden: bool
) -> tuple[Sheet, int]:
    rows: list[list[str]] = []
    used, cut = 0, False
    # Rows are given from the first of the sheet on, cells from the first that holds something.
    first = (sheet.start or (0, 0))[1]
    marks: Marks = {}
    for values in sheet.iter_rows():
        row = [_text(value) for value in values[:CELLS_MOST]]
        used += sum(map(len, row))
        cut = cut or len(values) > CELLS_MOST or any(len(one) > CELL_MOST for one in row)
        if len(rows) >= ROWS_MOST or used > left:
            cut = True
            break
        marks |= {(len(rows), at): "cell_cut" for at, one in enumerate(row) if len(one) > CELL_MOST}
        rows.append([one[:CELL_MOST] for one in row])
    _spread(rows, marks, sheet.merged_cell_ranges or [], first)
    _mark(rows, marks, of, first)
    told = (Mark(*at, says) for at, says in sorted(marks.items()))
    kept = tuple(one for one, _ in zip(told, range(MARKS_MOST), strict=False))
    found = Sheet(*(sheet.name[:200], tuple(map(tuple, rows)), int(cut), first, kept, int(hidden)))
    return found, used


def _spread(
    rows: list[list[str]],
    marks: Marks,
    merged: list[tuple[tuple[int, int], tuple[int, int]]],
    first: int,
) -> None:
    """Write what stands in merged cells into each row that they cover: it holds for all."""
    for (start, left), (end, right) in merged[:MERGES_MOST]:
        column = left - first
        above = rows[start] if start < len(rows) else []
        for at in range(start, min(end + 1, len(rows))):
            if at > start and 0 <= column < min(len(above), len(rows[at])):
                if not rows[at][column]:
                    rows[at][column] = above[column]
                marks[at, column] = "merged"
            aside = range(max(column + 1, 0), min(right - first + 1, len(rows[at])))
            marks |= {(at, one): "across" for one in aside if not rows[at][one]}


def _mark(rows: list[list[str]], marks: Marks, of: Marked, first: int) -> None:
    """Set the marks of formulas and errors; an error is shown as it stands in the file."""
    for (row, column), (says, text) in of.items():
        at = row, column - first
        if 0 <= at[0] < len(rows) and 0 <= at[1] < len(rows[at[0]]):
            marks[at] = says
            if says == "error" and not rows[at[0]][at[1]]:
                rows[at[0]][at[1]] = text


def _text(value: Any) -> str:  # noqa: ANN401  (what a cell may hold)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).replace("\0", "")
