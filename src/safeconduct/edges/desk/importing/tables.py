# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reader of sheets gives back: names of sheets, and rows of plain text (spec/import.md 4).

Whoever took the reader over writes these bytes.  They become nothing but text within bounds.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Codec, Record, encode

SHEETS_MOST: Final = 50
ROWS_MOST: Final = 50_000
CELLS_MOST: Final = 60
CELL_MOST: Final = 40_000
TABLES_MOST: Final = 64 << 20
"""Bytes of all that a reader gives back."""
Cell = Annotated[str, msgspec.Meta(max_length=CELL_MOST)]
Row = Annotated[tuple[Cell, ...], msgspec.Meta(max_length=CELLS_MOST)]


class Sheet(Record, frozen=True):
    """One sheet; a date is text as ISO 8601 writes it, a number as few digits as it takes."""

    name: Annotated[str, msgspec.Meta(max_length=200)]
    rows: Annotated[tuple[Row, ...], msgspec.Meta(max_length=ROWS_MOST)]
    cut: Annotated[int, msgspec.Meta(ge=0, le=1)]
    """Whether it has more rows, columns or text."""


class Tables(Record, frozen=True):
    """The sheets of a file, in their order."""

    format: Annotated[int, msgspec.Meta(ge=1, le=1)]
    sheets: Annotated[tuple[Sheet, ...], msgspec.Meta(max_length=SHEETS_MOST)]


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
