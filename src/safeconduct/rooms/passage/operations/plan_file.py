# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan as bytes, and back (spec/operation.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from safeconduct.rooms.passage.operations.faults import (
    Fault,
    FaultyFile,
    named,
    numbered,
    wrong_fields,
)
from safeconduct.rooms.passage.operations.json_text import TOO_LARGE, compact, read_json
from safeconduct.rooms.passage.operations.operation import Journey, Operation, Plan
from safeconduct.rooms.passage.operations.operation_file import VERSION
from safeconduct.rooms.passage.operations.table_reader import check_version

FIELDS: Final = ("party", "way", "house", "leave", "country")


def write_plan(plan: Plan) -> bytes:
    """Return the bytes of a plan, a journey on each line, by party."""
    lines = ",\n".join(compact(asdict(journey)) for journey in _by_party(plan))
    return f'{{"version":{VERSION},"journeys":[\n{lines}\n]}}\n'.encode("ascii")


def read_plan(data: bytes, operation: Operation | None = None) -> Plan:
    """Return the plan that a file says, by party; its rows must exist in an operation if given.

    Whether the plan keeps the rules is for `rules.broken_rules` to say.

    Raises:
        FaultyFile: with every fault.
    """
    told, faults = read_json(data)
    if not isinstance(told, dict):
        raise FaultyFile((*faults, Fault("no_object", "")))
    check_version(told, VERSION)
    faults += wrong_fields(told, ("version", "journeys"), "")
    rows = told.get("journeys", [])
    if not isinstance(rows, list):
        raise FaultyFile((*faults, Fault("no_list", "journeys")))
    limits = _limits(operation)
    for row, value in enumerate(rows):
        faults += _faults(value, numbered("journeys", row), limits)
    if not faults:
        faults += planned_twice([value["party"] for value in rows])
    if faults:
        raise FaultyFile(tuple(faults))
    return _by_party(tuple(Journey(**value) for value in rows))


def _limits(operation: Operation | None) -> Mapping[str, int]:
    """Return how many rows there are of what a journey points to."""
    if operation is None:
        return dict.fromkeys(FIELDS, TOO_LARGE)
    return {
        "party": len(operation.parties.size),
        "way": len(operation.ways.out),
        "house": len(operation.houses.town),
        "leave": operation.days + 1,
        "country": len(operation.countries.cost),
    }


def _faults(value: object, place: str, limits: Mapping[str, int]) -> list[Fault]:
    if not isinstance(value, dict):
        return [Fault("no_object", place)]
    faults = wrong_fields(value, FIELDS, place)
    for name in (name for name in FIELDS if name in value):
        number, here = value[name], named(place, name)
        if name == "country" and number is None:
            continue
        if type(number) is not int:
            faults.append(Fault("no_number", here))
        elif number < 0:
            faults.append(Fault("too_small", here, number, 0))
        elif number >= limits[name]:
            last = limits[name]
            fault = ("too_large", last - 1) if name == "leave" else ("no_row", last)
            faults.append(Fault(fault[0], here, number, fault[1]))
    return faults


def planned_twice(parties: list[int]) -> list[Fault]:
    """Return a fault for each row of a party that has one already."""
    seen: set[int] = set()
    found = []
    for row, party in enumerate(parties):
        if party in seen:
            found.append(Fault("planned_twice", named(numbered("journeys", row), "party"), party))
        seen.add(party)
    return found


def _by_party(plan: Plan) -> Plan:
    return tuple(sorted(plan, key=lambda journey: journey.party))
