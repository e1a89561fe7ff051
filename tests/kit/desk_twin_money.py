# SPDX-License-Identifier: AGPL-3.0-or-later
"""Money at a desk in memory: the room's own folds, refusals and sums, and no keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.money_api import HeldCost
from safeconduct.kernel.words import CaseId, DeviceId, FactId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.budgets import Budget, budget_of
from safeconduct.rooms.cases.costs import MONEY_PART, Cost, fold_costs
from safeconduct.rooms.cases.decide import MayNotWrite
from safeconduct.rooms.cases.donor_report import DonorReport, donor_report, unsettled
from safeconduct.rooms.cases.events import MoneyFact
from safeconduct.rooms.cases.grants import (
    GRANT_BYTES,
    Grant,
    GrantId,
    Limit,
    OfficeMoney,
    OfficeTold,
    fold_office_money,
)
from safeconduct.rooms.cases.money_decide import (
    TypedGrant,
    Word,
    judge_cost,
    make_report,
    may_judge,
    may_say,
    need_payable,
    second_limit,
    set_limit,
    write_grant,
)
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.sheets import COST
from safeconduct.rooms.crew.decide import MONEY_KEEPERS
from safeconduct.rooms.crew.exports import are_apart
from tests.kit.desk_twin_records import VAULTS

if TYPE_CHECKING:
    from tests.kit.desk_twin_cases import TwinCases


class TwinMoney:
    """The money of a twin's cases, and of its office."""

    def __init__(self, of: TwinCases) -> None:
        """Look at these cases."""
        self._cases = of
        self._told: list[OfficeTold] = []

    def office(self) -> OfficeMoney:
        """Return grants and limits."""
        return fold_office_money(self._told, apart=self._apart)

    def costs(self, case: CaseId) -> Sequence[Cost]:
        """Return those of a case."""
        record = self._cases.records.record(case)
        return fold_costs(record, VAULTS, self._cases.told(case), apart=self._apart)

    def waiting(self) -> Sequence[HeldCost]:
        """Return what waits for whoever is here."""
        files, _ = self._cases.files(start=0, most=1_000)
        names = {file.id: file.name for file in files}
        return [HeldCost(names[one.case], one) for one in self._all() if self.may_judge(one)]

    def may_judge(self, cost: Cost) -> bool:
        """Tell whether it waits for whoever is here."""
        return may_judge(cost, self.office().holds, self._own, self._apart)

    def may_say(self, cost: Cost) -> bool:
        """Tell whether a word may be said of it here."""
        return may_say(cost, self.office().holds, self._own, self._apart)

    def keeps(self) -> bool:
        """Tell whether somebody here writes grants."""
        return bool(self._cases.desk.roster().roles(self._own) & MONEY_KEEPERS)

    def may_second(self, limit: Limit) -> bool:
        """Tell whether it waits for whoever is here."""
        return limit.stands and not limit.seconds and self._apart(self._own, limit.by)

    def budgets(self) -> Sequence[Budget]:
        """Return every grant with what is left."""
        office = self.office()
        return [budget_of(one, list(self._all()), office.holds) for one in office.grants]

    def write_cost(
        self, case: CaseId, sheet: SheetId | None, typed: Mapping[tuple[Part, str], Typed]
    ) -> SheetId:
        """Write a cost."""
        need_payable(self._cost(case, sheet), typed, self.office())
        return self._cases.records.write(case, COST, sheet, typed)

    def judge(self, case: CaseId, cost: SheetId, said: Word) -> None:
        """Agree, or not."""
        found, holds = self._cost(case, cost), self.office().holds
        fact = judge_cost(found, holds, said, by=self._own, apart=self._apart)
        self._cases.write(case, {MONEY_PART: fact})

    def write_grant(self, grant: GrantId | None, typed: TypedGrant) -> GrantId:
        """Write a grant."""
        at = grant or GrantId(self._cases.desk.rng.bytes(GRANT_BYTES))
        self.tell(write_grant(self.office(), at, typed))
        return at

    def set_limit(self, typed: str) -> None:
        """Set a limit."""
        self.tell(set_limit(self.office(), typed))

    def second_limit(self, limit: FactId) -> None:
        """Agree to one."""
        self.tell(second_limit(self.office(), limit, by=self._own, apart=self._apart))

    def report(self, grant: Grant) -> DonorReport:
        """Return what a donor would be told."""
        return donor_report(grant, self._all())

    def unclear(self, grant: Grant) -> Sequence[HeldCost]:
        """Return what is to be settled first."""
        costs = list(self._all())
        budget = budget_of(grant, costs, self.office().holds)
        return [HeldCost("", one) for one in unsettled(budget, costs)]

    def make_report(self, grant: Grant) -> DonorReport:
        """Report that it leaves."""
        report = self.report(grant)
        self.tell(make_report(report, [one.cost for one in self.unclear(grant)]))
        return report

    def tell(self, fact: MoneyFact, by: DeviceId | None = None) -> FactId:
        """Write a fact of the office, from here or from a colleague's desk."""
        if not self.keeps():
            raise MayNotWrite
        desk, at = self._cases.desk, FactId(self._cases.desk.rng.bytes(36))
        hlc = (desk.now() << 16) + len(self._told)
        self._told.append(OfficeTold(at, by or desk.device, hlc, fact))
        return at

    def _all(self) -> Iterator[Cost]:
        files, _ = self._cases.files(start=0, most=1_000)
        return (cost for file in files for cost in self.costs(file.id))

    def _cost(self, case: CaseId, sheet: SheetId | None) -> Cost | None:
        return next((one for one in self.costs(case) if one.id == sheet), None)

    @property
    def _own(self) -> DeviceId:
        return self._cases.desk.device

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return are_apart(self._cases.desk.roster(), one, other)
