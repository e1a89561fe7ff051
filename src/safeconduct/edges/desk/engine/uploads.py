# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealed files on their way to the relay, chunk by chunk, going on where it stands.

A file may take long, and words must not: after each chunk a file stands back for frames that wait,
and for the end of this desk.  What records name is kept as a copy when it is sent (`copies`); files
of a package are not, since their keys are in no record (spec/referrals.md 6).
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from safeconduct.edges.desk.engine import copies
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.refusals import Busy, WordsFirst
from safeconduct.kernel.words import BlobId

MOMENT: Final = 60
"""Seconds; a relay that is busy for longer has taken what it takes of us in a day."""
FILES_WAIT: Final = "files_wait"
_FRAMES: Final = "SELECT 1 FROM outbox WHERE promised IS NULL LIMIT 1"


class Brought(Enum):
    """How far a file came."""

    WHOLE = auto()
    NOT_NOW = auto()
    """The relay takes none now."""
    STOOD_BACK = auto()
    """Some of it is there; the rest goes after the frames that wait."""


def send_files_left(journal: Journal, courier: Courier) -> bool:
    """Send files that had to wait while the relay's disk was kept for text."""
    query = "SELECT letter FROM uploads WHERE letter NOT IN (SELECT no FROM letters) LIMIT 1"
    letter: int | None = journal.store.value(query)
    return letter is not None and upload(journal, courier, letter) is not Brought.NOT_NOW


def upload(journal: Journal, courier: Courier, letter: int) -> Brought:
    """Send a letter's files, going on where the relay stands."""
    query = "SELECT blob, package, chunks, length, token FROM uploads WHERE letter = ?"
    for blob, package, *offer in journal.store.rows(query, (letter,)):
        brought = bring_file(journal, courier, BlobId(blob), *offer)
        if brought is not Brought.WHOLE:
            return brought
        with journal.store.transaction() as writer:
            writer.execute("DELETE FROM uploads WHERE blob = ?", (blob,))
            if package:
                writer.execute("DELETE FROM upload_chunks WHERE blob = ?", (blob,))
            copies.make_room(journal.store)
    return Brought.WHOLE


def bring_file(
    journal: Journal, courier: Courier, blob: BlobId, *offer: *tuple[int, int, bytes]
) -> Brought:
    """Bring a sealed file, going on where the relay stands.

    `offer` is the number of chunks, their length and the token to write with.
    """
    chunks, length, token = offer
    try:
        following = courier.open_blob(blob, chunks, length, token)
        while following < chunks:
            sealed = copies.chunk(journal.store, blob, following)
            assert sealed is not None
            following = courier.put_chunk(blob, following, sealed, token)
            ends = journal.carried()
            if following < chunks and (ends or journal.store.value(_FRAMES)):
                return Brought.STOOD_BACK
    except WordsFirst:
        journal.trouble(WordsFirst.code)
        return Brought.NOT_NOW
    except Busy as busy:
        if busy.seconds <= MOMENT:
            raise
        journal.trouble(FILES_WAIT)
        return Brought.NOT_NOW
    return Brought.WHOLE
