# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operation file that says what cannot be is refused, with every fault and its place."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from safeconduct.rooms.passage.operations.faults import Fault, FaultyFile
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.operation_file import read_operation, write_operation
from tests.kit.operations import invent

CONTRADICTIONS = frozenset(
    {
        "ready_too_late",
        "arrives_before_out",
        "out_outside_run",
        "departs_outside_way",
        "departs_elsewhere",
        "nothing_carries",
        "no_bed",
        "takes_nobody",
    }
)
"""Codes of facts that can be read and cannot be meant together."""

GOOD = write_operation(invent(12, seed=3))
Told = dict[str, Any]


def faults(spoil: Callable[[Told], object], data: bytes = GOOD) -> tuple[Fault, ...]:
    """What is said of a good file once something in it was changed."""
    told = json.loads(data)
    spoil(told)
    with pytest.raises(FaultyFile) as caught:
        read_operation(json.dumps(told).encode())
    assert (caught.value.operation is None) is not all(
        one.code in CONTRADICTIONS for one in caught.value.faults
    )
    return caught.value.faults


def put(table: str, column: str, row: int, value: object) -> Callable[[Told], object]:
    """Write one value."""

    def spoil(told: Told) -> None:
        told[table][column][row] = value

    return spoil


def put_column(name: str, told: Told) -> None:
    """Add a column to the parties."""
    told["parties"][name] = []


@pytest.mark.parametrize(
    ("table", "column", "value", "fault"),
    [
        ("parties", "deadline", -3, Fault("past", "parties.deadline[2]", -3, 0)),
        ("parties", "size", 0, Fault("too_small", "parties.size[2]", 0, 1)),
        ("parties", "size", 101, Fault("too_large", "parties.size[2]", 101, 100)),
        ("parties", "weight", 2.0, Fault("no_number", "parties.weight[2]")),
        ("parties", "weight", True, Fault("no_number", "parties.weight[2]")),
        ("parties", "alone", 1, Fault("no_flag", "parties.alone[2]")),
        ("parties", "documents", 3, Fault("too_large", "parties.documents[2]", 3, 2)),
        ("parties", "network", 99, Fault("no_row", "parties.network[2]", 99, 1)),
        ("parties", "reach", [0, 99], Fault("no_row", "parties.reach[2][1]", 99, 11)),
        ("parties", "reach", None, Fault("no_list", "parties.reach[2]")),
        ("escorts", "met", [-1], Fault("too_small", "escorts.met[2][0]", -1, 0)),
        ("runs", "escort", 6, Fault("no_row", "runs.escort[2]", 6, 6)),
        ("ways", "run", "car", Fault("no_number", "ways.run[2]")),
        ("ways", "cost", 10**400, Fault("too_large", "ways.cost[2]", 10**18, 10_000)),
        ("houses", "beds", [1, 1], Fault("other_length", "houses.beds[2]", 2, 45)),
        ("houses", "suits", [True, None, True], Fault("no_flag", "houses.suits[2][1]")),
        ("countries", "quota", [], Fault("other_length", "countries.quota[2]", 0, 7)),
        ("countries", "processing", [], Fault("other_length", "countries.processing[2]", 0, 3)),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_named(
    table: str, column: str, value: object, fault: Fault
) -> None:
    assert fault in faults(put(table, column, 2, value))


@pytest.mark.parametrize(
    ("table", "columns", "fault"),
    [
        ("parties", {"ready": 9, "deadline": 8}, Fault("ready_too_late", "parties.ready[0]", 9, 8)),
        ("ways", {"out": 9, "arrive": 8}, Fault("arrives_before_out", "ways.arrive[0]", 8, 9)),
        ("ways", {"run": None, "departure": None}, Fault("nothing_carries", "ways.run[0]")),
        ("houses", {"beds": [0] * 45}, Fault("no_bed", "houses.beds[0]")),
        ("houses", {"largest_party": 0}, Fault("takes_nobody", "houses.largest_party[0]")),
        ("houses", {"suits": [False] * 3}, Fault("takes_nobody", "houses.suits[0]")),
    ],
)
def test_facts_that_contradict_each_other_are_named(
    table: str, columns: Told, fault: Fault
) -> None:
    assert fault in faults(
        lambda told: [told[table][one].__setitem__(0, value) for one, value in columns.items()]
    )


def test_a_way_keeps_to_the_days_and_towns_of_its_run_and_departure() -> None:
    told = json.loads(GOOD)
    ways = told["ways"]
    driven = ways["departure"].index(None)
    ridden = next(row for row, one in enumerate(ways["departure"]) if one is not None)
    day, town = ways["out"][driven], ways["town"][ridden]
    busy = told["runs"]["busy"][ways["run"][driven]]
    late = {one.code for one in faults(put("ways", "out", driven, day + busy))}
    assert "out_outside_run" in late
    assert [one.code for one in faults(put("ways", "town", ridden, town - 1 if town else 1))] == [
        "departs_elsewhere"
    ]
    departs = put("departures", "day", ways["departure"][ridden], 44)
    assert {one.code for one in faults(departs)} == {"departs_outside_way"}


def test_every_fault_is_named_and_not_the_first() -> None:
    def spoil(told: Told) -> None:
        told["parties"]["deadline"][3] = -1
        told["parties"]["zone"][4] = 10_000
        told["houses"]["beds"][1] = [0] * 45
        told["parties"]["weight"].pop()
        told["parties"]["name"] = []
        told["hubs"] = "five"
        del told["rates"]["late"]
        del told["runs"]["busy"]

    count = len(json.loads(GOOD)["parties"]["size"])
    assert {(one.code, one.place) for one in faults(spoil)} == {
        ("past", "parties.deadline[3]"),
        ("no_row", "parties.zone[4]"),
        ("no_bed", "houses.beds[1]"),
        ("other_length", "parties.weight"),
        ("unknown_field", "parties.name"),
        ("no_number", "hubs"),
        ("no_field", "rates.late"),
        ("no_field", "runs.busy"),
    }
    assert Fault("other_length", "parties.weight", count - 1, count) in faults(spoil)


def test_a_field_that_stands_twice_is_named_where_it_stands() -> None:
    data = GOOD.replace(b'"wait":', b'"late":1,"wait":').replace(b'"towns":', b'"zones":1,"towns":')
    data = data.replace(b'"quota":', b'"cost":[7],"quota":')
    with pytest.raises(FaultyFile) as caught:
        read_operation(data)
    assert caught.value.operation is None
    found = {one.place for one in caught.value.faults if one.code == "twice"}
    assert found == {"zones", "rates.late", "countries.cost"}
    assert Fault("other_length", "countries.cost", 1, 7) in caught.value.faults


def test_who_was_told_of_contradictions_has_the_operation() -> None:
    told = json.loads(GOOD)
    told["parties"]["ready"][1] = 40
    with pytest.raises(FaultyFile) as caught:
        read_operation(json.dumps(told).encode())
    operation = caught.value.operation
    assert isinstance(operation, Operation)
    assert operation is not None
    assert operation.parties.ready[1] == 40


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_json"),
        (b"[" * 100_000, "no_json"),
        (b"\xff\xfe{}", "no_json"),
        (b"[]", "no_object"),
        (b"{}", "no_field"),
        (b'{"version":"1"}', "no_number"),
        (b'{"version":1,"version":1}', "twice"),
        (b'{"version":2,"days":[]}', "other_version"),
        (b'{"version":1,"parties":[]}', "no_object"),
        (b'{"version":1,"parties":{"size":1}}', "no_list"),
        (b'{"version":1,"days":NaN}', "no_number"),
        (b'{"version":1,"days":1e3}', "no_number"),
    ],
)
def test_what_is_no_operation_is_said_to_be_none(data: bytes, code: str) -> None:
    with pytest.raises(FaultyFile) as caught:
        read_operation(data)
    assert code in {one.code for one in caught.value.faults}


def test_a_fault_repeats_no_name_that_a_file_smuggles_in() -> None:
    names = ("Qwerty", "\x1b[2J", "a" * 41, "имя")
    for name in names:
        found = faults(partial(put_column, name))
        assert [one.place for one in found] == ["parties.?"]
        assert not any(name in str(one) for one in found)
