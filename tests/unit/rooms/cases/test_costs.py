# SPDX-License-Identifier: AGPL-3.0-or-later
"""Costs: what two wrote, who agreed to what, and that no order of facts loses any of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.money import Amount
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Told
from safeconduct.rooms.cases.budgets import Budget, budget_of
from safeconduct.rooms.cases.costs import Cost, Status
from tests.kit.money_told import (
    ADA,
    ADAS_PHONE,
    BO,
    CY,
    HEALTH,
    LIMITS,
    cost,
    fold,
    grant,
    granted,
    of_office,
    told,
    word,
)

ASKED = told(1, cost())
GRANTED = of_office(1, grant())


def one(*facts: Told) -> Cost:
    """The one cost."""
    (found,) = fold(*facts)
    return found


def left(*facts: Told) -> Budget:
    """What is left of the grant."""
    return budget_of(granted(GRANTED), fold(*facts), LIMITS)


FACTS = (
    *(ASKED, told(2, word(ASKED), BO), told(3, word(ASKED), CY), told(4, word(ASKED), ADAS_PHONE)),
    *(told(5, cost(ASKED, state="paid")), told(6, cost(sheet=b"2" * 16, state="paid"), BO)),
    *(told(7, cost(sheet=b"3" * 16), CY), told(8, word(ASKED, agrees=0), ADA)),
)


@given(some.permutations(FACTS))
def test_the_same_facts_give_the_same_costs_and_sums_in_any_order(order: list[Told]) -> None:
    assert fold(*order) == fold(*FACTS)
    whole = left(*order).whole
    assert (whole.paid, whole.promised, whole.asked) == (120_000, 0, 60_000)
    assert whole.left == -20_000


@given(some.lists(some.integers(1, 10**9), min_size=1, max_size=12), some.randoms())
def test_no_cost_is_lost_from_a_sum_whatever_order_facts_come_in(
    minors: list[int], chance: object
) -> None:
    facts = [
        told(n, cost(sheet=bytes([n]) * 16, amount=Amount("EUR", minor).text, state="paid"))
        for n, minor in enumerate(minors, 1)
    ]
    chance.shuffle(facts)  # type: ignore[attr-defined]
    assert left(*facts).whole.paid == sum(minors)


def test_a_cost_above_the_limit_takes_two_others() -> None:
    first, second = told(2, word(ASKED), BO), told(3, word(ASKED), CY)
    assert one(ASKED).status(LIMITS) is Status.ASKED
    assert one(ASKED, first).status(LIMITS) is Status.ASKED
    assert one(ASKED, first, second).status(LIMITS) is Status.APPROVED
    assert one(ASKED, second, first).agreed == (BO, CY)


def test_two_devices_of_one_person_are_one_and_who_asked_is_none() -> None:
    bos_phone = BO.upper()
    twice = told(2, word(ASKED), BO), told(3, word(ASKED), type(BO)(bos_phone))
    assert one(ASKED, *twice).agreed == (BO,)
    for own in (ADA, ADAS_PHONE):
        found = one(ASKED, told(2, word(ASKED), own), told(3, word(ASKED), CY))
        assert (found.agreed, found.status(LIMITS)) == ((CY,), Status.ASKED)


def test_who_ever_wrote_a_word_of_it_does_not_agree_to_it() -> None:
    changed = told(2, cost(ASKED, amount="EUR 700.00"), BO)
    found = one(ASKED, changed, told(3, word(changed, ASKED), ADA), told(4, word(changed), BO))
    assert found.authors == {ADA, BO}
    assert found.agreed == ()


@pytest.mark.parametrize("field", ["amount", "purpose", "what", "grant", "rate"])
def test_agreement_ends_with_what_was_agreed_to(field: str) -> None:
    said = {"amount": "EUR 9000.00", "purpose": "other", "what": "A car", "grant": "", "rate": ""}
    agreed = told(2, word(ASKED), BO), told(3, word(ASKED), CY)
    changed = told(4, cost(ASKED, more={field: said[field]}))
    found = one(ASKED, *agreed, changed)
    assert (found.agreed, found.status(LIMITS)) == ((), Status.ASKED)
    unseen = told(5, cost(told(9, cost()), more={field: said[field]}))
    assert one(ASKED, *agreed, unseen).agreed == ()
    paid = told(6, cost(ASKED, state="paid"))
    assert len(one(ASKED, *agreed, paid).agreed) == 2


def test_one_no_holds_until_who_said_it_says_yes() -> None:
    yes = told(2, word(ASKED), BO), told(3, word(ASKED), CY)
    no = told(4, word(ASKED, agrees=0), type(BO)(b"d" * 16))
    assert one(ASKED, *yes, no).status(LIMITS) is Status.REFUSED
    other = told(5, word(ASKED, no), ADA)
    assert one(ASKED, *yes, no, other).refused
    after = told(5, word(ASKED, no), no.device)
    assert one(ASKED, *yes, no, after).status(LIMITS) is Status.APPROVED


def test_within_the_limit_nobody_is_asked_and_without_a_limit_everybody() -> None:
    small = told(1, cost(amount="EUR 500.00"))
    assert one(small).status(LIMITS) is Status.APPROVED
    assert one(small).status({}) is Status.ASKED
    assert one(told(1, cost(amount="XTS 1.00"))).status(LIMITS) is Status.ASKED


def test_of_two_amounts_written_unseen_the_higher_counts_and_nobody_agrees() -> None:
    new = told(1, cost(amount="EUR 100.00"))
    low, high = (told(n, cost(new, amount=f"EUR {n}00.00"), by) for n, by in ((2, ADA), (3, BO)))
    found = one(new, low, high)
    assert found.disputed
    assert not found.allowed(LIMITS)
    assert left(new, low, high).whole.asked == 30_000
    assert left(new, low, high).disputed == (found,)


def test_money_that_one_calls_paid_is_gone_whatever_another_says() -> None:
    paid, dropped = told(2, cost(ASKED, state="paid")), told(3, cost(ASKED, state="dropped"), BO)
    assert one(ASKED, paid, dropped).status(LIMITS) is Status.PAID
    assert left(ASKED, dropped, paid).whole.paid == 60_000


def test_words_from_another_part_or_of_another_case_count_nowhere() -> None:
    other = word(ASKED, case=CaseId(b"x" * 16))
    away = told(2, word(ASKED), BO, HEALTH), told(3, other, CY)
    assert one(ASKED, *away).judged == ()


def test_another_currency_counts_by_its_own_rate_and_without_one_is_named() -> None:
    with_rate = told(1, cost(amount="XTS 1000.00", rate="EUR 0.01025"))
    assert left(with_rate).whole.asked == 1_025
    without = told(1, cost(amount="XTS 1000.00"))
    assert left(without).uncounted == fold(without)
    other = told(1, cost(amount="XTS 1000.00", rate="CHF 0.01"))
    assert left(other).uncounted == fold(other)


def test_what_a_grant_does_not_pay_is_counted_all_the_same_and_named() -> None:
    beside = told(1, cost(purpose="legal", state="paid"))
    budget = left(beside)
    assert (budget.whole.paid, budget.beside) == (60_000, fold(beside))
    assert budget.lines["travel"].paid == 0


def test_a_cost_with_two_grants_counts_for_both() -> None:
    new = told(1, cost(grant=""))
    both = told(2, cost(new, grant=(b"g" * 16).hex())), told(3, cost(new, grant="aa" * 16), BO)
    assert left(new, *both).whole.asked == 60_000


def test_a_cost_without_a_day_is_of_no_month() -> None:
    assert one(ASKED).month == "2017-04"
    assert one(told(1, cost(day="2017"))).month == "2017-12"
    assert one(told(1, cost(day=""))).month == ""
