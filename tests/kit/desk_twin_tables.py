# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a desk in memory keeps what it brings in of tables: the room's own folds and facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk import table_words
from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.alike import Alike, AlikeNames, Named, named_in
from safeconduct.rooms.cases.events import Facts, NoteWritten
from safeconduct.rooms.cases.table import Target
from safeconduct.rooms.cases.table_facts import TableKept
from safeconduct.rooms.cases.table_fold import CaseRows, KeptTable, RowKey, fold_rows
from safeconduct.rooms.cases.table_plan import Known
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases


class TwinTableBook:
    """One desk's side."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of
        self._report = ""
        self.kept: dict[bytes, KeptTable] = {}

    def may(self) -> bool:
        """Who opens cases may."""
        return self._cases.may_open()

    def draw(self) -> bytes:
        """Draw an id."""
        return self._cases.desk.rng.bytes(16)

    def fresh(self) -> SheetId:
        """Draw one."""
        return SheetId(self.draw())

    def name(self, case: CaseId) -> str:
        """Return it."""
        file = self._cases.case(case)
        return file.name if file else ""

    def called(self, to: Target, value: str) -> Sequence[str]:
        """Ask the words."""
        return table_words.called(to, value)

    def doubles(self) -> Sequence[tuple[CaseId, ...]]:
        """Return them."""
        by: dict[RowKey, list[CaseId]] = {}
        for one in self._rows():
            for key in one.rows:
                by.setdefault(key, []).append(one.case)
        return [tuple(cases) for cases in by.values() if len(cases) > 1]

    def known(self, key: RowKey) -> Sequence[Known]:
        """Return where a row is."""
        return [self._known(one, key) for one in self._rows() if key in one.rows]

    def near(self, one: Named) -> Sequence[Alike]:
        """Compare with everybody."""
        names = AlikeNames()
        for case in self._ids():
            names.put(case, named_in(self._cases.records.record(case)))
        return names.near(one)

    def open(self, readers: Mapping[Part, Chosen], also: Callable[[CaseId], Facts]) -> CaseId:
        """Open one, and write into it."""
        case = self._cases.open(
            {part: one.devices for part, one in readers.items()},
            {part: one.teams for part, one in readers.items()},
        )
        self.write(case, also(case))
        return case

    def write(self, case: CaseId, facts: Facts) -> None:
        """Write; notes are kept where a twin keeps them."""
        for part, fact in facts:
            if isinstance(fact, NoteWritten):
                self._cases.note(case, part, fact.text)
        rest = [(case, *one) for one in facts if not isinstance(one[1], NoteWritten)]
        self._cases.write_each(rest)

    def tables(self) -> Mapping[bytes, KeptTable]:
        """Return what was kept."""
        return self.kept

    def keep(self, table: TableKept, team: VaultId | None) -> None:
        """Keep it."""
        self.kept[table.table] = KeptTable(table, vault=team)

    def report(self) -> str:
        """Return it."""
        return self._report

    def keep_report(self, text: str) -> None:
        """Keep it."""
        self._report = text

    def _ids(self) -> list[CaseId]:
        return [one.id for one in self._cases.files(start=0, most=1_000)[0]]

    def _rows(self) -> list[CaseRows]:
        return [fold_rows(case, VAULTS, self._cases.told(case)) for case in self._ids()]

    def _known(self, rows: CaseRows, key: RowKey) -> Known:
        file = self._cases.case(rows.case)
        assert file is not None
        notes = {one.part: frozenset(note.text for note in one.notes) for one in file.parts}
        record = self._cases.records.record(rows.case)
        return Known(rows.case, record, notes, rows.rows[key], rows.commits, frozenset(Part))
