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


class Plans:
    """What is to be done in cases, over an open journal."""

    def __init__(self, journal: Journal, of: Cases) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        self._across: Final = AcrossCases(journal, of.held, self._open, SheetWritten)
        self._of: Mapping[CaseId, tuple[Task, ...]] = {}
        self._tasks: Sequence[HeldTask] = ()

    def tasks(self) -> Sequence[HeldTask]:
        """Return the open tasks of all cases that are held here, by the day they are due."""
        with self._journal.store.lock:
            found, name = self._across.all(), self._cases.held.name
            if found is not self._of:
                some = ((case, task) for case, tasks in found.items() for task in tasks)
                tasks = in_order(HeldTask(case, name(case), task) for case, task in some)
                self._of, self._tasks = found, tasks
            return self._tasks

    def _open(
        self, case: CaseId, parts: Mapping[VaultId, Part], told: Sequence[Told]
    ) -> tuple[Task, ...]:
        record = cases.fold_record(case, parts, told, self._journal.lists.language)
        return tuple(task for task in fold_plan(record).tasks if task.open)
