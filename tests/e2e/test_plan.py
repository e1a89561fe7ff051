# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct plan` as a coordinator runs it: faults, plans, Ctrl-C, and what is left on disk."""

import gzip
import json
import stat
import sys
from pathlib import Path

import pytest

from safeconduct.rooms.passage.operations.circumstances import Circumstances, Events
from safeconduct.rooms.passage.operations.circumstances_file import (
    write_circumstances,
    write_events,
)
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.plan_file import read_plan, write_plan
from tests.kit.circumstances import disruptions, situate
from tests.kit.dispatcher import by_hand
from tests.kit.long_plan_checker import LongChecked
from tests.kit.operations import changed, invent
from tests.kit.plan_checker import Checked
from tests.kit.programs import Program, safeconduct

OPERATION = invent(40, seed=11)
DATA = write_operation(OPERATION)
AFTER_A_SEARCH = """
import os, signal
from safeconduct.rooms.passage.planner.plan import plan
from tests.kit.operations import invent

signal.signal(signal.SIGINT, lambda *_: print("heard"))
plan(invent(40, seed=101), work=800, watch=lambda _: True)
os.kill(os.getpid(), signal.SIGINT)
"""


def planned(source: Path, target: Path, *more: str, tongue: str = "C.UTF-8") -> tuple[int, str]:
    """Run it; return the exit code and all that it said."""
    with safeconduct("plan", str(source), "-o", str(target), *more, tongue=tongue) as program:
        code = program.wait()
        return code, program.said


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An operation's file."""
    path = tmp_path / "operation.json.gz"
    path.write_bytes(gzip.compress(DATA))
    return path


def test_a_plan_keeps_every_rule_and_misses_no_more_than_one_by_hand(
    source: Path, tmp_path: Path
) -> None:
    target = tmp_path / "plan.json"
    code, said = planned(source, target, "--work", "2000")
    assert code == 0, said
    checked = Checked(DATA, target.read_bytes())
    assert not checked.broken
    hand = Checked(DATA, write_plan(by_hand(OPERATION))).score
    assert checked.score["weighted_misses"] <= hand["weighted_misses"]
    assert f" {checked.score['weighted_misses']} by risk" in said
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert {one.name for one in tmp_path.iterdir()} == {"operation.json.gz", "plan.json"}


def test_the_same_work_gives_the_same_plan(source: Path, tmp_path: Path) -> None:
    plans = []
    for name in ("one", "two"):
        code, said = planned(source, tmp_path / name, "--work", "400", "--seed", "7")
        assert code == 0, said
        plans.append((tmp_path / name).read_bytes())
    assert plans[0] == plans[1]


def test_ctrl_c_keeps_the_best_plan(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    with safeconduct("plan", str(source), "-o", str(target), "--seconds", "600") as program:
        program.until("by risk")  # The first line on how far it is.
        assert program.stop() == 0, program.said
    assert "stopped early" in program.said
    assert not Checked(DATA, target.read_bytes()).broken


def test_a_plan_that_stands_there_is_replaced_by_none_that_is_worse(
    source: Path, tmp_path: Path
) -> None:
    target = tmp_path / "plan.json"
    assert planned(source, target, "--work", "800")[0] == 0
    before = Checked(DATA, target.read_bytes()).score
    for work in ("1", "40"):
        code, said = planned(source, target, "--work", work, "--seed", "9")
        assert code == 0, said
        after = Checked(DATA, target.read_bytes()).score
        assert after["weighted_misses"] <= before["weighted_misses"]
    target.write_bytes(write_plan(by_hand(invent(40, seed=12))))
    assert planned(source, target, "--work", "40")[0] == 0
    assert not Checked(DATA, target.read_bytes()).broken


def test_nothing_is_planned_on_a_file_that_is_wrong(tmp_path: Path) -> None:
    told = json.loads(DATA)
    told["parties"]["deadline"][3] = -1
    told["ways"]["town"][9] = 99
    told["houses"]["beds"][2] = [0] * 45
    source, target = tmp_path / "operation.json", tmp_path / "plan.json"
    source.write_text(json.dumps(told))
    code, said = planned(source, target, tongue="ru_RU.UTF-8")
    assert code == 3
    places = [line.partition(":")[0] for line in said.splitlines()]
    assert {"parties.deadline[3]", "ways.town[9]", "houses.beds[2]"} <= set(places)
    assert "Ничего не спланировано" in said
    assert not target.exists()


def test_contradictions_are_planned_on_only_by_who_was_told(tmp_path: Path) -> None:
    source, target = tmp_path / "operation.json", tmp_path / "plan.json"
    burned = changed(OPERATION, "houses.beds", 2, (0,) * OPERATION.days)
    source.write_bytes(write_operation(burned))
    code, said = planned(source, target, "--work", "1")
    assert code == 3
    assert "houses.beds[2]" in said
    code, said = planned(source, target, "--work", "1", "--anyway")
    assert code == 0
    assert "houses.beds[2]" in said
    assert not Checked(source.read_bytes(), target.read_bytes()).broken


def test_who_cannot_go_is_said_with_what_would_change_it(tmp_path: Path) -> None:
    source, target = tmp_path / "operation.json", tmp_path / "plan.json"
    nobody = tuple(0 for _ in OPERATION.escorts.seats)
    alone = changed(OPERATION, "parties.alone", 0, value=False)
    for escort, seats in enumerate(nobody):
        alone = changed(alone, "escorts.seats", escort, seats)
    source.write_bytes(write_operation(alone))
    code, said = planned(source, target, "--work", "1")
    assert code == 0
    zone = OPERATION.parties.zone[0]
    line = next(one for one in said.splitlines() if one.startswith("Party 0 cannot go at all."))
    assert f"an escort from zone {zone}" in line


def test_an_operation_is_never_written_over(source: Path) -> None:
    before = source.read_bytes()
    code, said = planned(source, source, "--work", "1")
    assert code == 1
    assert "Nothing was changed" in said
    assert source.read_bytes() == before


def burned(plan: Path) -> Events:
    """On day 8 the house burns in which most sleep."""
    return disruptions(OPERATION, read_plan(plan.read_bytes()))["all"]


def test_after_a_burned_house_a_plan_is_mended_and_what_has_begun_stays(
    source: Path, tmp_path: Path
) -> None:
    old, event, new = (tmp_path / name for name in ("old.json", "event.json", "new.json"))
    assert planned(source, old, "--work", "400")[0] == 0
    events = burned(old)
    event.write_bytes(write_events(events))
    again = ("--from", str(old), "--event", str(event), "--alternatives", "--work", "200")
    code, said = planned(source, new, *again)
    assert code == 0, said
    data = write_circumstances(Circumstances(OPERATION, events=events))
    for path in (new, *tmp_path.glob("new.*.json")):
        checked = LongChecked(data, path.read_bytes())
        assert not checked.broken
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert f"{checked.score['weighted_misses']} by risk" in said
    assert "Cannot go, or go on, as planned: " in said
    assert "1: too late or left behind: " in said
    event_too = ("--event", str(event), "--work", "1")
    code, said = planned(source, tmp_path / "third.json", "--from", str(new), *event_too)
    assert code == 0, said
    assert planned(source, tmp_path / "third.json", "--from", str(new))[0] == 2


def test_an_event_that_cannot_be_is_named_and_nothing_is_planned(
    source: Path, tmp_path: Path
) -> None:
    old, event, new = (tmp_path / name for name in ("old.json", "event.json", "new.json"))
    old.write_bytes(write_plan(by_hand(OPERATION)))
    event.write_text('{"version": 2, "today": 8, "houses_burned": {"house": [999], "since": [8]}}')
    code, said = planned(source, new, "--from", str(old), "--event", str(event))
    assert code == 3
    assert "--event: houses_burned.house[0]: " in said
    assert not new.exists()
    code, said = planned(source, new, "--event", str(event))
    assert code == 2
    assert "--from" in said


def test_an_operation_of_the_second_version_is_planned(tmp_path: Path) -> None:
    source, target = tmp_path / "circumstances.json", tmp_path / "plan.json"
    source.write_bytes(write_circumstances(situate(OPERATION, 1)))
    code, said = planned(source, target, "--work", "300")
    assert code == 0, said
    checked = LongChecked(source.read_bytes(), target.read_bytes())
    assert not checked.broken
    assert f" {checked.score['weighted_misses']} by risk" in said


def test_the_solver_leaves_ctrl_c_to_who_started_it() -> None:
    with Program(sys.executable, "-c", AFTER_A_SEARCH) as program:
        assert program.wait() == 0, program.said
    assert "heard" in program.said
