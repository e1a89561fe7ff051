# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways of an operation together with those of journeys that stand.

A journey that can still go as planned has its way among all others, with its run and its places; of
one that has left or cannot go any more the way is a row that nobody else can take.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from safeconduct.rooms.passage.gathering.routes import Timing
from safeconduct.rooms.passage.gathering.ways_out import (
    Row,
    Taken,
    Way,
    WaysOut,
    boards_of,
    rows_out,
    shared,
    tabled,
)
from safeconduct.rooms.passage.operations.operation import Departures, Ways

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.rooms.passage.gathering.gather_parties import Waiting
    from safeconduct.rooms.passage.gathering.ground import Ground
    from safeconduct.rooms.passage.gathering.knowers import Met
    from safeconduct.rooms.passage.gathering.promised import Promised
    from safeconduct.rooms.passage.gathering.routes import Knower
    from safeconduct.rooms.passage.gathering.standing import Standing


class Old(NamedTuple):
    """How a journey that stands goes out; `row` where it has yet to go and can."""

    zone: int
    town: int
    journey: Standing
    size: int
    row: Row | None
    lost: bool


class Made(NamedTuple):
    """All ways, and by party the row of the one that it was to take."""

    out: WaysOut
    way: Mapping[int, int]
    shared: int
    """So many ways come before those that nobody else can take."""


class WaysAgain:
    """Lays ways out once."""

    def __init__(self, ground: Ground, promised: Promised, olds: Mapping[int, Old]) -> None:
        """Lay out for these journeys, by party."""
        self._ground: Final = ground
        self._promised: Final = promised
        self._olds: Final = olds
        self._going: Final = {party: one.row for party, one in olds.items() if one.row is not None}

    def made(
        self,
        parties: Sequence[Waiting],
        towns: dict[str, int],
        who: tuple[list[Knower], Met],
    ) -> Made:
        """Return the tables; an escort who may meet no more than those planned meets only them."""
        escorts, met = self._capped(who[0]), who[1]
        full = {at for at, one in enumerate(escorts) if one.cap > who[0][at].cap}
        found = rows_out(self._ground, parties, towns, escorts)
        rows = [*self._going.values(), *(row for row in found if row.knower not in full)]
        for board, people in self._boarding().items():
            self._promised.places[board] += people
        largest = max((one.size for one in parties), default=1)
        caps = shared(rows, self._promised, largest)
        for at, people in self._places().items():
            caps[at] += people
        out = tabled(self._ground, rows, caps, towns, (escorts, met))
        return self._with_others(out)

    def _capped(self, escorts: list[Knower]) -> list[Knower]:
        """Let each escort meet at least those whom they are to meet."""
        told = Counter(row.knower for row in self._going.values())
        return [replace(one, cap=max(one.cap, told[at])) for at, one in enumerate(escorts)]

    def _boarding(self) -> Counter[tuple[str, int]]:
        found: Counter[tuple[str, int]] = Counter()
        for party, row in self._going.items():
            for board in row.timing.boards:
                found[board] += self._olds[party].size
        return found

    def _places(self) -> Counter[Taken]:
        """Return how many are to go by each row of departures, as far as so many may."""
        found: Counter[Taken] = Counter()
        room = {
            (hop.board.sheet.id.hex(), hop.day): hop.board.most
            for row in self._going.values()
            for hop in row.timing.hops
            if hop.board is not None
        }
        for party, row in self._going.items():
            size = self._olds[party].size
            if row.timing.boards and all(room[at] >= size for at in row.timing.boards):
                found[boards_of(row)] += size
                for at in row.timing.boards:
                    room[at] -= size
        return found

    def _with_others(self, out: WaysOut) -> Made:
        """Return the ways with those that nobody else can take."""
        way = dict[int, int]()
        first: dict[int, int] = {}
        for at, one in enumerate(out.of_way):
            first.setdefault(id(one.timing), at)
        columns = [list(getattr(out.ways, one.name)) for one in fields(Ways)]
        boards = [list(getattr(out.departures, one.name)) for one in fields(Departures)]
        of_way = list(out.of_way)
        for party, old in self._olds.items():
            found = None if old.row is None else first.get(id(old.row.timing))
            if found is None:
                found = len(of_way)
                day, arrive = old.journey.out, old.journey.arrive
                row = (old.zone, old.town, None, len(boards[0]), day, arrive, 0, 0, 0)
                _add(columns, row)
                _add(boards, (0, old.town, day, old.size))
                of_way.append(Way(Timing(old.journey.out, old.journey.arrive, 1, ()), None))
            way[party] = found
        ways = Ways(*(tuple(column) for column in columns))
        departures = Departures(*(tuple(column) for column in boards))
        made = WaysOut(
            escorts=out.escorts,
            runs=out.runs,
            departures=departures,
            ways=ways,
            of_way=tuple(of_way),
            hubs=max(1, out.hubs),
        )
        return Made(made, way, len(out.of_way))


def _add(columns: list[list[Any]], row: tuple[Any, ...]) -> None:
    for column, value in zip(columns, row, strict=True):
        column.append(value)


__all__ = ["Made", "Old", "WaysAgain"]
