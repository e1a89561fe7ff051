# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay's door for desks: what takes the capability (docs/spec/relay.md 4).

The store gives a door only for the right capability; a door is for one call or a few, since a
newer access epoch closes it for those who come after.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import threading
from collections.abc import Sequence
from functools import partial
from typing import Final

import apsw

from safeconduct.edges.relay import blobs, boxes, leaving, timers
from safeconduct.edges.relay.counts import Holder
from safeconduct.edges.relay.offices import Office
from safeconduct.edges.relay.parts import Parts
from safeconduct.edges.relay.trees import (
    INDEX_BITS,
    INTAKE,
    LOG,
    Append,
    Placed,
    Row,
    StoredTree,
    tree_number,
)
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.log.checkpoint import Checkpoint, Tree, write_checkpoint
from safeconduct.kernel.log.merkle import prove_consistency, prove_inclusion
from safeconduct.kernel.ports import IntakeItem, ItemState
from safeconduct.kernel.wire.bodies import (
    CHUNK_TAG_BYTES,
    LARGEST_FRAME,
    LARGEST_PARCEL,
    LARGEST_RUN,
    Appended,
    BlobOffer,
    Letter,
    Sizes,
)
from safeconduct.kernel.wire.refusals import NotFound, UnknownCapability
from safeconduct.kernel.wire.streams import FRAME_HEAD_BYTES, ITEM_HEAD_BYTES
from safeconduct.kernel.wire.timers import TimersKept, TimerTurn
from safeconduct.kernel.words import Instant

LONGEST_WAIT: Final = 25.0
NO_TIME: Final = Instant(0)
KINDS: Final[dict[Tree, int]] = {"log": LOG, "intake": INTAKE}


class DeskDoor:
    """Calls of one office's desks."""

    def __init__(
        self, parts: Parts, office: Office, holder: Holder, closing: threading.Event
    ) -> None:
        self._parts: Final = parts
        self._office: Final = office
        self._holder: Final = holder
        self._closing: Final = closing

    def append(self, frames: list[bytes]) -> Appended:
        """Append frames to the log; safe to repeat.

        Raises:
            TooLarge: a frame is beyond 1 MiB.
            Malformed: a frame is empty.
            Busy: the bytes of this day are written.
            UnknownCapability: an opening has just ended it.
        """
        for frame in frames:
            boxes.check_size(frame, LARGEST_FRAME)
        # When a colleague worked is told by nobody and asked by nobody, so it is not kept.
        rows = [Row.of(frame, NO_TIME) for frame in frames]
        append = Append(self._tree(LOG), rows, self._admit)
        placed: list[Placed] = self._parts.database.write_batched(self._parts.trees.append, append)
        return Appended([spot.index for spot in placed], self._parts.size(self._office, LOG))

    def frames(self, start: int, most: int) -> list[bytes]:
        """Return frames from `start` on, at most `most` bytes of them, at least one if any."""
        query = "SELECT body FROM entries WHERE id >= ? AND id < ? ORDER BY id"
        frames: list[bytes] = []
        left = min(most, LARGEST_RUN)
        for (body,) in self._rows(query, LOG, start):
            left -= len(body) + FRAME_HEAD_BYTES
            if frames and left < 0:
                break
            frames.append(body)
        return frames

    def items(self, start: int, most: int) -> list[IntakeItem]:
        """Return intake items from `start` on, none passed over; of dropped ones the id alone."""
        items: list[IntakeItem] = []
        left, low = min(most, LARGEST_RUN), self._tree(INTAKE) << INDEX_BITS
        for number, time, body, due in self._rows(leaving.ITEMS, INTAKE, start):
            left -= len(body) + ITEM_HEAD_BYTES
            if items and left < 0:
                break
            state = ItemState.WAITS if due is None else ItemState.TAKEN
            if len(body) == leaving.ID_BYTES:
                state = ItemState.DROPPED
            items.append(IntakeItem(number - low, Instant(time), state, body))
        return items

    def taken(self, indices: list[int]) -> None:
        """Let these intake items be dropped three days from now; their ids stay."""
        low, number = self._tree(INTAKE) << INDEX_BITS, self._office.number
        spots = sorted(low + index for index in set(indices) if index < 1 << INDEX_BITS)
        now = self._parts.clock.now()

        def job(connection: apsw.Connection) -> None:
            marked = leaving.mark_items(connection, spots, now)
            connection.execute(
                "UPDATE offices SET taken = taken + ? WHERE number = ?", (marked, number)
            )

        self._parts.database.write(job)

    def sizes(self) -> Sizes:
        """Return how many entries log and intake have."""
        return Sizes(*(self._parts.size(self._office, kind) for kind in (LOG, INTAKE)))

    async def wait(self, known: Sizes, seconds: float) -> Sizes:
        """Return the sizes once one is larger than known, or after `seconds` (25 at most).

        Sooner when the place is needed: of those who wait, the oldest is answered as things stand.

        Raises:
            UnknownCapability: an opening ended the capability meanwhile.
        """
        with (
            self._parts.bell.listen(self._office.number) as place,
            contextlib.suppress(TimeoutError),
        ):
            async with asyncio.timeout(min(max(seconds, 0.0), LONGEST_WAIT)):
                while not (
                    place.dismissed or self._closing.is_set() or self._ended() or self._grown(known)
                ):
                    await place.rung()
        if self._ended():
            raise UnknownCapability
        return self.sizes()

    def checkpoint(self, tree: Tree) -> bytes:
        """Return the newest signed note of a tree."""
        standing = self._parts.trees.standing(
            self._parts.database.reader(), self._tree(KINDS[tree])
        )
        checkpoint = Checkpoint(self._office.office, tree, standing.size, standing.root())
        return write_checkpoint(checkpoint, self._parts.key)

    def consistency(self, tree: Tree, first: int, second: int) -> list[bytes]:
        """Return the proof that size `second` extends size `first`.

        Raises:
            Malformed: the sizes do not follow each other, or go beyond the tree.
        """
        stored = self._stored(tree, second)
        try:
            return prove_consistency(first, second, stored.subtree)
        except IndexError:
            raise Malformed("sizes") from None

    def inclusion(self, tree: Tree, index: int, size: int) -> list[bytes]:
        """Return the path from an entry to the root of a size.

        Raises:
            Malformed: no such entry in that size, or beyond the tree.
        """
        stored = self._stored(tree, size)
        try:
            return prove_inclusion(index, size, stored.subtree)
        except IndexError:
            raise Malformed("sizes") from None

    def post(self, letters: list[Letter]) -> None:
        """Put sealed items into boxes; the same item in the same box is stored once.

        Raises:
            TooLarge: an item is beyond 64 KiB.
            Malformed: an item is empty.
            Expired: one has ended by the relay's clock; none is stored.
            Busy: the bytes of this day are written.
            UnknownCapability: an opening has just ended it.
        """
        boxes.check_letters(letters)
        store, number = self._parts.boxes, self._office.number

        def job(connection: apsw.Connection) -> None:
            admit = partial(self._parts.counts.other, connection, self._holder)
            store.post(connection, number, letters, admit)

        self._parts.database.write(job)

    def put_parcel(self, name: bytes, parcel: bytes) -> None:
        """Store a key parcel under its hash.

        Raises:
            TooLarge: beyond 4 MiB.
            Malformed: the name is not its SHA-256.
            Busy: the bytes of this day are written.
            UnknownCapability: an opening has just ended it.
        """
        boxes.check_size(parcel, LARGEST_PARCEL)
        if hashlib.sha256(parcel).digest() != name:
            raise Malformed("parcel")
        number = self._office.number

        def job(connection: apsw.Connection) -> None:
            if not blobs.has_parcel(connection, number, name):
                self._parts.counts.other(connection, self._holder, len(parcel))
            blobs.put_parcel(connection, number, parcel)

        self._parts.database.write(job)

    def parcel(self, name: bytes) -> bytes:
        """Return the parcel of this hash; raises NotFound."""
        return blobs.read_parcel(self._parts.database.reader(), self._office.number, name)

    def publish(self, certificate: bytes) -> None:
        """Make this the current intake certificate; raises BadSignature, Conflict, Malformed."""
        self._parts.offices.put_certificate(self._office.office, certificate)

    def say_first(self, words: bytes) -> None:
        """Make these the first words; raises BadSignature, Conflict, Malformed."""
        now = self._parts.clock.now()
        self._parts.offices.put_first_words(self._office.office, words, now)

    def timers(self) -> TimersKept:
        """Return all timers of the office; raises NotFound where this relay calls nobody."""
        self._need_pager()
        now = self._parts.clock.now()
        return timers.kept(self._parts.database.reader(), self._office.number, now)

    def turn(self, turn: TimerTurn) -> None:
        """Let timers leave and as many come; safe to repeat.

        Raises:
            NotFound: this relay calls nobody.
            Malformed, Conflict: see `timers`.
        """
        self._need_pager()
        now, number = self._parts.clock.now(), self._office.number
        timers.check_turn(turn, now)
        self._parts.database.write(lambda each: timers.change(each, number, turn, now))

    def offer_blob(self, offer: BlobOffer) -> int:
        """Announce a blob without work; return its first missing chunk.

        Raises:
            TooLarge, Malformed: the numbers do not fit.
            BlobDiffers: the id stands with another length or token.
            WordsFirst: the disk is kept for text.
            Busy: the bytes of this day are written.
            UnknownCapability: an opening has just ended it.
        """
        blobs.check_offer(offer)
        self._parts.need_room()
        number = self._office.number

        def job(connection: apsw.Connection) -> int:
            if blobs.look(connection, number, offer.blob) is None:
                size = offer.length + offer.chunks * CHUNK_TAG_BYTES
                self._parts.counts.blob(connection, self._holder, size)
            return blobs.offer_blob(connection, number, offer)

        return self._parts.database.write(job)

    def _need_pager(self) -> None:
        if not self._parts.caller.calls:
            raise NotFound

    def _admit(self, connection: apsw.Connection, rows: Sequence[Row]) -> None:
        sizes = [len(row.body) for row in rows]
        self._parts.counts.frames(connection, self._holder, sizes)

    def _ended(self) -> bool:
        """Tell whether another access epoch was opened since this door was given."""
        return self._parts.offices.find(self._office.office).epoch != self._office.epoch

    def _grown(self, known: Sizes) -> bool:
        sizes = self.sizes()
        return sizes.log > known.log or sizes.intake > known.intake

    def _tree(self, kind: int) -> int:
        return tree_number(self._office.number, kind)

    def _rows(self, query: str, kind: int, start: int) -> apsw.Cursor:
        low = self._tree(kind) << INDEX_BITS
        first = min(start, 1 << INDEX_BITS)
        bounds = (low + first, low + (1 << INDEX_BITS))
        return self._parts.database.reader().execute(query, bounds)

    def _stored(self, tree: Tree, size: int) -> StoredTree:
        """Return a stored tree to prove within; raises Malformed beyond its size."""
        if size > self._parts.size(self._office, KINDS[tree]):
            raise Malformed("sizes")
        return StoredTree(self._parts.database.reader(), self._tree(KINDS[tree]), size)
