# SPDX-License-Identifier: AGPL-3.0-or-later
"""The records of cases at this desk: sheets folded from the facts in the parts that it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.words import CaseId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import CaseRecord, Part, SheetId, SheetWritten
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.record_decide import (
    Typed,
    need_members,
    put_back,
    take_off,
    write_sheet,
)
from safeconduct.rooms.cases.sheets import SHEET_BYTES


class Records:
    """Records of cases, over an open journal."""

    def __init__(self, journal: Journal, of: Cases) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of

    def record(self, case: CaseId) -> CaseRecord:
        """Return what can be read of a record; it is empty where that is nothing."""
        held = self._cases.held
        with self._journal.store.lock:
            opened = held.find(case)
            if opened is None:
                return CaseRecord(case, ())
            parts = held.by_vault(opened)
            told = held.told(opened, SheetWritten)
            return cases.fold_record(case, parts, told, self._journal.lists.language)

    def write(
        self,
        case: CaseId,
        kind: str,
        sheet: SheetId | None,
        typed: Mapping[tuple[Part, str], Typed],
    ) -> SheetId:
        """Write fields of a sheet, of a new one unless one is named; durable on return."""
        with self._journal.store.lock:
            at = sheet or SheetId(self._journal.rng.bytes(SHEET_BYTES))
            record = self.record(case)
            need_members(record.sheet(at, kind), kind, typed, self._journal.roster.present())
            facts = write_sheet(record, self._held(case), kind, at, typed)
            self._cases.write(case, facts)
            return at

    def take_off(self, case: CaseId, kind: str, sheet: SheetId, reason: str) -> None:
        """Take a sheet off the record, with a reason; durable on return."""
        with self._journal.store.lock:
            record = self.record(case)
            found = record.sheet(sheet, kind)
            if found is None:
                raise NoSuchPart
            self._cases.write(case, take_off(record, self._held(case), found, reason))

    def put_back(self, case: CaseId, kind: str, sheet: SheetId) -> None:
        """Let a sheet stand again that was taken off; durable on return."""
        with self._journal.store.lock:
            record = self.record(case)
            found = record.sheet(sheet, kind)
            if found is None:
                raise NoSuchPart
            self._cases.write(case, put_back(record, self._held(case), found))

    def _held(self, case: CaseId) -> frozenset[Part]:
        opened = self._cases.held.find(case)
        return frozenset(self._cases.held.parts(opened)) if opened else frozenset()
