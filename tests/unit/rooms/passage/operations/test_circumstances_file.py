# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file of what happened that says what cannot be is refused, with every fault and its place."""

import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from safeconduct.rooms.passage.operations.circumstances import Circumstances, Lodging
from safeconduct.rooms.passage.operations.circumstances_file import (
    read_any_operation,
    read_circumstances,
    read_events,
    write_circumstances,
)
from safeconduct.rooms.passage.operations.faults import Fault, FaultyFile
from safeconduct.rooms.passage.operations.long_plan_file import read_any_plan, read_long_plan
from safeconduct.rooms.passage.operations.operation import Journey
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from tests.kit.circumstances import later, situate, with_history
from tests.kit.operations import changed, invent

OPERATION = invent(12, seed=3)
DICE = Random(3)
GOOD = write_circumstances(later(with_history(situate(OPERATION, 3), DICE), DICE, 8))
HOUSES = len(OPERATION.houses.town)
PARTIES = len(OPERATION.parties.size)
ROW = {"party": 1, "way": 2, "lodgings": [[3, 5, 9]], "country": None}


def event_faults(told: dict[str, object]) -> set[Fault]:
    """What is said of a file of events."""
    data = json.dumps({"version": 2, "today": 8} | told).encode()
    with pytest.raises(FaultyFile) as caught:
        read_events(data, OPERATION, 8)
    assert caught.value.operation is None
    return set(caught.value.faults)


def plan_faults(*rows: object, **more: object) -> set[Fault]:
    """What is said of a plan with these rows."""
    data = json.dumps({"version": 2, "journeys": rows} | more).encode()
    with pytest.raises(FaultyFile) as caught:
        read_long_plan(data, OPERATION)
    return set(caught.value.faults)


@pytest.mark.parametrize(
    ("table", "columns", "fault"),
    [
        (
            "houses_burned",
            {"house": [HOUSES], "since": [8]},
            Fault("no_row", "houses_burned.house[0]", HOUSES, HOUSES),
        ),
        (
            "houses_burned",
            {"house": [0], "since": [-1]},
            Fault("too_small", "houses_burned.since[0]", -1, 0),
        ),
        ("houses_burned", {"house": [0]}, Fault("no_field", "houses_burned.since")),
        (
            "escorts_lost",
            {"escort": [0, 1], "since": [8]},
            Fault("other_length", "escorts_lost.since", 1, 2),
        ),
        (
            "countries_closed",
            {"country": [0], "first": [9], "last": [8]},
            Fault("ends_before_it_begins", "countries_closed.last[0]", 8, 9),
        ),
        (
            "sizes_changed",
            {"party": [0], "since": [9], "size": [2]},
            Fault("too_large", "sizes_changed.since[0]", 9, 8),
        ),
        (
            "sizes_changed",
            {"party": [0], "since": [8], "size": [0]},
            Fault("too_small", "sizes_changed.size[0]", 0, 1),
        ),
        (
            "deadlines_moved",
            {"party": [1, 0, 1], "deadline": [9, 9, 9]},
            Fault("said_twice", "deadlines_moved[2]"),
        ),
        (
            "quotas_changed",
            {"country": [0], "week": [7], "quota": [0]},
            Fault("no_row", "quotas_changed.week[0]", 7, 7),
        ),
        ("houses_lost", {"house": [0]}, Fault("unknown_field", "houses_lost")),
        ("towns_closed", "all", Fault("no_object", "towns_closed")),
    ],
)
def test_what_cannot_have_happened_is_named(table: str, columns: object, fault: Fault) -> None:
    assert event_faults({table: columns}) == {fault}


def test_today_is_a_day_of_the_operation_and_none_before_its_own() -> None:
    assert event_faults({"today": 7}) == {Fault("too_small", "today", 7, 8)}
    last = OPERATION.days - 1
    with pytest.raises(FaultyFile) as caught:
        read_events(b'{"version":2,"today":99}', OPERATION)
    assert caught.value.faults == (Fault("too_large", "today", 99, last),)
    with pytest.raises(FaultyFile) as caught:
        read_events(b'{"version":1,"today":9}', OPERATION)
    assert caught.value.faults == (Fault("other_version", "version", 1, 2),)


def test_a_circumstances_has_the_faults_of_an_operation_and_of_events() -> None:
    told: dict[str, Any] = json.loads(GOOD)
    told["parties"]["deadline"][3] = -1
    told["promises"] = {"party": [0, 0], "level": [1, 4]}
    told["holds"]["last"][0] = 0
    told["holds"]["first"][0] = 5
    del told["prices"]["host"]
    with pytest.raises(FaultyFile) as caught:
        read_circumstances(json.dumps(told).encode())
    assert {(one.code, one.place) for one in caught.value.faults} == {
        ("past", "parties.deadline[3]"),
        ("too_large", "promises.level[1]"),
        ("ends_before_it_begins", "holds.last[0]"),
        ("no_field", "prices.host"),
    }


def test_who_was_told_of_contradictions_has_the_circumstances() -> None:
    found = read_circumstances(GOOD)
    late = changed(found.operation, "houses.beds", 1, (0,) * OPERATION.days)
    with pytest.raises(FaultyFile) as caught:
        read_any_operation(write_circumstances(replace(found, operation=late)))
    assert {one.code for one in caught.value.faults} == {"no_bed"}
    assert caught.value.circumstances == replace(found, operation=late)


def test_a_file_of_the_first_version_is_read_as_one() -> None:
    assert read_any_operation(write_operation(OPERATION)) == OPERATION
    assert isinstance(read_any_operation(GOOD), Circumstances)
    (one,) = read_any_plan(write_plan((Journey(1, 2, 3, 40, None),)), OPERATION).journeys
    assert one.lodgings == (Lodging(3, OPERATION.ways.arrive[2], 40),)


def test_every_fault_of_a_plan_is_named() -> None:
    found = plan_faults(
        ROW | {"lodgings": [[HOUSES, 5, 9], [0, 9, 8], [0, 1], 7, [0, 46, None]]},
        ROW | {"way": None, "lodgings": 3},
        {"party": -1, "leave": 3},
        7,
        escorts_know={"escort": [99], "party": [0]},
    )
    here = "journeys[0].lodgings"
    assert found == {
        Fault("no_row", f"{here}[0][0]", HOUSES, HOUSES),
        Fault("ends_before_it_begins", f"{here}[1][2]", 8, 9),
        Fault("other_length", f"{here}[2]", 2, 3),
        Fault("no_list", f"{here}[3]"),
        Fault("too_large", f"{here}[4][1]", 46, OPERATION.days),
        Fault("no_number", f"{here}[4][2]"),
        Fault("no_number", "journeys[1].way"),
        Fault("no_list", "journeys[1].lodgings"),
        Fault("too_small", "journeys[2].party", -1, 0),
        Fault("unknown_field", "journeys[2].leave"),
        *(Fault("no_field", f"journeys[2].{name}") for name in ("way", "lodgings", "country")),
        Fault("no_object", "journeys[3]"),
        Fault("no_row", "escorts_know.escort[0]", 99, len(OPERATION.escorts.seats)),
    }
    assert plan_faults(ROW, ROW) == {Fault("planned_twice", "journeys[1].party", 1)}
    with pytest.raises(FaultyFile) as caught:
        read_long_plan(b'{"version":2}')
    assert caught.value.faults == (Fault("no_field", "journeys"),)
