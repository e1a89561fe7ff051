# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tasks of all cases at this desk, as far as it has keys to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from safeconduct.edges.desk.across_cases import AcrossCases
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.plans_api import HeldTask, in_order
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Part, SheetWritten, Told
from safeconduct.rooms.cases.plan import Task, fold_plan
from safeconduct.rooms.cases.sheets import TASK


class Plans:
    """What is to be done in cases, over an open journal."""

    def __init__(self, journal: Journal, of: Cases) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        self.across: Final = AcrossCases(journal, of.held, self._open, SheetWritten)
        self._sorted: tuple[object, Sequence[HeldTask]] = (None, ())

    def tasks(self) -> Sequence[HeldTask]:
        """Return the open tasks of all cases that are held here, by the day they are due."""
        found, name = self.across.all(), self._cases.held.name
        of, tasks = self._sorted
        if found is not of:
            some = ((case, task) for case, tasks in found.items() for task in tasks)
            tasks = in_order(HeldTask(case, name(case), task) for case, task in some)
            self._sorted = found, tasks
        return tasks

    def _open(
        self, case: CaseId, parts: Mapping[VaultId, Part], told: Sequence[Told]
    ) -> tuple[Task, ...]:
        if not any(isinstance(one.event, SheetWritten) and one.event.kind == TASK for one in told):
            return ()
        record = cases.fold_record(case, parts, told, self._journal.lists.language)
        return tuple(task for task in fold_plan(record).tasks if task.open)
