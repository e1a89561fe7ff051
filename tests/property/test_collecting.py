# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any evening: written and read alike, its round keeps the rules, and every fault is named."""

import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeconduct.rooms.passage.collecting.collect import collect
from safeconduct.rooms.passage.collecting.evening import Evening, Round, count, tour
from safeconduct.rooms.passage.collecting.evening_file import (
    MOST_ROWS,
    TABLES,
    read_evening,
    write_evening,
)
from safeconduct.rooms.passage.collecting.lacks import find_left, with_more
from safeconduct.rooms.passage.collecting.round_file import read_round, write_round
from safeconduct.rooms.passage.collecting.round_rules import broken_rules, takes
from safeconduct.rooms.passage.operations.faults import FaultyFile
from tests.kit.evenings import evening, tiny
from tests.kit.round_checker import CheckedRound

evenings = st.builds(
    lambda parties, seed, cars, tight: evening(parties, seed, cars=cars, tight=tight),
    st.integers(0, 9),
    st.integers(0, 2**32),
    st.integers(1, 4),
    st.booleans(),
)
seeds = st.integers(0, 2**32)
WRONG: tuple[object, ...] = (None, -1, 10**9, 10**30, 1.5, "x", [], {}, [None])


def checked(one: Evening, found: Round) -> CheckedRound:
    """A second opinion, from the files alone."""
    return CheckedRound(write_evening(one), write_round(found))


@settings(max_examples=25)
@given(evenings)
def test_a_round_keeps_every_rule(one: Evening) -> None:
    found = collect(one, work=3)
    second = checked(one, found.round)
    assert not second.broken
    assert second.sums == found.worth._asdict()
    assert read_round(write_round(found.round)) == found.round
    assert read_evening(write_evening(one)) == one


@settings(max_examples=60)
@given(evenings, seeds.map(Random))
def test_rounds_are_judged_alike_by_two(one: Evening, dice: Random) -> None:
    found = _spoilt(one, collect(one, work=3).round, dice)
    strict = _stricter(one, dice)
    broken = {(found.rule, found.row) for found in broken_rules(strict, found)}
    second = set(checked(strict, found).broken)
    if "form" in {rule for rule, _ in broken | second}:
        assert {rule for rule, _ in broken} == {"form"}
        assert "form" in {rule for rule, _ in second}
    else:
        assert broken == second


@settings(max_examples=20)
@given(seeds.map(tiny))
def test_what_is_said_to_help_does(one: Evening) -> None:
    found = collect(one, work=3).round
    before = takes(found).keys()
    for left in find_left(one, found):
        for lack, amount in left.helps:
            more = with_more(one, left.party, lack, amount)
            assert collect(more, work=10).proved
            weights = zip(one.parties.size, one.parties.weight, strict=True)
            gone = {*before, left.party}
            least = sum(s * w for row, (s, w) in enumerate(weights) if row not in gone)
            assert collect(more, work=10).worth.left_by_risk <= least


@settings(max_examples=60)
@given(evenings.filter(lambda one: count(one.parties) > 0), seeds.map(Random))
def test_every_spoilt_value_is_named_with_its_place(one: Evening, dice: Random) -> None:
    told: dict[str, Any] = json.loads(write_evening(one))
    places = set()
    for _ in range(3):
        table = dice.choice(list(TABLES))
        name = dice.choice(list(TABLES[table]))
        row = dice.randrange(len(told[table][name]))
        wrong = dice.choice([value for value in WRONG if value is not None])
        told[table][name][row] = [wrong] if isinstance(wrong, list) else wrong
        places.add(f"{table}.{name}[{row}]")
    told["surplus"] = "a name"
    with pytest.raises(FaultyFile) as caught:
        read_evening(json.dumps(told).encode())
    named = {fault.place for fault in caught.value.faults}
    assert "surplus" in named
    assert all(any(place.startswith(wanted) for place in named) for wanted in places)


@pytest.mark.parametrize(
    ("table", "name", "row", "value", "fault"),
    [
        ("parties", "last", 0, 0, ("over_before_it_begins", "parties.last[0]")),
        ("points", "last", 1, 0, None),
        ("parties", "points", 0, [], ("nowhere_to_meet", "parties.points[0]")),
        ("parties", "points", 0, [2, 3, 2], ("said_twice", "parties.points[0][2]")),
        ("parties", "leaves", 1, 3, ("leaves_too_early", "parties.leaves[1]")),
        ("parties", "goal", 1, None, ("no_number", "parties.goal[1]")),
        ("drivers", "met", 0, [7], ("no_row", "drivers.met[0][0]")),
    ],
)
def test_what_cannot_be_meant_is_named(
    table: str, name: str, row: int, value: object, fault: tuple[str, str] | None
) -> None:
    told = json.loads(write_evening(evening(3, 1)))
    told[table][name][row] = value
    if fault is None:
        assert read_evening(json.dumps(told).encode()).points.last[row] == value
        return
    with pytest.raises(FaultyFile) as caught:
        read_evening(json.dumps(told).encode())
    assert fault in {(found.code, found.place) for found in caught.value.faults}


def test_a_way_to_itself_a_goal_to_meet_at_and_too_many_rows_are_named() -> None:
    told = json.loads(write_evening(evening(3, 1)))
    told["points"]["minutes"][2][2] = 4
    told["parties"]["goal"][0] = told["parties"]["points"][0][0]
    many = MOST_ROWS["cars"] + 1
    told["cars"] = {name: values[:1] * many for name, values in told["cars"].items()}
    with pytest.raises(FaultyFile) as caught:
        read_evening(json.dumps(told).encode())
    assert {(fault.code, fault.place) for fault in caught.value.faults} == {
        ("way_to_itself", "points.minutes[2][2]"),
        ("goes_nowhere", "parties.goal[0]"),
        ("too_long", "cars"),
    }


def _spoilt(one: Evening, found: Round, dice: Random) -> Round:
    """Return a round with some stops at another minute, or rarely at another point or none."""
    stops = {tour.car: list(tour.stops) for tour in found}
    for car, some in stops.items():
        for at, stop in enumerate(some):
            if dice.random() < 0.2:
                some[at] = stop._replace(minute=max(0, stop.minute + dice.randint(-9, 9)))
        if dice.random() < 0.1:
            del some[-1]
        if some and dice.random() < 0.1:
            some[0] = some[0]._replace(point=dice.randrange(count(one.points)))
        stops[car] = sorted(some, key=lambda stop: stop.minute)
    return tuple(tour(one, car, tuple(some)) for car, some in sorted(stops.items()) if some)


def _stricter(one: Evening, dice: Random) -> Evening:
    """Return an evening that allows less of everything, somewhere; trains go later."""

    def less(values: tuple[int, ...], most: int) -> tuple[int, ...]:
        return tuple(max(0, value - dice.choice((0, 0, most))) for value in values)

    p, cars = one.parties, one.cars
    return replace(
        one,
        points=replace(
            one.points,
            gap=tuple(dice.choice((None, 0, 15)) for _ in one.points.gap),
            last=less(one.points.last, 150),
        ),
        parties=replace(
            p,
            network=tuple(dice.choice((None, 0, 1)) for _ in p.network),
            leaves=tuple(one and one + dice.choice((0, 60, 120)) for one in p.leaves),
            longest_wait=less(p.longest_wait, 20),
            longest_ride=less(p.longest_ride, 30),
            cars=tuple(some[dice.choice((0, 0, 1)) :] for some in p.cars),
        ),
        cars=replace(
            cars,
            seats=less(cars.seats, 2),
            last=less(cars.last, 150),
            longest=less(cars.longest, 90),
        ),
        drivers=replace(one.drivers, most=less(one.drivers.most, 2)),
    )
