# SPDX-License-Identifier: AGPL-3.0-or-later
"""A model of a whole operation has every plan in it: its best is the best that trying finds."""

from dataclasses import asdict, replace

import pytest

from safeconduct.rooms.passage.aim import MISSES, Aim, objective
from safeconduct.rooms.passage.free import Free
from safeconduct.rooms.passage.neighbourhood import Effort
from safeconduct.rooms.passage.operation import Operation, Parties
from safeconduct.rooms.passage.operation_file import write_operation
from safeconduct.rooms.passage.plan_file import write_plan
from safeconduct.rooms.passage.prices import no_prices
from safeconduct.rooms.passage.progress import to_plan
from safeconduct.rooms.passage.score import score
from safeconduct.rooms.passage.seek import Seeker
from safeconduct.rooms.passage.tables import lay_out
from safeconduct.rooms.passage.whole import Whole, variables
from tests.kit.operations import invent
from tests.kit.plan_checker import Checked
from tests.kit.tiny_operations import best_by_trying, tiny

ENOUGH = Effort(20.0, 0)


def whole(operation: Operation, aim: Aim, misses: tuple[int, int] | None = None) -> Whole:
    t = lay_out(operation)
    return Whole(Seeker(t, aim, no_prices(t), Free(t)), misses)


def only(operation: Operation, party: int) -> Operation:
    """An operation for one of the parties alone."""
    columns = {name: (column[party],) for name, column in asdict(operation.parties).items()}
    return replace(operation, parties=Parties(**columns))


@pytest.mark.parametrize("seed", range(60))
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


def test_tiny_operations_are_scarce() -> None:
    """Many of them cannot give each party the best of what it could do alone."""
    crowded = 0
    for seed in range(60):
        operation = tiny(seed)
        alone = sum(
            best_by_trying(only(operation, party))[0][0]
            for party in range(len(operation.parties.size))
        )
        crowded += best_by_trying(operation)[0][0] > alone
    assert crowded > 15


def test_few_variables_are_not_foreseen() -> None:
    operation = invent(20, seed=4)
    assert whole(operation, objective(operation.rates)).variables <= variables(lay_out(operation))
