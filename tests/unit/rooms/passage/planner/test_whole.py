# SPDX-License-Identifier: AGPL-3.0-or-later
"""A model of a whole operation has every plan in it: its best is the best that trying finds."""

import pytest

from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from safeconduct.rooms.passage.operations.score import score
from safeconduct.rooms.passage.planner.aim import MISSES, Aim, objective
from safeconduct.rooms.passage.planner.free import Free
from safeconduct.rooms.passage.planner.neighbourhood import Effort
from safeconduct.rooms.passage.planner.plan import plan
from safeconduct.rooms.passage.planner.prices import no_prices
from safeconduct.rooms.passage.planner.progress import to_plan
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.planner.tables import lay_out
from safeconduct.rooms.passage.planner.whole import Whole, variables
from tests.kit.operations import invent
from tests.kit.plan_checker import Checked
from tests.kit.tiny_operations import best_by_trying, tiny

ENOUGH = Effort(20.0, 0)


def whole(operation: Operation, aim: Aim, misses: tuple[int, int] | None = None) -> Whole:
    t = lay_out(operation)
    return Whole(Seeker(t, aim, no_prices(t), Free(t)), misses)


@pytest.mark.parametrize("seed", range(18))
def test_the_best_of_the_model_is_the_best_that_trying_finds(seed: int) -> None:
    operation = tiny(seed)
    (misses, least), _ = best_by_trying(operation)
    fewest = whole(operation, MISSES).solve({}, ENOUGH)
    assert round(fewest.bound) == misses
    found = whole(operation, objective(operation.rates), (misses, misses)).solve({}, ENOUGH)
    assert round(found.bound) == least
    assert found.trips is not None
    plan = to_plan(lay_out(operation), found.trips)
    assert score(operation, plan).rank == (misses, least)
    assert not Checked(write_operation(operation), write_plan(plan)).broken


def test_few_variables_are_not_foreseen() -> None:
    operation = invent(20, seed=4)
    assert whole(operation, objective(operation.rates)).variables <= variables(lay_out(operation))


def test_who_says_stop_is_heard_while_the_solver_works() -> None:
    operation = invent(20, seed=4)
    model = whole(operation, objective(operation.rates))
    asked: list[int] = []

    def go() -> bool:
        asked.append(1)
        return len(asked) < 2

    stopped = model.solve({}, ENOUGH, go)
    assert len(asked) == 2
    assert stopped.time < model.solve({}, Effort(0.5, 0)).time


def test_what_is_raised_on_the_way_is_raised_after_it() -> None:
    operation = invent(20, seed=4)

    def go() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        whole(operation, objective(operation.rates)).solve({}, ENOUGH, go)


def test_a_planner_ends_by_itself_where_nothing_better_exists() -> None:
    operation = tiny(3)
    found = plan(operation, work=None, watch=lambda _: True)
    assert found == plan(operation, work=None, watch=lambda _: True)
    (misses, least), _ = best_by_trying(operation)
    assert found.score.rank == (misses, least)
    assert (found.bound, found.objective_bound) == (misses, least - 1)
