# SPDX-License-Identifier: AGPL-3.0-or-later
"""Boxes: what waits at an address, until it expires (docs/spec/relay.md 5).

Who does not know an address cannot tell a box that is there from one that is not: both are one
look into the same index.

Nothing that is kept of an item tells when it was put there: whoever takes the file could lay it
beside the times of messages, and would know whose box is whose.  So items lie in the order of
their addresses, end at the end of a day, and their numbers rise by chance within their own box.
No letter stays for more than 31 days, whatever its writer says: a box that never ends is a trap.
A floor that only sweeping raises keeps the numbers of a box that was emptied from coming again;
each office has its own, so that none can tell by its numbers what is in the boxes of another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

import apsw

from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.ports import Clock, Rng
from safeconduct.kernel.wire.bodies import LARGEST_LETTER, LARGEST_MEETING_ITEM, Letter
from safeconduct.kernel.wire.refusals import Conflict, Expired, TooLarge
from safeconduct.kernel.wire.streams import BoxAnswer, BoxItem
from safeconduct.kernel.words import DAY, HOUR, end_of_day

LARGEST_ANSWER: Final = 512 << 10
LONGEST_LIFE: Final = 31 * DAY
MEETING_ITEMS: Final = 8
MEETING_LIFE: Final = HOUR
SWEPT_AT_ONCE: Final = 64
STEP_BYTES: Final = 3
"""Numbers rise by at most 2^24: over 500 million items fit into what a browser counts exactly."""
LETTER: Final = 0
MEETING: Final = 1
FLOORS: Final = {LETTER: 1 << 52, MEETING: 0}
"""Where the numbers of an office's boxes begin."""
_INSERT: Final = (
    "INSERT INTO boxes (office, address, number, expires, meeting, digest, body)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


class Boxes:
    """Puts items into boxes and reads them."""

    def __init__(self, clock: Clock, rng: Rng) -> None:
        self._clock: Final = clock
        self._rng: Final = rng

    def post(
        self,
        connection: apsw.Connection,
        office: int,
        letters: list[Letter],
        admit: Callable[[int], None],
    ) -> None:
        """Put letters into boxes; the same item in the same box is stored once.

        `admit` is told how many bytes are new, before anything is stored, and may refuse them.

        Raises:
            Expired: one has ended already; none is stored, since who wrote it must know.
        """
        now = self._clock.now()
        if any(letter.expires <= now for letter in letters):
            raise Expired
        admit(_size_of_new(connection, office, letters))
        self.sweep(connection)
        for letter in letters:
            digest = _digest(letter.item)
            if not _holds(connection, office, letter.address, digest):
                number = self._number(connection, (office, letter.address, LETTER))
                end = end_of_day(min(letter.expires, now + LONGEST_LIFE))
                row = (office, letter.address, number, end, LETTER, digest, letter.item)
                connection.execute(_INSERT, row)

    def meet(self, connection: apsw.Connection, office: int, address: bytes, item: bytes) -> None:
        """Put an item of anyone into a meeting box.

        Raises:
            Conflict: the box is full.
        """
        now = self._clock.now()
        there = connection.execute(
            "SELECT digest, expires FROM boxes"
            " WHERE office = ? AND address = ? AND meeting AND expires > ?",
            (office, address, now),
        ).fetchall()
        digest = _digest(item)
        if any(stored == digest for stored, _ in there):
            return
        if len(there) >= MEETING_ITEMS:
            raise Conflict
        expires = there[0][1] if there else now + MEETING_LIFE
        number = self._number(connection, (office, address, MEETING))
        row = (office, address, number, expires, MEETING, digest, item)
        connection.execute(_INSERT, row)

    def read(
        self, connection: apsw.Connection, office: int, address: bytes, after: int
    ) -> BoxAnswer:
        """Return what waits, at most 512 KiB of it."""
        rows = connection.execute(
            "SELECT number, expires, body FROM boxes"
            " WHERE office = ? AND address = ? AND number > ? AND expires > ? ORDER BY number",
            (office, address, after, self._clock.now()),
        )
        items: list[BoxItem] = []
        size = 0
        for number, expires, body in rows:
            size += len(body)
            if items and size > LARGEST_ANSWER:
                return BoxAnswer(items, more=True)
            items.append(BoxItem(number, expires, body))
        return BoxAnswer(items, more=False)

    def sweep(self, connection: apsw.Connection) -> bool:
        """Delete some of what has expired; tell whether more may be left."""
        swept = connection.execute(
            "DELETE FROM boxes WHERE (office, address, number) IN"
            " (SELECT office, address, number FROM boxes WHERE expires <= ? LIMIT ?)"
            " RETURNING office, meeting, number",
            (self._clock.now(), SWEPT_AT_ONCE),
        ).fetchall()
        query = (
            "INSERT INTO floors VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET number = max(number, excluded.number)"
        )
        connection.executemany(query, swept)
        return len(swept) == SWEPT_AT_ONCE

    def _number(self, connection: apsw.Connection, kind: tuple[int, bytes, int]) -> int:
        """Return a number larger than any before in this box, also before it was emptied.

        Letters and meeting items count apart, so that strangers cannot raise the floor of letters
        by the hour and so make a clock of it.
        """
        query = "SELECT max(number) FROM boxes WHERE office = ? AND address = ? AND meeting = ?"
        last: int = connection.execute(query, kind).get or 0
        office, _, meeting = kind
        query = "SELECT number FROM floors WHERE office = ? AND meeting = ?"
        floor: int = connection.execute(query, (office, meeting)).get or FLOORS[meeting]
        return max(last, floor) + 1 + int.from_bytes(self._rng.bytes(STEP_BYTES), "big")


def check_letters(letters: list[Letter]) -> None:
    """Refuse letters that no box takes.

    Raises:
        TooLarge: one is too long.
        Malformed: one is empty.
    """
    for letter in letters:
        check_size(letter.item, LARGEST_LETTER)


def check_meeting(item: bytes) -> None:
    """Refuse an item that no meeting box takes; raises TooLarge, Malformed."""
    check_size(item, LARGEST_MEETING_ITEM)


def check_size(item: bytes, largest: int) -> None:
    """Refuse what is empty or too long.

    Raises:
        TooLarge: too long.
        Malformed: empty.
    """
    if len(item) > largest:
        raise TooLarge(largest)
    if not item:
        raise Malformed("item")


def _digest(item: bytes) -> bytes:
    return hashlib.sha256(item).digest()


def _size_of_new(connection: apsw.Connection, office: int, letters: list[Letter]) -> int:
    """Return the bytes of those letters that are not in their boxes yet."""
    named = {(letter.address, _digest(letter.item)): len(letter.item) for letter in letters}
    return sum(size for name, size in named.items() if not _holds(connection, office, *name))


def _holds(connection: apsw.Connection, office: int, address: bytes, digest: bytes) -> bool:
    query = "SELECT 1 FROM boxes WHERE office = ? AND address = ? AND digest = ?"
    return connection.execute(query, (office, address, digest)).get is not None
