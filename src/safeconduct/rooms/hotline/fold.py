# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a conversation's facts to the conversation: the same set gives the same state in any order.

A fold sees the facts of one conversation only, so a store folds what changed and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from safeconduct.kernel.canon import encode
from safeconduct.kernel.words import (
    Address,
    BlobId,
    ConversationId,
    DeviceId,
    FactId,
    Instant,
    MessageId,
    instant_of,
)
from safeconduct.rooms.hotline.events import (
    AnswerSent,
    AnswerWritten,
    ConversationClaimed,
    ConversationFact,
    ConversationHandedOver,
    ConversationReleased,
    MessageRead,
    MessageReceived,
    NoteWritten,
    SealedFile,
)
from safeconduct.rooms.hotline.letters import conversation_of
from safeconduct.rooms.hotline.words import (
    Answer,
    Attachment,
    Claim,
    Conversation,
    HandOver,
    Mailbox,
    Message,
    Note,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as read: its id, the writer, the writer's time, and what it says."""

    fact: FactId
    device: DeviceId
    hlc: int
    event: ConversationFact

    @property
    def at(self) -> Instant:
        """The writer's wall clock."""
        return instant_of(self.hlc)


def fold(conversation: ConversationId, code_name: str, told: Iterable[Told]) -> Conversation | None:
    """Return the conversation, or None while no message of it has been read.

    Every record of a letter may name the person's box, and none takes the place of another: a
    colleague's false one would else turn later answers away from her.
    """
    facts = sorted(told, key=lambda item: (item.hlc, item.fact))
    events = [
        _in_time(item.event, item.at)
        for item in facts
        if isinstance(item.event, MessageReceived) and _belongs(item.event, conversation)
    ]
    if not events:
        return None
    messages = _messages(events, facts)
    first = min(events, key=lambda event: event.arrived)
    return Conversation(
        id=conversation,
        code_name=code_name,
        mailboxes=_mailboxes(events),
        voice=first.voice,
        language=first.language,
        messages=messages,
        answers=_answers(facts),
        notes=tuple(
            Note(item.at, item.device, item.event.text)
            for item in facts
            if isinstance(item.event, NoteWritten)
        ),
        claims=_claims(facts),
        handovers=_handovers(facts),
    )


def _mailboxes(events: list[MessageReceived]) -> tuple[Mailbox, ...]:
    named = {(event.address, event.sealing_key) for event in events}
    return tuple(Mailbox(Address(address), key) for address, key in sorted(named))


def attachment(file: SealedFile) -> Attachment:
    """Return the attachment that a fact describes."""
    return Attachment(BlobId(file.blob), file.key, file.name, file.size, file.media_type)


def _belongs(event: MessageReceived, conversation: ConversationId) -> bool:
    """Tell whether the voice in a message is that of this conversation, whatever the fact says."""
    return conversation == event.conversation == conversation_of(event.voice)


def _in_time(event: MessageReceived, recorded: Instant) -> MessageReceived:
    """Return the record with a time that can be: nothing arrives after it was recorded."""
    return event if event.arrived <= recorded else replace(event, arrived=recorded)


def _messages(events: list[MessageReceived], facts: list[Told]) -> tuple[Message, ...]:
    readers: dict[bytes, set[DeviceId]] = {}
    for item in facts:
        if isinstance(item.event, MessageRead):
            for message in item.event.messages:
                readers.setdefault(message, set()).add(item.device)
    recorded: dict[bytes, int] = {}
    for event in events:
        recorded.setdefault(event.message, len(recorded))

    def place(event: MessageReceived) -> tuple[int, int, str, str, bytes, str]:
        when = event.arrived, recorded[event.message]
        return *when, event.text, event.language, encode(event.files), event.via

    ordered = sorted(_once(events), key=place)
    return tuple(
        Message(
            id=MessageId(event.message),
            arrived=Instant(event.arrived),
            language=event.language,
            text=event.text,
            attachments=tuple(attachment(file) for file in event.files),
            via=event.via,
            read_by=tuple(sorted(readers.get(event.message, ()))),
        )
        for event in ordered
    )


def _once(events: list[MessageReceived]) -> Iterable[MessageReceived]:
    """Return each message once, and one that two desks tell differently twice.

    A colleague who writes that somebody said something else must not take her own words away, and
    of the times that are told the earliest stands, so that none makes her wait longer.
    """
    once: dict[tuple[bytes, str, str, tuple[SealedFile, ...], str], MessageReceived] = {}
    for event in events:
        said = event.message, event.language, event.text, event.files, event.via
        if event.arrived < once.setdefault(said, event).arrived:
            once[said] = event
    return once.values()


def _answers(facts: list[Told]) -> tuple[Answer, ...]:
    """Return the answers; that one was sent is said by the device that wrote it and held it."""
    sent = {
        (item.device, item.event.answer): item.event.expires
        for item in facts
        if isinstance(item.event, AnswerSent)
    }
    return tuple(
        Answer(
            id=item.event.answer,
            written=item.at,
            by=item.device,
            text=item.event.text,
            attachments=tuple(attachment(file) for file in item.event.files),
            expires=Instant(sent.get((item.device, item.event.answer), item.event.expires)),
            sent=(item.device, item.event.answer) in sent,
            answers=tuple(MessageId(message) for message in item.event.answers),
        )
        for item in facts
        if isinstance(item.event, AnswerWritten)
    )


def _handovers(facts: list[Told]) -> tuple[HandOver, ...]:
    return tuple(
        HandOver(item.fact, item.at, item.device, DeviceId(item.event.to), item.event.note)
        for item in facts
        if isinstance(item.event, ConversationHandedOver)
    )


def _claims(facts: list[Told]) -> tuple[Claim, ...]:
    ended: set[bytes] = set()
    claims: list[Claim] = []
    for item in facts:
        event = item.event
        if isinstance(event, ConversationClaimed | ConversationHandedOver | ConversationReleased):
            ended.update(event.replaces)
        if isinstance(event, ConversationClaimed):
            claims.append(Claim(item.fact, item.device, item.at, ""))
        if isinstance(event, ConversationHandedOver):
            claims.append(Claim(item.fact, DeviceId(event.to), item.at, event.note))
    return tuple(claim for claim in claims if claim.fact not in ended)
