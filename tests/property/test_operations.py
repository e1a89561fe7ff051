# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any operation: written and read alike, judged alike by two, and every fault of it named."""

import json
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.rooms.passage.operations.faults import FaultyFile
from safeconduct.rooms.passage.operations.fields import TABLES
from safeconduct.rooms.passage.operations.operation import Operation, Plan
from safeconduct.rooms.passage.operations.operation_file import read_operation, write_operation
from safeconduct.rooms.passage.operations.plan_file import read_plan, write_plan
from safeconduct.rooms.passage.operations.rules import broken_rules
from safeconduct.rooms.passage.operations.score import score
from tests.kit.dispatcher import by_hand
from tests.kit.operations import invent
from tests.kit.plan_checker import Checked
from tests.kit.plan_floor import unavoidable

operations = st.builds(
    lambda people, seed, tight: invent(people, seed, tight=tight),
    st.integers(1, 60),
    st.integers(0, 2**32),
    st.sampled_from((0.5, 1.0, 3.0)),
)
seeds = st.integers(0, 2**32).map(Random)
WRONG: tuple[object, ...] = (None, -1, 10**9, 10**30, 1.5, "x", [], {}, True, [None])
"""None of these may stand in every field, and some in none."""


def spoilt(plan: Plan, operation: Operation, dice: Random) -> Plan:
    """A plan with some journeys of another time, house, way or country."""
    many = {
        "way": len(operation.ways.out),
        "house": len(operation.houses.town),
        "leave": operation.days + 2,
        "country": len(operation.countries.cost) + 1,
        "party": len(operation.parties.size),
    }
    rows = list(plan)
    for _ in range(dice.randint(1, 6) if rows else 0):
        at, field = dice.randrange(len(rows)), dice.choice(list(many))
        rows[at] = replace(rows[at], **{field: dice.randrange(many[field])})
    return tuple(sorted(rows, key=lambda one: (one.party, one.way)))


@given(operations)
def test_an_operation_is_read_as_it_was_written(operation: Operation) -> None:
    data = write_operation(operation)
    assert read_operation(data) == operation
    assert write_operation(read_operation(data)) == data


@given(operations, seeds)
def test_room_and_second_opinion_judge_alike(operation: Operation, dice: Random) -> None:
    data, plan = write_operation(operation), by_hand(operation)
    assert read_plan(write_plan(plan), operation) == plan
    assert not broken_rules(operation, plan)
    for one in (plan, spoilt(plan, operation, dice), spoilt(plan, operation, dice)):
        checked = Checked(data, write_plan(one))
        assert {word for word, _ in checked.broken} == {
            broken.rule for broken in broken_rules(operation, one)
        }
        if checked.legal:
            found = score(operation, one)
            assert {name: getattr(found, name) for name in checked.score} == checked.score


@given(operations)
def test_no_plan_by_hand_avoids_what_is_unavoidable(operation: Operation) -> None:
    assert score(operation, by_hand(operation)).weighted_misses >= unavoidable(operation)


@given(operations, seeds)
def test_each_wrong_value_is_named_with_its_place(operation: Operation, dice: Random) -> None:
    told: dict[str, Any] = json.loads(write_operation(operation))
    wanted = set()
    for _ in range(dice.randint(1, 5)):
        table = dice.choice([name for name in TABLES if told[name] and any(told[name].values())])
        column = dice.choice(list(TABLES[table]))
        row = dice.randrange(len(told[table][column]))
        told[table][column][row] = dice.choice(("x", {}, 1.5))
        wanted.add(f"{table}.{column}[{row}]")
    with pytest.raises(FaultyFile) as caught:
        read_operation(json.dumps(told).encode())
    assert caught.value.operation is None
    assert {fault.place for fault in caught.value.faults} == wanted


@given(operations, seeds, st.sampled_from(WRONG))
def test_what_is_read_is_what_the_file_says(
    operation: Operation, dice: Random, value: object
) -> None:
    told: dict[str, Any] = json.loads(write_operation(operation))
    table = dice.choice([name for name in TABLES if any(told[name].values())])
    column = dice.choice(list(TABLES[table]))
    told[table][column][dice.randrange(len(told[table][column]))] = value
    data = json.dumps(told).encode()
    with suppress(FaultyFile):
        assert json.loads(write_operation(read_operation(data))) == told
