# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every hard rule is found broken by its own word, by the room and by a second opinion."""

from dataclasses import replace

import pytest

from safeconduct.rooms.passage.operations.operation import Journey, Operation, Plan
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from safeconduct.rooms.passage.operations.rules import Broken, broken_rules
from safeconduct.rooms.passage.operations.score import Score, score
from tests.kit.dispatcher import by_hand
from tests.kit.operations import changed, invent
from tests.kit.plan_checker import Checked

OPERATION = invent(60, seed=5)
PLAN = by_hand(OPERATION)
DRIVEN = next(
    one
    for one in PLAN
    if OPERATION.ways.run[one.way] is not None and OPERATION.parties.network[one.party] is not None
)
ABROAD = next(one for one in PLAN if one.country is not None)
ALONE = next(one for one in PLAN if OPERATION.ways.run[one.way] is None)


def words(operation: Operation, plan: Plan = PLAN) -> set[str]:
    """What is broken, as both see it."""
    found = {one.rule for one in broken_rules(operation, plan)}
    checked = Checked(write_operation(operation), write_plan(plan))
    assert found == {rule for rule, _ in checked.broken}
    return found


def run_of(journey: Journey) -> int:
    """The run of an escorted journey."""
    run = OPERATION.ways.run[journey.way]
    assert run is not None
    return run


def test_a_plan_made_by_hand_breaks_nothing_and_is_scored_alike() -> None:
    assert words(OPERATION) == set()
    told = Checked(write_operation(OPERATION), write_plan(PLAN)).score
    found = score(OPERATION, PLAN)
    assert {name: getattr(found, name) for name in told} == told
    assert found.moved + found.unplanned == sum(OPERATION.parties.size)


def test_nobody_planned_is_a_plan_and_misses_everybody() -> None:
    weights = zip(OPERATION.parties.size, OPERATION.parties.weight, strict=True)
    missed = sum(size * weight for size, weight in weights)
    people = sum(OPERATION.parties.size)
    assert words(OPERATION, ()) == set()
    assert score(OPERATION, ()) == Score(
        missed, missed * OPERATION.rates.unplanned, 0, 0, people, 0, 0, 0, 0
    )


@pytest.mark.parametrize(
    ("rule", "column", "row", "value"),
    [
        ("ready", "parties.ready", DRIVEN.party, 44),
        ("alone", "parties.alone", ALONE.party, False),
        ("reach", "parties.reach", DRIVEN.party, tuple(range(OPERATION.towns))),
        ("suits", "houses.suits", DRIVEN.house, (False, False, False)),
        ("size", "houses.largest_party", DRIVEN.house, 0),
        ("papers", "countries.processing", ABROAD.country, (None, None, None)),
        ("seats", "escorts.seats", OPERATION.runs.escort[run_of(DRIVEN)], 0),
        ("cluster", "departures.cap", OPERATION.ways.departure[ALONE.way], 0),
        ("beds", "houses.beds", DRIVEN.house, (0,) * 45),
        ("quota", "countries.quota", ABROAD.country, (0,) * 7),
        ("knowledge", "escorts.knowledge_cap", OPERATION.runs.escort[run_of(DRIVEN)], 0),
        ("met-escort", "escorts.met", OPERATION.runs.escort[run_of(DRIVEN)],
         (OPERATION.parties.network[DRIVEN.party],)),
        ("met-host", "households.met", OPERATION.houses.household[DRIVEN.house],
         (OPERATION.parties.network[DRIVEN.party],)),
    ],
)  # fmt: skip
def test_a_broken_rule_has_its_own_word(rule: str, column: str, row: int, value: object) -> None:
    assert words(changed(OPERATION, column, row, value)) == {rule}


def test_a_journey_begins_and_ends_where_its_way_does() -> None:
    zone = (OPERATION.parties.zone[DRIVEN.party] + 1) % OPERATION.zones
    assert words(changed(OPERATION, "parties.zone", DRIVEN.party, zone)) == {"zone"}
    town = (OPERATION.houses.town[DRIVEN.house] + 1) % OPERATION.towns
    assert words(changed(OPERATION, "houses.town", DRIVEN.house, town)) == {"town"}


def test_a_journey_above_the_ceiling_is_broken() -> None:
    found = broken_rules(replace(OPERATION, ceiling=0), (ALONE,))
    assert [(one.rule, one.row, one.limit) for one in found] == [("ceiling", ALONE.party, 0)]


@pytest.mark.parametrize("leave", [-1, 44, 45, 46])
def test_who_stays_leaves_at_the_horizon_and_who_goes_before(leave: int) -> None:
    staying = replace(ALONE, leave=leave, country=None)
    going = replace(ALONE, leave=leave, country=0)
    plain = {45: set(), -1: {"form"}}
    assert words(OPERATION, (staying,)) & {"form", "horizon"} == plain.get(leave, {"horizon"})
    expected = {44: set(), -1: {"form"}}.get(leave, {"horizon"})
    assert words(OPERATION, (going,)) & {"form", "horizon"} == expected


@pytest.mark.parametrize("field", ["party", "way", "house", "country"])
def test_a_journey_names_rows_that_exist(field: str) -> None:
    beyond = {"party": len(OPERATION.parties.size), "way": len(OPERATION.ways.out)}
    beyond |= {"house": len(OPERATION.houses.town), "country": len(OPERATION.countries.cost)}
    for row in (beyond[field], -1):
        assert words(OPERATION, (replace(DRIVEN, **{field: row}),)) == {"form"}


def test_no_party_goes_twice() -> None:
    assert broken_rules(OPERATION, (DRIVEN, DRIVEN)) == (Broken("form", "journeys", 1),)


def test_an_escort_is_in_one_place() -> None:
    run = run_of(DRIVEN)
    escort = OPERATION.runs.escort[run]
    other = next(
        row
        for row, of in enumerate(OPERATION.runs.escort)
        if of == escort and row != run and OPERATION.runs.day[row] == OPERATION.runs.day[run]
    )
    way = OPERATION.ways.run.index(other)
    both = (replace(DRIVEN, country=None), replace(ALONE, party=ALONE.party, way=way))
    assert Broken("one-place", "runs", min(run, other), max(run, other)) in broken_rules(
        OPERATION, both
    )
    assert "one-place" in words(OPERATION, both)
