# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan in which a party has to go keeps every rule, and says truly who pays for it."""

from functools import cache
from typing import NamedTuple

import pytest

from safeconduct.rooms.passage.operations.operation import Journey, Plan
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from safeconduct.rooms.passage.operations.score import missing
from safeconduct.rooms.passage.planner.plan import plan
from safeconduct.rooms.passage.why.audit import why_not
from safeconduct.rooms.passage.why.forced import NEIGHBOURS, Forced, force
from safeconduct.rooms.passage.why.in_force import PlanInForce, in_force
from tests.kit.dispatcher import by_hand
from tests.kit.operations import invent
from tests.kit.plan_checker import Checked

SEEDS = range(4)


class Asked(NamedTuple):
    """A plan in force, and forced answers: party, day, answer."""

    now: PlanInForce
    made: Plan
    told: list[tuple[int, int, Forced | None]]


@cache
def asked(seed: int) -> Asked:
    """Three parties who are missed and could go."""
    operation = invent(60, seed, tight=2)
    planned = plan(operation, work=200, watch=lambda _: True).plan
    made = by_hand(operation) if seed % 2 else planned
    now = in_force(operation, made)
    told = list[tuple[int, int, Forced | None]]()
    for party in sorted(missing(operation, made)):
        by = operation.parties.deadline[party]
        if len(told) < 3 and not why_not(now, party, by).hard:
            told.append((party, by, force(now, party, by)))
    return Asked(now, made, told)


def rows(made: Plan) -> dict[int, Journey]:
    """A plan by party."""
    return {one.party: one for one in made}


@pytest.mark.parametrize("seed", SEEDS)
def test_it_keeps_every_rule_and_lets_the_party_go(seed: int) -> None:
    now, _, told = asked(seed)
    assert told
    for party, by, found in told:
        assert found
        checked = Checked(write_operation(now.operation), write_plan(found.plan))
        assert checked.legal
        assert checked.score["weighted_misses"] == found.after.weighted_misses
        assert found.journey in found.plan
        assert found.journey.party == party
        assert now.operation.ways.out[found.journey.way] <= by


@pytest.mark.parametrize("seed", SEEDS)
def test_who_pays_and_whose_journeys_change_are_all_who_do(seed: int) -> None:
    now, made, told = asked(seed)
    old, missed = rows(made), missing(now.operation, made)
    for party, _, found in told:
        assert found
        new, misses = rows(found.plan), missing(now.operation, found.plan)
        differ = {one for one in old | new if one != party and old.get(one) != new.get(one)}
        assert {one.party for one in found.changed} == differ
        for one in found.changed:
            assert (one.before, one.after) == (old.get(one.party), new.get(one.party))
        assert set(found.pay) == misses - missed - {party}
        assert set(found.gain) == missed - misses - {party}
        assert len(differ) <= NEIGHBOURS


def test_asking_changes_nothing_and_gives_the_same_answer_again() -> None:
    now, _, told = asked(1)
    free = now.free.seats.copy(), now.free.beds.copy(), now.free.clash.copy()
    party, by, found = told[0]
    assert force(now, party, by) == found
    assert why_not(now, party, by) == why_not(now, party, by)
    same = zip(free, (now.free.seats, now.free.beds, now.free.clash), strict=True)
    assert all((before == after).all() for before, after in same)


def test_who_could_never_go_is_forced_nowhere() -> None:
    operation = invent(60, 1, tight=2)
    now = in_force(operation, by_hand(operation))
    hard = [party for party in range(len(operation.parties.size)) if why_not(now, party, 0).hard]
    assert hard
    assert all(force(now, party, 0) is None for party in hard[:3])
