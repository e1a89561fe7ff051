# SPDX-License-Identifier: AGPL-3.0-or-later
"""A round as bytes, and back (spec/collecting.md 4)."""

from __future__ import annotations

from typing import Any, Final

from safeconduct.rooms.passage.collecting.evening import Round, Stop, Tour
from safeconduct.rooms.passage.operations.faults import (
    Fault,
    FaultyFile,
    named,
    numbered,
    wrong_fields,
)
from safeconduct.rooms.passage.operations.json_text import compact, read_json
from safeconduct.rooms.passage.operations.table_reader import check_version

VERSION: Final = 1
LATEST: Final = 1_000_000
"""No row or minute is above this; what there is in an evening, the rules say."""


def write_round(found: Round) -> bytes:
    """Return the bytes of a round, a stop on each line."""
    tours = ",\n".join(
        f'{{"car":{one.car},"out":{one.out},"back":{one.back},"stops":[\n'
        + ",\n".join(compact(stop._asdict()) for stop in one.stops)
        + "\n]}"
        for one in found
    )
    return f'{{"version":{VERSION},"tours":[\n{tours}\n]}}\n'.encode("ascii")


def read_round(data: bytes) -> Round:
    """Return the round that a file says, as it stands there.

    Whether it keeps the rules is for `round_rules.broken_rules` to say.

    Raises:
        FaultyFile: with every fault.
    """
    told, faults = read_json(data)
    if not isinstance(told, dict):
        raise FaultyFile((*faults, Fault("no_object", "")))
    check_version(told, VERSION)
    faults += wrong_fields(told, ("version", "tours"), "")
    tours = _objects(told.get("tours", []), "tours", Tour._fields, faults)
    stops = [
        _objects(one.get("stops", []), named(numbered("tours", row), "stops"), Stop._fields, faults)
        for row, one in enumerate(tours)
    ]
    if faults:
        raise FaultyFile(tuple(faults))
    return tuple(
        Tour(**{**one, "stops": tuple(Stop(**stop) for stop in some)})
        for one, some in zip(tours, stops, strict=True)
    )


def _objects(
    told: object, place: str, wanted: tuple[str, ...], faults: list[Fault]
) -> list[dict[str, Any]]:
    """Return a list of objects with these fields, and add to the faults what is wrong."""
    if not isinstance(told, list):
        faults.append(Fault("no_list", place))
        return []
    found = []
    for row, value in enumerate(told):
        here = numbered(place, row)
        if not isinstance(value, dict):
            faults.append(Fault("no_object", here))
            continue
        faults += wrong_fields(value, wanted, here)
        for name in wanted:
            if name in value and name != "stops":
                faults += _value(value[name], named(here, name), flag=name == "gets_in")
        found.append(value)
    return found


def _value(value: object, place: str, *, flag: bool) -> list[Fault]:
    if flag:
        return [] if isinstance(value, bool) else [Fault("no_flag", place)]
    if type(value) is not int:
        return [Fault("no_number", place)]
    if value < 0:
        return [Fault("too_small", place, value, 0)]
    return [Fault("too_large", place, value, LATEST)] if value > LATEST else []
