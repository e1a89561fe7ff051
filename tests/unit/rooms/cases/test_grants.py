# SPDX-License-Identifier: AGPL-3.0-or-later
"""Grants that two wrote at once, and limits that one person cannot raise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from safeconduct.rooms.cases.events import MoneyFact
from safeconduct.rooms.cases.grants import OfficeMoney, OfficeTold, fold_office_money
from safeconduct.rooms.cases.money_facts import DonorReportMade, LimitSeconded, LimitSet
from tests.kit.money_told import ADA, ADAS_PHONE, BO, CY, GRANT, apart, grant, granted, of_office


def limit(minor: int, *saw: OfficeTold, currency: str = "EUR") -> LimitSet:
    """A limit that follows others."""
    return LimitSet(currency, minor, tuple(one.fact for one in saw))


def fold(*facts: OfficeTold) -> OfficeMoney:
    """What these facts give."""
    return fold_office_money(facts, apart=apart)


def holds(*facts: OfficeTold) -> int:
    """The limit in euros."""
    return fold(*facts).holds["EUR"]


FIRST = of_office(1, limit(50_000))
AGREED = of_office(2, LimitSeconded(FIRST.fact), BO)
RAISED = of_office(3, limit(90_000, FIRST))
ALSO = of_office(4, limit(20_000, FIRST), CY)
FACTS = (FIRST, AGREED, RAISED, ALSO, of_office(5, grant()), of_office(6, grant(9), BO))


@given(some.permutations(FACTS))
def test_the_same_facts_give_the_same_office_in_any_order(order: list[OfficeTold]) -> None:
    assert fold(*order) == fold(*FACTS)


def test_a_limit_of_one_person_is_worth_nothing_until_another_agrees() -> None:
    assert holds(FIRST) == 0
    for own in (ADA, ADAS_PHONE):
        assert holds(FIRST, of_office(2, LimitSeconded(FIRST.fact), own)) == 0
    assert holds(FIRST, AGREED) == 50_000


def test_one_person_lowers_a_limit_and_does_not_raise_it() -> None:
    assert holds(FIRST, AGREED, RAISED) == 50_000
    assert holds(FIRST, AGREED, RAISED, of_office(4, LimitSeconded(RAISED.fact), BO)) == 90_000
    assert holds(FIRST, AGREED, ALSO) == 20_000
    assert holds(FIRST, AGREED, RAISED, ALSO) == 20_000


def test_no_chain_of_limits_of_one_person_raises_it() -> None:
    twice = of_office(4, limit(95_000, RAISED))
    around = of_office(5, limit(99_000))
    assert holds(FIRST, AGREED, RAISED, twice) == 50_000
    assert holds(FIRST, AGREED, RAISED, twice, around) == 0
    other = of_office(6, limit(10, FIRST, currency="XTS"))
    assert holds(FIRST, AGREED, other) == 50_000


def test_a_limit_that_follows_two_of_one_beginning_holds() -> None:
    lower = of_office(5, limit(30_000, FIRST), BO)
    both = of_office(6, limit(25_000, ALSO, lower))
    assert holds(FIRST, AGREED, ALSO, lower, both) == 20_000
    assert holds(FIRST, ALSO, lower, both) == 0


def test_of_two_who_wrote_a_grant_at_once_the_smaller_holds() -> None:
    first = of_office(1, grant(100_000, travel=70_000, food=0))
    left = of_office(2, grant(90_000, first, travel=80_000), ADA)
    right = of_office(3, grant(95_000, first, travel=60_000, food=10), BO)
    found = granted(first, left, right)
    assert found.disputed
    assert (found.amount.minor, dict(found.lines)) == (90_000, {"travel": 60_000})
    settled = of_office(4, grant(95_000, left, right, travel=0))
    found = granted(first, left, right, settled)
    assert (found.disputed, found.amount.minor) == (False, 95_000)


def test_what_is_no_grant_or_limit_of_this_program_counts_for_nothing() -> None:
    wrong: list[MoneyFact] = [grant(10**16), limit(10**16), limit(1, currency="XXX")]
    assert fold(*(of_office(n, one) for n, one in enumerate(wrong, 1))) == OfficeMoney((), ())
    assert fold(of_office(1, grant(5, gold=3))).grants == ()


def test_reports_stand_beside_their_grant() -> None:
    made = of_office(2, DonorReportMade(GRANT, "2017-04", "2017-06"), CY)
    assert [(one.by, one.begins) for one in granted(of_office(1, grant()), made).reports] == [
        (CY, "2017-04")
    ]
