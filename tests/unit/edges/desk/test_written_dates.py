# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which writings are days and months of the calendar, and which stay words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.edges.desk.search import terms_of
from safeconduct.edges.desk.written_dates import dates_in


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2017-04-03", ["2017-04-03"]),
        ("in 2017-04.", ["2017-04"]),
        ("Он пришёл 3.04.2017.", ["2017-04-03"]),
        ("03.4.2017, потом 04.2017", ["2017-04-03", "2017-04"]),
        ("1.04.2017-3.04.2017", ["2017-04-01", "2017-04-03"]),
        ("2017", []),
        ("2017-13 2017-02-30 31.04.2017 0.04.2017", []),
        ("+7 2017-04-031, 12017-04, 1.2.3.2017.5, 10.0.2017.1", []),
        ("٢٠١٧-٠٤", []),
        ("", []),
    ],
)
def test_dates_of_a_text(text: str, dates: list[str]) -> None:
    assert [one.date for one in dates_in(text)] == dates


@given(st.text(alphabet="0123456789-. аx", max_size=40))
def test_where_a_date_stands_is_where_it_is_read(text: str) -> None:
    for one in dates_in(text):
        assert [again.date for again in dates_in(text[one.start : one.end])] == [one.date]
        assert one.key.isdigit()


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ("Магомед 3.4.2017", ["магомед", "2017-04-03"]),
        ("2017-04", ["2017-04"]),
        ("2017-13", ["2017", "13"]),
        ("25-й дом", ["25", "й", "дом"]),
    ],
)
def test_a_date_is_one_term(words: str, terms: list[str]) -> None:
    assert terms_of(words) == terms
