# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct plan` inside: who ends a search, what is said of it, and what is never written."""

import io
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from safeconduct.kernel.errors import Defect
from safeconduct.programs import plan as program
from safeconduct.programs.plan_watch import CLEARED, Watch
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.score import score
from safeconduct.rooms.passage.planner.plan import Progress
from tests.kit.dispatcher import by_hand
from tests.kit.operations import invent

OPERATION = invent(12, seed=3)
PLAN = by_hand(OPERATION)
HALF = Progress(PLAN, score(OPERATION, PLAN), 0, 0, 50)


class Terminal(io.StringIO):
    """What a terminal was given."""

    def isatty(self) -> bool:
        return True


def broken(operation: Operation, **_: object) -> Progress:
    """A planner that sends somebody to a house in another town."""
    homes = operation.houses.town
    elsewhere = next(row for row, town in enumerate(homes) if town != homes[PLAN[0].house])
    return replace(HALF, plan=(replace(PLAN[0], house=elsewhere), *PLAN[1:]))


def test_a_plan_that_breaks_a_rule_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "operation.json", tmp_path / "plan.json"
    source.write_bytes(write_operation(OPERATION))
    monkeypatch.setattr(program, "plan", broken)
    with pytest.raises(Defect):
        program.run([str(source), "-o", str(target)])
    assert [one.name for one in tmp_path.iterdir()] == ["operation.json"]


def test_a_search_ends_with_its_seconds_and_not_by_the_clock_with_its_work() -> None:
    with Watch(1e-9, None) as watch:
        assert not watch(HALF)
    with Watch(1e-9, 100) as watch:
        assert watch(HALF)


def test_who_asks_for_an_end_gets_the_best_plan_and_who_asks_again_gets_none() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Watch(600, None) as watch:
        assert watch(HALF)
        os.kill(os.getpid(), signal.SIGINT)
        assert not watch(HALF)
        assert watch.asked_to_end
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_terminal_has_one_line_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Watch(None, 100) as watch:
        watch(HALF)
        watch(HALF)
    shown = terminal.getvalue()
    assert "\n" not in shown
    first, line, last = shown.split(CLEARED)
    assert (first, last) == ("", "")
    assert line.startswith("[##########..........] ")
    assert len(line) == 49


def test_a_file_has_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Watch(None, 100) as watch:
        watch(replace(HALF, plan=()))
        watch(HALF)
        watch(HALF)
    assert capsys.readouterr().err.count("\n") == 1
