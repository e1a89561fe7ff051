# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plan files: what is written is read again, and what is wrong is named."""

import json

import pytest

from safeconduct.rooms.passage.operations.faults import Fault, FaultyFile
from safeconduct.rooms.passage.operations.operation import Journey
from safeconduct.rooms.passage.operations.plan_file import read_plan, write_plan
from tests.kit.operations import invent

OPERATION = invent(12, seed=3)
ROW = {"party": 1, "way": 2, "house": 3, "leave": 20, "country": None}


def faults(*rows: object) -> set[Fault]:
    """What is said of these rows."""
    data = json.dumps({"version": 1, "journeys": rows}).encode()
    with pytest.raises(FaultyFile) as caught:
        read_plan(data, OPERATION)
    return set(caught.value.faults)


def test_a_plan_is_read_as_it_was_written_by_party() -> None:
    plan = (Journey(2, 1, 1, 45, None), Journey(0, 4, 2, 9, 6))
    data = write_plan(plan)
    assert read_plan(data, OPERATION) == plan[::-1]
    assert write_plan(read_plan(data)) == data
    assert read_plan(write_plan(())) == ()


def test_every_fault_of_a_plan_is_named() -> None:
    houses = len(OPERATION.houses.town)
    found = faults(
        ROW | {"house": houses},
        ROW | {"leave": 46, "way": None},
        {"party": -1},
        7,
    )
    place = "journeys[2]"
    assert found == {
        Fault("no_row", "journeys[0].house", houses, houses),
        Fault("too_large", "journeys[1].leave", 46, 45),
        Fault("no_number", "journeys[1].way"),
        Fault("too_small", f"{place}.party", -1, 0),
        *(Fault("no_field", f"{place}.{name}") for name in ("way", "house", "leave", "country")),
        Fault("no_object", "journeys[3]"),
    }


def test_a_party_has_one_journey() -> None:
    assert faults(ROW, ROW) == {Fault("planned_twice", "journeys[1].party", 1)}


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"[]", Fault("no_object", "")),
        (b'{"version":1}', Fault("no_field", "journeys")),
        (b'{"version":1,"journeys":{}}', Fault("no_list", "journeys")),
        (b'{"version":1,"journeys":[],"who":1}', Fault("unknown_field", "who")),
        (b'{"version":3,"journeys":[]}', Fault("other_version", "version", 3, 1)),
    ],
)
def test_what_is_no_plan_is_said_to_be_none(data: bytes, fault: Fault) -> None:
    with pytest.raises(FaultyFile) as caught:
        read_plan(data)
    assert caught.value.faults == (fault,)
