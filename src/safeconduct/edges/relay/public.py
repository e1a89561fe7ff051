# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay's public door: what a frightened person's page asks (docs/spec/relay.md 2, 3 and 5).

Everything that stores asks for work, and none of it ever closes.  What is already stored is
answered again without work, because the same bytes are stored once.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final

import apsw

from safeconduct.edges.relay import blobs, boxes, timers, trees
from safeconduct.edges.relay.offices import Office
from safeconduct.edges.relay.parts import Parts
from safeconduct.edges.relay.trees import INTAKE, Append, Placed, Row, tree_number
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.wire.bodies import (
    LARGEST_BLOB,
    LARGEST_ITEM,
    BlobOffer,
    BlobState,
    BoxAsk,
    IntakeTerms,
    Limits,
    Meeting,
    Receipt,
    Submission,
    receipt_message,
)
from safeconduct.kernel.wire.first_words import parse_first_words
from safeconduct.kernel.wire.intake import parse_item
from safeconduct.kernel.wire.refusals import KeyClosed, NotFound, UnknownCapability
from safeconduct.kernel.wire.streams import BoxAnswer
from safeconduct.kernel.wire.timers import TimerMove
from safeconduct.kernel.wire.waits import Waits, WaitsAsk, mark_of
from safeconduct.kernel.wire.work import blob_payload, item_payload, meeting_payload

LIMITS: Final = Limits(LARGEST_ITEM, LARGEST_BLOB)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission that may be stored, with its hash."""

    append: Append
    digest: bytes


class PublicDoor:
    """Calls of one office that need no capability."""

    def __init__(self, parts: Parts, office: Office) -> None:
        self._parts: Final = parts
        self._office: Final = office

    def terms(self) -> IntakeTerms:
        """Return what a page needs before it seals.

        Raises:
            NotFound: the office has published no certificate yet.
        """
        if self._office.certificate is None:
            raise NotFound
        parts = self._parts
        work = parts.work.terms(self._office.office, parts.load(self._office))
        relay_key = parts.key.public.raw
        return IntakeTerms(self._office.certificate, relay_key, work, LIMITS, parts.clock.now())

    def first_words(self) -> bytes:
        """Return what a page says at once; nothing where there is nothing, or it has ended.

        That is no refusal: a browser would write of one to its console.
        """
        raw = self._office.first_words
        if raw is None or not parse_first_words(raw).stand(self._parts.clock.now()):
            return b""
        return raw

    def submit(self, submission: Submission) -> Receipt:
        """Store a sealed message; the receipt holds over a power cut.

        Raises:
            TooLarge: beyond the largest item.
            Malformed: not an item of this office.
            MoreWork: too little work.
            KeyClosed: sealed to another key than the current one.
            NotFound: the office has published no certificate yet.
        """
        stored = self.prepare(submission)
        if isinstance(stored, Receipt):
            return stored
        write = self._parts.database.write_batched
        return self._receive(stored, write(self._parts.trees.append, stored.append))

    async def submit_async(self, submission: Submission) -> Receipt:
        """Do the same without blocking the event loop."""
        stored = self.prepare(submission)
        if isinstance(stored, Receipt):
            return stored
        write = self._parts.database.write_batched_async
        return self._receive(stored, await write(self._parts.trees.append, stored.append))

    def prepare(self, submission: Submission) -> Prepared | Receipt:
        """Check a submission; return the receipt at once if the item is already stored."""
        item = submission.item
        boxes.check_size(item, LARGEST_ITEM)
        head, _ = parse_item(item)
        if head.office != self._office.office:
            raise Malformed("item")
        digest = item_payload(item)
        row = Row.of_item(item, digest, self._parts.clock.now())
        work = (submission.seed, submission.nonce)
        certificate = self._office.certificate
        enough = self._parts.work.holds(head.office, work, digest, blob=False)
        closed = head.epoch != self._parts.offices.intake_epoch(head.office)
        tree = tree_number(self._office.number, INTAKE)
        if enough and not closed:
            return Prepared(Append(tree, [row]), digest)
        placed = trees.find(self._parts.database.reader(), tree, row.leaf)
        if placed is not None:
            return self._receipt(placed, digest)
        if certificate is None:
            raise NotFound
        if closed:
            raise KeyClosed(certificate)
        raise self._parts.work.more(head.office, self._parts.load(self._office), blob=False)

    def box(self, ask: BoxAsk) -> BoxAnswer:
        """Return what waits at an address beyond a number; nothing at one that nobody knows."""
        reader = self._parts.database.reader()
        return self._parts.boxes.read(reader, self._office.number, ask.address, ask.after)

    def moved(self, ask: TimerMove) -> None:
        """Put a timer off once, for who knows its token; nobody is told whether it was."""
        now, number, database = self._parts.clock.now(), self._office.number, self._parts.database
        if timers.may_move(database.reader(), number, ask):  # Strangers cannot make it write.
            database.write(lambda each: timers.move(each, number, ask, now))

    def waits(self, ask: WaitsAsk) -> Waits:
        """Tell a locked desk whether the intake is of another size than when it was locked.

        Raises:
            UnknownCapability: no ticket of this epoch, or its time is over.
        """
        stored = self._office.let_ask(ask)
        if self._parts.clock.now() >= ask.until:
            raise UnknownCapability
        size = self._parts.size(self._office, INTAKE)
        same = hmac.compare_digest(ask.mark, mark_of(stored, self._office.office, ask.until, size))
        return Waits(int(not same))

    def meet(self, meeting: Meeting) -> None:
        """Put an item into a meeting box.

        Raises:
            TooLarge: beyond 16 KiB.
            MoreWork: too little work.
            Conflict: the box is full.
        """
        boxes.check_meeting(meeting.item)
        payload = meeting_payload(meeting.address, meeting.item)
        self._need_work((meeting.seed, meeting.nonce), payload, blob=False)
        store, number = self._parts.boxes, self._office.number
        self._parts.database.write(
            lambda connection: store.meet(connection, number, meeting.address, meeting.item)
        )
        self._parts.work.count(self._office.office)

    def offer_blob(self, offer: BlobOffer) -> int:
        """Announce a blob; return its first missing chunk.

        Raises:
            TooLarge, Malformed: the numbers do not fit.
            BlobDiffers: the id stands with another length or token.
            MoreWork: too little work.
            WordsFirst: the disk is kept for text.
        """
        blobs.check_offer(offer)
        self._parts.need_room()
        found = blobs.look(self._parts.database.reader(), self._office.number, offer.blob)
        if found is None:
            payload = blob_payload(offer.blob, offer.chunks, offer.length)
            self._need_work((offer.seed, offer.nonce), payload, blob=True)
            self._parts.work.count(self._office.office)
        number = self._office.number
        return self._parts.database.write(
            lambda connection: blobs.offer_blob(connection, number, offer)
        )

    def put_chunk(self, blob: bytes, index: int, chunk: bytes, token: bytes) -> int:
        """Store one chunk; return the first missing one.

        Raises:
            NotFound: no such blob or place.
            Malformed: of another length than its place gives.
            BlobDiffers: the wrong token, or other bytes stand there.
            WordsFirst: the disk is kept for text.
        """
        self._parts.need_room()
        found = blobs.find(self._parts.database.reader(), self._office.number, blob)
        blobs.check_chunk(found, index, chunk, token)

        def job(connection: apsw.Connection) -> int:
            return blobs.put_chunk(connection, found.number, index, chunk)

        return self._parts.database.write(job)

    def blob_state(self, blob: bytes) -> BlobState:
        """Return how much of a blob is there; raises NotFound."""
        return blobs.find(self._parts.database.reader(), self._office.number, blob).state

    def chunk(self, blob: bytes, index: int) -> bytes:
        """Return one chunk; raises NotFound."""
        reader = self._parts.database.reader()
        return blobs.read_chunk(reader, blobs.find(reader, self._office.number, blob), index)

    def _need_work(self, work: tuple[bytes, int], payload: bytes, *, blob: bool) -> None:
        office = self._office.office
        if not self._parts.work.holds(office, work, payload, blob=blob):
            raise self._parts.work.more(office, self._parts.load(self._office), blob=blob)

    def _receive(self, stored: Prepared, placed: list[Placed]) -> Receipt:
        self._parts.work.count(self._office.office)
        return self._receipt(placed[0], stored.digest)

    def _receipt(self, placed: Placed, digest: bytes) -> Receipt:
        message = receipt_message(placed.index, digest, placed.time)
        signature = sign(self._parts.key.short, "receipt", self._office.office, message)
        return Receipt(placed.index, digest, placed.time, signature)
