# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of rows of old tables: which case a row became, and how a table is read (spec/tables.md 1).

A row stands in the part of identity of its case, as it tells whom an old number means; how a table
is read stands in the vault of a team, with the names of columns and no row.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes32, Bytes36, Record

SLOTS_MOST: Final = 16
COLUMNS_MOST: Final = 60
KEYS_MOST: Final = 4
HEADER_MOST: Final = 200
CHOICES_MOST: Final = 200
TITLE_MOST: Final = 100
OVER_MOST: Final = 64
Slot = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Header = Annotated[str, msgspec.Meta(max_length=HEADER_MOST)]


class RowBroughtIn(Record, frozen=True):
    """A row of a table was written into this case, in the commit in which this stands.

    `row` is the digest of what tells it from others; `sheets` are those that it began, by their
    place in a row, as `person.1`.
    """

    case: Bytes16
    table: Bytes16
    row: Bytes32
    sheets: Annotated[tuple[tuple[Slot, Bytes16], ...], msgspec.Meta(max_length=SLOTS_MOST)]


class ColumnKept(Record, frozen=True):
    """Where a column goes, and how its values are read; see `table.Column`."""

    header: Header
    to: Annotated[str, msgspec.Meta(max_length=80)]
    order: Annotated[str, msgspec.Meta(max_length=3)]
    system: Annotated[int, msgspec.Meta(ge=0, le=1904)]
    choices: Annotated[
        tuple[tuple[Header, Annotated[str, msgspec.Meta(max_length=40)]], ...],
        msgspec.Meta(max_length=CHOICES_MOST),
    ]


class TableKept(Record, frozen=True):
    """How a table is read, for its next file; `keys` are the columns that tell rows apart.

    `over` are the facts that its author saw of this table, and that stand no longer.
    """

    table: Bytes16
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=TITLE_MOST)]
    keys: Annotated[tuple[Header, ...], msgspec.Meta(max_length=KEYS_MOST)]
    columns: Annotated[tuple[ColumnKept, ...], msgspec.Meta(max_length=COLUMNS_MOST)]
    over: Annotated[tuple[Bytes36, ...], msgspec.Meta(max_length=OVER_MOST)]
