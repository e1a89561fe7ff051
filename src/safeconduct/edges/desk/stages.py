# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stages of cases at this desk, folded from the facts in the journeys that it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from safeconduct.edges.desk.across_cases import AcrossCases
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.stages_api import Staged
from safeconduct.kernel.words import CaseId, FactId, Instant, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import (
    BlockLifted,
    BlockNamed,
    CaseStages,
    Part,
    StageEntered,
    Told,
)
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.stages_decide import (
    TypedStage,
    enter_stage,
    lift_block,
    name_block,
)

_OF_STAGES: Final = (StageEntered, BlockNamed, BlockLifted)


class Stages:
    """Stages of cases, over an open journal."""

    def __init__(self, journal: Journal, of: Cases) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        self.across: Final = AcrossCases(journal, of.held, _stages, *_OF_STAGES)
        self._named: tuple[object, Sequence[Staged]] = (None, ())

    def of(self, case: CaseId) -> CaseStages | None:
        """Return the stages of a case; None where its journey cannot be read here."""
        return self.across.of(case)

    def all(self) -> Sequence[Staged]:
        """Return the stages of every case whose journey can be read here, newest case first."""
        found, name = self.across.all(), self._cases.held.name
        of, named = self._named
        if found is not of:
            named = [Staged(name(case), stages) for case, stages in found.items() if stages]
            self._named = found, named
        return named

    def enter(self, case: CaseId, typed: TypedStage) -> None:
        """Move a case into a stage; durable on return."""
        now = Instant(self._journal.clock.now())
        with self._journal.store.lock:
            self._cases.write(case, {Part.JOURNEY: enter_stage(self._need(case), typed, now)})

    def block(self, case: CaseId, text: str) -> None:
        """Say what blocks a case; durable on return."""
        with self._journal.store.lock:
            self._cases.write(case, {Part.JOURNEY: name_block(self._need(case), text)})

    def lift(self, case: CaseId, block: FactId, note: str) -> None:
        """Say that a block is gone; durable on return."""
        with self._journal.store.lock:
            self._cases.write(case, {Part.JOURNEY: lift_block(self._need(case), block, note)})

    def _need(self, case: CaseId) -> CaseStages:
        stages = self.of(case)
        if stages is None:
            raise NoSuchPart
        return stages


def _stages(case: CaseId, parts: Mapping[VaultId, Part], told: Sequence[Told]) -> CaseStages | None:
    journey = next((vault for vault, part in parts.items() if part is Part.JOURNEY), None)
    return cases.fold_stages(case, journey, told) if journey else None
