# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many bytes each capability wrote, and how many it may in a day (docs/spec/crew.md 6).

A normal epoch has one capability, so that its one row tells nothing of who works.  A tracing epoch
has one for each device, and a row for each; its rows go with the epoch.
A row also says whether its capability still stands: what was under way when its epoch ended is
not stored.

Counts stand in memory, and in the file in the transaction that stores what they count: exactly
while the office traces, else rounded up, so that hardly any transaction has to write one.  A relay
that was started again so takes at most one step less that day, and never more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import apsw

from safeconduct.kernel.ports import Clock
from safeconduct.kernel.wire.refusals import Busy, UnknownCapability
from safeconduct.kernel.words import DAY, SECOND

BLOBS_A_DAY: Final = 4 << 30
REST_A_DAY: Final = 512 << 20
LARGE_A_DAY: Final = REST_A_DAY - REST_A_DAY // 10
"""Of the rest, all but a tenth, which is kept for small frames."""
SMALL_FRAME: Final = 16 << 10
STEP: Final = 1 << 20

Kind = Literal["blobs", "rest"]


class Holder(NamedTuple):
    """Who shows a capability: `place` is its place among those of the epoch."""

    office: int
    place: int
    epoch: int


@dataclass(slots=True)
class _Row:
    """Bytes of one capability: of a day, and of the days before it while the office traces.

    `kept` is what the file says of `rest`.
    """

    day: int
    blobs: int
    rest: int
    before: int | None
    kept: int

    def copy(self) -> _Row:
        """Return the row as it stands."""
        return _Row(self.day, self.blobs, self.rest, self.before, self.kept)

    def turn(self, day: int) -> None:
        """Begin another day; what is counted next is written down, whatever it is."""
        if self.day != day:
            if self.before is not None:
                self.before += self.blobs + self.rest
            self.day, self.blobs, self.rest, self.kept = day, 0, 0, 0


class Counts:
    """Counts in the writer's thread and transactions; ask before anything is changed."""

    def __init__(self, clock: Clock) -> None:
        self._clock: Final = clock
        self._rows: dict[Holder, _Row] = {}
        self._were: dict[Holder, _Row] = {}
        """Rows as they were before the transaction that is open."""

    def frames(self, connection: apsw.Connection, holder: Holder, sizes: Sequence[int]) -> None:
        """Count frames of these lengths; small ones may take the last tenth of a day.

        Raises:
            Busy, UnknownCapability: see `_add`.
        """
        small = max(sizes, default=0) <= SMALL_FRAME
        most = REST_A_DAY if small else LARGE_A_DAY
        self._add(connection, holder, ("rest", most), sum(sizes))

    def other(self, connection: apsw.Connection, holder: Holder, size: int) -> None:
        """Count parcels and items for boxes; raises as `frames`."""
        self._add(connection, holder, ("rest", LARGE_A_DAY), size)

    def blob(self, connection: apsw.Connection, holder: Holder, size: int) -> None:
        """Count a blob that is announced; raises as `frames`."""
        self._add(connection, holder, ("blobs", BLOBS_A_DAY), size)

    def begin(
        self, connection: apsw.Connection, holders: Sequence[Holder], *, traces: bool
    ) -> None:
        """Begin an epoch of one office, and forget what was counted in others."""
        office = holders[0].office
        self._rows = {who: row for who, row in self._rows.items() if who.office != office}
        connection.execute("DELETE FROM written WHERE office = ?", (office,))
        before = 0 if traces else None
        rows = [(office, each.place, each.epoch, before) for each in holders]
        connection.executemany("INSERT INTO written VALUES (?, ?, ?, 0, 0, 0, ?)", rows)

    def committed(self) -> None:
        """What was counted is durable."""
        self._were.clear()

    def rolled_back(self) -> None:
        """What was counted was not stored."""
        self._rows.update(self._were)
        self._were.clear()

    def _add(
        self, connection: apsw.Connection, holder: Holder, most: tuple[Kind, int], size: int
    ) -> None:
        """Count what is about to be stored.

        Raises:
            UnknownCapability: its epoch has ended.
            Busy: the day's bytes are written.
        """
        if not size:
            return
        now = self._clock.now()
        row = self._row(connection, holder)
        row.turn(now // DAY)
        kind, largest = most
        total = size + (row.blobs if kind == "blobs" else row.rest)
        if total > largest:
            raise Busy(-(-((row.day + 1) * DAY - now) // SECOND))
        if kind == "blobs":
            row.blobs = total
        else:
            row.rest = total
        if kind == "blobs" or row.before is not None or total > row.kept:
            _write(connection, holder, row)

    def _row(self, connection: apsw.Connection, holder: Holder) -> _Row:
        row = self._rows.get(holder)
        if row is None:
            query = (
                "SELECT day, blobs, rest, before, rest FROM written"
                " WHERE office = ? AND place = ? AND epoch = ?"
            )
            found: Any = connection.execute(query, holder).fetchall()
            if not found:
                raise UnknownCapability
            row = self._rows[holder] = _Row(*found[0])
        if holder not in self._were:
            self._were[holder] = row.copy()
        return row


def _write(connection: apsw.Connection, holder: Holder, row: _Row) -> None:
    row.kept = row.rest if row.before is not None else -(-row.rest // STEP) * STEP
    connection.execute(
        "UPDATE written SET day = ?, blobs = ?, rest = ?, before = ?"
        " WHERE office = ? AND place = ?",
        (row.day, row.blobs, row.kept, row.before, holder.office, holder.place),
    )


class Total(NamedTuple):
    """Bytes that one capability wrote: in its epoch, and of the day in blobs and in the rest."""

    written: int
    blobs: int
    rest: int


def totals(connection: apsw.Connection, office: int, epoch: int, now: int) -> list[Total]:
    """Return what each capability of an epoch wrote, by place; [] unless it traces."""
    query = (
        "SELECT before + blobs + rest, (day = ?1) * blobs, (day = ?1) * rest FROM written"
        " WHERE office = ?2 AND epoch = ?3 AND before IS NOT NULL ORDER BY place"
    )
    rows: list[Any] = connection.execute(query, (now // DAY, office, epoch)).fetchall()
    return [Total(*row) for row in rows]
