# SPDX-License-Identifier: AGPL-3.0-or-later
"""A plan of itineraries as bytes, and back: the second version (spec/operation.md 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from safeconduct.rooms.passage.operations.circumstances import (
    Itinerary,
    Lodging,
    LongPlan,
    lengthen,
)
from safeconduct.rooms.passage.operations.circumstances_fields import FACTS, ROWS, VERSION
from safeconduct.rooms.passage.operations.circumstances_file import table_line
from safeconduct.rooms.passage.operations.faults import (
    Fault,
    FaultyFile,
    named,
    numbered,
    wrong_fields,
)
from safeconduct.rooms.passage.operations.json_text import TOO_LARGE, compact, read_json
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.plan_file import planned_twice, read_plan
from safeconduct.rooms.passage.operations.table_reader import Shape, TableReader, check_version

FIELDS: Final = ("party", "way", "lodgings", "country")
LODGING: Final = ("house", "first", "leave")
KNOWN: Final = ("escorts_know", "households_know")


def write_long_plan(plan: LongPlan) -> bytes:
    """Return the bytes of a plan, an itinerary on each line, by party."""
    rows = ",\n".join(
        compact(
            {
                "party": one.party,
                "way": one.way,
                "lodgings": one.lodgings,
                "country": one.country,
            }
        )
        for one in _by_party(plan.journeys)
    )
    lines = [f'"version":{VERSION}', f'"journeys":[\n{rows}\n]']
    lines += [table_line(name, getattr(plan, name)) for name in KNOWN if getattr(plan, name)]
    return ("{" + ",\n".join(lines) + "}\n").encode("ascii")


def read_long_plan(data: bytes, operation: Operation | None = None) -> LongPlan:
    """Return the plan that a file says, by party; its rows must exist in an operation if given.

    Whether the plan keeps the rules is for `itinerary_rules.broken_long_rules` to say.

    Raises:
        FaultyFile: with every fault.
    """
    told, faults = read_json(data)
    if not isinstance(told, dict):
        raise FaultyFile((*faults, Fault("no_object", "")))
    check_version(told, VERSION)
    rest = {name: value for name, value in told.items() if name != "journeys"}
    limits = _limits(operation)
    tables = {name: FACTS[name] for name in KNOWN}
    known = TableReader(rest, faults, Shape(VERSION, {}, {}, tables, frozenset(KNOWN)), limits)
    faults = known.faults + ([] if "journeys" in told else [Fault("no_field", "journeys")])
    rows = told.get("journeys", [])
    if not isinstance(rows, list):
        raise FaultyFile((*faults, Fault("no_list", "journeys")))
    for row, value in enumerate(rows):
        faults += _faults(value, numbered("journeys", row), limits)
    if not faults:
        faults += planned_twice([value["party"] for value in rows])
    if faults:
        raise FaultyFile(tuple(faults))
    learnt = {name: tuple(ROWS[name](*row) for row in known.rows(name)) for name in KNOWN}
    return LongPlan(_by_party(_itinerary(value) for value in rows), **learnt)


def read_any_plan(data: bytes, operation: Operation) -> LongPlan:
    """Return a plan of an operation, of the first version or of the second.

    Raises:
        FaultyFile: with every fault.
    """
    told, _ = read_json(data)
    if isinstance(told, dict) and told.get("version") == VERSION:
        return read_long_plan(data, operation)
    return lengthen(operation, read_plan(data, operation))


def _limits(operation: Operation | None) -> Mapping[str, int]:
    """Return how many rows there are of what an itinerary points to."""
    if operation is None:
        return {"first": TOO_LARGE, "leave": TOO_LARGE}
    return {
        "parties": len(operation.parties.size),
        "escorts": len(operation.escorts.seats),
        "households": len(operation.households.met),
        "party": len(operation.parties.size),
        "way": len(operation.ways.out),
        "house": len(operation.houses.town),
        "first": operation.days + 1,
        "leave": operation.days + 1,
        "country": len(operation.countries.cost),
    }


def _faults(value: object, place: str, limits: Mapping[str, int]) -> list[Fault]:
    if not isinstance(value, dict):
        return [Fault("no_object", place)]
    faults = wrong_fields(value, FIELDS, place)
    for name in ("party", "way", "country"):
        if name in value and not (name == "country" and value[name] is None):
            faults += _number(value[name], named(place, name), name, limits)
    lodgings, here = value.get("lodgings", []), named(place, "lodgings")
    if not isinstance(lodgings, list):
        return [*faults, Fault("no_list", here)]
    for row, lodging in enumerate(lodgings):
        faults += _of_lodging(lodging, numbered(here, row), limits)
    return faults


def _of_lodging(value: object, place: str, limits: Mapping[str, int]) -> list[Fault]:
    if not isinstance(value, list):
        return [Fault("no_list", place)]
    if len(value) != len(LODGING):
        return [Fault("other_length", place, len(value), len(LODGING))]
    faults: list[Fault] = []
    for at, (name, number) in enumerate(zip(LODGING, value, strict=True)):
        faults += _number(number, numbered(place, at), name, limits)
    if not faults and value[2] < value[1]:
        faults.append(Fault("ends_before_it_begins", numbered(place, 2), value[2], value[1]))
    return faults


def _number(value: object, place: str, name: str, limits: Mapping[str, int]) -> list[Fault]:
    if not isinstance(value, int) or isinstance(value, bool):
        return [Fault("no_number", place)]
    limit = limits.get(name, TOO_LARGE)
    if value < 0:
        return [Fault("too_small", place, value, 0)]
    if value >= limit:
        day = name in {"first", "leave"}
        code, last = ("too_large", limit - 1) if day else ("no_row", limit)
        return [Fault(code, place, value, last)]
    return []


def _itinerary(value: Mapping[str, Any]) -> Itinerary:
    lodgings = tuple(Lodging(*one) for one in value["lodgings"])
    return Itinerary(value["party"], value["way"], lodgings, value["country"])


def _by_party(journeys: Iterable[Itinerary]) -> tuple[Itinerary, ...]:
    return tuple(sorted(journeys, key=lambda one: one.party))
