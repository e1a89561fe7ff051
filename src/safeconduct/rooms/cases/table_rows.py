# SPDX-License-Identifier: AGPL-3.0-or-later
"""A row of an old table as what it says of whom, or why it cannot be taken (spec/tables.md 3).

Nothing of a row that is taken is lost silently: what does not fit into its field is whole in a
note, and everything that was not as it seems is told with its cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.rooms.cases import table_dates
from safeconduct.rooms.cases.decide import NOTE_MOST
from safeconduct.rooms.cases.sheets import LINE_MOST, TEXT_MOST, Form
from safeconduct.rooms.cases.sheets import plain_value as fitting
from safeconduct.rooms.cases.table import FIRST, NAMED_PERSON, NOTE, Column, TableMap, plain_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.rooms.cases.sheets import Field
    from safeconduct.rooms.cases.table import Target
    from safeconduct.rooms.cases.words import Part

MORE: Final = "…"
REFUSING: Final = frozenset({"no_value", "error", "cell_cut"})
"""Marks of cells that say nothing that can be taken."""
TELLING: Final = frozenset({"formula", "merged", "across", "odd_letters"})
"""Marks of cells that are taken, and told."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet as it was read; `number` is as programs count it, `marks` by column."""

    number: int
    cells: tuple[str, ...]
    marks: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be told of a row: a code, the column by its number from 0, and more words."""

    code: str
    column: int = -1
    more: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a row says: values by their target, and notes by part.

    `wrong` is why nothing of it can be written, `told` what is to be known of it; of `silent`
    targets it says nothing.
    """

    number: int
    row: bytes
    label: str
    values: Mapping[Target, str]
    notes: Mapping[Part, str]
    wrong: tuple[Remark, ...]
    told: tuple[Remark, ...]
    silent: tuple[Target, ...] = ()

    def slots(self) -> tuple[str, ...]:
        """Return the places of the sheets of which it says something."""
        return tuple(dict.fromkeys(one.slot for one in self.values))

    def of(self, slot: str) -> dict[str, str]:
        """Return what it says of one sheet, by the names of fields."""
        return {one.name: text for one, text in self.values.items() if one.slot == slot}


class _Taking:
    """One row while it is read."""

    def __init__(self) -> None:
        self.values: dict[Target, list[str]] = {}
        self.notes: dict[Part, list[str]] = {}
        self.wrong: list[Remark] = []
        self.told: list[Remark] = []

    def note(self, part: Part, column: Column, text: str) -> None:
        self.notes.setdefault(part, []).append(f"{column.header}: {text}")


def take_row(row: Row, table: TableMap) -> Taken:
    """Return what a row says by a mapping that is not `wrong`."""
    taking = _Taking()
    for at, column in enumerate(table.columns):
        _take_cell(taking, row, at, column)
    keys = [_key(row, at) for at, one in enumerate(table.columns) if one.header in table.keys]
    if not all(keys):
        taking.wrong.append(Remark("no_key"))
    values = {target: _joined(taking, target, texts) for target, texts in taking.values.items()}
    notes = {part: "\n".join(lines) for part, lines in taking.notes.items()}
    if not values:
        taking.wrong.append(Remark("says_nothing"))
    if any(len(text.encode()) > NOTE_MOST for text in notes.values()):
        taking.wrong.append(Remark("too_long"))
    return Taken(
        *(row.number, row_id(table.table, keys), " · ".join(keys), values, notes),
        *(tuple(taking.wrong), tuple(taking.told), _silent(table, values)),
    )


def _silent(table: TableMap, values: Mapping[Target, str]) -> tuple[Target, ...]:
    """Return the fields of which a row says nothing."""
    asked = {one.to for one in table.columns if one.to and one.to.kind != NOTE}
    return tuple(sorted(asked - values.keys()))


def row_id(table: bytes, keys: Iterable[str]) -> bytes:
    """Return the digest of what tells a row from the others of its table."""
    return fingerprint("table-row", encode([table, *map(plain_value, keys)]))


def _key(row: Row, at: int) -> str:
    return "" if row.marks.get(at) in REFUSING else _cell(row, at)


def _cell(row: Row, at: int) -> str:
    return row.cells[at].strip() if at < len(row.cells) else ""


def _take_cell(taking: _Taking, row: Row, at: int, column: Column) -> None:
    text, mark, target = _cell(row, at), row.marks.get(at, ""), column.to
    if target is None:
        return
    if mark in REFUSING:
        taking.wrong.append(Remark(mark, at, text))
        return
    if mark in TELLING:
        taking.told.append(Remark(mark, at))
    if not text:
        return
    if target.kind == NOTE or target.field is None:
        taking.note(target.part, column, text)
    elif target.field.form is Form.DATE:
        _take_date(taking, at, column, text)
    elif target.field.form is Form.ONE:
        _take_choice(taking, at, column, text)
    else:
        _take_text(taking, at, column, text)


def _take_date(taking: _Taking, at: int, column: Column, text: str) -> None:
    assert column.to is not None
    found, code = table_dates.date_of(text, column.order, column.system)
    if not found:
        taking.wrong.append(Remark(code, at, text))
        return
    taking.values.setdefault(column.to, []).append(found)
    if code:
        taking.told.append(Remark(code, at, text))


def _take_choice(taking: _Taking, at: int, column: Column, text: str) -> None:
    assert column.to is not None
    assert column.to.field is not None
    meant = column.choices.get(plain_value(text))
    if meant is None or (meant and meant not in column.to.field.choices):
        taking.wrong.append(Remark("no_choice", at, text))
    elif meant:
        taking.values.setdefault(column.to, []).append(meant)
    else:
        taking.note(column.to.part, column, text)
        taking.told.append(Remark("noted", at, text))


def _take_text(taking: _Taking, at: int, column: Column, text: str) -> None:
    assert column.to is not None
    assert column.to.field is not None
    form = column.to.field.form
    if fitting(column.to.field, text) is None:
        taking.note(column.to.part, column, text)
        taking.told.append(Remark("long", at))
    kept = " ".join(text.split()) if form is Form.LINE else text
    taking.values.setdefault(column.to, []).append(kept)


def _joined(taking: _Taking, target: Target, texts: list[str]) -> str:
    """Return what several columns say of one field, cut where the whole of it is in a note."""
    known = target.field
    assert known is not None
    text = ("\n" if known.form is Form.TEXT else "; ").join(dict.fromkeys(texts))
    most = _most(known)
    if len(text) <= most:
        return text
    if len(texts) > 1:
        taking.notes.setdefault(target.part, []).append(text)
        taking.told.append(Remark("long"))
    return text[: most - 1].rstrip() + MORE


def _most(known: Field) -> int:
    return TEXT_MOST if known.form is Form.TEXT else LINE_MOST


def named_first(slot: str, taken: Taken) -> str:
    """Return the field by which a sheet names the row's first person; nothing where it does not."""
    there = any(one.slot == FIRST for one in taken.values)
    return NAMED_PERSON.get(slot.partition(".")[0], "") if there else ""
