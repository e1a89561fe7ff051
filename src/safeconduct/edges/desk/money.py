# SPDX-License-Identifier: AGPL-3.0-or-later
"""Money at this desk: costs of the cases it reads, and the grants and limits of the office.

Who lacks a case's journey is told nothing of its costs, in no sum either: what is left of a grant
is counted over what is read here (spec/money.md 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, get_args

from safeconduct.edges.desk.across_cases import AcrossCases
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.counted_facts import CountedFacts
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.money_api import HeldCost
from safeconduct.edges.desk.records import Records
from safeconduct.edges.desk.verified import need_verified
from safeconduct.kernel.words import CaseId, DeviceId, FactId, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Part, SheetId, SheetWritten, Told
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
    NoCostWaits,
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
from safeconduct.rooms.cases.money_facts import CostJudged
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.sheets import COST
from safeconduct.rooms.crew.decide import MONEY_KEEPERS
from safeconduct.rooms.crew.exports import are_apart


class Money:
    """Money, over an open journal."""

    def __init__(self, journal: Journal, of: Cases, records: Records) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        self._records: Final = records
        self.across: Final = AcrossCases(
            *(journal, of.held, self._open, SheetWritten, CostJudged),
            hangs_on=lambda: journal.roster,
        )
        self._facts: Final = CountedFacts(journal, *get_args(MoneyFact))
        self._of: tuple[Sequence[Told], OfficeMoney] = ((), OfficeMoney((), ()))

    def office(self) -> OfficeMoney:
        """Return the grants and limits of the office, read anew when something came."""
        with self._journal.store.lock:
            told = self._facts.all()
            if told is not self._of[0]:
                self._of = told, fold_office_money(self._told(told), apart=self._apart)
            return self._of[1]

    def costs(self, case: CaseId) -> Sequence[Cost]:
        """Return the costs of a case, by their days; none where its journey is not read here."""
        return self.across.of(case) or ()

    def waiting(self) -> Sequence[HeldCost]:
        """Return the costs that wait for a word of whoever is here, by their days."""
        if not self._cases.may_write():
            return []
        name, holds, own = self._cases.held.name, self.office().holds, self._journal.device
        waits = (one for one in self._all() if may_judge(one, holds, own, self._apart))
        found = [HeldCost(name(one.case), one) for one in waits]
        return sorted(found, key=lambda one: (one.cost.sheet.text("day"), one.cost.id))

    def may_judge(self, cost: Cost) -> bool:
        """Tell whether a cost waits for a word of whoever is here."""
        return may_judge(cost, self.office().holds, self._journal.device, self._apart)

    def may_say(self, cost: Cost) -> bool:
        """Tell whether whoever is here may say a word of a cost, or another than before."""
        return may_say(cost, self.office().holds, self._journal.device, self._apart)

    def keeps(self) -> bool:
        """Tell whether somebody here may write grants and limits, and take reports out."""
        return bool(self._journal.roster.roles(self._journal.device) & MONEY_KEEPERS)

    def may_second(self, limit: Limit) -> bool:
        """Tell whether a limit waits for a second, and somebody here is another person."""
        waits = limit.stands and not limit.seconds and self.keeps()
        return waits and self._apart(self._journal.device, limit.by)

    def budgets(self) -> Sequence[Budget]:
        """Return every grant with what is left of it, by the cases that are read here."""
        with self._journal.store.lock:
            office, costs = self.office(), list(self._all())
            return [budget_of(one, costs, office.holds) for one in office.grants]

    def write_cost(
        self, case: CaseId, sheet: SheetId | None, typed: Mapping[tuple[Part, str], Typed]
    ) -> SheetId:
        """Write a cost, a new one unless one is named; durable on return."""
        with self._journal.store.lock:
            need_payable(self._cost(case, sheet), typed, self.office())
            return self._records.write(case, COST, sheet, typed)

    def judge(self, case: CaseId, cost: SheetId, said: Word) -> None:
        """Agree to a cost, or not; durable on return."""
        own = self._journal.device
        with self._journal.store.lock:
            found, holds = self._cost(case, cost), self.office().holds
            if found is None:
                raise NoCostWaits
            fact = judge_cost(found, holds, said, by=own, apart=self._apart)
            self._cases.write(case, {MONEY_PART: fact})

    def write_grant(self, grant: GrantId | None, typed: TypedGrant) -> GrantId:
        """Write a grant, a new one unless one is named; durable on return."""
        with self._journal.store.lock:
            at = grant or GrantId(self._journal.rng.bytes(GRANT_BYTES))
            self._write(write_grant(self.office(), at, typed))
            return at

    def set_limit(self, typed: str) -> None:
        """Say above how much two people agree; durable on return."""
        with self._journal.store.lock:
            self._write(set_limit(self.office(), typed))

    def second_limit(self, limit: FactId) -> None:
        """Agree to a limit as a second person; durable on return."""
        own = self._journal.device
        with self._journal.store.lock:
            self._write(second_limit(self.office(), limit, by=own, apart=self._apart))

    def report(self, grant: Grant) -> DonorReport:
        """Return what a donor would be told of a grant."""
        return donor_report(grant, self._all())

    def unclear(self, grant: Grant) -> Sequence[HeldCost]:
        """Return the paid costs of a grant that nobody can tell a donor of yet."""
        with self._journal.store.lock:
            costs, name = list(self._all()), self._cases.held.name
            found = unsettled(budget_of(grant, costs, self.office().holds), costs)
            return [HeldCost(name(one.case), one) for one in found]

    def make_report(self, grant: Grant) -> DonorReport:
        """Return the same once it is written down that it leaves; durable on return."""
        with self._journal.store.lock:
            need_verified(self._journal)
            costs = list(self._all())
            budget = budget_of(grant, costs, self.office().holds)
            report = donor_report(grant, costs)
            self._write(make_report(report, unsettled(budget, costs)))
            return report

    def _open(
        self, case: CaseId, parts: Mapping[VaultId, Part], told: Sequence[Told]
    ) -> tuple[Cost, ...]:
        record = cases.fold_record(case, parts, told, self._journal.lists.language)
        return fold_costs(record, parts, told, apart=self._apart)

    def _all(self) -> Iterator[Cost]:
        return (cost for some in self.across.all().values() for cost in some)

    def _cost(self, case: CaseId, sheet: SheetId | None) -> Cost | None:
        return next((one for one in self.costs(case) if one.id == sheet), None)

    @staticmethod
    def _told(told: Iterable[Told]) -> Iterator[OfficeTold]:
        for one in told:
            if isinstance(one.event, MoneyFact):
                yield OfficeTold(one.fact, one.device, one.hlc, one.event)

    def _write(self, fact: MoneyFact) -> None:
        if not self.keeps():
            raise MayNotWrite
        self._journal.write([case_fact(self._journal.crew_vault, fact)])

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return are_apart(self._journal.roster, one, other)
