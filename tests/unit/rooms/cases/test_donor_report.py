# SPDX-License-Identifier: AGPL-3.0-or-later
"""A report to a donor: blocks of at least five cases that have nothing in common."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases.budgets import budget_of
from safeconduct.rooms.cases.costs import Cost
from safeconduct.rooms.cases.donor_report import CASES_LEAST, DonorReport, donor_report, unsettled
from safeconduct.rooms.cases.money_decide import ReportUnsettled, TooFewToTell, make_report
from safeconduct.rooms.cases.sheets import PURPOSES
from tests.kit.money_told import GRANT, LIMITS, cost, fold, grant, granted, of_office, told

FUND = granted(of_office(1, grant(10**9)))
PAID = some.tuples(
    some.integers(1, 12), some.sampled_from(PURPOSES), some.integers(1, 12), some.integers(1, 10**6)
)


def paid(case: int, purpose: str, month: int, minor: int, **more: str) -> Cost:
    """A cost that was paid in a month of 2017."""
    of, day = CaseId(bytes([case]) * 16), f"2017-{month:02}-01"
    said = {"amount": f"EUR {minor // 100}.{minor % 100:02}", "purpose": purpose, "day": day}
    (found,) = fold(told(case, cost(case=of, state="paid", more=said | more)), case=of)
    return found


def report(*some: Cost) -> DonorReport:
    """What a donor is told of these."""
    return donor_report(FUND, some)


@given(some.lists(PAID, max_size=30))
def test_every_block_is_of_five_cases_and_the_blocks_add_up_to_all(
    rows: list[tuple[int, str, int, int]],
) -> None:
    costs = [paid(*row) for row in rows]
    found = report(*costs)
    if len({one.case for one in costs}) < CASES_LEAST:
        assert found.blocks == ()
        return
    assert all(one.cases >= CASES_LEAST for one in found.blocks)
    assert found.total == sum(minor for *_, minor in rows)
    assert sum(one.costs for one in found.blocks) == len(rows)
    for row, each in zip(rows, costs, strict=True):
        homes = [
            block
            for block in found.blocks
            if row[1] in block.purposes and block.begins <= each.month <= block.ends
        ]
        assert len(homes) == 1


@pytest.mark.parametrize("alone", [1, CASES_LEAST - 1])
def test_a_month_of_few_is_told_with_others_and_never_alone(alone: int) -> None:
    many = [paid(n, "food", 4, 1_000) for n in range(1, 10)]
    few = [paid(n, "food", 5, 77_700) for n in range(1, 1 + alone)]
    (block,) = report(*many, *few).blocks
    assert (block.begins, block.ends, block.cases) == ("2017-04", "2017-05", 9)


def test_a_purpose_of_few_is_told_with_others_and_never_alone() -> None:
    many = [paid(n, "food", 4, 1_000) for n in range(1, 10)]
    (block,) = report(*many, paid(1, "medical", 4, 77_700)).blocks
    assert block.purposes == ("food", "medical")
    assert block.total == 86_700


def test_many_costs_of_one_case_are_one_case() -> None:
    assert report(*(paid(1, "food", n, 1_000) for n in range(1, 13))).blocks == ()


def test_a_report_of_too_few_or_unsettled_costs_is_not_made() -> None:
    few = [paid(n, "food", 4, 1_000) for n in range(1, CASES_LEAST)]
    with pytest.raises(TooFewToTell):
        make_report(report(*few), ())
    many = [*few, paid(9, "food", 4, 1_000), paid(8, "food", 4, 1_000, amount="XTS 5.00")]
    unclear = unsettled(budget_of(FUND, many, LIMITS), many)
    assert unclear == (many[-1],)
    with pytest.raises(ReportUnsettled):
        make_report(report(*many), unclear)
    made = make_report(report(*many[:-1]), ())
    assert (made.grant, made.begins, made.ends) == (GRANT, "2017-04", "2017-04")


def test_a_currency_is_named_where_five_cases_had_it() -> None:
    many = [
        paid(n, "food", 4, 1, amount="XTS 500.00", rate=f"EUR 0.0{n}")
        for n in range(1, 1 + CASES_LEAST)
    ]
    (one,) = report(*many).exchanged
    assert (one.currency, one.low, one.high) == ("XTS", "EUR 0.01", "EUR 0.05")
    few = [*many[1:], paid(7, "food", 4, 100), paid(1, "food", 4, 100)]
    found = report(*few)
    assert (found.exchanged, found.others_exchanged) == ((), True)
