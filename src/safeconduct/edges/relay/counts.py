# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many bytes each capability wrote, today and in its epoch (docs/spec/crew.md 6).

A normal epoch has one capability, so that its one row tells nothing of who works.  A tracing epoch
has one for each device, and a row for each; its rows go with the epoch.
The row is changed in the transaction that stores what it counts, and says in the same statement
whether the capability still stands: what was under way when its epoch ended is not stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import apsw

from safeconduct.kernel.ports import Clock
from safeconduct.kernel.wire.refusals import UnknownCapability
from safeconduct.kernel.words import DAY

Kind = Literal["blobs", "rest"]
_ADD: Final[dict[Kind, str]] = {
    kind: f"UPDATE written SET {kind} = {kind} + ?"  # noqa: S608
    " WHERE office = ? AND place = ? AND epoch = ? AND day = ?"
    for kind in ("blobs", "rest")
}
_NEW_DAY: Final = (
    "UPDATE written SET before = before + blobs + rest, blobs = 0, rest = 0, day = ?"
    " WHERE office = ? AND place = ? AND epoch = ?"
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who shows a capability: `place` is its place among those of the epoch."""

    office: int
    place: int
    epoch: int


class Counts:
    """Counts in the writer's transactions."""

    def __init__(self, clock: Clock) -> None:
        self._clock: Final = clock

    def add(self, connection: apsw.Connection, holder: Holder, kind: Kind, size: int) -> None:
        """Count what is about to be stored; call it before anything is changed.

        Raises:
            UnknownCapability: its epoch has ended.
        """
        if not size:
            return
        day = self._clock.now() // DAY
        who = (holder.office, holder.place, holder.epoch)
        connection.execute(_ADD[kind], (size, *who, day))
        if connection.changes():
            return
        connection.execute(_NEW_DAY, (day, *who))
        if not connection.changes():
            raise UnknownCapability
        connection.execute(_ADD[kind], (size, *who, day))


def begin(
    connection: apsw.Connection, office: int, epoch: int, places: int, *, traces: bool
) -> None:
    """Forget what was counted in other epochs and begin with nothing."""
    connection.execute("DELETE FROM written WHERE office = ?", (office,))
    before = 0 if traces else None
    rows = [(office, place, epoch, before) for place in range(places)]
    query = "INSERT INTO written VALUES (?, ?, ?, 0, 0, 0, ?)"
    connection.executemany(query, rows)


def totals(connection: apsw.Connection, office: int, epoch: int) -> list[int]:
    """Return the bytes that each capability of an epoch wrote, by place; [] unless it traces."""
    query = (
        "SELECT before + blobs + rest FROM written"
        " WHERE office = ? AND epoch = ? AND before IS NOT NULL ORDER BY place"
    )
    rows: list[Any] = connection.execute(query, (office, epoch)).fetchall()
    return [row[0] for row in rows]
