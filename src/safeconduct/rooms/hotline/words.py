# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hotline's nouns: conversation, message, answer, note, hand-over, claim, attachment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

from safeconduct.kernel.phrase import words_of
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.kernel.words import (
    Address,
    BlobId,
    ConversationId,
    DeviceId,
    FactId,
    Instant,
    MessageId,
)
from safeconduct.rooms.hotline.avoided import NOTHING_AVOIDED, Avoided
from safeconduct.rooms.hotline.by_hand import ByHand
from safeconduct.rooms.hotline.by_line import CARRIES, LineMark
from safeconduct.rooms.hotline.first_contact import FirstContact, safest, together
from safeconduct.rooms.hotline.imported import Imported
from safeconduct.rooms.hotline.joining import Joining
from safeconduct.rooms.hotline.looks import Look
from safeconduct.rooms.hotline.retention import Keeping
from safeconduct.rooms.hotline.spoken import CallMark, as_one
from safeconduct.rooms.hotline.transcripts import Transcript
from safeconduct.rooms.hotline.triage import UNTRIAGED, Triage
from safeconduct.rooms.hotline.vetting import NOT_VETTED, Vetting

CODE_NAME_WORDS: Final = 2
KEPT_AS_ALL: Final = Keeping()
WORDS_MOST: Final = 50
"""So many different words for "I am not alone" count."""


def code_name(conversation: ConversationId, language: str) -> str:
    """Return the name under which helpers speak of a person.

    Drawn from the conversation's id, which is as good as random and known to the office alone,
    so that every desk says the same name without asking.
    """
    words = words_of(fingerprint("code-name", conversation), CODE_NAME_WORDS, language)
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as its sender named it; the name is a stranger's text and is shown as such."""

    blob: BlobId
    key: bytes
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a person wrote to us, and what she told beside it."""

    id: MessageId
    arrived: Instant
    language: str
    text: str
    attachments: tuple[Attachment, ...]
    via: str
    read_by: tuple[DeviceId, ...]
    contact: FirstContact | None = None
    by_hand: ByHand | None = None
    """How it came, where a helper typed it in; `arrived` is then when it happened."""
    imported: Imported | None = None
    """Where it came from, if out of a file; `arrived` is then what that file says."""
    line: LineMark | None = None
    """By which line it came; None where the person reads her own box."""
    call: CallMark | None = None
    """How a call went, where a telephone line tells that."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a helper wrote to the person, and which of her messages it answers.

    Where she was told it by another way, `noted` is when that was written down.
    """

    id: bytes
    written: Instant
    by: DeviceId
    text: str
    attachments: tuple[Attachment, ...]
    expires: Instant
    sent: bool
    answers: tuple[MessageId, ...] = ()
    noted: Instant | None = None
    imported: Imported | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What a helper wrote for colleagues; never sent to anyone."""

    written: Instant
    by: DeviceId
    text: str
    fact: bytes = b""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Who passed a conversation to whom, and what they said of it; it stands for good."""

    fact: FactId
    at: Instant
    by: DeviceId
    to: DeviceId
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Who holds a conversation.  Two that stand are a conflict, and both are shown."""

    fact: FactId
    holder: DeviceId
    since: Instant
    note: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a person reads, and the key that answers to her are sealed to.

    Where a line reads for her, `line` is what it said last: its voice and her handle.
    """

    address: Address
    sealing_key: bytes
    line: LineMark | None = None

    @property
    def carries(self) -> bool:
        """Whether what we write comes to the person as it is."""
        return self.line is None or self.line.kind in CARRIES


@dataclass(frozen=True, slots=True)
class Part:
    """One of several conversations that are joined: its own name, messages and answers."""

    id: ConversationId
    code_name: str
    began: Instant
    pieces: frozenset[bytes]
    """Ids of what was written in it."""
    boxed: bool = True
    """Whether it has words of ours; who was only heard of by other ways has none."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything between one person and the office, in order.

    Whoever was only heard of by other ways has neither mailbox nor voice.
    `mailboxes` are all that records of her letters name.  She has one; where colleagues' records
    name more, nobody can tell by them which is hers, and answers go to each.

    Where conversations are joined this is the one that is answered, with what stands in the others;
    `parts` then has them all, the first to begin first.
    """

    id: ConversationId
    code_name: str
    mailboxes: tuple[Mailbox, ...]
    voice: bytes
    language: str
    messages: tuple[Message, ...]
    answers: tuple[Answer, ...]
    notes: tuple[Note, ...]
    claims: tuple[Claim, ...]
    handovers: tuple[HandOver, ...]
    triage: Triage = UNTRIAGED
    joinings: tuple[Joining, ...] = ()
    parts: tuple[Part, ...] = ()
    looks: tuple[Look, ...] = ()
    avoided: Avoided = NOTHING_AVOIDED
    keeping: Keeping = KEPT_AS_ALL
    vetting: Vetting = NOT_VETTED
    transcripts: tuple[Transcript, ...] = ()
    spare: tuple[Attachment, ...] = ()
    """The same files once more, sealed apart by another desk that brought them in, too."""

    @property
    def began(self) -> Instant:
        """When the first message under these words arrived."""
        return min(message.arrived for message in self._own)

    @property
    def carries(self) -> bool:
        """Whether what we write comes to the person as it is."""
        return any(box.carries for box in self.mailboxes)

    @property
    def line_itself(self) -> bool:
        """Whether a line speaks of itself here and nobody else: it is no person."""
        return all(one.line and one.line.of_itself for one in self.messages)

    @property
    def call(self) -> CallMark | None:
        """How a call went, by all that its letters tell; None where nobody called."""
        return as_one(one.call for one in self.messages if one.call is not None)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """Every file that a message or an answer names."""
        return files_of(self.messages, self.answers)

    @property
    def pieces(self) -> dict[bytes, list[str]]:
        """What was written here, by the id of the message, the answer or the note."""
        return pieces_of(self.messages, self.answers, self.notes)

    @property
    def earlier(self) -> tuple[Part, ...]:
        """The joined conversations that are not answered any more."""
        return tuple(part for part in self.parts if part.id != self.id)

    @property
    def standing_joinings(self) -> tuple[Joining, ...]:
        """What joins the parts."""
        among = {part.id for part in self.parts}
        return tuple(
            one for one in self.joinings if one.joined and {one.conversation, one.earlier} <= among
        )

    def part_of(self, piece: bytes) -> Part | None:
        """Return in which of the joined conversations a message or an answer stands."""
        return next((part for part in self.parts if piece in part.pieces), None)

    @property
    def heard(self) -> Instant:
        """When the person wrote last, under the words that are answered.

        Words that were given up end no silence: somebody else may hold them.  Nor does what others
        say of her, but where nobody ever heard her herself.
        """
        return max(message.arrived for message in _herself(self._own))

    @property
    def _own(self) -> tuple[Message, ...]:
        """The messages under the words that are answered."""
        pieces = [part.pieces for part in self.parts if part.id == self.id]
        return tuple(one for one in self.messages if not pieces or one.id in pieces[0])

    @property
    def told_differently(self) -> bool:
        """Whether records of her letters contradict each other, so that one of them is false."""
        messages = {message.id for message in self.messages}
        return len(self.mailboxes) > 1 or len(messages) < len(self.messages)

    @property
    def contact(self) -> FirstContact | None:
        """What she told beside her messages; of each answer the last one that she gave stands.

        Where records of one message differ, what asks for more care counts.  What others tell of
        her stands beside their own words alone, but where nobody ever heard her herself.
        """
        tellings: dict[MessageId, list[FirstContact]] = {}
        for message in _herself(self.messages):
            if message.contact is not None:
                tellings.setdefault(message.id, []).append(message.contact)
        letters = [safest(told) for told in tellings.values()]
        return together([told for told in letters if told is not None])

    def not_alone_words(self, message: Message) -> tuple[str, ...]:
        """Return every word for "I am not alone" that she named before a message of hers.

        A later one takes no earlier one away: who writes in her place cannot unname it.  Nobody
        names more than a few, so the first fifty count; each costs a search of all that is shown.
        """
        before = takewhile(lambda one: one.id != message.id, self.messages)
        told = [one.contact for one in before if one.contact is not None]
        named = dict.fromkeys(one.not_alone_word for one in told if one.not_alone_word)
        return tuple(islice(named, WORDS_MOST))

    @property
    def waiting(self) -> tuple[Message, ...]:
        """The messages that no answer names.  No clock has a say in this, so none can hide one.

        What a line says of itself waits for none.
        """
        answered = {message for answer in self.answers for message in answer.answers}
        return tuple(
            message
            for message in self.messages
            if message.id not in answered and not (message.line and message.line.of_itself)
        )

    @property
    def waiting_since(self) -> Instant | None:
        """When the first message arrived that waits for an answer; None when none waits."""
        return min((message.arrived for message in self.waiting), default=None)

    def handed_to(self, device: DeviceId) -> tuple[HandOver, ...]:
        """The hand-overs by which a device holds the conversation, the newest first."""
        held = {claim.fact for claim in self.claims if claim.holder == device}
        standing = [passed for passed in self.handovers if passed.fact in held]
        return tuple(sorted(standing, key=lambda passed: (passed.at, passed.fact), reverse=True))

    @property
    def brought_in(self) -> Instant | None:
        """When it was brought in, where all that anybody said in it came out of files."""
        found = [message.imported for message in self.messages]
        times = [one.noted for one in found if one is not None]
        return max(times) if len(times) == len(found) else None

    @property
    def unread(self) -> int:
        """How many messages no helper has opened."""
        return sum(not message.read_by for message in self.messages)


def files_of(messages: Iterable[Message], answers: Iterable[Answer]) -> tuple[Attachment, ...]:
    """Return every file that a message or an answer names."""
    received = [file for one in messages for file in one.attachments]
    return (*received, *(file for one in answers for file in one.attachments))


def pieces_of(
    messages: Iterable[Message], answers: Iterable[Answer], notes: Iterable[Note]
) -> dict[bytes, list[str]]:
    """Return what was written, by its id; records of one message may tell it differently."""
    pieces: dict[bytes, list[str]] = {}
    for message in messages:
        pieces.setdefault(message.id, []).append(message.text)
    for answer in answers:
        pieces.setdefault(answer.id, []).append(answer.text)
    for note in notes:
        pieces.setdefault(note.fact, []).append(note.text)
    return pieces


def _herself(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the messages that are the person's own word; all, where none is."""
    own = [one for one in messages if one.by_hand is None or one.by_hand.of_person]
    return tuple(one for one in own if not (one.line and one.line.alarm)) or messages
