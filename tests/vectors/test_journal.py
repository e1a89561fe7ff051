# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal as spec/journal.md says, case by case."""

import pytest

from tests.vectors import make
from tests.vectors.case import Case
from tests.vectors.draw import FOLDER
from tests.vectors.run import differs, load


@pytest.mark.parametrize("case", load("journal.json"), ids=lambda case: case["name"])
def test_journal_comes_out_as_the_case_says(case: Case) -> None:
    assert not differs(case)


def test_every_case_of_journal_has_a_name_of_its_own() -> None:
    names = [case["name"] for case in load("journal.json")]
    assert len(names) == len(set(names))


def test_making_the_journal_vectors_again_changes_nothing() -> None:
    assert make.text("journal.json") == (FOLDER / "journal.json").read_text(encoding="utf-8")
