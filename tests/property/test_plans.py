# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever the operation and whenever the planner is stopped, its plan keeps every rule."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.rooms.passage.operations.fields import TABLES
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.operation_file import read_operation, write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from safeconduct.rooms.passage.operations.score import score
from safeconduct.rooms.passage.operations.stuck import find_stuck
from safeconduct.rooms.passage.planner.plan import Progress, plan
from tests.kit.dispatcher import by_hand
from tests.kit.operations import invent
from tests.kit.plan_checker import Checked
from tests.kit.plan_floor import unavoidable

operations = st.builds(
    lambda people, seed, tight: invent(people, seed, tight=tight),
    st.integers(1, 40),
    st.integers(0, 2**32),
    st.sampled_from((0.5, 1.0, 3.0)),
)


def judged(operation: Operation, found: Progress) -> Checked:
    """A second opinion on a plan; the room's own score agrees with it."""
    checked = Checked(write_operation(operation), write_plan(found.plan))
    assert found.score == score(operation, found.plan)
    assert found.score.weighted_misses == checked.score["weighted_misses"]
    assert found.score.objective == checked.score["objective"]
    return checked


@settings(max_examples=15)
@given(operations, st.integers(0, 60))
def test_a_plan_keeps_every_rule_whenever_it_is_stopped(operation: Operation, steps: int) -> None:
    seen: list[Progress] = []

    def watch(progress: Progress) -> bool:
        seen.append(progress)
        return len(seen) <= steps

    found = plan(operation, work=None, watch=watch)
    assert not judged(operation, found).broken
    ranks = [one.score.rank for one in (*seen, found) if one.plan]
    assert ranks == sorted(ranks, reverse=True)
    bounds = [one.bound for one in (*seen, found)]
    assert bounds == sorted(bounds)


@settings(max_examples=10)
@given(operations)
def test_no_plan_goes_below_what_is_proved(operation: Operation) -> None:
    found = plan(operation, work=300, watch=lambda _: True)
    checked = judged(operation, found)
    assert not checked.broken
    hand = Checked(write_operation(operation), write_plan(by_hand(operation))).score
    for one in (checked.score, hand):
        assert found.bound <= one["weighted_misses"]
        # What misses more may have a lower objective.
        if one["weighted_misses"] <= found.score.weighted_misses:
            assert found.objective_bound <= one["objective"]
    assert checked.score["weighted_misses"] >= unavoidable(operation)


@pytest.mark.parametrize(
    "tables",
    [
        ("parties",),
        ("ways",),
        ("ways", "runs", "escorts"),
        ("ways", "runs", "departures"),
        ("houses", "households"),
        ("countries",),
        tuple(TABLES),
    ],
    ids=lambda tables: tables[0] if len(tables) < 8 else "all",
)
def test_empty_tables_are_planned_with(tables: tuple[str, ...]) -> None:
    told = json.loads(write_operation(invent(12, seed=3)))
    for table in tables:
        told[table] = {column: [] for column in told[table]}
    operation = read_operation(json.dumps(told).encode())
    found = plan(operation, work=100, watch=lambda _: True)
    assert not judged(operation, found).broken
    assert len(found.plan) + len(find_stuck(operation)) <= len(operation.parties.size)


@settings(max_examples=5)
@given(operations, st.integers(1, 200), st.integers(0, 9))
def test_the_same_work_and_seed_give_the_same_plan(
    operation: Operation, work: int, seed: int
) -> None:
    one, other = (plan(operation, work=work, seed=seed, watch=lambda _: True) for _ in range(2))
    assert one == other
