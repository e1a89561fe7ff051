# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an old table is read: where each column goes, and what its values mean.

What a person chose, and nothing guessed: a date that could be two days is no date before somebody
said in which order this column writes them (spec/tables.md 3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.cases.sheets import (
    DOCUMENT,
    PERSON,
    PLACE,
    PURSUER,
    SHEETS,
    Field,
    Form,
)
from safeconduct.rooms.cases.table_facts import KEYS_MOST, ColumnKept, TableKept
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NUMBERS: Final[dict[str, int]] = {PERSON: 3, PURSUER: 2, DOCUMENT: 2, PLACE: 2}
"""The kinds of sheets that a row may begin, and how many of each."""
NOTE: Final = "note"
FIRST: Final = f"{PERSON}.1"
"""The person of whom the rest of a row speaks."""
_TYPED: Final = frozenset({Form.LINE, Form.TEXT, Form.DATE, Form.ONE})
ORDERS: Final = ("dmy", "mdy")
SYSTEMS: Final = (1900, 1904)


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A field of one of the sheets of a row, or a note in a part."""

    slot: str
    name: str

    def __str__(self) -> str:
        """Return it as it is kept."""
        return f"{self.slot}.{self.name}"

    @property
    def kind(self) -> str:
        """The kind of sheet; `note` where it is none."""
        return self.slot.partition(".")[0]

    @property
    def number(self) -> int:
        """Which of its kind, from 1."""
        return int(self.slot.partition(".")[2] or 1)

    @property
    def field(self) -> Field | None:
        """What is known of the field; None for a note."""
        return next((one for one in SHEETS.get(self.kind, ()) if one.name == self.name), None)

    @property
    def part(self) -> Part:
        """In which part it stands."""
        return self.field.part if self.field else Part(self.name)


def _targets() -> Iterable[Target]:
    for kind, most in NUMBERS.items():
        for number in range(1, most + 1):
            for one in SHEETS[kind]:
                if one.form in _TYPED:
                    yield Target(f"{kind}.{number}", one.name)
    for part in Part:
        yield Target(NOTE, part.value)


TARGETS: Final[Mapping[str, Target]] = {str(one): one for one in _targets()}
"""By the text under which each is kept, in the order in which pages show them."""
NAMED_PERSON: Final[Mapping[str, str]] = {PURSUER: "hunts", DOCUMENT: "of"}
"""The field by which other sheets of a row name its first person."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, by its header; without a `to` it goes nowhere.

    `order` is in which order its dates are written, `system` from which year its numbers count
    days, `choices` what its values mean in a field of choices: one of them, or nothing for a note.
    """

    header: str
    to: Target | None = None
    order: str = ""
    system: int = 0
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableMap:
    """How a table is read: its columns in the order of the file, and which tell rows apart."""

    table: bytes
    columns: tuple[Column, ...]
    keys: tuple[str, ...]

    def wrong(self) -> str:
        """Return why nothing can be read by it, as a code; nothing where it can."""
        if not self.keys:
            return "no_key_column"
        if not any(one.to and one.to.kind != NOTE for one in self.columns):
            return "no_column"
        single = [one.to for one in self.columns if one.to and not _joins(one.to)]
        return "column_twice" if len(set(single)) < len(single) else ""


def _joins(target: Target) -> bool:
    """Tell whether several columns may go there, one after the other."""
    return target.field is None or target.field.form in {Form.LINE, Form.TEXT}


def plain_header(text: str) -> str:
    """Return a header as headers are compared."""
    return " ".join(text.replace("_", " ").casefold().split())


def plain_value(text: str) -> str:
    """Return a value of a column of choices, or of a key, as values are compared."""
    return " ".join(text.casefold().split())


def kept(mapping: TableMap, name: str, over: Iterable[bytes]) -> TableKept:
    """Return a mapping as it is kept under a name."""
    columns = tuple(
        ColumnKept(
            *(one.header, str(one.to) if one.to else "", one.order, one.system),
            tuple(sorted(one.choices.items())),
        )
        for one in mapping.columns
    )
    return TableKept(mapping.table, name, mapping.keys, columns, tuple(sorted(over)))


def mapping_of(fact: TableKept, headers: Iterable[str]) -> TableMap:
    """Return a mapping that was kept, for a file with these headers; what it lacks goes nowhere."""
    known = {plain_header(one.header): one for one in fact.columns}
    found = [(header, known.get(plain_header(header))) for header in headers]
    keys = {plain_header(one) for one in fact.keys}
    return TableMap(
        fact.table,
        tuple(Column(header, *_read(one)) if one else Column(header) for header, one in found),
        tuple(header for header, _ in found if plain_header(header) in keys)[:KEYS_MOST],
    )


def _read(one: ColumnKept) -> tuple[Target | None, str, int, dict[str, str]]:
    order = one.order if one.order in ORDERS else ""
    system = one.system if one.system in SYSTEMS else 0
    return TARGETS.get(one.to), order, system, dict(one.choices)


def parts_needed(mapping: TableMap) -> frozenset[Part]:
    """Return the parts into which a mapping writes."""
    return frozenset({Part.IDENTITY, *(one.to.part for one in mapping.columns if one.to)})
