# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the network's sheets to an operation: everything that is planned on, in numbers alone.

The safer that stands is believed, bands become numbers by one table (`measures`), and what is
promised is taken already.  Which row is which sheet is kept beside the operation and never in it:
a planner needs whole numbers only (spec/planning.md 1).  Pure; the same sheets, day and settings
give the same operation.

    gathered = gather(network, settings)
    plan(gathered.operation, ...)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, ClassVar

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.passage.gathering.gather_parties import NEED, waiting
from safeconduct.rooms.passage.gathering.gather_places import countries, houses
from safeconduct.rooms.passage.gathering.ground import Ground, Remark, Settings, Weighs
from safeconduct.rooms.passage.gathering.knowers import Met, circles
from safeconduct.rooms.passage.gathering.measures import SEARCH_LIST_FACTOR
from safeconduct.rooms.passage.gathering.promised import Promised
from safeconduct.rooms.passage.gathering.routes import knowers
from safeconduct.rooms.passage.gathering.ways_out import Way, columns, ways_out, zones_of
from safeconduct.rooms.passage.operations.contradictions import contradictions
from safeconduct.rooms.passage.operations.operation import (
    Countries,
    Households,
    Houses,
    Operation,
    Parties,
)
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.gathering.gather_parties import Waiting
    from safeconduct.rooms.passage.gathering.gather_places import Bedded, Exit
    from safeconduct.rooms.passage.gathering.ways_out import WaysOut, Zone


@dataclass(eq=False)
class BooksLacking(Refused):
    """Who plans journeys reads all four books; these are not held here."""

    code: ClassVar[str] = "books_lacking"
    books: tuple[Book, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """An operation, what each of its rows is, and what has to be said of the sheets."""

    network: Network
    settings: Settings
    operation: Operation
    parties: tuple[Sheet, ...]
    houses: tuple[Sheet, ...]
    countries: tuple[Sheet, ...]
    ways: tuple[Way, ...]
    replaces: Mapping[bytes, tuple[Sheet, ...]]
    """By party, the journeys that an approved one takes the place of."""
    kept: tuple[Sheet, ...]
    """Journeys that were promised, and are not planned anew."""
    remarks: tuple[Remark, ...]
    left_out: int
    """Ways that were found and are not among those planned on."""

    @property
    def contradicts(self) -> bool:
        """Whether something cannot be meant as it stands."""
        return any(one.weighs is Weighs.CONTRADICTS for one in self.remarks)


def gather(network: Network, settings: Settings) -> Gathered:
    """Return the operation that a network's sheets give.

    Raises:
        BooksLacking: the network holds not all four books.
    """
    lacking = tuple(one for one in Book if one not in network.books)
    if lacking:
        raise BooksLacking(lacking)
    ground = Ground(network, settings)
    promised = Promised(ground)
    parties = waiting(ground, promised.kept)
    circle = circles(ground)
    met = Met(ground, promised, circle)
    beds = houses(ground, promised, parties)
    towns = {town: at for at, town in enumerate(dict.fromkeys(one.town for one in beds))}
    escorts = knowers(ground, promised, parties)
    out = ways_out(ground, promised, parties, towns, (escorts, met))
    exits = countries(ground, promised, parties)
    operation = put_together(settings, (parties, beds, exits), (circle, met, towns), out)
    _hold_together(ground, operation, parties)
    return Gathered(
        network=network,
        settings=settings,
        operation=operation,
        parties=tuple(one.sheet for one in parties),
        houses=tuple(one.sheet for one in beds),
        countries=tuple(one.sheet for one in exits),
        ways=out.of_way,
        replaces={bytes.fromhex(party): tuple(some) for party, some in promised.open.items()},
        kept=tuple(promised.kept.values()),
        remarks=tuple(dict.fromkeys(ground.remarks)),
        left_out=ground.left_out,
    )


def put_together(
    settings: Settings,
    rows: tuple[Sequence[Waiting], Sequence[Bedded], Sequence[Exit]],
    known: tuple[Mapping[str, int], Met, Mapping[str, int]],
    out: WaysOut,
) -> Operation:
    """Put the tables together; `known` are circles of parties, who met them, and towns."""
    (parties, beds, exits), (circle, met, towns) = rows, known
    hosts = {host: at for at, host in enumerate(dict.fromkeys(one.host for one in beds))}
    zones = zones_of(parties)
    return Operation(
        days=settings.days,
        ceiling=settings.ceiling,
        search_list_factor=SEARCH_LIST_FACTOR,
        zones=len(zones),
        towns=len(towns),
        hubs=out.hubs,
        networks=len(set(circle.values())),
        rates=settings.rates,
        parties=_parties(parties, zones, towns, circle),
        escorts=out.escorts,
        runs=out.runs,
        departures=out.departures,
        ways=out.ways,
        houses=_houses(beds, towns, hosts),
        households=Households(tuple(met.of([host]) for host in hosts)),
        countries=_countries(exits),
    )


def _parties(
    parties: Sequence[Waiting],
    zones: list[Zone],
    towns: Mapping[str, int],
    circle: Mapping[str, int],
) -> Parties:
    number = {zone: at for at, zone in enumerate(zones)}
    rows = [
        (
            *(one.size, one.weight, number[one.town, one.reach], one.ready, one.deadline),
            *(one.alone, one.wanted, one.documents, NEED[one.need]),
            circle.get(one.sheet.id.hex()),
            tuple(sorted(towns[town] for town in one.reach if town in towns)),
        )
        for one in parties
    ]
    return Parties(*columns(rows, 11))


def _houses(beds: Sequence[Bedded], towns: Mapping[str, int], hosts: Mapping[str, int]) -> Houses:
    rows = [
        (
            towns[one.town],
            hosts[one.host],
            max(one.beds),
            one.suits,
            one.exposure,
            one.beds,
        )
        for one in beds
    ]
    return Houses(*columns(rows, 6))


def _countries(exits: Sequence[Exit]) -> Countries:
    rows = [(one.exposure, one.cost, one.processing, one.quota) for one in exits]
    return Countries(*columns(rows, 4))


def _hold_together(ground: Ground, operation: Operation, parties: Sequence[Waiting]) -> None:
    """Remark on parties of which facts contradict each other in the operation itself."""
    tables = {
        table.name: {one.name: getattr(rows, one.name) for one in fields(rows)}
        for table in fields(operation)
        if is_dataclass(rows := getattr(operation, table.name)) and table.name != "rates"
    }
    for fault in contradictions(tables):
        table, _, row = fault.place.rstrip("]").partition("[")
        if table.startswith("parties."):
            ground.contradict(fault.code, parties[int(row)].sheet, table.partition(".")[2])


__all__ = ["BooksLacking", "Gathered", "gather", "put_together"]
