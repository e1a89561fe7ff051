# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records of cases at a desk in memory: the room's own fold and refusals, and no keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import CaseRecord, Part, SheetId
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.record_decide import (
    Typed,
    need_members,
    put_back,
    take_off,
    write_sheet,
)
from safeconduct.rooms.cases.sheets import SHEET_BYTES

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases

VAULTS = {VaultId(part.value.encode().ljust(16)): part for part in Part}
"""Where a twin's facts stand, in every case alike."""


class TwinRecords:
    """The records of a twin's cases."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def record(self, case: CaseId) -> CaseRecord:
        """Return one."""
        return cases.fold_record(case, VAULTS, self._cases.told(case), "en")

    def write(
        self,
        case: CaseId,
        kind: str,
        sheet: SheetId | None,
        typed: Mapping[tuple[Part, str], Typed],
    ) -> SheetId:
        """Write fields of a sheet."""
        at = sheet or SheetId(self._cases.desk.rng.bytes(SHEET_BYTES))
        record = self.record(case)
        need_members(record.sheet(at, kind), kind, typed, self._cases.desk.roster().present())
        self._cases.write(case, write_sheet(record, tuple(Part), kind, at, typed))
        return at

    def take_off(self, case: CaseId, kind: str, sheet: SheetId, reason: str) -> None:
        """Take a sheet off."""
        record = self.record(case)
        found = record.sheet(sheet, kind)
        if found is None:
            raise NoSuchPart
        self._cases.write(case, take_off(record, tuple(Part), found, reason))

    def put_back(self, case: CaseId, kind: str, sheet: SheetId) -> None:
        """Put it back."""
        record = self.record(case)
        found = record.sheet(sheet, kind)
        if found is None:
            raise NoSuchPart
        self._cases.write(case, put_back(record, tuple(Part), found))
