# SPDX-License-Identifier: AGPL-3.0-or-later
"""The risk of cases at a desk in memory: the room's own fold, refusals and reasons, and no keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.risks_api import CaseWaits
from safeconduct.kernel.words import CaseId, DeviceId, FactId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import CaseRisk, Part
from safeconduct.rooms.cases.risk import RISK_PART, Assessment, Standing
from safeconduct.rooms.cases.risk_decide import Assessing, Seconding, assess, second
from safeconduct.rooms.cases.risk_due import Event, losses, off_record, sightings, unjudged, waits
from safeconduct.rooms.crew.exports import are_apart
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases


class TwinRisks:
    """The risk of a twin's cases."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of

    def risk(self, case: CaseId) -> CaseRisk:
        """Return one."""
        return cases.fold_risk(case, VAULTS, self._cases.told(case), "en", apart=self._apart)

    def events(self, case: CaseId) -> Sequence[Event]:
        """Return what happened."""
        stages = self._cases.stages.of(case)
        seen = sightings(self._cases.records.record(case))
        return [*seen, *(losses(stages) if stages else ())]

    def waiting(self) -> Sequence[CaseWaits]:
        """Return the cases about which something waits, longest first."""
        files, _ = self._cases.files(start=0, most=1_000)
        found = []
        for file in files:
            record, now = self._cases.records.record(file.id), self._cases.desk.now()
            risk = self.risk(file.id).without(off_record(record))
            nobody = unjudged(risk, record, file.opened)
            reasons = waits(risk, nobody, self.events(file.id), now)
            if reasons:
                found.append(CaseWaits(file.id, file.name, risk.band, reasons))
        return sorted(found, key=lambda one: (one.reasons[0].since, one.case))

    def may_second(self, assessment: Assessment) -> bool:
        """Tell whether it waits for somebody else who is here."""
        waiting = assessment.stands and assessment.standing is Standing.OF_ONE
        return waiting and self._apart(self._cases.desk.device, assessment.by)

    def assess(self, case: CaseId, typed: Assessing) -> None:
        """Judge."""
        record, now = self._cases.records.record(case), self._cases.desk.now()
        self._cases.write(case, {RISK_PART: assess(record, tuple(Part), typed, now)})

    def second(self, case: CaseId, assessment: FactId, said: Seconding) -> None:
        """Say so too, or otherwise."""
        risk, own = self.risk(case), self._cases.desk.device
        fact = second(risk, assessment, said, by=own, apart=self._apart)
        self._cases.write(case, {RISK_PART: fact})

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return are_apart(self._cases.desk.roster(), one, other)
