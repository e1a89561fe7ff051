# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the columns of an old table seem to be, by their headings: a proposal, and never more.

The headings lie in `table_presets`, each file with its source: those of small offices in English
and Russian, and those of programs that other groups keep their records in (docs/adr/0060).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.importing.tables import Sheet
from safeconduct.rooms.cases.sheets import Form
from safeconduct.rooms.cases.table import (
    NOTE,
    TARGETS,
    Column,
    TableMap,
    Target,
    plain_header,
    plain_value,
)
from safeconduct.rooms.cases.table_facts import HEADER_MOST
from safeconduct.rooms.cases.table_rows import Row

HEADERS_WITHIN: Final = 20
VALUES_MOST: Final = 40
Called = Callable[[Target, str], Iterable[str]]
"""What a choice of a field is called, in the languages of the office."""
_HERE: Final = Path(__file__).parent / "table_presets"
_LETTERS: Final = 26


@dataclass(frozen=True, slots=True)
class Preset:
    """Headings of one program: those that are or begin so, of keys, and those that tell it."""

    name: str
    source: str
    known: Mapping[str, Target]
    begins: tuple[tuple[str, Target], ...] = ()
    keys: frozenset[str] = frozenset()
    asks: frozenset[str] = field(default_factory=frozenset)

    def target(self, header: str) -> Target | None:
        """Return where a column with this heading seems to go."""
        said = plain_header(header)
        if said in self.known:
            return self.known[said]
        found = [(len(start), to) for start, to in self.begins if said.startswith(start)]
        return max(found, key=lambda one: one[0])[1] if found else None


@cache
def presets() -> tuple[Preset, ...]:
    """Return the presets: of programs, by their name, and the general one last."""
    found = [_preset(json.loads(path.read_text("utf-8"))) for path in sorted(_HERE.glob("*.json"))]
    return tuple(sorted(found, key=lambda one: (not one.name, one.name)))


def _preset(told: Mapping[str, Mapping[str, Sequence[str]]]) -> Preset:
    known = {
        plain_header(text): TARGETS[to]
        for to, texts in told.get("is", {}).items()
        for text in texts
    }
    begins = tuple(
        (plain_header(text), TARGETS[to])
        for to, texts in told.get("begins", {}).items()
        for text in texts
    )
    keys, asks = (frozenset(map(plain_header, told.get(name, ()))) for name in ("keys", "asks"))
    return Preset(str(told["name"]), str(told["source"]), known, begins, keys, asks)


def preset_for(headers: Iterable[str]) -> Preset:
    """Return the program that wrote a table with these headings, or the general preset."""
    said = {plain_header(one) for one in headers}
    return next((one for one in presets() if one.asks & said), presets()[-1])


def header_row(sheet: Sheet) -> int:
    """Return the row that seems to hold the headings, from 0; -1 where there is none."""
    rows = list(enumerate(sheet.rows[:HEADERS_WITHIN]))
    best = max(rows, key=lambda one: (_known(one[1]), -one[0]), default=(-1, ()))
    if _known(best[1]):
        return best[0]
    return next((at for at, row in rows if sum(map(bool, row)) > 1), -1)


def _known(row: Sequence[str]) -> int:
    """Return how many cells of a row are headings of some preset."""
    said = [plain_header(cell) for cell in row if cell.strip()]
    return sum(any(of.target(one) or one in of.keys for of in presets()) for one in said)


def headers(sheet: Sheet, header: int) -> tuple[str, ...]:
    """Return the headings of all columns, each once; letters as programs name them where none."""
    width = max((len(row) for row in sheet.rows), default=0)
    row = sheet.rows[header] if 0 <= header < len(sheet.rows) else ()
    found: list[str] = []
    for at in range(width):
        said = " ".join(row[at].split())[: HEADER_MOST - 10] if at < len(row) else ""
        name = said or letters(sheet.left + at)
        found.append(name if name not in found else f"{name} ({letters(sheet.left + at)})")
    return tuple(found)


def letters(column: int) -> str:
    """Return how programs name a column, from 0."""
    first, last = divmod(column, _LETTERS)
    return (letters(first - 1) if first else "") + chr(65 + last)


def rows_of(sheet: Sheet, header: int) -> list[Row]:
    """Return the rows below the headings that are not empty, with what is to be told of cells."""
    marks: dict[int, dict[int, str]] = {}
    for one in sheet.marks:
        marks.setdefault(one.row, {})[one.column] = one.says
    found = []
    for at, cells in enumerate(sheet.rows[header + 1 :], header + 1):
        if not any(cell.strip() for cell in cells) and at not in marks:
            continue
        of = {n: "odd_letters" for n, cell in enumerate(cells) if "\ufffd" in cell}
        found.append(Row(at + 1, cells, of | marks.get(at, {})))
    return found


def guess(
    names: Sequence[str], rows: Sequence[Row], called: Called, *, table: bytes, system: int
) -> TableMap:
    """Return where columns seem to go; in which order dates are written is left to a person."""
    preset, taken = preset_for(names), set[Target]()
    columns = []
    for at, header in enumerate(names):
        to = preset.target(header)
        if to is not None and to in taken and not _several(to):
            to = None
        if to is not None:
            taken.add(to)
        columns.append(
            Column(header, to, system=system, choices=guess_choices(to, rows, at, called))
        )
    keys = tuple(one for one in names if plain_header(one) in preset.keys)[:1]
    return TableMap(table, tuple(columns), keys)


def _several(to: Target) -> bool:
    return to.kind == NOTE or to.field is None or to.field.form in {Form.LINE, Form.TEXT}


def values_of(rows: Iterable[Row], at: int) -> dict[str, str]:
    """Return the first values of a column as they are compared, and as they are written."""
    found: dict[str, str] = {}
    for row in rows:
        text = row.cells[at].strip() if at < len(row.cells) else ""
        if text and len(found) < VALUES_MOST:
            found.setdefault(plain_value(text), text)
    return found


def guess_choices(
    to: Target | None, rows: Iterable[Row], at: int, called: Called
) -> dict[str, str]:
    """Return what values of a column of choices mean, of those that are called so."""
    if to is None or to.field is None or to.field.form is not Form.ONE:
        return {}
    names = {one: one for one in to.field.choices} | {
        plain_value(name): one for one in to.field.choices for name in called(to, one)
    }
    return {value: names[value] for value in values_of(rows, at) if value in names}
