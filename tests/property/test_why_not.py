# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said to bar a party does, and nothing else: against all its journeys tried by hand.

Two hundred parties of twenty-five operations that are short of everything, beside plans of the
planner and of a dispatcher.
"""

from functools import cache

import pytest

from safeconduct.rooms.passage.operations.operation import Operation, Plan
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from safeconduct.rooms.passage.planner.plan import plan
from safeconduct.rooms.passage.why.audit import Barred, Why, why_not
from safeconduct.rooms.passage.why.in_force import in_force
from safeconduct.rooms.passage.why.obstacles import Obstacle
from tests.kit.dispatcher import by_hand
from tests.kit.lifting import journey, lifted
from tests.kit.plan_checker import Checked
from tests.kit.why_by_hand import ByHand, Tried, counted, fewest, scarce

OPERATIONS = 25
TAKEN = {
    *(Obstacle.SEATS, Obstacle.DRIVING, Obstacle.KNOWLEDGE, Obstacle.MET_ESCORT),
    *(Obstacle.PLACES, Obstacle.MET_HOST, Obstacle.BEDS, Obstacle.QUOTA),
}
"""What journeys of others can bar."""
PARTIES = 8
Case = tuple[Operation, Plan, list[tuple[Why, dict[int, list[Tried]]]]]


@cache
def case(seed: int) -> Case:
    """An operation, a plan, and what the audit and a trial by hand say of eight parties."""
    operation = scarce(seed)
    made = plan(operation, work=150, watch=lambda _: True).plan
    made = by_hand(operation) if seed % 2 else made
    now = in_force(operation, made)
    told = []
    for party in range(min(PARTIES, len(operation.parties.size))):
        by = (seed + 3 * party) % 7
        told.append((why_not(now, party, by), ByHand(operation, made, party).tried(by)))
    return operation, made, told


cases = pytest.mark.parametrize("seed", range(OPERATIONS))


@cases
def test_ways_are_counted_by_what_bars_them(seed: int) -> None:
    for why, tried in case(seed)[2]:
        assert why.ways == len(tried)
        assert why.free == sum(fewest(each) == {frozenset()} for each in tried.values())
        told = {
            (str(one.obstacle), taken): count
            for one in why.barred
            for taken, count in ((False, one.own), (True, one.taken))
            if count
        }
        assert told == counted(tried)


@cases
def test_what_is_named_is_enough_alone_and_nothing_else_is(seed: int) -> None:
    for why, tried in case(seed)[2]:
        flat = [one for each in tried.values() for one in each]
        every = {one.marks for one in flat}
        single = {mark for marks in every if len(marks) == 1 for mark in marks}
        if frozenset() in every:
            assert (why.alone, why.together, bool(why.chance)) == ((), (), True)
            continue
        named = {(str(one.obstacle), one.taken) for one in why.alone}
        assert {word for word, _ in named} == {word for word, _ in single}
        assert {(word, (word, True) in single) for word, _ in single} == named
        together = frozenset((str(mark.obstacle), mark.taken) for mark in why.together)
        assert not named or not together
        assert bool(named) or not flat or together in fewest(flat)


@cases
def test_the_operation_itself_is_blamed_only_where_nobody_else_is(seed: int) -> None:
    for why, tried in case(seed)[2]:
        alone = [{taken for _, taken in one.marks} for each in tried.values() for one in each]
        assert why.hard == all(False in whose for whose in alone)


@cases
def test_what_is_named_lifted_in_the_operation_lets_the_party_go(seed: int) -> None:
    operation, made, told = case(seed)
    for why, _ in told:
        others = tuple(one for one in made if one.party != why.party)
        for one in why.alone:
            barred = lifted(operation, why.party, one)
            moved = (*others, journey(barred, why.party, one))
            assert Checked(write_operation(barred), write_plan(moved)).legal, one
            assert one.chance.out <= why.by


@cases
def test_who_is_named_makes_room_by_not_going(seed: int) -> None:
    operation, made, told = case(seed)
    for why, _ in told:
        for one in (one for one in why.alone if one.taken):
            others = [had for had in made if had.party not in {why.party, *one.holders}]
            moved = (*others, journey(operation, why.party, one))
            assert Checked(write_operation(operation), write_plan(moved)).legal, one
            assert one.holders


@cases
def test_a_later_day_is_the_first_on_which_nothing_bars_it(seed: int) -> None:
    operation, made, told = case(seed)
    now = in_force(operation, made)
    for why, _ in told:
        until = range(why.by + 1, operation.days)
        free = [day for day in until if why_not(now, why.party, day).free > why.free]
        assert why.later == (free[0] if free else None)


def test_each_obstacle_is_met_as_the_operations_own_and_as_others_journeys() -> None:
    barred, named = set(), set()
    for seed in range(OPERATIONS):
        for why, _ in case(seed)[2]:
            barred |= {(one.obstacle, own) for one in why.barred for own in _whose(one)}
            named |= {one.obstacle for one in why.alone}
    assert named == set(Obstacle)
    never_own, never_taken = {Obstacle.DRIVING}, set(Obstacle) - TAKEN
    assert set(Obstacle) - {one for one, own in barred if own} == never_own
    assert set(Obstacle) - {one for one, own in barred if not own} == never_taken


def _whose(one: Barred) -> set[bool]:
    return {own for own, count in ((True, one.own), (False, one.taken)) if count}
