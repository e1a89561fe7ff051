# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sheet as text between separators, in any usual coding; read by Python's own `csv`."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Final

from safeconduct.edges.desk.importing.found import NotReadable
from safeconduct.edges.desk.importing.plain_text import coding_of
from safeconduct.edges.desk.importing.tables import (
    CELL_MOST,
    CELLS_MOST,
    MARKS_MOST,
    ROWS_MOST,
    Mark,
    Sheet,
    Tables,
)

SEPARATORS: Final = ",;\t|"
LOOKED_AT: Final = 40
csv.field_size_limit(1 << 24)


def read_csv(raw: bytes) -> Tables:
    """Return the one sheet of a file.

    Raises:
        NotReadable: it is no text in rows.
    """
    coding = coding_of(raw)
    text = raw.decode(coding, "replace")
    between = separator(text)
    if "\0" in text[:4_000]:
        raise NotReadable
    rows: list[tuple[str, ...]] = []
    marks: list[Mark] = []
    cut = False
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=between):
            if len(rows) >= ROWS_MOST:
                cut = True
                break
            cut = cut or len(row) > CELLS_MOST or any(len(one) > CELL_MOST for one in row)
            marks += [
                Mark(len(rows), at, "cell_cut")
                for at, one in enumerate(row[:CELLS_MOST])
                if len(one) > CELL_MOST
            ]
            rows.append(tuple(one[:CELL_MOST].strip() for one in row[:CELLS_MOST]))
    except csv.Error:
        raise NotReadable from None
    sheet = Sheet("", tuple(rows), int(cut), marks=tuple(marks[:MARKS_MOST]))
    return Tables(1, (sheet,), formulas=1, coding=coding, separator=between)


def separator(text: str) -> str:
    """Return what parts the cells: what gives most rows the same number of more than one."""
    sample = text[:200_000]
    first = sample.partition("\n")[0].strip().casefold()
    if first.startswith("sep=") and len(first) == len("sep=;"):
        return first[-1]

    def fits(one: str) -> tuple[int, int]:
        try:
            reader = csv.reader(io.StringIO(sample, newline=""), delimiter=one)
            widths = [len(row) for row, _ in zip(reader, range(LOOKED_AT), strict=False) if row]
        except csv.Error:
            return 0, 0
        width, rows = Counter(widths).most_common(1)[0] if widths else (1, 0)
        return (rows, width) if width > 1 else (0, 0)

    return max(SEPARATORS, key=fits)
