# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plans and conversations of a twin's cases: the room's own folds and refusals, and no keys."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.case_links_api import NamedCase
from safeconduct.edges.desk.plans_api import HeldTask, in_order
from safeconduct.kernel.words import CaseId, ConversationId, FactId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.links import Link, fold_links
from safeconduct.rooms.cases.links_decide import link, unlink
from safeconduct.rooms.cases.plan import fold_plan
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from safeconduct.rooms.cases import CaseFile
    from tests.kit.desk_twin_cases import TwinCases

MANY = 1_000


class TwinPlans:
    """The tasks of a twin's cases."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def tasks(self) -> Sequence[HeldTask]:
        """Return the open tasks."""
        return in_order(
            HeldTask(file.id, file.name, task)
            for file in _files(self._cases)
            for task in fold_plan(self._cases.records.record(file.id)).tasks
            if task.open
        )


class TwinLinks:
    """The conversations of a twin's cases."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def of_case(self, case: CaseId) -> Sequence[Link]:
        """Return those of a case."""
        return fold_links(case, VAULTS, self._cases.told(case))

    def of_talks(self, talks: Collection[ConversationId]) -> Sequence[NamedCase]:
        """Return the cases of conversations."""
        found = (file for file in _files(self._cases))
        return [
            NamedCase(file.id, file.name)
            for file in found
            if any(one.talk in talks for one in self.of_case(file.id))
        ]

    def choices(self, most: int) -> Sequence[NamedCase]:
        """Return the newest."""
        return [NamedCase(file.id, file.name) for file in _files(self._cases)[:most]]

    def named(self, typed: str) -> Sequence[CaseId]:
        """Return those of a name."""
        wanted = cases.plain_name(typed)
        files = _files(self._cases)
        return [file.id for file in files if cases.plain_name(file.name) == wanted]

    def link(self, case: CaseId, talk: ConversationId) -> None:
        """Link."""
        self._need(case)
        self._cases.write(case, {Part.CONTACT: link(case, self.of_case(case), talk)})

    def unlink(self, case: CaseId, talk: ConversationId, saw: Collection[FactId]) -> None:
        """Take it back."""
        self._need(case)
        fact = unlink(case, self.of_case(case), talk, saw)
        self._cases.write(case, {Part.CONTACT: fact})

    def _need(self, case: CaseId) -> None:
        if self._cases.case(case) is None:
            raise NoSuchPart


def _files(of: TwinCases) -> Sequence[CaseFile]:
    return of.files(start=0, most=MANY)[0]
