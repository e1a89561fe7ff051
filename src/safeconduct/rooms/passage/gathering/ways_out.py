# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways, runs and departures of an operation, with what each way is in sheets.

A zone is a town in which somebody waits together with the towns that their pursuers reach: no way
leads through one of these, and none changes there.  Where several whole ways take one departure its
places are shared out between them, so that together they never exceed what may go on it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from safeconduct.rooms.passage.gathering.gather_places import COST_MOST
from safeconduct.rooms.passage.gathering.legs import chains, stretches
from safeconduct.rooms.passage.gathering.measures import ESCORTS_MOST, WAYS_MOST
from safeconduct.rooms.passage.gathering.routes import timings
from safeconduct.rooms.passage.operations.operation import Departures, Escorts, Runs, Ways

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from safeconduct.rooms.passage.gathering.gather_parties import Waiting
    from safeconduct.rooms.passage.gathering.ground import Ground
    from safeconduct.rooms.passage.gathering.knowers import Met
    from safeconduct.rooms.passage.gathering.legs import Chain
    from safeconduct.rooms.passage.gathering.promised import Promised
    from safeconduct.rooms.passage.gathering.routes import Knower, Timing

Zone = tuple[str, frozenset[str]]
_EXPOSURE_MOST: Final = 1_000_000


class Way(NamedTuple):
    """A way in sheets: how its legs run, and who goes along."""

    timing: Timing
    knower: Knower | None


class Row(NamedTuple):
    """A way before its departure is known by number."""

    zone: int
    chain: Chain
    timing: Timing
    knower: int | None


@dataclass(frozen=True, slots=True)
class WaysOut:
    """Tables of an operation, and by row what each way is."""

    escorts: Escorts
    runs: Runs
    departures: Departures
    ways: Ways
    of_way: tuple[Way, ...]
    hubs: int


def zones_of(parties: Sequence[Waiting]) -> list[Zone]:
    """Return the zones in which somebody waits, in the order of the parties."""
    return list(dict.fromkeys((one.town, one.reach) for one in parties))


def ways_out(
    ground: Ground,
    promised: Promised,
    parties: Sequence[Waiting],
    towns: dict[str, int],
    who: tuple[Sequence[Knower], Met],
) -> WaysOut:
    """Return all whole ways from the zones of the parties to towns, as far as they are planned on.

    `towns` are those in which a house has beds, with their numbers.
    """
    rows = rows_out(ground, parties, towns, who[0])
    largest = max((one.size for one in parties), default=1)
    return tabled(ground, rows, shared(rows, promised, largest), towns, who)


def rows_out(
    ground: Ground, parties: Sequence[Waiting], towns: Collection[str], escorts: Sequence[Knower]
) -> list[Row]:
    """Return all whole ways to towns, as far as they are planned on."""
    rows = list(_rows(ground, zones_of(parties), set(towns), escorts))
    if len(rows) > WAYS_MOST:
        # Every part of the list loses alike: it is in the order of zones and days.
        ground.left_out += len(rows) - WAYS_MOST
        rows = [rows[len(rows) * at // WAYS_MOST] for at in range(WAYS_MOST)]
    return rows


def tabled(
    ground: Ground,
    rows: Sequence[Row],
    caps: dict[Taken, int],
    towns: dict[str, int],
    who: tuple[Sequence[Knower], Met],
) -> WaysOut:
    """Return rows as tables, but for those for whose departures there is no place."""
    escorts, met = who
    fits = [row for row in rows if not row.timing.boards or caps[boards_of(row)] > 0]
    ground.left_out += len(rows) - len(fits)
    return _Tables(fits, caps, towns).made(escorts, met)


def _rows(
    ground: Ground, zones: list[Zone], goals: Collection[str], escorts: Sequence[Knower]
) -> Iterator[Row]:
    legs = stretches(ground)
    for number, (town, reach) in enumerate(zones):
        wanted = set(goals) - reach - {town}
        for at, chain in enumerate(chains(ground, legs, town, wanted, reach)):
            for timing in timings(ground, chain):
                if chain.public and not chain.car:
                    yield Row(number, chain, timing, None)
                for knower in _who_could(ground, chain, timing, escorts, at + timing.out):
                    yield Row(number, chain, timing, knower)


def _who_could(
    ground: Ground, chain: Chain, timing: Timing, escorts: Sequence[Knower], turn: int
) -> list[int]:
    """Return who could go along: free on all days until home again; not too many, by turns."""
    days = range(timing.out, timing.out + timing.busy)
    could = [
        at
        for at, one in enumerate(escorts)
        if one.cap and (one.car or not chain.car) and one.busy.isdisjoint(days)
    ]
    ground.left_out += max(0, len(could) - ESCORTS_MOST)
    start = turn % len(could) if could else 0
    return (could[start:] + could[:start])[:ESCORTS_MOST]


Taken = tuple[tuple[tuple[str, int], ...], str]
"""Departures with their days, and the town where the whole way ends."""


def boards_of(row: Row) -> Taken:
    """Return what a row takes of departures, and where it ends."""
    return row.timing.boards, row.chain.end


def shared(rows: Sequence[Row], promised: Promised, largest: int) -> dict[Taken, int]:
    """Return how many people may go by each whole row of departures.

    A departure's places are divided between the whole ways that take it if each part is enough for
    the largest party; else one way has all of them, another on the next day.
    """
    most: dict[tuple[str, int], int] = {}
    users: defaultdict[tuple[str, int], dict[Taken, None]] = defaultdict(dict)
    for row in rows:
        for hop in row.timing.hops:
            if hop.board is not None:
                at = hop.board.sheet.id.hex(), hop.day
                most[at] = max(0, hop.board.most - promised.places[at])
                users[at][boards_of(row)] = None
    caps: dict[Taken, int] = {}
    for at, some in users.items():
        shared = most[at] // len(some)
        turn = at[1] % len(some)
        for number, taken in enumerate(sorted(some)):
            mine = shared if shared >= largest else most[at] * (number == turn)
            caps[taken] = min(caps.get(taken, mine), mine)
    return caps


class _Tables:
    """Numbers rows of runs and departures as ways ask for them."""

    def __init__(self, rows: list[Row], caps: dict[Taken, int], towns: dict[str, int]) -> None:
        self._rows, self._caps, self._towns = rows, caps, towns
        self._runs: dict[tuple[object, ...], int] = {}
        self._departures: dict[Taken, int] = {}
        self._hubs: dict[str, int] = {}
        self._run_rows: list[tuple[int, int, int]] = []
        self._departure_rows: list[tuple[int, int, int, int]] = []

    def made(self, escorts: Sequence[Knower], met: Met) -> WaysOut:
        """Return the tables."""
        ways = [self._way(row, escorts) for row in self._rows]
        people = Escorts(
            seats=tuple(one.seats for one in escorts),
            knowledge_cap=tuple(one.cap for one in escorts),
            met=tuple(met.of(one.members) for one in escorts),
        )
        return WaysOut(
            escorts=people,
            runs=Runs(*columns(self._run_rows, 3)),
            departures=Departures(*columns(self._departure_rows, 4)),
            ways=Ways(*columns(ways, 9)),
            of_way=tuple(
                Way(row.timing, None if row.knower is None else escorts[row.knower])
                for row in self._rows
            ),
            hubs=len(self._hubs),
        )

    def _way(self, row: Row, escorts: Sequence[Knower]) -> tuple[int | None, ...]:
        exposure, registered, _, cost = row.chain.worth
        if row.knower is not None:
            exposure += escorts[row.knower].exposure
        return (
            row.zone,
            self._towns[row.chain.end],
            self._run(row),
            self._departure(row),
            row.timing.out,
            row.timing.arrive,
            min(exposure, _EXPOSURE_MOST),
            min(registered, _EXPOSURE_MOST),
            min(cost, COST_MOST),
        )

    def _run(self, row: Row) -> int | None:
        """Return the run: one escort on one chain from one day on, for whoever goes along."""
        if row.knower is None:
            return None
        timing = row.timing
        legs = tuple(leg.sheet.id for leg in row.chain.legs)
        key = (row.knower, timing.out, legs, timing.boards)
        if key not in self._runs:
            self._runs[key] = len(self._runs)
            self._run_rows.append((row.knower, timing.out, timing.busy))
        return self._runs[key]

    def _departure(self, row: Row) -> int | None:
        if not row.timing.boards:
            return None
        key = boards_of(row)
        if key not in self._departures:
            first = next(hop for hop in row.timing.hops if hop.board is not None)
            hub = self._hubs.setdefault(first.leg.start, len(self._hubs))
            cap = self._caps[key]
            self._departures[key] = len(self._departures)
            self._departure_rows.append((hub, self._towns[row.chain.end], first.day, cap))
        return self._departures[key]


def columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[tuple[Any, ...]]:
    """Return rows as so many columns."""
    return [tuple(column) for column in zip(*rows, strict=True)] or [()] * width


__all__ = [
    "Row",
    "Taken",
    "Way",
    "WaysOut",
    "Zone",
    "boards_of",
    "columns",
    "rows_out",
    "shared",
    "tabled",
    "ways_out",
    "zones_of",
]
