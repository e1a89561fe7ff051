# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts that the hotline records, frozen and versioned.  All stand in the hotline's team vault."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes32, Codec, Count, Count32, Record, encode
from safeconduct.kernel.words import FACT_ID_BYTES
from safeconduct.rooms.hotline.avoided import AvoidedWordsSet
from safeconduct.rooms.hotline.bulletin_facts import BULLETIN_FACTS, BulletinFact
from safeconduct.rooms.hotline.by_hand import BY_HAND_FACTS, ByHandFact
from safeconduct.rooms.hotline.canned import CANNED_FACTS, CannedFact
from safeconduct.rooms.hotline.first_words import FIRST_WORDS_FACTS, FirstWordsFact
from safeconduct.rooms.hotline.flags import FLAG_FACTS, FlagFact
from safeconduct.rooms.hotline.imported import IMPORTED_FACTS, ImportedFact
from safeconduct.rooms.hotline.joining import ConversationsJoined
from safeconduct.rooms.hotline.line_facts import LINE_FACTS, LineSet
from safeconduct.rooms.hotline.looks import LOOK_FACTS, LookFact
from safeconduct.rooms.hotline.retention import RETENTION_FACTS, RetentionFact, RetentionSet
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.transcripts import TranscriptWritten
from safeconduct.rooms.hotline.triage_facts import TRIAGE_FACTS, TriageFact
from safeconduct.rooms.hotline.vetting_facts import VETTING_FACTS, GuardedWordsSet, VettingFact

OPENED_MOST: Final = 16
"""As many fit beside a heartbeat without making its frame longer (spec/crew.md 11)."""
EXPORTED_MOST: Final = 1_000
"""As many as one asks for at once (spec/crew.md 14)."""
SEARCHES_MOST: Final = 9_999


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


class ConversationsOpened(Record, frozen=True):
    """Somebody at a desk looked at these conversations on a day, as that desk reports.

    `day` counts days of UTC since 1970; the ids are sorted, so that no order of looking is kept.
    """

    day: Count32
    conversations: Annotated[
        tuple[Bytes16, ...], msgspec.Meta(min_length=1, max_length=OPENED_MOST)
    ]


class ConversationsExported(Record, frozen=True):
    """Somebody at a desk took these conversations out of the office, as that desk reports.

    `asked` is the fact by which they asked, or empty where one took it along alone; `sealed` is 1
    for a file that words open, 0 for one that lies open.
    """

    asked: Annotated[bytes, msgspec.Meta(max_length=FACT_ID_BYTES)]
    sealed: Annotated[int, msgspec.Meta(ge=0, le=1)]
    conversations: Annotated[
        tuple[Bytes16, ...], msgspec.Meta(min_length=1, max_length=EXPORTED_MOST)
    ]


class SearchesMade(Record, frozen=True):
    """How often somebody at a desk searched on a day, in all that it reads, as that desk reports.

    `day` counts days of UTC since 1970; no word of a search is kept.
    """

    day: Count32
    times: Annotated[int, msgspec.Meta(ge=1, le=SEARCHES_MOST)]


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
    | ConversationsJoined
    | ByHandFact
    | ImportedFact
    | LookFact
    | TriageFact
    | FlagFact
    | AvoidedWordsSet
    | RetentionFact
    | VettingFact
    | TranscriptWritten
)
OfficeFact = (
    ConversationsExported
    | ConversationsOpened
    | SearchesMade
    | IntakeKeyOpened
    | LettersSetAside
    | CannedFact
    | RetentionSet
    | FirstWordsFact
    | GuardedWordsSet
    | LineSet
)
"""Facts that belong to no conversation, or to several."""
HotlineFact = ConversationFact | OfficeFact | BulletinFact

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
        ConversationsJoined,
        *BY_HAND_FACTS,
        *IMPORTED_FACTS,
        *LOOK_FACTS,
        *TRIAGE_FACTS,
        *BULLETIN_FACTS,
        *FLAG_FACTS,
        AvoidedWordsSet,
        *CANNED_FACTS,
        *RETENTION_FACTS,
        RetentionSet,
        *FIRST_WORDS_FACTS,
        *VETTING_FACTS,
        GuardedWordsSet,
        TranscriptWritten,
        *LINE_FACTS,
        ConversationsExported,
        ConversationsOpened,
        SearchesMade,
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
