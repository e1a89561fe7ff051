# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `safeconduct plan` says has words for everything, in both languages."""

import ast
from pathlib import Path

import pytest

from safeconduct.programs import plan_words
from safeconduct.rooms.passage import operations
from safeconduct.rooms.passage.operations.faults import Fault
from safeconduct.rooms.passage.operations.score import Score
from safeconduct.rooms.passage.operations.stuck import Lack, Stuck
from tests.house.tree import syntax
from tests.kit.operations import invent
from tests.unit.rooms.passage.operations.test_operation_file import CONTRADICTIONS

OPERATION = invent(12, seed=3)
ROOM = Path(operations.__file__).parent


def codes() -> set[str]:
    """The codes of all faults that the room can tell of."""
    found = set()
    for name in (
        *("contradictions", "faults", "json_text", "table_reader", "plan_file"),
        *("circumstances_file", "long_plan_file"),
        *("../collecting/evening_file", "../collecting/round_file"),
    ):
        for node in ast.walk(syntax(ROOM / f"{name}.py")):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault":
                found |= {one.value for one in node.args[:1] if isinstance(one, ast.Constant)}
    return {str(code) for code in found} | {"past", "too_small", "no_row", "too_large"}


def score(misses: int) -> Score:
    """A score of which only the misses count."""
    return Score(misses, 0, 30, 2, 3, 0, 0, 0, 0)


def test_every_fault_and_every_lack_has_words() -> None:
    assert set(plan_words.FAULTS) == codes()
    assert set(plan_words.FAULTS) > CONTRADICTIONS
    assert set(plan_words.LACKS) == set(Lack)


@pytest.mark.parametrize("tongue", ["en", "ru"])
def test_words_say_place_and_figures(monkeypatch: pytest.MonkeyPatch, tongue: str) -> None:
    monkeypatch.setenv("LANGUAGE", tongue)
    for code in plan_words.FAULTS:
        said = plan_words.fault(Fault(code, "parties.size[3]", 17, 99))
        assert said.startswith("parties.size[3]: ")
        assert "{" not in said
    for one in (Stuck(5, (Lack.ESCORT, Lack.WAY)), Stuck(5, (), (Lack.HOUSE,)), Stuck(5, ())):
        said = plan_words.stuck(OPERATION, one)
        assert "5" in said
        assert "{" not in said
    assert {"5", "8", "3"} <= set(plan_words.standing(score(8), 5).replace(";", " ").split())


def test_what_is_proved_best_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    assert "at most 3 more of that could be saved" in plan_words.standing(score(8), 5)
    for bound in (8, 9):
        assert "no plan saves more" in plan_words.standing(score(8), bound)


def test_a_bar_fills_up() -> None:
    bars = [plan_words.bar(share) for share in (-1, 0, 0.5, 1, 7)]
    assert [bar.count("#") for bar in bars] == [0, 0, 10, 20, 20]
    assert {len(bar) for bar in bars} == {22}
