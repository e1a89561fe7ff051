# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about money: costs of cases, grants, limits, reports to donors.

Sums are of the cases whose part journey this desk reads, and nothing of others leaves a trace in
any answer.  The engine behind it is `money.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.kernel.words import CaseId, FactId
    from safeconduct.rooms.cases import Part, SheetId
    from safeconduct.rooms.cases.budgets import Budget
    from safeconduct.rooms.cases.costs import Cost
    from safeconduct.rooms.cases.donor_report import DonorReport
    from safeconduct.rooms.cases.grants import Grant, GrantId, Limit, OfficeMoney
    from safeconduct.rooms.cases.money_decide import TypedGrant, Word
    from safeconduct.rooms.cases.record_decide import Typed


@dataclass(frozen=True, slots=True)
class HeldCost:
    """A cost, and the name of the case to which it belongs."""

    name: str
    cost: Cost


class MoneyApi(Protocol):
    """Money, as pages see it.  Those that write raise what `money_decide` refuses."""

    def office(self) -> OfficeMoney:
        """Return the grants and limits of the office."""
        ...

    def costs(self, case: CaseId) -> Sequence[Cost]:
        """Return the costs of a case, by their days; none where its journey is not read here."""
        ...

    def waiting(self) -> Sequence[HeldCost]:
        """Return the costs that wait for a word of whoever is here, by their days."""
        ...

    def may_judge(self, cost: Cost) -> bool:
        """Tell whether a cost waits for a word of whoever is here."""
        ...

    def may_say(self, cost: Cost) -> bool:
        """Tell whether whoever is here may say a word of a cost, or another than before."""
        ...

    def keeps(self) -> bool:
        """Tell whether somebody here may write grants and limits, and take reports out."""
        ...

    def may_second(self, limit: Limit) -> bool:
        """Tell whether a limit waits for a second, and somebody here is another person."""
        ...

    def budgets(self) -> Sequence[Budget]:
        """Return every grant with what is left of it, by the cases that are read here."""
        ...

    def write_cost(
        self, case: CaseId, sheet: SheetId | None, typed: Mapping[tuple[Part, str], Typed]
    ) -> SheetId:
        """Write a cost, a new one unless one is named; durable on return.

        Raises:
            Refused: what `money_decide.need_payable` and `record_decide.write_sheet` refuse.
        """
        ...

    def judge(self, case: CaseId, cost: SheetId, said: Word) -> None:
        """Agree to a cost, or not; durable on return."""
        ...

    def write_grant(self, grant: GrantId | None, typed: TypedGrant) -> GrantId:
        """Write a grant, a new one unless one is named; durable on return."""
        ...

    def set_limit(self, typed: str) -> None:
        """Say above how much two people agree; durable on return."""
        ...

    def second_limit(self, limit: FactId) -> None:
        """Agree to a limit as a second person; durable on return."""
        ...

    def report(self, grant: Grant) -> DonorReport:
        """Return what a donor would be told of a grant."""
        ...

    def unclear(self, grant: Grant) -> Sequence[HeldCost]:
        """Return the paid costs of a grant that nobody can tell a donor of yet."""
        ...

    def make_report(self, grant: Grant) -> DonorReport:
        """Return the same once it is written down that it leaves; durable on return.

        Raises:
            ReportUnsettled, TooFewToTell: see there.
            StillChecking: what was read is not verified yet.
        """
        ...
