# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is tried again after the rows: little, by name, and never what fails always."""

from collections import deque
from pathlib import Path

import pytest

from tools.side_by_side import (
    NO_ENEMY,
    OTHERS,
    ROOT,
    UNSTEADY_MOST,
    kept_of,
    names_in,
    passes_alone,
    rows_of_lines,
    run_in_turn,
    taken,
)

ONCE = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("which", range({many}))
def test_that_fails_once(which):
    mark = Path(__file__).with_name(f"mark-{{which}}")
    failed, _ = mark.exists(), mark.touch()
    assert failed

def test_that_passes():
    with Path(__file__).with_name("runs").open("a") as file:
        file.write("x")
"""
ENEMY = """
import pytest

@pytest.mark.attack
def test_of_an_enemy():
    pass
"""
ALWAYS = "def test_that_fails(): assert False"


@pytest.fixture(autouse=True)
def _own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What CI asks of each pytest is not asked of those in here, which know no order by chance."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def written(folder: Path, text: str) -> tuple[str, ...]:
    """Return a part of one file."""
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    return (str(folder / "test_it.py"), "-p", "no:randomly")


@pytest.mark.parametrize(("many", "passes"), [(1, True), (UNSTEADY_MOST + 1, False)])
def test_little_that_failed_once_is_tried_again_alone_and_named(
    many: int, passes: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = written(tmp_path, ONCE.format(many=many))
    assert run_in_turn((part,), tmp_path, ()) == [part]
    assert len(names_in(kept_of(part, tmp_path))) == many
    assert passes_alone(part, tmp_path, ()) is passes
    assert ("UNSTEADY" in capsys.readouterr().out) is passes
    assert (tmp_path / "runs").read_text() == "x", "what passed is not run again"


def test_what_fails_again_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = written(tmp_path, ALWAYS)
    assert run_in_turn((part,), tmp_path, ()) == [part]
    assert not passes_alone(part, tmp_path, ())
    assert "UNSTEADY" not in capsys.readouterr().out


def test_an_enemy_without_a_browser_is_not_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = ENEMY.replace("pass", "assert False")
    part = written(tmp_path, failing)
    assert run_in_turn((part,), tmp_path, ()) == [part]
    written(tmp_path, ENEMY)
    assert not passes_alone(part, tmp_path, NO_ENEMY)
    assert "UNSTEADY" not in capsys.readouterr().out
    assert passes_alone(part, tmp_path, ()), "it would have passed"


def test_both_rows_take_every_part_once() -> None:
    left = deque(OTHERS)
    first, last = taken(left.popleft), taken(left.pop)
    assert {next(first), next(last), *last, *first} == set(OTHERS)
    assert not left


def test_a_part_that_never_ran_is_not_excused(tmp_path: Path) -> None:
    part = (str(tmp_path / "test_nowhere.py"),)
    assert run_in_turn((part,), tmp_path, ()) == [part]
    assert not passes_alone(part, tmp_path, ())


def test_each_test_of_lines_is_in_one_row() -> None:
    rows = [name for row in rows_of_lines() for name in row]
    files = sorted((ROOT / "tests" / "lines").glob("test_*.py"))
    assert sorted(rows) == [f"tests/lines/{path.name}" for path in files]
