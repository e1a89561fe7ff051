# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person's browser does on the portal, done for one request (spec/mailbox.md).

Draw words and make keys of them, seal a letter and its files, read what waits in her box.
Nothing here outlives the process.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from safeconduct.edges.counter.courier import Courier
from safeconduct.kernel.errors import Refused, SafeconductError, UnknownVersion, Untrusted
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.phrase import Phrase, canonical, words_of
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.lock import CHUNK_BYTES, BlobSealer
from safeconduct.kernel.seal.office_words import office_words
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import BlobOpener, SealingKey
from safeconduct.kernel.seal.verify import verify
from safeconduct.kernel.wire.bodies import IntakeTerms, Receipt, receipt_message
from safeconduct.kernel.wire.refusals import KeyClosed
from safeconduct.kernel.words import Address, BlobId, Instant, MessageId, OfficeId
from safeconduct.rooms.hotline.first_contact import asked_by_form, write_contact
from safeconduct.rooms.hotline.first_words import read_words
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

if TYPE_CHECKING:
    from safeconduct.edges.counter.config import CounterConfig
    from safeconduct.edges.counter.forms import Upload

WORDS: Final = 8
WORD_BITS_BYTES: Final = 11  # 8 words of 11 bits
TEXT_BYTES: Final = 200_000
SECRET_BYTES: Final = 32
FORMAT: Final = 1
CERTIFICATES_TRIED: Final = 3
NANOSECONDS: Final = 1_000_000
"""In a millisecond."""


class WordsAreOurs(Refused):
    """The words that were typed are the office's own."""

    code = "words_ours"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What eight words give."""

    box: Box
    key: SealingKey


@dataclass(frozen=True, slots=True)
class Written:
    """What she wrote, in which language, and the fields of what she told beside it."""

    language: str
    text: str
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """A file of a letter, and the code of what kept it from arriving; empty when it is there."""

    name: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One reply that opened: its number in the box, when it goes, and what it says."""

    number: int
    expires: int
    reply: Reply | None
    """None for one of a newer office program, which this counter cannot read."""


class Visit:
    """One request's way to one office."""

    def __init__(self, config: CounterConfig) -> None:
        """Check the pinned key; connect to nothing yet.

        Raises:
            BadKey: the configuration's key is refused.
        """
        self._office: Final = OfficeId(config.office)
        self._pin: Final = LongVerifyKey.parse(config.intake_signing)
        self._courier: Final = Courier(config)
        self._epoch = 0

    def draw(self, language: str) -> Phrase:
        """Return eight fresh words of the list that is drawn from in a language."""
        words = words_of(secrets.token_bytes(WORD_BITS_BYTES), WORDS, LANGUAGES[language].words)
        return Phrase(LANGUAGES[language].words, words)

    def mailbox(self, phrase: Phrase) -> Mailbox:
        """Return the box and keys of eight words; takes a moment by design.

        Raises:
            WordsAreOurs: everyone knows these, and everyone could read what lies under them.
        """
        if phrase.words == office_words(self._office, self._pin.short.raw, phrase.language):
            raise WordsAreOurs
        secret = stretch_phrase(canonical(phrase), self._office)
        key = SealingKey.from_seed(part(secret, "mailbox-seal"))
        address = Address(part(secret, "mailbox-address"))
        return Mailbox(Box(self._office, address, key.public, part(secret, "mailbox-voice")), key)

    @cached_property
    def terms(self) -> IntakeTerms:
        """What the relay asks now."""
        return self._courier.terms()

    def send(self, mailbox: Mailbox, written: Written, uploads: list[Upload]) -> list[Carried]:
        """Seal and store a letter, words first, then each file; a file's trouble stops no other.

        Raises:
            Unreachable, Refused, Untrusted: the letter was not stored.
        """
        keys = [secrets.token_bytes(SECRET_BYTES) for _ in uploads]
        sealers = [
            BlobSealer(key, len(upload.data)) for key, upload in zip(keys, uploads, strict=True)
        ]
        files = tuple(
            SealedFile(sealer.plan.blob, key, upload.name, len(upload.data), upload.media_type)
            for sealer, key, upload in zip(sealers, keys, uploads, strict=True)
        )
        self._post(_letter(mailbox.box, written, files))
        return [
            Carried(upload.name, self._carry(sealer, upload))
            for sealer, upload in zip(sealers, uploads, strict=True)
        ]

    def first_words(self, language: str) -> str:
        """Return what the office says at once in a language; empty where it has nothing to say.

        Fails towards the page's own words: what is not signed or has ended is as good as none.
        """
        now = Instant(time.time_ns() // NANOSECONDS)
        try:
            words = read_words(self._courier.first_words(), self._office, self._pin, now)
        except SafeconductError:
            return ""
        return words.texts.get(language, "")

    def look(self, mailbox: Mailbox) -> list[Waiting]:
        """Return what waits in a box; what does not open was not written by the office."""
        found: list[Waiting] = []
        after, more = 0, True
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

    def _post(self, letter: Letter) -> MessageId:
        """Seal and store, and again when the key was closed meanwhile."""
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

    def _accept(self, raw: bytes) -> Certificate:
        certificate = parse_certificate(raw, self._office, self._pin)
        if certificate.epoch < self._epoch:
            raise Untrusted
        self._epoch = certificate.epoch
        return certificate

    def _acknowledged(self, receipt: Receipt, item: bytes) -> MessageId:
        """Check that the relay says of this very item that it would survive a power cut."""
        message = message_id(item)
        if receipt.hash != message:
            raise Untrusted
        signed = receipt_message(receipt.index, receipt.hash, receipt.time)
        relay_key = LongVerifyKey.parse(self.terms.relay_key).short
        verify(relay_key, "receipt", self._office, signed, receipt.signature)
        return message

    def _carry(self, sealer: BlobSealer, upload: Upload) -> str:
        """Store one file, letting go of its bytes as they are sealed; return a trouble's code."""
        token = secrets.token_bytes(SECRET_BYTES)
        plan = sealer.plan
        try:
            self._courier.offer(plan, token, self.terms)
            for index in range(plan.chunks):
                piece = bytes(upload.data[:CHUNK_BYTES])
                del upload.data[:CHUNK_BYTES]
                self._courier.put(plan.blob, index, sealer.seal(index, piece), token)
        except SafeconductError as error:
            return error.code
        return ""


def _letter(box: Box, written: Written, files: tuple[SealedFile, ...]) -> Letter:
    extras = write_contact(asked_by_form(written.told))
    own = box.voice, box.address, box.key.raw
    return Letter(FORMAT, *own, written.language, written.text, files, extras)
