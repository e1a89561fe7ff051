# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hotline's nouns: conversation, message, answer, note, hand-over, claim, attachment."""

from __future__ import annotations

from dataclasses import dataclass
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

CODE_NAME_WORDS: Final = 2


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
    """What a person wrote to us."""

    id: MessageId
    arrived: Instant
    language: str
    text: str
    attachments: tuple[Attachment, ...]
    via: str
    read_by: tuple[DeviceId, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a helper wrote to the person, and which of her messages it answers."""

    id: bytes
    written: Instant
    by: DeviceId
    text: str
    attachments: tuple[Attachment, ...]
    expires: Instant
    sent: bool
    answers: tuple[MessageId, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What a helper wrote for colleagues; never sent to anyone."""

    written: Instant
    by: DeviceId
    text: str


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
    """Where a person reads, and the key that answers to her are sealed to."""

    address: Address
    sealing_key: bytes


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything between one person and the office, in order.

    `mailboxes` are all that records of her letters name.  She has one; where colleagues' records
    name more, nobody can tell by them which is hers, and answers go to each.
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

    @property
    def told_differently(self) -> bool:
        """Whether records of her letters contradict each other, so that one of them is false."""
        messages = {message.id for message in self.messages}
        return len(self.mailboxes) > 1 or len(messages) < len(self.messages)

    @property
    def waiting(self) -> tuple[Message, ...]:
        """The messages that no answer names.  No clock has a say in this, so none can hide one."""
        answered = {message for answer in self.answers for message in answer.answers}
        return tuple(message for message in self.messages if message.id not in answered)

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
    def unread(self) -> int:
        """How many messages no helper has opened."""
        return sum(not message.read_by for message in self.messages)
