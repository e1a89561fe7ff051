# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said to help most was tried: its plan keeps the rules where there is one more of it."""

from dataclasses import replace

import pytest

from safeconduct.rooms.passage.operations.operation_file import read_operation, write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from safeconduct.rooms.passage.operations.score import missing
from safeconduct.rooms.passage.planner.plan import plan
from safeconduct.rooms.passage.why.helpful import most_helpful
from safeconduct.rooms.passage.why.in_force import in_force
from safeconduct.rooms.passage.why.more import Kind, More, with_more
from tests.kit.operations import changed, invent
from tests.kit.plan_checker import Checked


@pytest.mark.parametrize("seed", range(2))
def test_what_it_saves_is_seen_by_a_second_opinion(seed: int) -> None:
    operation = invent(30, seed, tight=3)
    made = plan(operation, work=600, watch=lambda _: True)
    found = list(most_helpful(in_force(operation, made.plan)))
    assert found
    for one in found:
        larger = with_more(operation, one.more)
        checked = Checked(write_operation(larger), write_plan(one.plan))
        assert checked.legal
        # The same parties planned anew without it may have been better than the plan.
        assert checked.score["weighted_misses"] <= made.score.weighted_misses - one.saves
        assert bool(one.parties) >= (one.saves > 0)
        assert not set(one.parties) & missing(larger, one.plan)


def test_the_one_bed_that_is_lacking_is_found() -> None:
    operation = invent(12, seed=3)
    days, houses = operation.days, operation.houses
    size = max(operation.parties.size)
    assert size > 1
    beds = tuple((size - 1,) * days for _ in houses.beds)
    short = replace(operation, houses=replace(houses, beds=beds))
    large = operation.parties.size.index(size)
    short = changed(short, "parties.alone", large, value=True)
    made = plan(short, work=500, watch=lambda _: True)
    assert large in missing(short, made.plan)
    found = list(most_helpful(in_force(short, made.plan)))
    best = max(found, key=lambda one: one.saves)
    assert best.more.kind is Kind.BED
    assert large in best.parties


@pytest.mark.parametrize("kind", list(Kind))
def test_one_more_is_one_more_and_nothing_less(kind: Kind) -> None:
    operation = invent(12, seed=3)
    larger = with_more(operation, More(kind, 1, 2 if kind is Kind.QUOTA else None))
    assert read_operation(write_operation(larger)) == larger != operation
    made = plan(operation, work=50, watch=lambda _: True).plan
    assert Checked(write_operation(larger), write_plan(made)).legal
