# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing of a case leaves a desk past the gate: who gives files and reads cases calls it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.tree import SOURCE, name_of, python_files

DESK = SOURCE / "edges" / "desk"
LEAVES = re.compile(r"\b(?:disposition|write_export|seal_with_words)\(")
"""How something becomes a file that is given to somebody."""
OF_CASES = re.compile(r"\bcases\.|rooms\.cases\b")
GATE = re.compile(r"\bneed_consent(?:_of_talks)?\(")


OF_MANY = {"src/safeconduct/edges/desk/pages/grants.py"}
"""What gives sums alone, of five cases at least and without a person: a report to a donor, as
`tests/unit/rooms/cases/test_donor_report.py` holds.  Nobody is asked for a consent to a sum."""


def passes_by(text: str) -> bool:
    """Whether a module gives something of cases away and asks no consent."""
    return bool(LEAVES.search(text) and OF_CASES.search(text)) and not GATE.search(text)


def test_whatever_gives_away_something_of_a_case_asks_for_consent() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in python_files(DESK)}
    assert sum(bool(LEAVES.search(text)) for text in texts.values()) > 3
    assert not [
        name_of(path)
        for path, text in texts.items()
        if passes_by(text) and name_of(path) not in OF_MANY
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("desk.cases.records.record(case)\ndisposition(name)", True),
        ("from safeconduct.rooms.cases import Part\nwrite_export(talks)", True),
        ("need_consent(desk.cases.consents, case)\ndisposition(name)", False),
        ("desk.exports.make(fact)\ndisposition(name)", False),
        ("desk.cases.records.record(case)", False),
    ],
)
def test_a_module_that_passes_the_gate_by_is_seen(text: str, wrong: bool) -> None:
    assert passes_by(text) is wrong


def test_the_gate_is_where_the_rule_looks_for_it() -> None:
    gate = Path(DESK / "handoffs.py").read_text(encoding="utf-8")
    assert "def need_consent(" in gate
