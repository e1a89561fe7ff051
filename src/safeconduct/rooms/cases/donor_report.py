# SPDX-License-Identifier: AGPL-3.0-or-later
"""A report to a donor: sums and counts per purpose and months, of no group of few cases.

What was paid is cut into blocks that have nothing in common, each of at least five cases, and
nothing is told but the sums of whole blocks: no subtraction gives a smaller group (spec/money.md
7).  Where even all of it is of fewer cases nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.money import DIGITS_MOST
from safeconduct.rooms.cases.budgets import Budget, worth_of
from safeconduct.rooms.cases.costs import PAID, Cost
from safeconduct.rooms.cases.sheets import PURPOSES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases.grants import Grant

_Group = tuple[tuple[str, ...], "list[Cost]"]
CASES_LEAST: Final = 5
"""A group of fewer cases is not told: the usual least cell of published health statistics."""


@dataclass(frozen=True, slots=True)
class Block:
    """What was paid for some purposes in some months, `2017-04` to `2017-06`."""

    purposes: tuple[str, ...]
    begins: str
    ends: str
    cases: int
    costs: int
    total: int


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The lowest and the highest rate at which costs in a currency were counted."""

    currency: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class DonorReport:
    """What a donor is told of a grant; no blocks where that would be of too few cases."""

    grant: Grant
    blocks: tuple[Block, ...]
    exchanged: tuple[Exchanged, ...]
    others_exchanged: bool
    """Whether there were costs in currencies that too few cases had to name them."""

    @property
    def total(self) -> int:
        """All of it."""
        return sum(one.total for one in self.blocks)

    @property
    def begins(self) -> str:
        """The first month told of."""
        return min((one.begins for one in self.blocks), default="")

    @property
    def ends(self) -> str:
        """The last month told of."""
        return max((one.ends for one in self.blocks), default="")


def unsettled(budget: Budget, costs: Iterable[Cost]) -> tuple[Cost, ...]:
    """Return the paid costs of a grant that nobody can tell a donor of yet."""
    unclear = {(one.case, one.id) for one in (*budget.uncounted, *budget.disputed)}
    paid = _paid(budget.grant, costs)
    return tuple(one for one in paid if (one.case, one.id) in unclear or not one.month)


def donor_report(grant: Grant, costs: Iterable[Cost]) -> DonorReport:
    """Return what a donor is told of a grant, by the costs of the cases that are read here."""
    paid = _paid(grant, costs)
    groups = _groups(paid)
    blocks = [block for some in groups for block in _blocks(grant, *some)]
    named, others = _exchanged(grant, paid)
    return DonorReport(grant, tuple(blocks), named if blocks else (), others and bool(blocks))


def _paid(grant: Grant, costs: Iterable[Cost]) -> list[Cost]:
    return [one for one in costs if one.state == PAID and grant.id in one.grants]


def _cases(costs: Iterable[Cost]) -> set[CaseId]:
    return {one.case for one in costs}


def _groups(paid: Sequence[Cost]) -> list[_Group]:
    """Return purposes with their costs, small ones put together, each of enough cases."""
    by = {name: [one for one in paid if one.purpose == name] for name in (*PURPOSES, "")}
    large: list[_Group] = [
        ((name,), some) for name, some in by.items() if len(_cases(some)) >= CASES_LEAST
    ]
    small = [(name, some) for name, some in by.items() if 0 < len(_cases(some)) < CASES_LEAST]
    if not small:
        return large
    names = tuple(name for name, _ in small)
    rest = [one for _, some in small for one in some]
    if len(_cases(rest)) < CASES_LEAST:
        if not large:
            return []
        least = min(large, key=lambda one: len(_cases(one[1])))
        large.remove(least)
        names, rest = (*least[0], *names), [*least[1], *rest]
    return [*large, (names, rest)]


def _blocks(grant: Grant, purposes: tuple[str, ...], costs: Collection[Cost]) -> list[Block]:
    """Return months with their costs, each of enough cases; a rest goes to the months before."""
    cut: list[list[Cost]] = [[]]
    for month in sorted({one.month for one in costs}):
        if len(_cases(cut[-1])) >= CASES_LEAST:
            cut.append([])
        cut[-1] += [one for one in costs if one.month == month]
    if len(_cases(cut[-1])) < CASES_LEAST and len(cut) > 1:
        cut[-2:] = [[*cut[-2], *cut[-1]]]
    return [
        Block(
            purposes,
            min(one.month for one in some),
            max(one.month for one in some),
            len(_cases(some)),
            len(some),
            sum(worth_of(one, grant) for one in some),
        )
        for some in cut
    ]


def _exchanged(grant: Grant, paid: Iterable[Cost]) -> tuple[tuple[Exchanged, ...], bool]:
    """Return the rates of currencies that enough cases had, and whether there were others."""
    by: dict[str, list[Cost]] = {}
    for cost in paid:
        for amount in cost.amounts:
            if amount.currency != grant.amount.currency:
                by.setdefault(amount.currency, []).append(cost)
    named = {name: some for name, some in by.items() if len(_cases(some)) >= CASES_LEAST}
    told = []
    for name, some in sorted(named.items()):
        rates = sorted(
            {rate for one in some for rate in one.rates if rate.currency == grant.amount.currency},
            key=lambda one: one.digits * 10 ** (DIGITS_MOST - one.decimals),
        )
        if rates:
            told.append(Exchanged(name, rates[0].text, rates[-1].text))
    return tuple(told), len(named) < len(by)
