# SPDX-License-Identifier: AGPL-3.0-or-later
"""JSON from outside, read strictly: UTF-8, no field twice, and no number without end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from safeconduct.rooms.passage.operations.faults import Fault, FaultyFile, named, numbered

LONGEST_NUMBER: Final = 18
"""Digits; a longer number is read as one that is too large everywhere."""
DEEPEST: Final = 3
TOO_LARGE: Final = 10**LONGEST_NUMBER


def read_json(data: bytes) -> tuple[object, list[Fault]]:
    """Return what a text says, and a fault for each field that an object has twice.

    Numbers are whole numbers, or floats where the text has others; of fields that stand twice the
    last counts.

    Raises:
        FaultyFile: it is no JSON text.
    """
    twice: list[tuple[object, str]] = []

    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, value in pairs:
            if name in found:
                twice.append((found, name))
            found[name] = value
        return found

    try:
        told: object = json.loads(data.decode(), object_pairs_hook=collect, parse_int=_number)
    except json.JSONDecodeError as error:
        raise FaultyFile((Fault("no_json", "", error.lineno, error.colno),)) from None
    except (UnicodeDecodeError, RecursionError):
        raise FaultyFile((Fault("no_json", "", 1, 1),)) from None
    places = {id(value): place for place, value in _objects(told, "")} if twice else {}
    return told, [Fault("twice", named(places.get(id(value), ""), name)) for value, name in twice]


def _objects(value: object, place: str) -> Iterator[tuple[str, object]]:
    """Yield every object with its place, as far as anything of ours is nested."""
    if place.count(".") + place.count("[") > DEEPEST:
        return
    if isinstance(value, dict):
        yield place, value
        for name, inner in value.items():
            yield from _objects(inner, named(place, name))
    if isinstance(value, list):
        for row, inner in enumerate(value):
            yield from _objects(inner, numbered(place, row))


def compact(value: object) -> str:
    """Return a value as JSON without spaces."""
    return json.dumps(value, separators=(",", ":"))


def _number(digits: str) -> int:
    if len(digits) <= LONGEST_NUMBER:
        return int(digits)
    return -TOO_LARGE if digits.startswith("-") else TOO_LARGE
