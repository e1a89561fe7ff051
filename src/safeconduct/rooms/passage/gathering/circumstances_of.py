# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a gathered operation cannot say by itself: who was told, who knows whom, what is closed.

The second half of `again`, in numbers of its rows (spec/operation.md 8 and 9).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.rooms.passage.believed import said
from safeconduct.rooms.passage.kinds import HOUSE_LEARNT, ROAD_LEARNT
from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.circumstances import (
    Circumstances,
    CountryClosed,
    EscortKnows,
    Events,
    HouseBurned,
    HouseholdKnows,
    LongPlan,
    Move,
    Promise,
    WayClosed,
)
from safeconduct.rooms.passage.operations.itineraries import long_exposure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from safeconduct.rooms.passage.gathering.befallen import Befallen
    from safeconduct.rooms.passage.gathering.gather_parties import Waiting
    from safeconduct.rooms.passage.gathering.gather_places import Bedded, Exit
    from safeconduct.rooms.passage.gathering.ground import Ground
    from safeconduct.rooms.passage.gathering.legs import Stretch
    from safeconduct.rooms.passage.gathering.promised import Promised
    from safeconduct.rooms.passage.gathering.routes import Knower
    from safeconduct.rooms.passage.gathering.standing import Standing
    from safeconduct.rooms.passage.gathering.ways_again import Made
    from safeconduct.rooms.passage.operations.operation import Operation

Moves = dict[tuple[int, int, int], "Stretch"]
"""By town, town and days, the leg of a move."""


class Rows(NamedTuple):
    """Rows of an operation on their way to it."""

    parties: list[Waiting]
    beds: list[Bedded]
    exits: list[Exit]
    towns: dict[str, int]
    escorts: list[Knower]


class CircumstancesOf:
    """Says it once."""

    def __init__(
        self,
        ground: Ground,
        promised: Promised,
        befallen: Befallen,
        *,
        today: int,
        standing: Mapping[int, Standing],
    ) -> None:
        """Say it of the journeys that stand, by row of the party."""
        self._ground, self._promised, self._befallen = ground, promised, befallen
        self._today: Final = today
        self._standing: Final = standing

    def made(
        self,
        operation: Operation,
        rows: Rows,
        ways: tuple[Made, Moves],
        lost: Collection[bytes],
    ) -> Circumstances:
        """Return it; `ways` are the ways and the moves, `lost` houses that nobody sleeps in."""
        made, moves = ways
        return Circumstances(
            operation,
            moves=tuple(_move(*at, leg) for at, leg in sorted(moves.items(), key=lambda m: m[0])),
            escorts_know=tuple(self._escorts_know(rows)),
            households_know=tuple(self._households_know(rows)),
            promises=tuple(Promise(row, one.level) for row, one in sorted(self._standing.items())),
            events=Events(
                today=self._today,
                houses_burned=tuple(
                    HouseBurned(at, self._today)
                    for at, one in enumerate(rows.beds)
                    if one.sheet.id in lost
                ),
                ways_closed=tuple(self._closed(operation, made)),
                countries_closed=tuple(self._countries_closed(rows.exits)),
            ),
        )

    def _closed(self, operation: Operation, made: Made) -> Iterator[WayClosed]:
        for row, one in sorted(self._standing.items()):
            way = made.way[row]
            coming = any(True for _ in self._befallen.on_the_way(one))
            if coming if one.begun else way >= made.shared:
                yield WayClosed(way, operation.ways.out[way], operation.ways.out[way])

    def _countries_closed(self, exits: Sequence[Exit]) -> Iterator[CountryClosed]:
        for at, one in enumerate(exits):
            for day, is_open in enumerate(self._ground.open_days(one.sheet)):
                if not is_open:
                    yield CountryClosed(at, day, day)

    def _known(self, parties: Sequence[Waiting]) -> Iterable[tuple[str, int]]:
        """Return who, an escort or a host, knows of which row."""
        by_id = {one.sheet.id.hex(): row for row, one in enumerate(parties)}
        by_name = {one.sheet.name.casefold(): row for row, one in enumerate(parties)}
        known = {(who, by_id[party]) for who, party in self._promised.met if party in by_id}
        for sheet in (*self._ground.of_kind(HOUSE_LEARNT), *self._ground.of_kind(ROAD_LEARNT)):
            for of in said(sheet, "of"):
                row = by_name.get(" ".join(of.casefold().split()))
                known |= {(who, row) for who in said(sheet, "who") if row is not None}
        for row in range(len(parties)):
            journey = self._standing.get(row)
            if journey is not None and journey.level > 1:
                known |= {(ride.text("escort"), row) for ride in journey.rides}
                known |= {(house.text("host"), row) for house in journey.houses}
        return known

    def _escorts_know(self, rows: Rows) -> list[EscortKnows]:
        of = {who: at for at, one in enumerate(rows.escorts) for who in one.members}
        known = self._known(rows.parties)
        return sorted({EscortKnows(of[who], row) for who, row in known if who in of})

    def _households_know(self, rows: Rows) -> list[HouseholdKnows]:
        hosts = dict.fromkeys(one.host for one in rows.beds)
        of = {host: at for at, host in enumerate(hosts)}
        known = self._known(rows.parties)
        return sorted({HouseholdKnows(of[who], row) for who, row in known if who in of})


def _move(town: int, to: int, days: int, leg: Stretch) -> Move:
    return Move(town, to, days, leg.exposure, leg.registered, leg.cost)


def with_room(circumstances: Circumstances, plan: LongPlan) -> Circumstances:
    """Return circumstances whose ceiling lets everybody stay on what was approved once."""
    there = after(circumstances, plan)
    most = max((long_exposure(there, one) for one in plan.journeys), default=0)
    ceiling = max(most, circumstances.operation.ceiling)
    return replace(circumstances, operation=replace(circumstances.operation, ceiling=ceiling))


__all__ = ["CircumstancesOf", "Moves", "Rows", "with_room"]
