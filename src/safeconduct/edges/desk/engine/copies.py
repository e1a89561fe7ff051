# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealed copies of the files that this desk sent or saved (spec/crew.md 9).

A file is not fetched before somebody saves it, so the relay's copy may be the only one; what went
through this desk is kept as it was sealed, for the day on which the relay is gone.  The chunks lie
beside those that are to be sent; what stands in `uploads` waits, everything else is a copy.  Files
of a package are none: they go when they were sent (`uploads`).
Never more than `CHUNKS_MOST`: the oldest go first, and a full disk keeps none.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.store import Store, StoreFull

if TYPE_CHECKING:
    from safeconduct.kernel.seal.lock import BlobPlan
    from safeconduct.kernel.words import BlobId

CHUNKS_MOST: Final = 256
"""Of 1 MiB at most each."""
_COPIES: Final = (
    "SELECT blob, count(*) FROM upload_chunks WHERE blob NOT IN (SELECT blob FROM uploads) "
    "GROUP BY blob ORDER BY min(rowid)"
)


def keep_chunk(store: Store, plan: BlobPlan, index: int, sealed: bytes) -> None:
    """Keep a sealed chunk that was opened, unless the file is too large or the disk is full."""
    if plan.chunks > CHUNKS_MOST:
        return
    with suppress(StoreFull), store.transaction() as writer:
        row = (plan.blob, index, sealed)
        writer.execute("INSERT OR IGNORE INTO upload_chunks VALUES (?, ?, ?)", row)
        make_room(store, but=plan.blob)


def make_room(store: Store, but: bytes = b"") -> None:
    """Let the oldest copies go until no more are left than may be."""
    copies = store.rows(_COPIES)
    total = sum(chunks for _, chunks in copies)
    with store.transaction() as writer:
        for blob, chunks in copies:
            if total <= CHUNKS_MOST:
                return
            if blob != but:
                writer.execute("DELETE FROM upload_chunks WHERE blob = ?", (blob,))
                total -= chunks


def whole(store: Store, plan: BlobPlan) -> bool:
    """Tell whether every chunk of a file is here."""
    query = "SELECT count(*) FROM upload_chunks WHERE blob = ?"
    there: int = store.value(query, (plan.blob,))
    return there == plan.chunks


def chunk(store: Store, blob: BlobId | bytes, index: int) -> bytes | None:
    """Return a sealed chunk that waits or was kept; None without."""
    query = "SELECT chunk FROM upload_chunks WHERE blob = ? AND idx = ?"
    found: bytes | None = store.value(query, (blob, index))
    return found
