# SPDX-License-Identifier: AGPL-3.0-or-later
"""What desks let go stays for three days more, and then leaves (docs/spec/relay.md 4).

All desks of an office use one capability.  With time to look, no single one of them, and nobody
who stole the capability, can make the others miss what they have not read.  The moment is rounded
up to the end of a day, so that the file does not tell when desks worked.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import apsw

from safeconduct.kernel.words import DAY, HASH_BYTES, Instant, end_of_day

GRACE: Final = 3 * DAY
ID_BYTES: Final = HASH_BYTES
"""What is left of an item; an item itself is longer (docs/spec/relay.md 4)."""
ITEM: Final = 0
PARCEL: Final = 2
FILE: Final = 3
"""Files of earlier builds hold rows of kind 1, of files, which stay and are let alone."""
CHUNK_BITS: Final = 20
CHUNKS_AT_ONCE: Final = 16
"""So many chunks of a file leave in one step, so that nobody waits for long."""
DROPPED_AT_ONCE: Final = 64
ITEMS: Final = (
    "SELECT id, time, body, due FROM entries LEFT JOIN leaving ON kind = 0 AND number = id"
    " WHERE id >= ? AND id < ? ORDER BY id"
)
"""Entries of an intake, each with the time when it leaves if it was taken."""


def mark(connection: apsw.Connection, kind: int, number: int, now: Instant) -> None:
    """Let one thing leave when its time is up; it does not stay longer for being marked again."""
    row = (kind, number, end_of_day(now + GRACE))
    connection.execute("INSERT OR IGNORE INTO leaving VALUES (?, ?, ?)", row)


def mark_items(connection: apsw.Connection, entries: list[int], now: Instant) -> int:
    """Let intake items leave; return how many were not marked before."""
    before = connection.total_changes()
    due = end_of_day(now + GRACE)
    for entry in entries:
        connection.execute(
            "INSERT OR IGNORE INTO leaving SELECT ?, id, ? FROM entries"
            " WHERE id = ? AND length(body) != ?",
            (ITEM, due, entry, ID_BYTES),
        )
    return connection.total_changes() - before


def stay(connection: apsw.Connection, kind: int, number: int) -> None:
    """Let one thing stay after all, because somebody brought it again."""
    connection.execute("DELETE FROM leaving WHERE kind = ? AND number = ?", (kind, number))


def drop_due(connection: apsw.Connection, now: Instant) -> bool:
    """Drop a few things whose time is up; tell whether more may be left."""
    query = "SELECT kind, number FROM leaving WHERE due <= ? LIMIT ?"
    rows: list[Any] = connection.execute(query, (now, DROPPED_AT_ONCE)).fetchall()
    for kind, number in rows:
        if kind == ITEM:
            _drop_item(connection, number)
        elif kind == FILE:
            if not _drop_file(connection, number):
                return True
        elif kind == PARCEL:
            connection.execute("DELETE FROM parcels WHERE number = ?", (number,))
        stay(connection, kind, number)
    return len(rows) == DROPPED_AT_ONCE


def _drop_file(connection: apsw.Connection, number: int) -> bool:
    """Drop some chunks of a file, and it with the last; tell whether nothing of it is left."""
    low = number << CHUNK_BITS
    some = "SELECT id FROM chunks WHERE id >= ? AND id < ? LIMIT ?"
    values = (low, low + (1 << CHUNK_BITS), CHUNKS_AT_ONCE)
    connection.execute(f"DELETE FROM chunks WHERE id IN ({some})", values)  # noqa: S608
    if connection.changes() == CHUNKS_AT_ONCE:
        return False
    connection.execute("DELETE FROM blobs WHERE number = ?", (number,))
    return True


def _drop_item(connection: apsw.Connection, entry: int) -> None:
    """Put an item's id in the place of its bytes, so that its leaf can still be computed."""
    item: bytes = connection.execute("SELECT body FROM entries WHERE id = ?", (entry,)).get
    row = (hashlib.sha256(item).digest(), entry)
    connection.execute("UPDATE entries SET body = ? WHERE id = ?", row)
