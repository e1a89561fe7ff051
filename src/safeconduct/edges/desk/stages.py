# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stages of cases at this desk, folded from the facts in the journeys that it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.stages_api import Staged
from safeconduct.kernel.words import CaseId, FactId, Instant
from safeconduct.rooms import cases
from safeconduct.rooms.cases import (
    Beginning,
    BlockLifted,
    BlockNamed,
    CaseStages,
    Part,
    PartOpened,
    StageEntered,
)
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.stages_decide import (
    TypedStage,
    enter_stage,
    lift_block,
    name_block,
)
from safeconduct.rooms.crew.case_facts import OpenedCase

_OF_STAGES: Final = (PartOpened, StageEntered, BlockNamed, BlockLifted)


class Stages:
    """Stages of cases, over an open journal."""

    def __init__(self, journal: Journal, of: Cases) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of

    def of(self, case: CaseId) -> CaseStages | None:
        """Return the stages of a case; None where its journey cannot be read here."""
        with self._journal.store.lock:
            opened = self._cases.held.find(case)
            return self._fold(opened) if opened else None

    def all(self) -> Sequence[Staged]:
        """Return the stages of every case whose journey can be read here, newest case first."""
        held = self._cases.held
        with self._journal.store.lock:
            found = ((held.name(one.id), self._fold(one)) for one in held.all())
            return [Staged(name, stages) for name, stages in found if stages]

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

    def _fold(self, opened: OpenedCase) -> CaseStages | None:
        told = self._cases.held.told(opened, *_OF_STAGES)
        journey = cases.fold_parts(Beginning(*opened), told).get(Part.JOURNEY)
        return cases.fold_stages(opened.id, journey, told) if journey else None
