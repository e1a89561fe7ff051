# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operation laid out for fast counting: NumPy columns, ways by zone and day, houses by town.

Row numbers here are those of the operation, except of ways and houses: these are ordered, and
`way_id` and `house_id` say which row of the operation each is.  `None` is -1, and the tables that
such an index points into have one row more at the end.  Nothing here changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from safeconduct.rooms.passage.operations.operation import Operation

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Reals = NDArray[np.float64]

PLENTY = 1 << 40
"""More than any count of people, days or exposure in an operation."""


@dataclass(frozen=True, slots=True)
class PartyTable:
    """One row a party; `kind` is its row in `KindTable`, `reach` holds parties by towns."""

    size: Counts
    weight: Counts
    zone: Counts
    ready: Counts
    deadline: Counts
    alone: Flags
    network: Counts
    reach: Flags
    kind: Counts


@dataclass(frozen=True, slots=True)
class KindTable:
    """Parties with equal rows here can use the same houses, papers and seats."""

    size: Counts
    documents: Counts
    need: Counts
    factor: Counts


@dataclass(frozen=True, slots=True)
class WayTable:
    """Ways that arrive before the horizon, by zone, day of leaving, town, and escort or none."""

    way_id: Counts
    zone: Counts
    town: Counts
    run: Counts
    departure: Counts
    escort: Counts
    out: Counts
    arrive: Counts
    exposure: Counts
    registered: Counts
    cost: Counts
    start: Counts
    """By zone, where its ways begin; one more for the end."""


@dataclass(frozen=True, slots=True)
class HouseTable:
    """Safe houses by town; `beds` holds houses by nights."""

    house_id: Counts
    town: Counts
    household: Counts
    largest: Counts
    suits: Flags
    exposure: Counts
    beds: Counts
    start: Counts
    """By town, where its houses begin; one more for the end."""


@dataclass(frozen=True, slots=True)
class RunTable:
    """Errands; `end` is the first day on which the escort is free again."""

    escort: Counts
    day: Counts
    end: Counts
    seats: Counts


@dataclass(frozen=True, slots=True)
class Tables:
    """A whole operation; `exit_money` is what leaving for a country costs one person."""

    days: int
    ceiling: int
    parties: PartyTable
    kinds: KindTable
    ways: WayTable
    houses: HouseTable
    runs: RunTable
    cap: Counts
    knowledge: Counts
    escort_met: Flags
    host_met: Flags
    processing: Counts
    quota: Counts
    exit_exposure: Counts
    exit_money: Counts
    exit_open: Flags
    """Countries by days."""
    known_escorts: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """By party, who has learnt of it already."""
    known_hosts: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """By party, the households that have learnt of it already."""


def lay_out(operation: Operation) -> Tables:
    """Return an operation's tables."""
    escorts, countries, households = operation.escorts, operation.countries, operation.households
    parties, kinds = _parties(operation)
    return Tables(
        days=operation.days,
        ceiling=operation.ceiling,
        parties=parties,
        kinds=kinds,
        ways=_ways(operation),
        houses=_houses(operation),
        runs=_runs(operation),
        cap=_ints((*operation.departures.cap, PLENTY)),
        knowledge=_ints((*escorts.knowledge_cap, PLENTY)),
        escort_met=_marks(escorts.met, operation.networks),
        host_met=_marks(households.met, operation.networks),
        processing=np.array(
            [[PLENTY if day is None else day for day in row] for row in countries.processing],
            np.int64,
        ).reshape(len(countries.cost), max((3, *map(len, countries.processing)))),
        quota=np.array(countries.quota, np.int64).reshape(-1, (operation.days + 6) // 7),
        exit_exposure=_ints(countries.exposure),
        exit_money=_ints(countries.cost),
        exit_open=np.ones((len(countries.cost), operation.days), np.bool_),
    )


def _ints(values: Iterable[int | None]) -> Counts:
    return np.array([-1 if value is None else value for value in values], np.int64)


def _marks(lists: Iterable[Iterable[int]], width: int) -> Flags:
    """Return a table of rows by `width` with the listed places marked, and one empty column."""
    rows = [list(row) for row in lists]
    table = np.zeros((len(rows), width + 1), np.bool_)
    for number, row in enumerate(rows):
        table[number, row] = True
    return table


def _parties(operation: Operation) -> tuple[PartyTable, KindTable]:
    """Return the parties, and the different kinds among them."""
    rows = operation.parties
    factor = [operation.search_list_factor if wanted else 1 for wanted in rows.wanted]
    keys = np.array([rows.size, rows.documents, rows.need, factor], np.int64).reshape(4, -1)
    kinds, kind = np.unique(keys, axis=1, return_inverse=True)
    parties = PartyTable(
        size=_ints(rows.size),
        weight=_ints(rows.weight),
        zone=_ints(rows.zone),
        ready=_ints(rows.ready),
        deadline=_ints(rows.deadline),
        alone=np.array(rows.alone, np.bool_),
        network=_ints(rows.network),
        reach=_marks(rows.reach, operation.towns)[:, :-1],
        kind=kind.reshape(-1).astype(np.int64),
    )
    return parties, KindTable(*kinds)


def _runs(operation: Operation) -> RunTable:
    """Return the runs; without one (row -1) there is always a seat."""
    runs = operation.runs
    escort, day = _ints(runs.escort), _ints(runs.day)
    seats = _ints(operation.escorts.seats)[escort] if len(escort) else escort
    return RunTable(escort, day, day + _ints(runs.busy), np.append(seats, PLENTY))


def _ways(operation: Operation) -> WayTable:
    """Return the ways in their order; those that arrive too late are left out."""
    ways = operation.ways
    run, out, town, zone = _ints(ways.run), _ints(ways.out), _ints(ways.town), _ints(ways.zone)
    arrive = _ints(ways.arrive)
    order = np.lexsort((run < 0, town, out, zone))
    order = order[arrive[order] < operation.days]
    escorts = np.append(_ints(operation.runs.escort), -1)
    return WayTable(
        way_id=order,
        zone=zone[order],
        town=town[order],
        run=run[order],
        departure=_ints(ways.departure)[order],
        escort=escorts[run[order]],
        out=out[order],
        arrive=arrive[order],
        exposure=_ints(ways.exposure)[order],
        registered=_ints(ways.registered)[order],
        cost=_ints(ways.cost)[order],
        start=np.searchsorted(zone[order], np.arange(operation.zones + 1)),
    )


def _houses(operation: Operation) -> HouseTable:
    """Return the houses in their order."""
    houses = operation.houses
    town = _ints(houses.town)
    order = np.argsort(town, kind="stable")
    return HouseTable(
        house_id=order,
        town=town[order],
        household=_ints(houses.household)[order],
        largest=_ints(houses.largest_party)[order],
        suits=np.array(houses.suits, np.bool_).reshape(-1, 3)[order],
        exposure=_ints(houses.exposure)[order],
        beds=np.array(houses.beds, np.int64).reshape(-1, operation.days)[order],
        start=np.searchsorted(town[order], np.arange(operation.towns + 1)),
    )
