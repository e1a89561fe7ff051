# SPDX-License-Identifier: AGPL-3.0-or-later
"""A round is the best there is, and keeps apart who must not meet."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from safeconduct.rooms.passage.collecting.collect import collect
from safeconduct.rooms.passage.collecting.evening import (
    Cars,
    Drivers,
    Evening,
    Parties,
    Points,
    Prices,
    Round,
    Stop,
    tour,
)
from safeconduct.rooms.passage.collecting.evening_file import write_evening
from safeconduct.rooms.passage.collecting.lacks import Lack, find_left
from safeconduct.rooms.passage.collecting.round_file import write_round
from safeconduct.rooms.passage.collecting.round_rules import broken_rules, takes
from tests.kit.evenings import best_by_trying, evening, tiny
from tests.kit.round_checker import CheckedRound

BASE, CORNER, BAKERY, STATION, HOUSE = range(5)
ROW: dict[str, Any] = {
    "size": 1,
    "weight": 1,
    "points": (CORNER,),
    "goal": HOUSE,
    "first": 100,
    "last": 140,
    "stands": False,
    "longest_wait": 20,
    "longest_ride": 60,
    "stop": 2,
    "due_first": 100,
    "due": 200,
    "leaves": None,
    "network": None,
    "cars": (0, 1),
}


def tonight(*rows: dict[str, Any], cars: int = 2) -> Evening:
    """Two cars at one base, ten minutes between any two points, and these parties."""
    columns = {name: tuple({**ROW, **row}[name] for row in rows) for name in ROW}
    ways = tuple(tuple(0 if one == other else 10 for other in range(5)) for one in range(5))
    return Evening(
        3,
        Prices(wait=100, ride=10, drive=1, car=20),
        Points((0,) * 5, (300,) * 5, (5, 5, 5, None, 5), ways),
        Parties(**columns),
        Cars(
            (4,) * cars,
            (0,) * cars,
            (0,) * cars,
            (0,) * cars,
            (300,) * cars,
            (300,) * cars,
            tuple(range(cars)),
        ),
        Drivers((9,) * cars, ((),) * cars),
    )


def driven(one: Evening) -> Round:
    """The best round, which takes everybody."""
    found = collect(one, work=10)
    assert found.proved
    assert not found.worth.left
    return found.round


@pytest.mark.parametrize("seed", range(60))
def test_no_round_is_better_than_the_one_that_is_found(seed: int) -> None:
    one = tiny(seed)
    found = collect(one, work=10)
    assert found.proved
    assert (found.worth.left_by_risk, found.worth.cost) == best_by_trying(one)[0]


def test_whoever_stands_outside_is_collected_before_whoever_can_wait_inside() -> None:
    one = tonight({"points": (BAKERY,), "cars": (0,)}, {"stands": True, "cars": (0,)}, cars=1)
    stops = driven(one)[0].stops
    assert next((stop.party, stop.minute) for stop in stops if stop.gets_in) == (1, 100)


def test_nobody_stands_at_a_station_for_longer_than_must_be() -> None:
    train = {"goal": STATION, "leaves": 150, "due": 150}
    (stop, out) = driven(tonight(train))[0].stops
    assert (stop.minute, out.minute) == (136, 148)
    both = takes(driven(tonight(train, train | {"points": (BAKERY,)})))
    assert {taken.got_out.minute for taken in both.values()} <= {146, 148}


WAITS = {"first": 60, "due": 120, "leaves": 130, "longest_wait": 40}
"""Gets out from 100 on, and goes on by a train at 130."""


def test_whoever_waits_for_a_train_is_there_until_it_goes() -> None:
    other = {**WAITS, "points": (BAKERY,), "due": 128}
    related = {"goal": STATION, "network": 1}
    assert judged(tonight({**WAITS, **related}, {**other, **related}), 100, 105) == {"apart"}
    assert judged(tonight({**WAITS, **related}, {**other, **related}), 100, 128) == {"apart"}
    assert judged(tonight(WAITS, other), 100, 105) == {"apart"}
    hall = {"goal": STATION}
    assert judged(tonight({**WAITS, **hall}, {**other, **hall}), 100, 105) == set()


def test_the_next_one_comes_to_a_small_stop_a_gap_after_the_train() -> None:
    later = {**WAITS, "points": (BAKERY,), "due": 140, "leaves": 150}
    one = tonight(WAITS, later)
    assert judged(one, 100, 134) == {"apart"}
    assert judged(one, 100, 135) == set()
    taken = takes(driven(replace(one, parties=replace(one.parties, cars=((0,), (1,))))))
    assert [each.got_out.minute for each in taken.values()] == [120, 140]


def test_out_of_one_car_two_may_wait_together() -> None:
    rows = {**WAITS, "cars": (0,)}, {**WAITS, "cars": (0,), "points": (BAKERY,)}
    one = tonight(*rows, cars=1)
    (car,) = driven(one)
    assert [stop.minute for stop in car.stops if not stop.gets_in] == [118, 120]


def test_relatives_are_not_sent_by_one_train() -> None:
    train = {"goal": STATION, "network": 1, "due": 150, "leaves": 150}
    found = collect(tonight(train, {**train, "points": (BAKERY,)}), work=10)
    assert found.proved
    assert found.worth.left == 1
    next_one = {**train, "points": (BAKERY,), "due": 190, "leaves": 170, "last": 160}
    taken = takes(driven(tonight(train, next_one)))
    assert [one.got_out.minute for one in taken.values()] == [148, 168]


def test_nobody_waits_where_nobody_may_be() -> None:
    one = tonight(WAITS)
    closes = replace(one, points=replace(one.points, last=(300,) * 4 + (129,)))
    assert judged(closes, 100) == {"point"}
    assert collect(closes, work=10).worth.left == 1


def judged(one: Evening, *outs: int) -> set[str]:
    """What is broken, by both judges, if each party gets out of a car of its own then."""
    found = tuple(
        tour(one, party, (Stop(party, True, points[0], 80), Stop(party, False, goal, minute)))
        for party, (points, goal, minute) in enumerate(
            zip(one.parties.points, one.parties.goal, outs, strict=True)
        )
    )
    broken = {(each.rule, each.row) for each in broken_rules(one, found)}
    assert set(CheckedRound(write_evening(one), write_round(found)).broken) == broken
    return {rule for rule, _ in broken}


def test_two_parties_are_never_at_one_meeting_point_within_its_gap() -> None:
    both = takes(driven(tonight({}, {"first": 100, "last": 104}, {"last": 111})))
    spans = sorted(one.got_in.minute for one in both.values())
    assert all(later >= sooner + 2 + 5 for sooner, later in pairwise(spans))
    crowded = tonight({"last": 101}, {"last": 102})
    found = collect(crowded, work=10)
    assert found.worth.left == 1
    (left,) = find_left(crowded, found.round)
    assert left.alone
    assert {lack for lack, _ in left.helps} >= {Lack.LATER, Lack.POINT}
    assert Lack.SEATS not in {lack for lack, _ in left.helps}


def test_another_meeting_point_is_taken_where_one_is_in_use() -> None:
    rows = {"last": 102}, {"last": 102, "points": (CORNER, BAKERY)}
    taken = takes(driven(tonight(*rows)))
    assert [one.got_in.point for one in taken.values()] == [CORNER, BAKERY]


def test_parties_of_one_network_share_neither_driver_nor_minute() -> None:
    related = {"network": 1, "points": (STATION,), "last": 101}
    both = takes(driven(tonight({**related, "last": 140}, related)))
    assert both[0].car != both[1].car
    assert abs(both[0].got_in.minute - both[1].got_in.minute) >= 2
    one = tonight(related, {**related, "points": (CORNER,)})
    shared = replace(one, cars=replace(one.cars, driver=(0, 0)))
    assert collect(shared, work=10).worth.left == 1
    strangers = replace(one, drivers=replace(one.drivers, met=((1,), ())))
    found = collect(strangers, work=10)
    assert found.worth.left == 1
    (left,) = find_left(strangers, found.round)
    assert {Lack.CAR, Lack.DRIVER} <= {lack for lack, _ in left.helps}


def test_a_party_goes_only_with_those_the_plan_lets_it_go_with() -> None:
    one = driven(tonight({"cars": (0,)}, {"cars": (1,), "points": (BAKERY,)}))
    assert [tour.car for tour in one] == [0, 1]
    both = driven(tonight({}, {"points": (BAKERY,)}))
    assert len(both) == 1


def test_who_is_left_is_said_with_what_one_thing_would_change() -> None:
    one = tonight({"size": 5, "weight": 8}, {"points": (BAKERY,)})
    found = collect(one, work=10)
    (left,) = find_left(one, found.round)
    assert (left.party, left.alone, left.helps) == (0, False, ((Lack.SEATS, 1),))
    nobody = tonight({"cars": ()})
    assert list(find_left(nobody, collect(nobody, work=10).round)) == [(0, False, (), False)]


def test_an_evening_without_parties_or_cars_has_a_round_without_tours() -> None:
    for one in (evening(0, 1), tonight({"cars": ()}, cars=0), tonight(cars=0)):
        assert collect(one, work=1).round == ()


def test_one_evening_seed_and_amount_of_work_give_one_round() -> None:
    one = evening(9, 4, cars=3)
    assert collect(one, work=3, seed=2) == collect(one, work=3, seed=2)
    assert collect(one, work=0).round == ()


def test_who_is_left_only_because_the_search_was_short_is_told_so() -> None:
    one = tonight(ROW)
    assert list(find_left(one, ())) == [(0, True, (), True)]
    assert list(find_left(one, collect(one, work=10).round)) == []
