# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct why` as a coordinator runs it: answers, faults, and nothing written."""

from dataclasses import replace
from pathlib import Path

import pytest

from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from safeconduct.rooms.passage.operations.score import missing
from safeconduct.rooms.passage.why.audit import why_not
from safeconduct.rooms.passage.why.in_force import in_force
from tests.kit.dispatcher import by_hand
from tests.kit.operations import changed, invent
from tests.kit.programs import safeconduct

OPERATION = invent(40, seed=11)
PLAN = by_hand(OPERATION)
FILES = {"operation.json", "plan.json"}


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """An operation's file and a plan's."""
    (tmp_path / "operation.json").write_bytes(write_operation(OPERATION))
    (tmp_path / "plan.json").write_bytes(write_plan(PLAN))
    return str(tmp_path / "operation.json"), str(tmp_path / "plan.json")


def answered(*arguments: str, tongue: str = "C.UTF-8") -> tuple[int, str]:
    """Run it; return the exit code and all that it said."""
    with safeconduct("why", *arguments, tongue=tongue) as program:
        code = program.wait()
        return code, program.said


def test_a_party_that_others_bar_is_told_of_with_who_would_pay(
    files: tuple[str, str], tmp_path: Path
) -> None:
    now = in_force(OPERATION, PLAN)
    whys = [
        why_not(now, party, OPERATION.parties.deadline[party])
        for party in sorted(missing(OPERATION, PLAN))
    ]
    why = next(one for one in whys if not one.hard and not one.free)
    code, said = answered(*files, "--party", str(why.party), "--by", str(why.by))
    assert code == 0, said
    assert f"Party {why.party} " in said
    assert f"by day {why.by}: {why.ways}; " in said
    assert "If it had to: " in said
    assert "Nothing was changed." in said
    assert {one.name for one in tmp_path.iterdir()} == FILES


def test_without_a_party_what_would_help_most_is_told(files: tuple[str, str]) -> None:
    code, said = answered(*files)
    assert code == 0, said
    assert "one more " in said or "none saves anybody" in said


def test_a_party_and_a_day_that_do_not_exist_are_both_named(files: tuple[str, str]) -> None:
    code, said = answered(*files, "--party", "999", "--by", "99")
    assert code == 3
    assert "--party: 999 does not exist" in said
    assert "--by: 99, and 44 is the most" in said


def test_nothing_is_answered_on_files_that_are_wrong(files: tuple[str, str]) -> None:
    operation, plan = map(Path, files)
    whole = plan.read_bytes()
    plan.write_bytes(whole.replace(b'"house":', b'"house":9', 1))
    code, said = answered(*files)
    assert (code, "journeys[0].house" in said) == (3, True)
    homes = OPERATION.houses.town
    elsewhere = next(row for row, town in enumerate(homes) if town != homes[PLAN[0].house])
    plan.write_bytes(write_plan((replace(PLAN[0], house=elsewhere), *PLAN[1:])))
    code, said = answered(*files, "--party", "0")
    assert code == 3
    assert f"parties[{PLAN[0].party}]: the plan breaks the rule" in said
    plan.write_bytes(whole)
    operation.write_bytes(write_operation(changed(OPERATION, "houses.beds", 2, (0,) * 45)))
    code, said = answered(*files, "--party", "0", tongue="ru_RU.UTF-8")
    assert code == 3
    assert "houses.beds[2]" in said
