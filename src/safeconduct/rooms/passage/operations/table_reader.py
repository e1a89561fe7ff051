# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables of numbers out of JSON: every fault found, with its place (spec/operation.md 3).

What may stand where is a `Shape`; what it means is for who asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safeconduct.rooms.passage.operations.contradictions import BAD, Columns
from safeconduct.rooms.passage.operations.faults import (
    Fault,
    FaultyFile,
    named,
    numbered,
    wrong_fields,
)
from safeconduct.rooms.passage.operations.fields import (
    MOST_ROWS,
    WEEK,
    Flag,
    Kind,
    Maybe,
    Row,
    Several,
    Whole,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """Numbers, objects of numbers and tables that stand in one object.

    What is `optional` may be left out, tables and objects alone; they are empty then.
    """

    version: int
    numbers: Mapping[str, Whole]
    objects: Mapping[str, Mapping[str, Whole]]
    tables: Mapping[str, Mapping[str, Kind]]
    optional: frozenset[str] = frozenset()


class TableReader:
    """One file on its way from JSON; what is wrong is gathered in `faults`."""

    def __init__(
        self,
        told: object,
        faults: list[Fault],
        shape: Shape,
        known: Mapping[str, int] | None = None,
    ) -> None:
        """Read everything; `known` says how many rows there are of what stands elsewhere."""
        if not isinstance(told, dict):
            raise FaultyFile((*faults, Fault("no_object", "")))
        check_version(told, shape.version)
        self._shape = shape
        wanted = [*shape.numbers, *shape.objects, *shape.tables]
        needed = [name for name in wanted if name in told or name not in shape.optional]
        self.faults = faults + wrong_fields(told, ("version", *needed), "")
        self._limits: dict[str, int] = dict(known or {})
        objects = {name: self._object(told, name) for name in (*shape.objects, *shape.tables)}
        self.numbers = self._numbers(told, shape.numbers, "")
        self._limits |= {name: n for name, n in self.numbers.items() if n is not BAD}
        if "days" in self._limits:
            self._limits["weeks"] = -(-self._limits["days"] // WEEK)
        self.objects = {
            name: self._numbers(objects.pop(name), fields, name)
            for name, fields in shape.objects.items()
        }
        lists = {name: self._lists(name, columns) for name, columns in objects.items()}
        self.columns: Columns = {
            table: {
                name: self._column(shape.tables[table][name], values, f"{table}.{name}")
                for name, values in columns.items()
            }
            for table, columns in lists.items()
        }

    def table(self, name: str) -> dict[str, tuple[Any, ...]]:
        """Return the columns of a table in which nothing is wrong."""
        read = self.columns[name]
        return {key: _frozen(read.get(key, ())) for key in self._shape.tables[name]}

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """Return the rows of a table, with `BAD` for each value that cannot be read."""
        read = self.columns[name]
        columns = [read.get(key, ()) for key in self._shape.tables[name]]
        return list(zip(*columns, strict=False))

    def _object(self, told: Mapping[str, object], name: str) -> dict[str, Any]:
        """Return one of the objects of the file; empty if there is none, which is said."""
        value = told.get(name, {})
        if not isinstance(value, dict):
            self.faults.append(Fault("no_object", name))
            return {}
        if name in told:
            wanted = {**self._shape.objects, **self._shape.tables}[name]
            self.faults += wrong_fields(value, wanted, name)
        return value

    def _numbers(
        self, told: Mapping[str, object], wanted: Mapping[str, Whole], place: str
    ) -> dict[str, Any]:
        return {
            name: self._value(kind, told[name], named(place, name))
            for name, kind in wanted.items()
            if name in told
        }

    def _lists(self, table: str, columns: Mapping[str, Any]) -> dict[str, list[Any]]:
        """Return the columns of a table that are lists, and note how many rows it has."""
        found: dict[str, list[Any]] = {}
        for name in (name for name in self._shape.tables[table] if name in columns):
            if isinstance(columns[name], list):
                found[name] = columns[name]
            else:
                self.faults.append(Fault("no_list", named(table, name)))
        lengths = {name: len(values) for name, values in found.items()}
        usual = max(lengths.values(), key=list(lengths.values()).count, default=0)
        for name, length in lengths.items():
            if length != usual:
                self.faults.append(Fault("other_length", named(table, name), length, usual))
        if usual > MOST_ROWS:
            self.faults.append(Fault("too_long", table, usual, MOST_ROWS))
        self._limits[table] = max(lengths.values(), default=0)
        return found

    def _column(self, kind: Kind, values: list[Any], place: str) -> list[Any]:
        """Return the values of one column, with `BAD` for each that cannot be."""
        if self._plainly_good(kind, values):
            return values
        return [self._value(kind, one, numbered(place, row)) for row, one in enumerate(values)]

    def _plainly_good(self, kind: Kind, values: Sequence[Any]) -> bool:
        """Tell by looks at the whole column that nothing is wrong with it; most columns are so."""
        if isinstance(kind, Maybe):
            return self._plainly_good(kind.kind, [one for one in values if one is not None])
        kinds = set(map(type, values))
        if isinstance(kind, Flag):
            return kinds <= {bool}
        if not values or kinds != {int} or isinstance(kind, Several):
            return False
        least, most = self._bounds(kind)
        return least <= min(values) and (most is None or max(values) <= most)

    def _bounds(self, kind: Whole | Row) -> tuple[int, int | None]:
        """Return least and most; most is None where the count itself cannot be read."""
        if isinstance(kind, Whole):
            return kind.least, kind.most
        limit = self._limits.get(kind.of)
        return 0, None if limit is None else limit - 1

    def _value(self, kind: Kind, value: object, place: str) -> object:
        if isinstance(kind, Maybe):
            return None if value is None else self._value(kind.kind, value, place)
        if isinstance(kind, Several):
            return self._several(kind, value, place)
        if isinstance(kind, Flag):
            return value if isinstance(value, bool) else self._bad(Fault("no_flag", place))
        return self._number(kind, value, place)

    def _number(self, kind: Whole | Row, value: object, place: str) -> object:
        if type(value) is not int:
            return self._bad(Fault("no_number", place))
        least, most = self._bounds(kind)
        if value < least:
            below = kind.below if isinstance(kind, Whole) else "too_small"
            return self._bad(Fault(below, place, value, least))
        if most is not None and value > most:
            code, limit = ("no_row", most + 1) if isinstance(kind, Row) else ("too_large", most)
            return self._bad(Fault(code, place, value, limit))
        return value

    def _several(self, kind: Several, value: object, place: str) -> object:
        if not isinstance(value, list):
            return self._bad(Fault("no_list", place))
        wanted = self._limits.get(kind.length) if isinstance(kind.length, str) else kind.length
        if wanted is not None and len(value) != wanted:
            return self._bad(Fault("other_length", place, len(value), wanted))
        if self._plainly_good(kind.each, value):
            return value
        read = [self._value(kind.each, one, numbered(place, at)) for at, one in enumerate(value)]
        return BAD if BAD in read else read

    def _bad(self, fault: Fault) -> object:
        self.faults.append(fault)
        return BAD


def check_version(told: Mapping[str, object], version: int) -> None:
    """Stop at a file of another version: its fields mean something else.

    Raises:
        FaultyFile: it says no version, or another.
    """
    found = told.get("version")
    if "version" not in told:
        raise FaultyFile((Fault("no_field", "version"),))
    if type(found) is not int:
        raise FaultyFile((Fault("no_number", "version"),))
    if found != version:
        raise FaultyFile((Fault("other_version", "version", found, version),))


def _frozen(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(tuple(one) if isinstance(one, list) else one for one in values)
