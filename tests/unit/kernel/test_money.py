# SPDX-License-Identifier: AGPL-3.0-or-later
"""Amounts: read where they can mean one thing, whole numbers, and never less than they were."""

from __future__ import annotations

import ast
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel import money
from safeconduct.kernel.currencies import DIGITS
from safeconduct.kernel.money import DIGITS_MOST, Amount, Rate, amount_in, rate_in
from safeconduct.rooms.cases import budgets, donor_report

AMOUNTS = some.builds(
    Amount, some.sampled_from(sorted(DIGITS)), some.integers(1, 10**DIGITS_MOST - 1)
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1 200,50 EUR", "EUR 1200.50"),
        ("1,200.50 EUR", "EUR 1200.50"),
        ("1.200,50 eur", "EUR 1200.50"),
        ("1200 EUR", "EUR 1200.00"),
        ("EUR 1\u202f200", "EUR 1200.00"),
        ("1\u2019200.50 CHF", "CHF 1200.50"),
        ("€12,5", "EUR 12.50"),
        ("12.5 €", "EUR 12.50"),
        ("1.200.300 EUR", "EUR 1200300.00"),
        ("1,200.300 EUR", "EUR 1200.30"),
        ("JPY 1 200", "JPY 1200"),
        ("0,500 KWD", "KWD 0.5000"),
        ("1200.500 KWD", "KWD 1200.5000"),
    ],
)
def test_what_can_mean_one_amount_is_that(typed: str, kept: str) -> None:
    found = amount_in(typed)
    assert found is not None
    assert found.text == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("1,200 EUR", "1.200 EUR", "12,500 KWD", "EUR 1,200", "1,200"),
        *("1200", "$1200", "1200 XXX", "EUR EUR 12", "EUR", "", "12 EUR 3"),
        *("1 2000 EUR", "1,20,000 EUR", "1.2.3 EUR", "12,5,0 EUR", "1,200 000 EUR", "1,5 0 EUR"),
        *("0 EUR", "-5 EUR", "0.001 EUR", "12.5051 EUR", "JPY 1.5", "9" * 16 + " EUR", "١٢ EUR"),
    ],
)
def test_what_can_mean_two_amounts_or_none_is_asked_again(typed: str) -> None:
    assert amount_in(typed) is None


@given(AMOUNTS)
def test_what_is_written_down_is_read_as_it_was(amount: Amount) -> None:
    assert amount_in(amount.text) == amount


@given(some.integers(1, 10**9), some.integers(0, 6))
def test_a_rate_is_read_as_it_was_written(digits: int, decimals: int) -> None:
    rate = rate_in(f"{Rate('EUR', digits, decimals).text}")
    assert rate is not None
    assert Fraction(rate.digits, 10**rate.decimals) == Fraction(digits, 10**decimals)
    assert rate_in(rate.text) == rate


@pytest.mark.parametrize("typed", ["1,200 EUR", "98.125 EUR", "0 EUR", "0.0102", "half EUR"])
def test_a_rate_that_can_mean_two_or_none_is_asked_again(typed: str) -> None:
    assert rate_in(typed) is None


@given(AMOUNTS, some.integers(1, 10**9), some.integers(0, 9))
def test_what_is_changed_is_never_less_than_it_was_and_less_than_a_unit_more(
    amount: Amount, digits: int, decimals: int
) -> None:
    exact = Fraction(amount.minor, 10 ** DIGITS[amount.currency]) * digits / 10**decimals
    found = Fraction(Rate("EUR", digits, decimals).turn(amount), 100)
    assert 0 <= found - exact < Fraction(1, 100)


@pytest.mark.parametrize(("currency", "minor"), [("XXX", 1), ("EUR", -1), ("EUR", 10**15)])
def test_nothing_else_is_an_amount(currency: str, minor: int) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        Amount(currency, minor)


@pytest.mark.parametrize("module", [money, budgets, donor_report])
def test_no_sum_is_made_of_floating_numbers(module: object) -> None:
    tree = ast.parse(Path(str(getattr(module, "__file__", ""))).read_text(encoding="utf-8"))
    assert not [one for one in ast.walk(tree) if isinstance(one, ast.Div)]
    assert not [
        one for one in ast.walk(tree) if isinstance(one, ast.Constant) and type(one.value) is float
    ]
    assert not [one for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id == "float"]
