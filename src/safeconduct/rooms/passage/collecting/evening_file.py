# SPDX-License-Identifier: AGPL-3.0-or-later
"""An evening as bytes, and back (spec/collecting.md 2 and 3).  Every fault is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any, Final

from safeconduct.rooms.passage.collecting.evening import (
    Cars,
    Drivers,
    Evening,
    Parties,
    Points,
    Prices,
)
from safeconduct.rooms.passage.operations.contradictions import BAD
from safeconduct.rooms.passage.operations.faults import Fault, FaultyFile, named, numbered
from safeconduct.rooms.passage.operations.fields import (
    MOST_PEOPLE,
    Flag,
    Kind,
    Maybe,
    Row,
    Several,
    Whole,
)
from safeconduct.rooms.passage.operations.json_text import compact, read_json
from safeconduct.rooms.passage.operations.table_reader import Shape, TableReader

VERSION: Final = 1
MOST_MINUTES: Final = 2_880
"""An evening may go on past midnight."""
MOST_PRICE: Final = 10_000
MOST_ROWS: Final = {"points": 120, "parties": 40, "cars": 12, "drivers": 12}
_MINUTES: Final = Whole(MOST_MINUTES)
TABLES: Final[Mapping[str, Mapping[str, Kind]]] = {
    "points": {
        "first": _MINUTES,
        "last": _MINUTES,
        "gap": Maybe(_MINUTES),
        "minutes": Several(_MINUTES, "points"),
    },
    "parties": {
        "size": Whole(MOST_PEOPLE, 1),
        "weight": Whole(MOST_PEOPLE, 1),
        "points": Several(Row("points")),
        "goal": Row("points"),
        "first": _MINUTES,
        "last": _MINUTES,
        "stands": Flag(),
        "longest_wait": _MINUTES,
        "longest_ride": _MINUTES,
        "stop": Whole(MOST_MINUTES, 1),
        "due_first": _MINUTES,
        "due": _MINUTES,
        "leaves": Maybe(_MINUTES),
        "network": Maybe(Row("networks")),
        "cars": Several(Row("cars")),
    },
    "cars": {
        "seats": Whole(MOST_PEOPLE),
        "start": Row("points"),
        "end": Row("points"),
        "first": _MINUTES,
        "last": _MINUTES,
        "longest": _MINUTES,
        "driver": Row("drivers"),
    },
    "drivers": {"most": Whole(), "met": Several(Row("networks"))},
}
SHAPE: Final = Shape(
    VERSION,
    {"networks": Whole()},
    {"prices": {field.name: Whole(MOST_PRICE) for field in fields(Prices)}},
    TABLES,
)
_SPANS: Final = (
    ("points", "first", "last"),
    ("parties", "first", "last"),
    ("parties", "due_first", "due"),
    ("cars", "first", "last"),
)
_SETS: Final = (("parties", "points"), ("parties", "cars"), ("drivers", "met"))


def read_evening(data: bytes) -> Evening:
    """Return the evening that a file says.

    Raises:
        FaultyFile: with every fault.
    """
    reader = TableReader(*read_json(data), SHAPE)
    faults = (*reader.faults, *_disagreements(reader))
    if faults:
        raise FaultyFile(faults)
    return Evening(
        reader.numbers["networks"],
        Prices(**reader.objects["prices"]),
        Points(**reader.table("points")),
        Parties(**reader.table("parties")),
        Cars(**reader.table("cars")),
        Drivers(**reader.table("drivers")),
    )


def write_evening(evening: Evening) -> bytes:
    """Return the bytes of an evening, a column on each line."""
    lines = [f'"version":{VERSION}']
    for field in fields(evening):
        value = getattr(evening, field.name)
        if field.name in TABLES:
            columns = ",\n".join(
                f'"{name}":{compact(getattr(value, name))}' for name in TABLES[field.name]
            )
            lines.append(f'"{field.name}":{{\n{columns}\n}}')
        else:
            lines.append(
                f'"{field.name}":{compact(asdict(value) if is_dataclass(value) else value)}'  # type: ignore[arg-type]
            )
    return ("{" + ",\n".join(lines) + "}\n").encode("ascii")


def _disagreements(reader: TableReader) -> Iterator[Fault]:
    """Yield what is too much, and what can be read and cannot be meant."""
    for table, most in MOST_ROWS.items():
        rows = len(reader.rows(table))
        if rows > most:
            yield Fault("too_long", table, rows, most)
    yield from _spans(reader)
    yield from _twice(reader)
    yield from _of_parties(reader)
    for row, (minutes,) in _rows(reader, "points", "minutes"):
        if row < len(minutes) and minutes[row]:
            place = numbered(numbered("points.minutes", row), row)
            yield Fault("way_to_itself", place, minutes[row])


def _spans(reader: TableReader) -> Iterator[Fault]:
    for table, begins, ends in _SPANS:
        for row, (first, last) in _rows(reader, table, begins, ends):
            if last < first:
                place = numbered(named(table, ends), row)
                yield Fault("over_before_it_begins", place, last, first)


def _twice(reader: TableReader) -> Iterator[Fault]:
    for table, name in _SETS:
        for row, (values,) in _rows(reader, table, name):
            for at, value in enumerate(values):
                if value in values[:at]:
                    place = numbered(named(table, name), row)
                    yield Fault("said_twice", numbered(place, at))


def _of_parties(reader: TableReader) -> Iterator[Fault]:
    for row, (points, goal) in _rows(reader, "parties", "points", "goal"):
        if not points:
            yield Fault("nowhere_to_meet", numbered("parties.points", row))
        if goal in points:
            yield Fault("goes_nowhere", numbered("parties.goal", row), goal)
    for row, (due, leaves) in _rows(reader, "parties", "due_first", "leaves"):
        if leaves is not None and leaves < due:
            yield Fault("leaves_too_early", numbered("parties.leaves", row), leaves, due)


def _rows(reader: TableReader, table: str, *names: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows of which all these values can be read."""
    columns = (reader.columns[table].get(name, ()) for name in names)
    rows = enumerate(zip(*columns, strict=False))
    return ((row, values) for row, values in rows if BAD not in values)
