# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of an operation that cannot be meant together, though each alone can be (spec 3).

They are looked for in what can be read of a file, whatever else is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from safeconduct.rooms.passage.operations.faults import Fault, numbered

BAD: Final = object()
"""Stands where a value cannot be read; nothing is concluded from it."""
Columns = Mapping[str, Mapping[str, Sequence[Any]]]


def contradictions(columns: Columns) -> Iterator[Fault]:
    """Yield every contradiction, by table and row."""
    for row, (ready, deadline) in _rows(columns, "parties", "ready", "deadline"):
        if ready > deadline:
            yield Fault("ready_too_late", numbered("parties.ready", row), ready, deadline)
    yield from _of_ways(columns)
    yield from _of_houses(columns)


def _of_ways(columns: Columns) -> Iterator[Fault]:
    for row, (out, arrive) in _rows(columns, "ways", "out", "arrive"):
        if arrive < out:
            yield Fault("arrives_before_out", numbered("ways.arrive", row), arrive, out)
    for row, (run, departure) in _rows(columns, "ways", "run", "departure"):
        if run is None and departure is None:
            yield Fault("nothing_carries", numbered("ways.run", row))
    for row, (out, run) in _rows(columns, "ways", "out", "run"):
        day, busy = _of(columns, "runs", run, "day"), _of(columns, "runs", run, "busy")
        if BAD not in {day, busy} and not day <= out < day + max(busy, 1):
            yield Fault("out_outside_run", numbered("ways.out", row), out, day)
    yield from _of_departures(columns)


def _of_departures(columns: Columns) -> Iterator[Fault]:
    for row, (town, departure) in _rows(columns, "ways", "town", "departure"):
        goal = _of(columns, "departures", departure, "town")
        if goal is not BAD and goal != town:
            yield Fault("departs_elsewhere", numbered("ways.town", row), town, goal)
    for row, (out, arrive, departure) in _rows(columns, "ways", "out", "arrive", "departure"):
        day = _of(columns, "departures", departure, "day")
        if day is not BAD and out <= arrive and not out <= day <= arrive:
            yield Fault("departs_outside_way", numbered("ways.departure", row), day, out)


def _of_houses(columns: Columns) -> Iterator[Fault]:
    for row, (beds,) in _rows(columns, "houses", "beds"):
        if not any(beds):
            yield Fault("no_bed", numbered("houses.beds", row))
    for row, (largest,) in _rows(columns, "houses", "largest_party"):
        if not largest:
            yield Fault("takes_nobody", numbered("houses.largest_party", row))
    for row, (suits,) in _rows(columns, "houses", "suits"):
        if not any(suits):
            yield Fault("takes_nobody", numbered("houses.suits", row))


def _rows(columns: Columns, table: str, *names: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows of which all these values can be read."""
    read = columns.get(table, {})
    values = zip(*(read.get(name, ()) for name in names), strict=False)
    return ((row, found) for row, found in enumerate(values) if BAD not in found)


def _of(columns: Columns, table: str, row: int | None, name: str) -> Any:  # noqa: ANN401  (a cell)
    """Return a value of the row that another table points to; `BAD` where there is none."""
    values = columns.get(table, {}).get(name, ())
    return values[row] if row is not None and row < len(values) else BAD
