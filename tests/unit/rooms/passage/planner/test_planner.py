# SPDX-License-Identifier: AGPL-3.0-or-later
"""A planner that is given a plan never gives back a worse one, and parts of it improve the rest."""

from safeconduct.rooms.passage.operations.score import score
from safeconduct.rooms.passage.planner.plan import plan
from tests.kit.dispatcher import by_hand
from tests.kit.operations import invent


def test_a_given_plan_is_kept_unless_it_is_beaten() -> None:
    operation = invent(30, seed=5)
    good = plan(operation, work=1500, watch=lambda _: True)
    again = plan(operation, work=1, watch=lambda _: True, start=good.plan)
    assert again.score.rank <= good.score.rank


def test_a_plan_by_hand_is_beaten() -> None:
    operation = invent(60, seed=3)
    hand = by_hand(operation)
    found = plan(operation, work=2500, watch=lambda _: True, start=hand)
    assert found.score.rank < score(operation, hand).rank
    assert found.score.weighted_misses >= found.bound
