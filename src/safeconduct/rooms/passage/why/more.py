# SPDX-License-Identifier: AGPL-3.0-or-later
"""One more of something: a bed, a seat, a place, somebody to drive; and the operation that has it.

The closed list of what a coordinator can telephone for (spec/why-not.md 5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final, NamedTuple, TypeVar

from safeconduct.rooms.passage.operations.operation import Ints, Operation, Runs, Ways

T = TypeVar("T")


class Kind(StrEnum):
    """Of what there could be one more."""

    BED = "bed"
    """In a house, on each night."""
    SEAT = "seat"
    """On each run of an escort."""
    PLACE = "place"
    """On a departure."""
    QUOTA = "quota"
    """For one country in one week."""
    KNOWLEDGE = "knowledge"
    """A party of which an escort may be told."""
    ESCORT = "escort"
    """Somebody who drives as an escort does, and has met nobody."""
    COMPANION = "companion"
    """Somebody who goes along once, by a way on which nobody escorts, and has met nobody."""


COMPANY: Final = 4
"""So many people are accompanied at once."""


class More(NamedTuple):
    """One more of a kind, of a row of its table: a house, escort, departure, country or way."""

    kind: Kind
    row: int
    week: int | None = None
    """For places abroad alone."""


def with_more(operation: Operation, more: More) -> Operation:
    """Return the operation as it would be with it; all rows keep their numbers."""
    return _WITH[more.kind](operation, more)


def _with_bed(of: Operation, more: More) -> Operation:
    beds = tuple(one + 1 for one in of.houses.beds[more.row])
    return replace(of, houses=replace(of.houses, beds=_put(of.houses.beds, more.row, beds)))


def _with_seat(of: Operation, more: More) -> Operation:
    return replace(of, escorts=replace(of.escorts, seats=_one_more(of.escorts.seats, more.row)))


def _with_place(of: Operation, more: More) -> Operation:
    return replace(
        of, departures=replace(of.departures, cap=_one_more(of.departures.cap, more.row))
    )


def _with_knowledge(of: Operation, more: More) -> Operation:
    caps = _one_more(of.escorts.knowledge_cap, more.row)
    return replace(of, escorts=replace(of.escorts, knowledge_cap=caps))


def _one_more(values: Ints, row: int) -> Ints:
    return _put(values, row, values[row] + 1)


def _put(values: tuple[T, ...], row: int, value: T) -> tuple[T, ...]:
    return (*values[:row], value, *values[row + 1 :])


def _with_quota(of: Operation, more: More) -> Operation:
    weeks = _one_more(of.countries.quota[more.row], more.week or 0)
    quota = _put(of.countries.quota, more.row, weeks)
    return replace(of, countries=replace(of.countries, quota=quota))


def _with_escort(of: Operation, more: More) -> Operation:
    """Add an escort with the seats, runs and ways of another."""
    escorts, runs, ways, like = of.escorts, of.runs, of.ways, more.row
    new, first = len(escorts.seats), len(runs.day)
    same = [run for run, escort in enumerate(runs.escort) if escort == like]
    number = {run: first + at for at, run in enumerate(same)}
    driven = [way for way, run in enumerate(ways.run) if run in number]
    more_ways = {name: _grown(getattr(ways, name), driven) for name in Ways.__slots__}
    renumbered = tuple(None if (run := ways.run[way]) is None else number[run] for way in driven)
    more_ways["run"] = (*ways.run, *renumbered)
    return replace(
        of,
        escorts=replace(
            escorts,
            seats=(*escorts.seats, escorts.seats[like]),
            knowledge_cap=(*escorts.knowledge_cap, escorts.knowledge_cap[like]),
            met=(*escorts.met, ()),
        ),
        runs=Runs(
            escort=(*runs.escort, *(new,) * len(same)),
            day=_grown(runs.day, same),
            busy=_grown(runs.busy, same),
        ),
        ways=Ways(**more_ways),
    )


def _with_companion(of: Operation, more: More) -> Operation:
    """Add an escort with one run, and the way by it."""
    escorts, runs, ways, way = of.escorts, of.runs, of.ways, more.row
    more_ways = {name: _grown(getattr(ways, name), [way]) for name in Ways.__slots__}
    more_ways["run"] = (*ways.run, len(runs.day))
    return replace(
        of,
        escorts=replace(
            escorts,
            seats=(*escorts.seats, COMPANY),
            knowledge_cap=(*escorts.knowledge_cap, COMPANY),
            met=(*escorts.met, ()),
        ),
        runs=Runs(
            escort=(*runs.escort, len(escorts.seats)),
            day=(*runs.day, ways.out[way]),
            busy=(*runs.busy, 1),
        ),
        ways=Ways(**more_ways),
    )


def _grown(values: tuple[T, ...], rows: list[int]) -> tuple[T, ...]:
    return (*values, *(values[row] for row in rows))


_WITH: Final[Mapping[Kind, Callable[[Operation, More], Operation]]] = {
    Kind.BED: _with_bed,
    Kind.SEAT: _with_seat,
    Kind.PLACE: _with_place,
    Kind.QUOTA: _with_quota,
    Kind.KNOWLEDGE: _with_knowledge,
    Kind.ESCORT: _with_escort,
    Kind.COMPANION: _with_companion,
}
