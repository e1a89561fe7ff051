# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dates of old tables: which day a cell means, or that nobody can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.rooms.cases.sheets import is_date
from safeconduct.rooms.cases.table_dates import counts_days, date_of, orders_shown


@pytest.mark.parametrize(
    ("cell", "order", "system", "found"),
    [
        ("03/04/2017", "dmy", 0, "2017-04-03"),
        ("03/04/2017", "mdy", 0, "2017-03-04"),
        ("3.4.2017", "mdy", 0, "2017-04-03"),
        ("25/12/2017", "", 0, "2017-12-25"),
        ("05/05/2017", "", 0, "2017-05-05"),
        ("2017-4-3", "", 0, "2017-04-03"),
        ("2017-04-03T00:00:00", "", 0, "2017-04-03"),
        ("04.2017", "", 0, "2017-04"),
        ("1988", "", 1900, "1988"),
        ("32966", "", 1900, "1990-04-03"),
        ("31504.5", "", 1904, "1990-04-03"),
        ("٠٣/٠٤/٢٠١٧", "dmy", 0, "2017-04-03"),
    ],
)
def test_a_cell_is_the_day_that_its_column_says(
    cell: str, order: str, system: int, found: str
) -> None:
    assert date_of(cell, order, system) == (found, "")


@pytest.mark.parametrize(
    ("cell", "order", "system", "why"),
    [
        ("03/04/2017", "", 0, "order"),
        ("25/12/2017", "mdy", 0, "no_date"),
        ("32966", "", 0, "system"),
        ("03/04/17", "dmy", 0, "short_year"),
        ("31/02/2017", "dmy", 0, "no_date"),
        ("soon", "dmy", 1900, "no_date"),
        ("²⁰17", "", 0, "no_date"),
    ],
)
def test_what_nobody_can_tell_is_no_day(cell: str, order: str, system: int, why: str) -> None:
    assert date_of(cell, order, system) == ("", why)


def test_a_time_of_day_is_left_out_and_told() -> None:
    assert date_of("2017-04-03 10:30", "", 0) == ("2017-04-03", "time_left")


def test_a_column_says_what_has_to_be_asked_of_it() -> None:
    assert orders_shown(["25/12/2017", "1988"]) == (False, frozenset({"dmy"}))
    assert orders_shown(["03/04/2017", "25/12/2017"]) == (True, frozenset({"dmy"}))
    assert orders_shown(["03.04.2017"]) == (False, frozenset())
    assert counts_days(["32966"])
    assert not counts_days(["1988", "03/04/2017"])


@given(st.text(max_size=30), st.sampled_from(["", "dmy", "mdy"]), st.sampled_from([0, 1900, 1904]))
def test_whatever_stands_in_a_cell_is_a_day_or_nothing(cell: str, order: str, system: int) -> None:
    found, why = date_of(cell, order, system)
    assert is_date(found) if found else why
