# SPDX-License-Identifier: AGPL-3.0-or-later
"""A look at an old table: how it would be read, and what would become of each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from safeconduct.edges.desk import table_guess
from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.importing.found import NotReadable
from safeconduct.edges.desk.importing.imports import Stopped
from safeconduct.edges.desk.importing.tables import Tables
from safeconduct.edges.desk.table_rows_alike import alike_rows
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.alike import Alike, Named
from safeconduct.rooms.cases.events import Facts
from safeconduct.rooms.cases.table import TableMap, Target, mapping_of, plain_header
from safeconduct.rooms.cases.table_facts import TableKept
from safeconduct.rooms.cases.table_fold import KeptTable, RowKey
from safeconduct.rooms.cases.table_plan import Fate, Known, Line, plan_row, twins
from safeconduct.rooms.cases.table_rows import Remark, Row, take_row

NO_MAP: Final = TableMap(b"", (), ())


class Book(Protocol):
    """Where rows are looked up and written."""

    def may(self) -> bool:
        """Tell whether somebody here may bring in a table."""

    def draw(self) -> bytes:
        """Draw an id of a table."""

    def fresh(self) -> SheetId:
        """Draw an id of a sheet."""

    def name(self, case: CaseId) -> str:
        """Return a case's name; nothing where it cannot be read here."""

    def called(self, to: Target, value: str) -> Iterable[str]:
        """Return what a choice of a field is called, in the languages of the office."""

    def doubles(self) -> Sequence[tuple[CaseId, ...]]:
        """Return the cases to which one row was written, where these are several."""

    def known(self, key: RowKey) -> Sequence[Known]:
        """Return the cases to which a row was written."""

    def near(self, one: Named) -> Sequence[Alike]:
        """Return who in the record is alike to somebody of a row."""

    def open(self, readers: Mapping[Part, Chosen], also: Callable[[CaseId], Facts]) -> CaseId:
        """Open a case file with what stands in it; all or nothing."""

    def write(self, case: CaseId, facts: Facts) -> None:
        """Write into a case."""

    def tables(self) -> Mapping[bytes, KeptTable]:
        """Return how tables are read that were kept."""

    def keep(self, table: TableKept, team: VaultId | None) -> None:
        """Keep how a table is read: with a team, or at this desk alone."""

    def report(self) -> str:
        """Return the last report as it was kept."""

    def keep_report(self, text: str) -> None:
        """Keep it at this desk alone; nothing is kept of an empty one."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A table that was looked at: a sheet of it, how it is read, and what becomes of each row."""

    file: str
    tables: Tables
    sheet: int
    header: int
    map: TableMap
    title: str = ""
    lines: tuple[Line, ...] = ()
    wrong: str = ""
    """Why its rows cannot be read yet, as a code."""

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that are not empty."""
        return table_guess.rows_of(self.tables.sheets[self.sheet], self.header)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which fate."""
        return dict(Counter(one.fate.value for one in self.lines))


def look_at(book: Book, file: str, tables: Tables) -> Looked:
    """Look at the longest sheet of a file.

    Raises:
        NotReadable: it has none.
    """
    rows = [len(one.rows) for one in tables.sheets]
    if not rows:
        raise NotReadable
    return look_at_sheet(book, Looked(file, tables, rows.index(max(rows)), -1, NO_MAP))


def look_at_sheet(
    book: Book, looked: Looked, header: int | None = None, table: bytes | None = None
) -> Looked:
    """Look at a sheet by what its headings say, or by a table that was kept.

    Without a `header` it is looked for; without a `table` one is that has such columns, and no
    bytes are for a table that is new.
    """
    sheet = looked.tables.sheets[looked.sheet]
    below = table_guess.header_row(sheet) if header is None else header
    names = table_guess.headers(sheet, below)
    known = book.tables()
    found = _fitting(known, names) if table is None else known.get(table)
    if found is not None:
        columns = mapping_of(found.fact, names)
        return replace(looked, header=below, map=columns, title=found.fact.name)
    rows = table_guess.rows_of(sheet, below)
    columns = table_guess.guess(
        names, rows, book.called, table=book.draw(), system=looked.tables.system
    )
    return replace(looked, header=below, map=columns, title="")


def plan(book: Book, looked: Looked, goes_on: Callable[[], bool]) -> Looked:
    """Say what becomes of each row; nothing is written.

    Raises:
        Stopped: it does not go on.
    """
    if wrong := looked.map.wrong():
        return replace(looked, lines=(), wrong=wrong)
    rows = []
    for one in looked.rows:
        if not goes_on():
            raise Stopped
        rows.append(take_row(one, looked.map))
    double, alike = twins(rows), alike_rows(rows, book.near)
    lines = (
        _line(plan_row(one, book.known((looked.map.table, one.row))), double, alike) for one in rows
    )
    return replace(looked, lines=tuple(lines), wrong="")


def _line(line: Line, double: Mapping[int, Remark], alike: Mapping[int, Sequence[Remark]]) -> Line:
    number = line.taken.number
    if number in double:
        return line.with_(Fate.REFUSED, double[number])
    if line.fate is not Fate.NEW:
        return line
    remarks = alike.get(number, ())
    held = any(one.code == "alike_case" for one in remarks)
    return line.with_(Fate.HELD if held else Fate.NEW, *remarks)


def _fitting(known: Mapping[bytes, KeptTable], names: Sequence[str]) -> KeptTable | None:
    """Return the kept table whose key columns, and at least half of all, a file has."""
    said = {plain_header(one) for one in names}

    def shared(one: KeptTable) -> int:
        return len(said & {plain_header(of.header) for of in one.fact.columns})

    fits = [
        one
        for one in known.values()
        if {plain_header(key) for key in one.fact.keys} <= said
        and shared(one) * 2 >= len(one.fact.columns)
    ]
    return max(fits, key=shared, default=None)
