# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts that the hotline records, frozen and versioned.  All stand in the hotline's team vault."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes32, Codec, Count, Count32, Record, encode

FILE_MOST: Final = 1 << 40
"""No file is larger; so a chunk's number always fits its nonce."""
FileSize = Annotated[int, msgspec.Meta(ge=0, le=FILE_MOST)]


class SealedFile(Record, frozen=True):
    """Where a file lies, and the key that opens it."""

    blob: Bytes32
    key: Bytes32
    name: str
    size: FileSize
    media_type: str


class MessageReceived(Record, frozen=True):
    """A letter from a person was opened.  Two desks may record the same message: it is one."""

    conversation: Bytes16
    message: Bytes32
    address: Bytes32
    sealing_key: bytes
    voice: Bytes32
    arrived: Count
    language: str
    text: str
    files: tuple[SealedFile, ...]
    via: str
    extras: bytes
    intake_epoch: Count32


class MessageRead(Record, frozen=True):
    """A helper opened the conversation and saw these messages."""

    conversation: Bytes16
    messages: tuple[Bytes32, ...]


class AnswerWritten(Record, frozen=True):
    """A helper wrote to the person; `answers` names the messages that wait no longer."""

    conversation: Bytes16
    answer: Bytes16
    text: str
    files: tuple[SealedFile, ...]
    expires: Count
    answers: tuple[Bytes32, ...]


class AnswerSent(Record, frozen=True):
    """The relay has the sealed answer, until `expires`.

    An answer that waited for longer than it was to live is sealed again with a later end.
    """

    conversation: Bytes16
    answer: Bytes16
    expires: Count


class HaveSent(Record, frozen=True):
    """The relay has the sealed word to the person that the office has these messages of hers."""

    conversation: Bytes16
    messages: tuple[Bytes32, ...]


class ConversationClaimed(Record, frozen=True):
    """A helper holds the conversation; `replaces` names the claims that this one ends."""

    conversation: Bytes16
    replaces: tuple[bytes, ...]


class ConversationHandedOver(Record, frozen=True):
    """A helper passes the conversation to a colleague, with a word about it."""

    conversation: Bytes16
    to: Bytes16
    note: str
    replaces: tuple[bytes, ...]


class ConversationReleased(Record, frozen=True):
    """Nobody holds the conversation any more."""

    conversation: Bytes16
    replaces: tuple[bytes, ...]


class NoteWritten(Record, frozen=True):
    """A note for colleagues."""

    conversation: Bytes16
    text: str


class AttachmentSaved(Record, frozen=True):
    """A helper saved a file outside the store, where our seal no longer protects it."""

    conversation: Bytes16
    blob: Bytes32


class IntakeKeyOpened(Record, frozen=True):
    """A new intake key; its private half travels in a key parcel."""

    epoch: Count32
    certificate: bytes
    parcel: Bytes32


class LettersSetAside(Record, frozen=True):
    """Letters that no key and no newer program can open; a desk keeps their bytes."""

    messages: tuple[Bytes32, ...]


ConversationFact = (
    MessageReceived
    | MessageRead
    | AnswerWritten
    | AnswerSent
    | HaveSent
    | ConversationClaimed
    | ConversationHandedOver
    | ConversationReleased
    | NoteWritten
    | AttachmentSaved
)
OfficeFact = IntakeKeyOpened | LettersSetAside
"""Facts that belong to no conversation."""
HotlineFact = ConversationFact | OfficeFact

KINDS: Final[dict[str, type[HotlineFact]]] = {
    f"hotline.{record.__name__}": record
    for record in (
        MessageReceived,
        MessageRead,
        AnswerWritten,
        AnswerSent,
        HaveSent,
        ConversationClaimed,
        ConversationHandedOver,
        ConversationReleased,
        NoteWritten,
        AttachmentSaved,
        IntakeKeyOpened,
        LettersSetAside,
    )
}
VERSION: Final = 1
_CODECS: Final[dict[str, Codec[HotlineFact]]] = {
    kind: Codec(record, kind) for kind, record in KINDS.items()
}


def kind_of(fact: HotlineFact) -> str:
    """Return the kind under which a fact is written."""
    return f"hotline.{type(fact).__name__}"


def write_fact(fact: HotlineFact) -> bytes:
    """Return the body of the entry."""
    return encode(fact)


def knows(kind: str, version: int) -> bool:
    """Tell whether this program knows a kind and version of fact."""
    return kind in _CODECS and version == VERSION


def parse_fact(kind: str, version: int, body: bytes) -> HotlineFact | None:
    """Return the fact, or None for a kind or version newer than this program.

    Raises:
        Malformed: a known kind whose body does not parse.
    """
    return _CODECS[kind].decode_own(body) if knows(kind, version) else None
