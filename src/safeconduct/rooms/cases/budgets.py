# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is left of a grant, by the costs of the cases that are read here, and what is not counted.

A sum is of what this desk reads and says so; it may be below nothing, and is shown as it is: two
who spent the same money unseen have spent it (spec/money.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.rooms.cases.costs import Cost, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.rooms.cases.grants import Grant


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one grant or one purpose of it, in the smallest unit of the grant's currency."""

    granted: int
    """0 where a purpose has no bound of its own."""
    paid: int
    promised: int
    """What two agreed to, or is within the limit, and is not paid yet."""
    asked: int
    planned: int

    @property
    def left(self) -> int:
        """What remains; below 0 where more was spent or promised than there is."""
        return self.granted - self.paid - self.promised


@dataclass(frozen=True, slots=True)
class Budget:
    """A grant with what was done with it."""

    grant: Grant
    whole: Sums
    lines: Mapping[str, Sums]
    uncounted: tuple[Cost, ...]
    """Costs of it in another currency, without a rate into this one."""
    disputed: tuple[Cost, ...]
    beside: tuple[Cost, ...]
    """Costs of it, paid or promised, for what it may not be spent on."""


def budget_of(grant: Grant, costs: Iterable[Cost], limits: Mapping[str, int]) -> Budget:
    """Return what is left of a grant; a cost that names two grants counts for both."""
    own = [one for one in costs if grant.id in one.grants]
    counted = [(one, one.status(limits), worth) for one in own if (worth := worth_of(one, grant))]
    gone = {Status.PAID, Status.APPROVED}
    return Budget(
        grant,
        _sums(grant.amount.minor, ((status, worth) for _, status, worth in counted)),
        {
            purpose: _sums(bound, ((s, w) for one, s, w in counted if one.purpose == purpose))
            for purpose, bound in grant.lines.items()
        },
        tuple(one for one in own if not worth_of(one, grant)),
        tuple(one for one in own if one.disputed),
        tuple(one for one, status, _ in counted if status in gone and not grant.pays(one.purpose)),
    )


def worth_of(cost: Cost, grant: Grant) -> int:
    """Return what a cost takes of a grant, the most that what stands in it says; 0 if untold."""
    own = grant.amount.currency
    rates = [one for one in cost.rates if one.currency == own]
    found = [one.minor for one in cost.amounts if one.currency == own]
    found += [rate.turn(one) for one in cost.amounts if one.currency != own for rate in rates]
    return max(found, default=0)


def _sums(granted: int, some: Iterable[tuple[Status, int]]) -> Sums:
    by = dict.fromkeys(Status, 0)
    for status, worth in some:
        by[status] += worth
    told = by[Status.PAID], by[Status.APPROVED], by[Status.ASKED], by[Status.PLANNED]
    return Sums(granted, *told)
