# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters between a person and the office (spec/mailbox.md), as bytes and types.

Used by desks, which open letters and seal answers, and by the counter, which does what a
person's browser would.  A letter's voice shows that two messages come from one person; an answer
that opens was written by the office.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Final, Literal

from safeconduct.kernel.canon import Bytes16, Bytes32, Codec, Count, Count32, Record, encode
from safeconduct.kernel.errors import Malformed, UnknownVersion
from safeconduct.kernel.seal.keys import LONG_SIGNATURE_BYTES, LongSigningKey, LongVerifyKey
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.lock import SealingPublicKey, blob_id, seal_to
from safeconduct.kernel.seal.padding import pad, unpad
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.seal.unlock import SealingKey, open_sealed
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.kernel.words import (
    CONVERSATION_ID_BYTES,
    HASH_BYTES,
    OFFICE_ID_BYTES,
    Address,
    ConversationId,
    MessageId,
    OfficeId,
)
from safeconduct.rooms.hotline.events import AnswerWritten, MessageReceived
from safeconduct.rooms.hotline.sealed_files import SealedFile

FORMAT: Final = 1
FORMAT_BYTE: Final = bytes([FORMAT])
LETTER_LEAST: Final = 4096
ANSWER_LEAST: Final = 1024
ITEM_MOST: Final = 256 << 10
_PREFIX: Final = 1 + OFFICE_ID_BYTES + 4


class Certificate(Record, frozen=True):
    """The current intake key, signed by the key that pages pin."""

    format: int
    office: Bytes16
    epoch: Count32
    key: bytes
    opened: Count
    closes: Count


class Letter(Record, frozen=True):
    """What a person writes, before it is sealed."""

    format: int
    voice: Bytes32
    address: Bytes32
    key: bytes
    language: str
    text: str
    files: tuple[SealedFile, ...]
    extras: dict[str, Any]


class Reply(Record, frozen=True):
    """What the office writes into a person's box: an answer, or that her message was received."""

    format: int
    kind: Literal["answer", "have"]
    time: Count
    text: str
    files: tuple[SealedFile, ...]
    about: bytes
    extras: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a person reads: her address, her sealing key and the voice that proves the office."""

    office: OfficeId
    address: Address
    key: SealingPublicKey
    voice: bytes


CERTIFICATE: Final[Codec[Certificate]] = Codec(Certificate, "certificate", version=1)
LETTER: Final[Codec[Letter]] = Codec(Letter, "letter", version=1)
REPLY: Final[Codec[Reply]] = Codec(Reply, "answer", version=1)


def write_certificate(certificate: Certificate, key: LongSigningKey) -> bytes:
    """Return the certificate with its long signature after it."""
    raw = encode(certificate)
    return raw + sign_long(key, "intake-key", certificate.office, raw)


def parse_certificate(data: bytes, office: OfficeId, key: LongVerifyKey) -> Certificate:
    """Return a certificate whose two signatures hold.

    Raises:
        BadSignature, Malformed, NotCanonical, UnknownVersion: it is not this office's.
        BadKey: the office signed a key that nobody can seal to.
    """
    if len(data) <= LONG_SIGNATURE_BYTES:
        raise Malformed("certificate")
    raw, signature = data[:-LONG_SIGNATURE_BYTES], data[-LONG_SIGNATURE_BYTES:]
    verify_long(key, "intake-key", office, raw, signature)
    certificate = CERTIFICATE.decode(raw)
    if certificate.office != office:
        raise Malformed("certificate")
    SealingPublicKey.parse(certificate.key)
    return certificate


def item_epoch(item: bytes, office: OfficeId) -> int:
    """Return the intake key epoch that an item names.

    Raises:
        Malformed, UnknownVersion: not an item of this office and version.
    """
    if not _PREFIX <= len(item) <= ITEM_MOST:
        raise Malformed("item")
    if item[0] != FORMAT:
        raise UnknownVersion("item", item[0])
    if item[1 : 1 + OFFICE_ID_BYTES] != office:
        raise Malformed("item")
    return int.from_bytes(item[1 + OFFICE_ID_BYTES : _PREFIX], "big")


def message_id(item: bytes) -> MessageId:
    """Return the id of the message that an item carries."""
    return MessageId(hashlib.sha256(item).digest())


def seal_letter(letter: Letter, certificate: Certificate) -> bytes:
    """Seal a letter to the office's current intake key."""
    context = certificate.office + certificate.epoch.to_bytes(4, "big")
    padded = pad(encode(letter), LETTER_LEAST)
    sealed = seal_to(SealingPublicKey.parse(certificate.key), "intake", context, padded)
    return FORMAT_BYTE + context + sealed


def open_letter(item: bytes, office: OfficeId, key: SealingKey) -> Letter:
    """Open an intake item with the private half of its epoch.

    Raises:
        Malformed, NotCanonical, UnknownVersion, CannotOpen: it is not a letter to this key.
        BadKey: the person's key is refused.
    """
    item_epoch(item, office)
    opened = unpad(open_sealed(key, "intake", item[1:_PREFIX], item[_PREFIX:]))
    try:
        letter = LETTER.decode(opened)
    except UnknownVersion:
        # A newer page says so outside (spec/mailbox.md 4); nobody waits for this one for ever.
        raise Malformed("letter") from None
    SealingPublicKey.parse(letter.key)
    _check_files(letter.files, "letter")
    return letter


def check_record(record: MessageReceived) -> None:
    """Refuse a record of a letter that cannot have been opened, whoever wrote it.

    Raises:
        BadKey: nobody can seal an answer to this key.
        Malformed: its voice is not the conversation's, or a file has not the id of its key.
    """
    SealingPublicKey.parse(record.sealing_key)
    if record.conversation != conversation_of(record.voice):
        raise Malformed("message")
    _check_files(record.files, "message")


def check_answer(answer: AnswerWritten) -> None:
    """Refuse an answer that says nothing: it would take her off the line unheard.

    Raises:
        Malformed: it has neither text nor a file.
    """
    if not answer.text.strip() and not answer.files:
        raise Malformed("answer")


def conversation_of(voice: bytes) -> ConversationId:
    """Return the conversation that a voice belongs to."""
    digest = hashlib.sha256(label("conversation") + b"\0" + voice).digest()
    return ConversationId(digest[:CONVERSATION_ID_BYTES])


def seal_reply(reply: Reply, box: Box) -> bytes:
    """Seal what the office says to a person."""
    padded = pad(encode(reply), ANSWER_LEAST)
    return FORMAT_BYTE + seal_to(box.key, "answer", _reply_context(box), padded)


def open_reply(item: bytes, box: Box, key: SealingKey) -> Reply:
    """Open what lies in a person's box.

    Raises:
        Malformed, NotCanonical, UnknownVersion, CannotOpen: the office did not write this.
    """
    if not item:
        raise Malformed("answer")
    if item[0] != FORMAT:
        raise UnknownVersion("answer", item[0])
    reply = REPLY.decode(unpad(open_sealed(key, "answer", _reply_context(box), item[1:])))
    if reply.about and len(reply.about) != HASH_BYTES:
        raise Malformed("answer")
    _check_files(reply.files, "answer")
    return reply


def _check_files(files: tuple[SealedFile, ...], name: str) -> None:
    """Refuse a file whose id is not that of its key: an id opens with one key only."""
    if any(file.blob != blob_id(file.key) for file in files):
        raise Malformed(name)


def _reply_context(box: Box) -> bytes:
    proof = hmac.digest(box.voice, label("answer"), "sha256")
    return box.office + box.address + proof
