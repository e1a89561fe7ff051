# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file for a donor: no cell of it is a formula, whatever a grant is called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.edges.desk.donor_file import STARTS_FORMULA, defused


@pytest.mark.parametrize("start", STARTS_FORMULA)
@pytest.mark.parametrize("before", ["", " ", "\t", "\r\n", "\u00a0"])
def test_no_cell_begins_like_a_formula(start: str, before: str) -> None:
    assert defused(f"{before}{start}cmd|'/c calc'!A1").startswith("'")


@given(some.text())
def test_the_rest_of_a_cell_stays_as_it_was(text: str) -> None:
    assert defused(text).removeprefix("'") == text.removeprefix("'") or text.startswith("'")


@pytest.mark.parametrize("text", ["1200.50", "A fund", "2017-04", ""])
def test_an_ordinary_cell_is_left_alone(text: str) -> None:
    assert defused(text) == text
