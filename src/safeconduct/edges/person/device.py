# SPDX-License-Identifier: AGPL-3.0-or-later
"""One visit to one office's relay, as a person's device makes it (spec/mailbox.md 3 to 6).

A letter is sealed to a certificate that the pinned key signed, and counts as sent only once the
relay's receipt for that very item holds.  What does not open in her box was not written by the
office.  Nothing here outlives the visit but the greatest epoch that was seen, where it is carried.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from safeconduct.edges.person.courier import Courier
from safeconduct.kernel.errors import UnknownVersion, Untrusted
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.lock import CHUNK_BYTES, BlobPlan, BlobSealer
from safeconduct.kernel.seal.unlock import BlobOpener, SealingKey
from safeconduct.kernel.seal.verify import verify
from safeconduct.kernel.wire.bodies import IntakeTerms, Receipt, receipt_message
from safeconduct.kernel.wire.refusals import KeyClosed
from safeconduct.kernel.words import BlobId, MessageId, OfficeId
from safeconduct.rooms.hotline.letters import (
    Box,
    Certificate,
    Letter,
    Reply,
    message_id,
    open_reply,
    parse_certificate,
    seal_letter,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile

SECRET_BYTES: Final = 32
FORMAT: Final = 1
CERTIFICATES_TRIED: Final = 3


@dataclass
class Seen:
    """The greatest epoch of an intake key so far; older ones are refused."""

    epoch: int = 0

    def meet(self, epoch: int) -> None:
        """Meet a key of an epoch, before anything is sealed to it.

        Raises:
            Untrusted: a newer one was met before.
        """
        if epoch < self.epoch:
            raise Untrusted
        self.epoch = epoch


@dataclass(frozen=True, slots=True)
class At:
    """An office, the key that signs its intake keys, and where its relay is met."""

    office: OfficeId
    pin: LongVerifyKey
    relay: str
    seen: Seen = field(default_factory=Seen)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A box, and the key that opens what lies in it."""

    box: Box
    key: SealingKey


@dataclass(frozen=True, slots=True)
class Waiting:
    """One reply that opened: its number in the box, when it goes, and what it says."""

    number: int
    expires: int
    reply: Reply | None
    """None for one of a newer office program, which this program cannot read."""


@dataclass(slots=True)
class Outgoing:
    """A file on its way: how it is sealed, and the token by which its chunks are stored."""

    sealer: BlobSealer
    token: bytes = field(default_factory=lambda: secrets.token_bytes(SECRET_BYTES))


def new_file(name: str, size: int, media_type: str) -> tuple[SealedFile, Outgoing]:
    """Return what a letter says of a file, under a fresh key, and what seals it."""
    key = secrets.token_bytes(SECRET_BYTES)
    sealer = BlobSealer(key, size)
    return SealedFile(sealer.plan.blob, key, name, size, media_type), Outgoing(sealer)


class Device:
    """The way to one relay for one visit; used by one thread at a time."""

    def __init__(self, at: At) -> None:
        """Connect to nothing yet."""
        self._at: Final = at
        self._courier: Final = Courier(at.relay, at.office)

    def close(self) -> None:
        """Let the connection go."""
        self._courier.close()

    @cached_property
    def terms(self) -> IntakeTerms:
        """What the relay asks now."""
        return self._courier.terms()

    def first_words(self) -> bytes:
        """Return what the office says at once, unchecked.

        Raises:
            Unreachable: there are none to be had now.
        """
        return self._courier.first_words()

    def post(self, letter: Letter) -> MessageId:
        """Seal and store a letter, and again when the key was closed meanwhile.

        Raises:
            Unreachable, Refused, Untrusted: the letter was not stored.
        """
        certificate = self.terms.certificate
        for _ in range(CERTIFICATES_TRIED):
            item = seal_letter(letter, self._accept(certificate))
            try:
                receipt = self._courier.submit(item, self.terms)
            except KeyClosed as closed:
                certificate = closed.certificate
                continue
            return self._acknowledged(receipt, item)
        raise KeyClosed(certificate)

    def carry(self, file: Outgoing, content: bytearray) -> None:
        """Store one file, letting go of its bytes as they are sealed; goes on where it stopped.

        Raises:
            Unreachable, Refused, Untrusted: it is not there, or not all of it.
        """
        plan = file.sealer.plan
        start = self._courier.offer(plan, file.token, self.terms)
        del content[: start * CHUNK_BYTES]
        for index in range(start, plan.chunks):
            sealed = file.sealer.seal(index, bytes(content[:CHUNK_BYTES]))
            del content[:CHUNK_BYTES]
            self._courier.put(plan.blob, index, sealed, file.token)

    def store(self, plan: BlobPlan, sealed: bytes, token: bytes) -> None:
        """Store a file of one chunk that was sealed before; safe to repeat.

        Raises:
            Unreachable, Refused, Untrusted: it is not there.
        """
        if not self._courier.offer(plan, token, self.terms):
            self._courier.put(plan.blob, 0, sealed, token)

    def look(self, mailbox: Mailbox, after: int = 0) -> list[Waiting]:
        """Return what waits in a box beyond a number; what does not open is passed over.

        Raises:
            Unreachable: the relay does not answer.
        """
        found: list[Waiting] = []
        more = True
        while more:
            answer = self._courier.box(mailbox.box.address, after)
            for item in answer.items:
                after = max(after, item.number)
                try:
                    reply = open_reply(item.item, mailbox.box, mailbox.key)
                    found.append(Waiting(item.number, item.expires, reply))
                except UnknownVersion:
                    found.append(Waiting(item.number, item.expires, None))
                except Untrusted:
                    continue
            more = answer.more and bool(answer.items)
        return found

    def fetch(self, file: SealedFile) -> Iterator[bytes]:
        """Give a file of an answer piece by piece, the first of which is there when this returns.

        Raises:
            Unreachable, NotFound, CannotOpen: it is not there, or not what the office sent.
        """
        opener = BlobOpener(file.key, file.size)
        first = self._piece(opener, 0)

        def pieces() -> Iterator[bytes]:
            yield first
            for index in range(1, opener.plan.chunks):
                yield self._piece(opener, index)

        return pieces()

    def _piece(self, opener: BlobOpener, index: int) -> bytes:
        return opener.open(index, self._courier.chunk(BlobId(opener.plan.blob), index))

    def _accept(self, raw: bytes) -> Certificate:
        certificate = parse_certificate(raw, self._at.office, self._at.pin)
        self._at.seen.meet(certificate.epoch)
        return certificate

    def _acknowledged(self, receipt: Receipt, item: bytes) -> MessageId:
        """Check that the relay says of this very item that it would survive a power cut."""
        message = message_id(item)
        if receipt.hash != message:
            raise Untrusted
        signed = receipt_message(receipt.index, receipt.hash, receipt.time)
        relay_key = LongVerifyKey.parse(self.terms.relay_key).short
        verify(relay_key, "receipt", self._at.office, signed, receipt.signature)
        return message
