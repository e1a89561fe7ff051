# SPDX-License-Identifier: AGPL-3.0-or-later
"""JSON from outside, read strictly: UTF-8, no field twice, and no number without end."""

from __future__ import annotations

import json
from typing import Final

from safeconduct.rooms.passage.faults import Fault, FaultyFile, named

LONGEST_NUMBER: Final = 18
"""Digits; a longer number is read as one that is too large everywhere."""
TOO_LARGE: Final = 10**LONGEST_NUMBER


def read_json(data: bytes) -> object:
    """Return what a text says; numbers are whole numbers, or floats where it has others.

    Raises:
        FaultyFile: it is no JSON text, or an object has a field twice.
    """
    twice: list[Fault] = []

    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, value in pairs:
            if name in found:
                twice.append(Fault("twice", named("", name)))
            found[name] = value
        return found

    try:
        told: object = json.loads(data.decode(), object_pairs_hook=collect, parse_int=_number)
    except json.JSONDecodeError as error:
        raise FaultyFile((Fault("no_json", "", error.lineno, error.colno),)) from None
    except (UnicodeDecodeError, RecursionError):
        raise FaultyFile((Fault("no_json", "", 1, 1),)) from None
    if twice:
        raise FaultyFile(tuple(twice))
    return told


def compact(value: object) -> str:
    """Return a value as JSON without spaces."""
    return json.dumps(value, separators=(",", ":"))


def _number(digits: str) -> int:
    if len(digits) <= LONGEST_NUMBER:
        return int(digits)
    return -TOO_LARGE if digits.startswith("-") else TOO_LARGE
