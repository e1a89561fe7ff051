# SPDX-License-Identifier: AGPL-3.0-or-later
"""Circumstances and events as bytes, and back: the second version (spec/operation.md 8 and 9).

A table of which there is no row may be left out, and is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any, Final

from safeconduct.rooms.passage.operations.circumstances import Circumstances, Events, PromisePrices
from safeconduct.rooms.passage.operations.circumstances_fields import (
    EVENTS,
    FACTS,
    KEYS,
    PRICES,
    ROWS,
    VERSION,
)
from safeconduct.rooms.passage.operations.contradictions import BAD, contradictions
from safeconduct.rooms.passage.operations.faults import Fault, FaultyFile, named, numbered
from safeconduct.rooms.passage.operations.fields import (
    COUNTS,
    MOST_DAYS,
    RATES,
    TABLES,
    WEEK,
    Kind,
    Whole,
)
from safeconduct.rooms.passage.operations.json_text import compact, read_json
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.operation_file import (
    operation_lines,
    operation_of,
    read_operation,
)
from safeconduct.rooms.passage.operations.table_reader import Shape, TableReader

TODAY: Final[Mapping[str, Whole]] = {"today": Whole(MOST_DAYS - 1)}
_SITUATION: Final = Shape(
    VERSION,
    {**COUNTS, **TODAY},
    {"rates": RATES, "prices": PRICES},
    {**TABLES, **FACTS, **EVENTS},
    frozenset((*FACTS, *EVENTS)),
)
_EVENTS: Final = Shape(VERSION, TODAY, {}, EVENTS, frozenset(EVENTS))


def read_circumstances(data: bytes) -> Circumstances:
    """Return the circumstances that a file says.

    Raises:
        FaultyFile: with every fault; facts that contradict each other are among them.
    """
    reader = TableReader(*read_json(data), _SITUATION)
    faults = (
        *reader.faults,
        *_disagreements(reader, FACTS),
        *_happened(reader, reader.numbers.get("days")),
    )
    doubts = tuple(contradictions(reader.columns))
    if faults:
        raise FaultyFile((*faults, *doubts))
    found = Circumstances(
        operation_of(reader),
        PromisePrices(**reader.objects["prices"]),
        events=Events(reader.numbers["today"], **_tables(reader, EVENTS)),
        **_tables(reader, FACTS),
    )
    if doubts:
        raise FaultyFile(doubts, found.operation, found)
    return found


def write_circumstances(circumstances: Circumstances) -> bytes:
    """Return the bytes of circumstances, a column on each line."""
    lines = [
        f'"version":{VERSION}',
        *operation_lines(circumstances.operation),
        f'"today":{circumstances.events.today}',
        f'"prices":{compact(asdict(circumstances.prices))}',
        *_lines(circumstances, FACTS),
        *_lines(circumstances.events, EVENTS),
    ]
    return ("{" + ",\n".join(lines) + "}\n").encode("ascii")


def read_any_operation(data: bytes) -> Operation | Circumstances:
    """Return an operation of the first version, or circumstances of the second.

    Raises:
        FaultyFile: with every fault; facts that contradict each other are among them.
    """
    told, _ = read_json(data)
    second = isinstance(told, dict) and told.get("version") == VERSION
    return read_circumstances(data) if second else read_operation(data)


def read_events(data: bytes, operation: Operation, today: int = 0) -> Events:
    """Return what a file says that happened in an operation, on `today` or later.

    Raises:
        FaultyFile: with every fault.
    """
    known = {
        **{name: getattr(operation, name) for name in COUNTS},
        **{name: _length(getattr(operation, name)) for name in TABLES},
        "weeks": -(-operation.days // WEEK),
    }
    reader = TableReader(*read_json(data), _EVENTS, known)
    faults = (*reader.faults, *_happened(reader, operation.days))
    found = reader.numbers.get("today")
    if isinstance(found, int) and found < today:
        faults += (Fault("too_small", "today", found, today),)
    if faults:
        raise FaultyFile(faults)
    return Events(reader.numbers["today"], **_tables(reader, EVENTS))


def write_events(events: Events) -> bytes:
    """Return the bytes of what happened, a column on each line."""
    lines = [f'"version":{VERSION}', f'"today":{events.today}', *_lines(events, EVENTS)]
    return ("{" + ",\n".join(lines) + "}\n").encode("ascii")


def table_line(name: str, rows: tuple[Any, ...]) -> str:
    """Return a table of rows as it stands in a file."""
    columns = zip(rows[0]._fields, zip(*rows, strict=True), strict=True)
    inner = ",\n".join(f'"{column}":{compact(values)}' for column, values in columns)
    return f'"{name}":{{\n{inner}\n}}'


def _length(table: Any) -> int:  # noqa: ANN401  (any of an operation's tables)
    """Return how many rows there are."""
    return len(getattr(table, fields(table)[0].name))


def _lines(of: object, tables: Mapping[str, object]) -> Iterator[str]:
    """Yield the tables that have rows."""
    for name in tables:
        rows = getattr(of, name)
        if rows:
            yield table_line(name, rows)


def _tables(
    reader: TableReader, tables: Mapping[str, Mapping[str, Kind]]
) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(ROWS[name](*row) for row in reader.rows(name)) for name in tables}


def _happened(reader: TableReader, days: object) -> Iterator[Fault]:
    """Yield what is wrong with events that can be read."""
    yield from _disagreements(reader, EVENTS)
    today = reader.numbers.get("today")
    if isinstance(today, int) and isinstance(days, int) and today >= days:
        yield Fault("too_large", "today", today, days - 1)
    for row, since in enumerate(reader.columns["sizes_changed"].get("since", ())):
        if isinstance(today, int) and isinstance(since, int) and since > today:
            place = numbered(named("sizes_changed", "since"), row)
            yield Fault("too_large", place, since, today)


def _disagreements(
    reader: TableReader, tables: Mapping[str, Mapping[str, Kind]]
) -> Iterator[Fault]:
    """Yield days that end before they begin, and what is said twice."""
    for table, columns in tables.items():
        if "first" in columns:
            yield from _backwards(reader, table)
        width, seen = KEYS.get(table, 0), set[tuple[Any, ...]]()
        for row, values in enumerate(reader.rows(table) if width else ()):
            if BAD in values:
                continue
            if values[:width] in seen:
                yield Fault("said_twice", numbered(table, row))
            seen.add(values[:width])


def _backwards(reader: TableReader, table: str) -> Iterator[Fault]:
    columns = reader.columns[table]
    pairs = zip(columns.get("first", ()), columns.get("last", ()), strict=False)
    for row, (first, last) in enumerate(pairs):
        if isinstance(first, int) and isinstance(last, int) and last < first:
            place = numbered(named(table, "last"), row)
            yield Fault("ends_before_it_begins", place, last, first)
