# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stages of cases at a desk in memory: the room's own fold and refusals, and no keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.stages_api import Staged
from safeconduct.kernel.words import CaseId, FactId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import CaseStages, Part
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.stages_decide import TypedStage, enter_stage, lift_block, name_block
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases

(JOURNEY,) = (vault for vault, part in VAULTS.items() if part is Part.JOURNEY)


class TwinStages:
    """The stages of a twin's cases."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def of(self, case: CaseId) -> CaseStages | None:
        """Return those of one."""
        if self._cases.case(case) is None:
            return None
        return cases.fold_stages(case, JOURNEY, self._cases.told(case))

    def all(self) -> Sequence[Staged]:
        """Return those of each, newest first."""
        files, _ = self._cases.files(start=0, most=1 << 20)
        return [Staged(one.name, self._need(one.id)) for one in files]

    def enter(self, case: CaseId, typed: TypedStage) -> None:
        """Move a case."""
        fact = enter_stage(self._need(case), typed, self._cases.desk.now())
        self._cases.write(case, {Part.JOURNEY: fact})

    def block(self, case: CaseId, text: str) -> None:
        """Say what blocks a case."""
        self._cases.write(case, {Part.JOURNEY: name_block(self._need(case), text)})

    def lift(self, case: CaseId, block: FactId, note: str) -> None:
        """Say that a block is gone."""
        self._cases.write(case, {Part.JOURNEY: lift_block(self._need(case), block, note)})

    def _need(self, case: CaseId) -> CaseStages:
        stages = self.of(case)
        if stages is None:
            raise NoSuchPart
        return stages
