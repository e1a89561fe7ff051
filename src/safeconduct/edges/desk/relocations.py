# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who go abroad, in all cases at this desk, as far as it has keys to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from safeconduct.edges.desk.across_cases import AcrossCases
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.records import Records
from safeconduct.edges.desk.relocations_api import HeldRelocation, in_order
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import CaseRecord, Part, SheetId, SheetWritten, Told
from safeconduct.rooms.cases.checklist import Proposed, begin, proposed
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.record import Sheet
from safeconduct.rooms.cases.relocation import Abroad, Relocation, fold_abroad
from safeconduct.rooms.cases.sheets import ITEM, RELOCATION


class Relocations:
    """Relocations, over an open journal."""

    def __init__(self, journal: Journal, of: Cases, records: Records) -> None:
        """Act for the device of this journal, over the records of these cases."""
        self._journal: Final = journal
        self._cases: Final = of
        self._records: Final = records
        self.across: Final = AcrossCases(journal, of.held, self._open, SheetWritten)
        self._sorted: tuple[object, Sequence[HeldRelocation]] = (None, ())

    def all(self) -> Sequence[HeldRelocation]:
        """Return those of all cases that are held here, by the day they travel."""
        found, name = self.across.all(), self._cases.held.name
        of, held = self._sorted
        if found is not of:
            some = ((case, one) for case, every in found.items() for one in every)
            held = in_order(HeldRelocation(case, name(case), one) for case, one in some)
            self._sorted = found, held
        return held

    def of(self, case: CaseId) -> Abroad:
        """Return what a case says of it, as far as it can be read here."""
        with self._journal.store.lock:
            return fold_abroad(self._records.record(case), self._held(case))

    def proposed(
        self, case: CaseId, relocation: SheetId, lines: Iterable[str]
    ) -> Sequence[Proposed]:
        """Return what is not on a relocation's list and was never."""
        record = self._records.record(case)
        return missing(record, need_relocation(record, relocation), lines)

    def begin(self, case: CaseId, relocation: SheetId, lines: Iterable[str]) -> None:
        """Put all of that on the list, in one act; durable on return."""
        with self._journal.store.lock:
            record = self._records.record(case)
            sheet = need_relocation(record, relocation)
            facts = begin(record, self._held(case), sheet, missing(record, sheet, lines))
            self._cases.write_each([(case, Part.JOURNEY, one) for one in facts])

    def _held(self, case: CaseId) -> frozenset[Part]:
        opened = self._cases.held.find(case)
        return frozenset(self._cases.held.parts(opened)) if opened else frozenset()

    def _open(
        self, case: CaseId, parts: Mapping[VaultId, Part], told: Sequence[Told]
    ) -> tuple[Relocation, ...]:
        kinds = (one.event.kind for one in told if isinstance(one.event, SheetWritten))
        if RELOCATION not in kinds:
            return ()
        record = cases.fold_record(case, parts, told, self._journal.lists.language)
        return fold_abroad(record, frozenset(parts.values())).relocations


def missing(record: CaseRecord, sheet: Sheet, lines: Iterable[str]) -> Sequence[Proposed]:
    """Return what of a first checklist was never on the list of a relocation."""
    every = proposed(record, sheet, lines)
    return [one for one in every if record.sheet(one.sheet(sheet.id), ITEM) is None]


def need_relocation(record: CaseRecord, relocation: SheetId) -> Sheet:
    """Return the sheet of a relocation that stands.

    Raises:
        NoSuchPart: there is none, or it was taken off.
    """
    found = next((one for one in record.of_kind(RELOCATION) if one.id == relocation), None)
    if found is None:
        raise NoSuchPart
    return found
