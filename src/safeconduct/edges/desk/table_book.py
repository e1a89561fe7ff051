# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where rows of old tables are looked up and written: cases and teams of an open journal.

A row is known where the part of identity of its case is held, and nowhere else (spec/tables.md 2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from safeconduct.edges.desk import table_words
from safeconduct.edges.desk.across import Across
from safeconduct.edges.desk.across_cases import AcrossCases
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.counted_facts import CountedFacts
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.records import Records
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import SheetId
from safeconduct.rooms.cases.alike import Alike, Named
from safeconduct.rooms.cases.events import Facts
from safeconduct.rooms.cases.sheets import SHEET_BYTES
from safeconduct.rooms.cases.table import Target
from safeconduct.rooms.cases.table_facts import RowBroughtIn, TableKept
from safeconduct.rooms.cases.table_fold import CaseRows, KeptTable, RowKey, fold_rows, fold_tables
from safeconduct.rooms.cases.table_plan import Known

HERE: Final = "tables:here"
REPORT: Final = "tables:report"
_TEXT: Final[Codec[str]] = Codec(str, "tables")
_TABLES: Final[Codec[tuple[TableKept, ...]]] = Codec(tuple[TableKept, ...], "tables")


class TableBook:
    """Implements `table_import.Book` over a journal."""

    def __init__(self, journal: Journal, of: Cases, records: Records, across: Across) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        self._records: Final = records
        self._across: Final = across
        self._rows: Final = AcrossCases[CaseRows](journal, of.held, fold_rows, RowBroughtIn)
        self._kept: Final = CountedFacts(journal, TableKept)
        self._made: Mapping[CaseId, CaseRows] = {}
        self._by_row: dict[RowKey, list[CaseRows]] = {}

    def may(self) -> bool:
        """Tell whether somebody here may bring in a table: each row can open a case."""
        return self._cases.may_open()

    def draw(self) -> bytes:
        """Draw an id."""
        return self._journal.rng.bytes(SHEET_BYTES)

    def name(self, case: CaseId) -> str:
        """Return a case's name; nothing where it cannot be read here."""
        found = self._cases.held.find(case)
        return self._cases.held.name(case) if found else ""

    def called(self, to: Target, value: str) -> Sequence[str]:
        """Return what a choice of a field is called, in each of our languages."""
        return table_words.called(to, value)

    def doubles(self) -> Sequence[tuple[CaseId, ...]]:
        """Return the cases to which one row was written, where these are several."""
        with self._journal.store.lock:
            some = (tuple(one.case for one in of) for of in self._index().values() if len(of) > 1)
            return tuple(dict.fromkeys(some))

    def known(self, key: RowKey) -> Sequence[Known]:
        """Return the cases to which a row was written, newest first."""
        with self._journal.store.lock:
            return [self._known(one, key) for one in self._index().get(key, ())]

    def near(self, one: Named) -> Sequence[Alike]:
        """Return who in the record is alike to somebody of a row."""
        return self._across.near(one)

    def open(self, readers: Mapping[cases.Part, Chosen], also: Callable[[CaseId], Facts]) -> CaseId:
        """Open a case file with what stands in it, in one commit; durable on return."""
        return self._cases.open_with(readers, also)

    def write(self, case: CaseId, facts: Facts) -> None:
        """Write into a case, in one commit; durable on return."""
        self._cases.write_each([(case, *one) for one in facts])

    def tables(self) -> Mapping[bytes, KeptTable]:
        """Return how tables are read that were kept at this desk, or with a team of it."""
        here = self._journal.store.setting(HERE, _TABLES) or ()
        return {one.table: KeptTable(one) for one in here} | fold_tables(self._kept.all())

    def keep(self, table: TableKept, team: VaultId | None) -> None:
        """Keep how a table is read: with a team, or at this desk alone."""
        if team is not None:
            body = cases.write_fact(table)
            self._journal.write([Fact(team, cases.kind_of(table), cases.VERSION, body)])
            return
        here = self._journal.store.setting(HERE, _TABLES) or ()
        others = tuple(one for one in here if one.table != table.table)
        self._journal.store.put_setting(HERE, (*others, table))

    def report(self) -> str:
        """Return the report of what was brought in last, as it was kept."""
        return self._journal.store.setting(REPORT, _TEXT) or ""

    def keep_report(self, text: str) -> None:
        """Keep it at this desk alone; nothing is kept of an empty one."""
        if text:
            self._journal.store.put_setting(REPORT, text)
        else:
            self._journal.store.drop_settings(REPORT)

    def fresh(self) -> SheetId:
        """Draw an id of a sheet."""
        return SheetId(self.draw())

    def _index(self) -> Mapping[RowKey, Sequence[CaseRows]]:
        made = self._rows.all()
        if made is not self._made:
            self._made, self._by_row = made, {}
            for one in made.values():
                for key in one.rows:
                    self._by_row.setdefault(key, []).append(one)
        return self._by_row

    def _known(self, rows: CaseRows, key: RowKey) -> Known:
        file = self._cases.case(rows.case)
        parts = file.parts if file else ()
        notes = {one.part: frozenset(note.text for note in one.notes) for one in parts}
        record = self._records.record(rows.case)
        return Known(rows.case, record, notes, rows.rows[key], rows.commits, frozenset(notes))
