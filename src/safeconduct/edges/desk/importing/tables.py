# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reader of sheets gives back: names of sheets, and rows of plain text (spec/import.md 4).

Whoever took the reader over writes these bytes.  They become nothing but text within bounds.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from safeconduct.kernel.canon import Codec, Record, encode

SHEETS_MOST: Final = 50
ROWS_MOST: Final = 50_000
CELLS_MOST: Final = 60
CELL_MOST: Final = 40_000
TABLES_MOST: Final = 64 << 20
"""Bytes of all that a reader gives back."""
MARKS_MOST: Final = 200_000
Says = Literal["formula", "no_value", "error", "merged", "across", "cell_cut"]
"""What is to be told of a cell: a formula whose saved value stands there; one without a saved
value; an error of the program; the value of a merged cell; a cell that a merged one covers from the
side, and is empty; one whose text is longer than is read."""
Cell = Annotated[str, msgspec.Meta(max_length=CELL_MOST)]
Row = Annotated[tuple[Cell, ...], msgspec.Meta(max_length=CELLS_MOST)]


Place = Annotated[int, msgspec.Meta(ge=0, le=20_000_000)]


class Mark(Record, frozen=True):
    """Something to be told of one cell, by its row and column in `rows`, from 0."""

    row: Annotated[int, msgspec.Meta(ge=0, lt=ROWS_MOST)]
    column: Annotated[int, msgspec.Meta(ge=0, lt=CELLS_MOST)]
    says: Says


class Sheet(Record, frozen=True):
    """One sheet; a date is text as ISO 8601 writes it, a number as few digits as it takes.

    `left` is how many columns stand empty before these.
    """

    name: Annotated[str, msgspec.Meta(max_length=200)]
    rows: Annotated[tuple[Row, ...], msgspec.Meta(max_length=ROWS_MOST)]
    cut: Annotated[int, msgspec.Meta(ge=0, le=1)]
    """Whether it has more rows, columns or text."""
    left: Place = 0
    marks: Annotated[tuple[Mark, ...], msgspec.Meta(max_length=MARKS_MOST)] = ()
    hidden: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0


class Tables(Record, frozen=True):
    """The sheets of a file, in their order."""

    format: Annotated[int, msgspec.Meta(ge=1, le=1)]
    sheets: Annotated[tuple[Sheet, ...], msgspec.Meta(max_length=SHEETS_MOST)]
    system: Literal[0, 1900, 1904] = 0
    """From which year its numbers count days; 0 where it does not say."""
    formulas: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0
    """Whether formulas and errors are marked; in some kinds of files they cannot be told."""
    coding: Annotated[str, msgspec.Meta(max_length=20)] = ""
    separator: Annotated[str, msgspec.Meta(max_length=1)] = ""


_TABLES: Final[Codec[Tables]] = Codec(Tables, "tables", version=1)


def write_tables(tables: Tables) -> bytes:
    """Return what a reader writes."""
    return encode(tables)


def parse_tables(data: bytes) -> Tables:
    """Return what a reader wrote.

    Raises:
        Malformed, NotCanonical, UnknownVersion: no reader of ours wrote it.
    """
    return _TABLES.decode(data)
