# SPDX-License-Identifier: AGPL-3.0-or-later
"""The planner comes to what a model of the whole finds that begins from nothing."""

import pytest

from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from safeconduct.rooms.passage.operations.score import Score, score
from safeconduct.rooms.passage.planner.aim import MISSES, objective
from safeconduct.rooms.passage.planner.dispatch import Trips, dispatch, urgent_first
from safeconduct.rooms.passage.planner.free import Free
from safeconduct.rooms.passage.planner.improve import Improver
from safeconduct.rooms.passage.planner.neighbourhood import Effort
from safeconduct.rooms.passage.planner.plan import plan
from safeconduct.rooms.passage.planner.prices import no_prices
from safeconduct.rooms.passage.planner.progress import to_plan
from safeconduct.rooms.passage.planner.seek import Seeker
from safeconduct.rooms.passage.planner.tables import lay_out
from safeconduct.rooms.passage.planner.whole import Whole
from tests.kit.operations import invent
from tests.kit.plan_checker import Checked

WORK = 8_000
PLANNED = 30_000


def by_parts(operation: Operation) -> Score:
    """What improvement by parts alone comes to, from a plan made party after party."""
    t, rates = lay_out(operation), operation.rates
    seeker = Seeker(t, objective(rates, miss=10 * rates.unplanned), no_prices(t), Free(t))
    trips: Trips = {}
    list(dispatch(seeker, urgent_first(t), trips))
    improver, work = Improver(seeker, trips, 1), 0
    for units in improver.rounds():
        work += units
        if work > WORK:
            break
    return score(operation, to_plan(t, improver.trips))


def as_a_whole(operation: Operation) -> tuple[Score, float, float]:
    """The plan that the model finds with nothing to begin from, and its two bounds."""
    t, rates = lay_out(operation), operation.rates
    least = Whole(Seeker(t, MISSES, no_prices(t), Free(t))).solve({}, Effort(30.0, 1))
    assert least.trips is not None
    misses = score(operation, to_plan(t, least.trips)).weighted_misses
    model = Whole(Seeker(t, objective(rates), no_prices(t), Free(t)), (0, misses))
    found = model.solve(least.trips, Effort(10.0, 1))
    assert found.trips is not None
    made = to_plan(t, found.trips)
    assert not Checked(write_operation(operation), write_plan(made)).broken
    return score(operation, made), least.bound, found.bound


@pytest.mark.slow
@pytest.mark.parametrize("seed", [300, 302])
def test_forty_people_are_planned_as_well_as_a_model_of_the_whole_can(seed: int) -> None:
    operation = invent(40, seed)
    parts, (whole, misses, bound) = by_parts(operation), as_a_whole(operation)
    planned = plan(operation, work=PLANNED, watch=lambda _: True).score
    assert planned.weighted_misses == whole.weighted_misses == round(misses)
    assert bound <= planned.objective <= 1.01 * bound
    assert bound <= whole.objective <= 1.01 * bound
    # Improvement by parts alone can stay behind; what is proved holds of it, too.
    assert parts.weighted_misses > whole.weighted_misses or parts.objective >= bound
