# SPDX-License-Identifier: AGPL-3.0-or-later
"""Timers of offices: a constant number of each, changed by turns (docs/spec/check-ins.md 1).

Functions over the writer's connection, so that what they answer is durable.  Rows lie in the order
of their ids, which tells nothing of when they came.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, Final, NamedTuple

import apsw

from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.wire.refusals import Conflict
from safeconduct.kernel.wire.timers import (
    CALLS_MOST,
    CHANGED,
    FURTHEST,
    TIMERS,
    TimerMove,
    TimerSeen,
    TimersKept,
    TimerTurn,
    rounded,
    timer_id,
    turn_of,
)
from safeconduct.kernel.words import HASH_BYTES, MINUTE, Instant

MOVED_BY: Final = 30 * MINUTE
CALLED_AGAIN: Final = 10 * MINUTE
USED: Final = bytes(HASH_BYTES)
"""In the place of a cancel hash whose token was used: no token has it."""
_ROW: Final = "SELECT cancel_hash FROM timers WHERE office = ? AND id = ?"


class Due(NamedTuple):
    """A timer whose time has come; `office` is the office's number."""

    office: int
    id: bytes
    topic: bytes


def kept(connection: apsw.Connection, office: int, now: Instant) -> TimersKept:
    """Return all timers of an office, and its last turn."""
    query = "SELECT id, due, calls FROM timers WHERE office = ? ORDER BY id"
    rows = connection.execute(query, (office,))
    return TimersKept(_written(connection, office, now), now, [TimerSeen(*row) for row in rows])


def check_turn(turn: TimerTurn, now: Instant) -> None:
    """Refuse what no office may ask; raises Malformed."""
    ids = [*turn.gone, *(timer.id for timer in turn.new)]
    changes = (len(turn.gone), len(turn.new))
    wrong = any(
        one.due > now + FURTHEST or one.id != timer_id(one.due, one.cancel_hash, one.topic)
        for one in turn.new
    )
    if changes not in {(0, TIMERS), (CHANGED, CHANGED)} or len(set(ids)) != len(ids) or wrong:
        raise Malformed("timer_turn")


def change(connection: apsw.Connection, office: int, turn: TimerTurn, now: Instant) -> None:
    """Let timers leave and others come; the same turn again changes nothing.

    Raises:
        Conflict: it is not the next turn, or not of timers that stand.
    """
    written = _written(connection, office, now)
    there = set(_ids(connection, office))
    new = {timer.id for timer in turn.new}
    if turn.turn == written and there >= new and not there.intersection(turn.gone):
        return
    first = not turn.gone
    if (
        turn.turn <= written
        or not 0 <= turn_of(now) - turn.turn <= 1
        or first != (not there)
        or not there.issuperset(turn.gone)
        or there.intersection(new)
    ):
        raise Conflict
    gone = [(office, one) for one in turn.gone]
    connection.executemany("DELETE FROM timers WHERE office = ? AND id = ?", gone)
    rows = [(office, one.id, one.due, one.cancel_hash, one.topic) for one in turn.new]
    connection.executemany("INSERT INTO timers VALUES (?, ?, ?, ?, ?, 0)", rows)
    connection.execute("REPLACE INTO turns VALUES (?, ?)", (office, turn.turn))


def move(connection: apsw.Connection, office: int, ask: TimerMove, now: Instant) -> None:
    """Put a timer off once, for who knows its token; anything else changes nothing."""
    if may_move(connection, office, ask):
        connection.execute(
            "UPDATE timers SET due = max(due, ?), cancel_hash = ?, calls = 0"
            " WHERE office = ? AND id = ?",
            (rounded(now + MOVED_BY), USED, office, ask.id),
        )


def may_move(connection: apsw.Connection, office: int, ask: TimerMove) -> bool:
    """Tell whether this is the token of that timer, and was not used before."""
    rows: list[Any] = connection.execute(_ROW, (office, ask.id)).fetchall()
    token_hash = hashlib.sha256(ask.token).digest()
    return bool(rows) and hmac.compare_digest(rows[0][0], token_hash)


def due(connection: apsw.Connection, now: Instant) -> list[Due]:
    """Return the timers of all offices that call now, the longest overdue first."""
    query = "SELECT office, id, topic FROM timers WHERE due <= ? AND calls < ? ORDER BY due"
    return [Due(*row) for row in connection.execute(query, (now, CALLS_MOST))]


def called(connection: apsw.Connection, one: Due, now: Instant) -> None:
    """Write down that the pager took a call; one that was moved meanwhile stays as it is."""
    connection.execute(
        "UPDATE timers SET due = ?, calls = calls + 1 WHERE office = ? AND id = ? AND due <= ?",
        (rounded(now + CALLED_AGAIN), one.office, one.id, now),
    )


def _written(connection: apsw.Connection, office: int, now: Instant) -> int:
    """Return the last turn; one that a clock wrote which was ahead holds up none of today."""
    query = "SELECT turn FROM turns WHERE office = ?"
    found = int(connection.execute(query, (office,)).get or 0)
    return found if found <= turn_of(now) + 1 else turn_of(now) - 1


def _ids(connection: apsw.Connection, office: int) -> list[bytes]:
    query = "SELECT id FROM timers WHERE office = ?"
    return [one for (one,) in connection.execute(query, (office,))]
