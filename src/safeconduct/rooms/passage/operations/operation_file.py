# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operation as bytes, and back (spec/operation.md 2 and 3).

Every fault is found, not the first: whoever mends a file at night mends it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from safeconduct.rooms.passage.operations.contradictions import contradictions
from safeconduct.rooms.passage.operations.faults import FaultyFile
from safeconduct.rooms.passage.operations.fields import COUNTS, RATES, TABLES
from safeconduct.rooms.passage.operations.json_text import compact, read_json
from safeconduct.rooms.passage.operations.operation import (
    Countries,
    Departures,
    Escorts,
    Households,
    Houses,
    Operation,
    Parties,
    Rates,
    Runs,
    Ways,
)
from safeconduct.rooms.passage.operations.table_reader import Shape, TableReader

VERSION: Final = 1
SHAPE: Final = Shape(VERSION, COUNTS, {"rates": RATES}, TABLES)
_MADE_OF: Final[Mapping[str, Callable[..., object]]] = {
    "parties": Parties,
    "escorts": Escorts,
    "runs": Runs,
    "departures": Departures,
    "ways": Ways,
    "houses": Houses,
    "households": Households,
    "countries": Countries,
}


def read_operation(data: bytes) -> Operation:
    """Return the operation that a file says.

    Raises:
        FaultyFile: with every fault; facts that contradict each other are among them.
    """
    reader = TableReader(*read_json(data), SHAPE)
    doubts = tuple(contradictions(reader.columns))
    if reader.faults:
        raise FaultyFile((*reader.faults, *doubts))
    operation = operation_of(reader)
    if doubts:
        raise FaultyFile(doubts, operation)
    return operation


def write_operation(operation: Operation) -> bytes:
    """Return the bytes of an operation, a column on each line."""
    lines = [f'"version":{VERSION}', *operation_lines(operation)]
    return ("{" + ",\n".join(lines) + "}\n").encode("ascii")


def operation_of(reader: TableReader) -> Operation:
    """Return the operation that was read, where nothing is wrong with it."""
    tables: dict[str, Any] = {name: make(**reader.table(name)) for name, make in _MADE_OF.items()}
    counts = {name: reader.numbers[name] for name in COUNTS}
    return Operation(**counts, rates=Rates(**reader.objects["rates"]), **tables)


def operation_lines(operation: Operation) -> Iterator[str]:
    """Yield the fields of an operation, each as it stands in a file."""
    for field in fields(operation):
        value = getattr(operation, field.name)
        if is_dataclass(value):
            columns = (
                f'"{column.name}":{compact(getattr(value, column.name))}'
                for column in fields(value)
            )
            yield f'"{field.name}":{{\n' + ",\n".join(columns) + "\n}"
        else:
            yield f'"{field.name}":{compact(value)}'
