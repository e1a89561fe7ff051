# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operation as bytes, and back (spec/operation.md 2 and 3).

Every fault is found, not the first: whoever mends a file at night mends it once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final

from safeconduct.rooms.passage.contradictions import BAD, Columns, contradictions
from safeconduct.rooms.passage.faults import Fault, FaultyFile, named, numbered, wrong_fields
from safeconduct.rooms.passage.fields import (
    COUNTS,
    MOST_ROWS,
    RATES,
    TABLES,
    WEEK,
    Flag,
    Kind,
    Maybe,
    Row,
    Several,
    Whole,
)
from safeconduct.rooms.passage.json_text import compact, read_json
from safeconduct.rooms.passage.operation import (
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

VERSION: Final = 1
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
    return _Reading(*read_json(data)).operation()


def write_operation(operation: Operation) -> bytes:
    """Return the bytes of an operation, a column on each line."""
    lines = [f'"version":{VERSION}']
    for field in fields(operation):
        value = getattr(operation, field.name)
        if is_dataclass(value):
            columns = (
                f'"{column.name}":{compact(getattr(value, column.name))}'
                for column in fields(value)
            )
            lines.append(f'"{field.name}":{{\n' + ",\n".join(columns) + "\n}")
        else:
            lines.append(f'"{field.name}":{compact(value)}')
    return ("{" + ",\n".join(lines) + "}\n").encode("ascii")


def check_version(told: Mapping[str, object]) -> None:
    """Stop at a file of another version: its fields mean something else.

    Raises:
        FaultyFile: it says no version, or another.
    """
    version = told.get("version")
    if "version" not in told:
        raise FaultyFile((Fault("no_field", "version"),))
    if type(version) is not int:
        raise FaultyFile((Fault("no_number", "version"),))
    if version != VERSION:
        raise FaultyFile((Fault("other_version", "version", version, VERSION),))


class _Reading:
    """One file on its way from JSON to an operation; what is wrong is gathered."""

    def __init__(self, told: object, faults: list[Fault]) -> None:
        if not isinstance(told, dict):
            raise FaultyFile((*faults, Fault("no_object", "")))
        check_version(told)
        tables = (*COUNTS, "rates", *TABLES)
        self._faults = faults + wrong_fields(told, ("version", *tables), "")
        self._limits: dict[str, int] = {}
        objects = {name: self._object(told, name) for name in ("rates", *TABLES)}
        self._counts = self._numbers(told, COUNTS, "")
        self._limits |= {name: n for name, n in self._counts.items() if n is not BAD}
        if "days" in self._limits:
            self._limits["weeks"] = -(-self._limits["days"] // WEEK)
        self._rates = self._numbers(objects.pop("rates"), RATES, "rates")
        lists = {name: self._lists(name, columns) for name, columns in objects.items()}
        self._columns: Columns = {
            table: {
                name: self._column(TABLES[table][name], values, f"{table}.{name}")
                for name, values in columns.items()
            }
            for table, columns in lists.items()
        }

    def operation(self) -> Operation:
        """Return what was read, unless something is wrong with it."""
        doubts = tuple(contradictions(self._columns))
        if self._faults:
            raise FaultyFile((*self._faults, *doubts))
        tables: dict[str, Any] = {
            name: make(**{key: _frozen(self._columns[name][key]) for key in TABLES[name]})
            for name, make in _MADE_OF.items()
        }
        operation = Operation(**self._counts, rates=Rates(**self._rates), **tables)
        if doubts:
            raise FaultyFile(doubts, operation)
        return operation

    def _object(self, told: Mapping[str, object], name: str) -> dict[str, Any]:
        """Return one of the objects of the file; empty if there is none, which is said."""
        value = told.get(name, {})
        if not isinstance(value, dict):
            self._faults.append(Fault("no_object", name))
            return {}
        if name in told:
            wanted = RATES if name == "rates" else TABLES[name]
            self._faults += wrong_fields(value, wanted, name)
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
        for name in (name for name in TABLES[table] if name in columns):
            if isinstance(columns[name], list):
                found[name] = columns[name]
            else:
                self._faults.append(Fault("no_list", named(table, name)))
        lengths = {name: len(values) for name, values in found.items()}
        usual = max(lengths.values(), key=list(lengths.values()).count, default=0)
        for name, length in lengths.items():
            if length != usual:
                self._faults.append(Fault("other_length", named(table, name), length, usual))
        if usual > MOST_ROWS:
            self._faults.append(Fault("too_long", table, usual, MOST_ROWS))
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
        self._faults.append(fault)
        return BAD


def _frozen(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(tuple(one) if isinstance(one, list) else one for one in values)
