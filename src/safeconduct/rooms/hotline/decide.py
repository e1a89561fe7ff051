# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper may do with a conversation: state and command to facts, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY, DeviceId, Instant, end_of_day
from safeconduct.rooms.hotline.events import (
    AnswerWritten,
    ConversationClaimed,
    ConversationHandedOver,
    ConversationReleased,
    MessageRead,
    NoteWritten,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.words import Conversation

ANSWER_LIVES: Final = 30 * DAY
TEXT_MOST: Final = 40_000
"""Bytes of UTF-8 of an answer or a note, so that it fits a 64 KiB box item when sealed."""
DUTIES_NOTE_MOST: Final = 2_000
"""Bytes of UTF-8 of the word that goes with each of many conversations at once."""
ANSWER_FILE_MOST: Final = 25 << 20


class NothingWritten(Refused):
    """There is neither text nor a file."""

    code = "nothing_written"


@dataclass(eq=False)
class TextTooLong(Refused):
    """The text does not fit; nothing was kept or sent."""

    code = "text_too_long"
    most: int


@dataclass(eq=False)
class FileTooLarge(Refused):
    """A person's page can take files up to a limit."""

    code = "file_too_large"
    most: int


class NoBox(Refused):
    """The person has no words of ours: nothing can be sent to her."""

    code = "no_box"


class NotAMember(Refused):
    """The colleague does not stand on the roster."""

    code = "not_a_member"


def write_answer(
    conversation: Conversation,
    answer: bytes,
    text: str,
    files: tuple[SealedFile, ...],
    now: Instant,
) -> AnswerWritten:
    """Answer the person; `answer` is 16 fresh random bytes.

    Raises:
        NoBox, NothingWritten, TextTooLong, FileTooLarge: see there.
    """
    if not conversation.mailboxes:
        raise NoBox
    if not text.strip() and not files:
        raise NothingWritten
    fits(text)
    if any(file.size > ANSWER_FILE_MOST for file in files):
        raise FileTooLarge(ANSWER_FILE_MOST)
    answered = tuple(message.id for message in conversation.waiting)
    expires = end_of_day(now + ANSWER_LIVES)
    return AnswerWritten(conversation.id, answer, text, files, expires, answered)


def ends_after(answer: AnswerWritten, days: int, now: Instant) -> AnswerWritten:
    """Return an answer that ends after so many days, at the end of one, and never later than it."""
    ends = min(answer.expires, end_of_day(now + days * DAY))
    return msgspec.structs.replace(answer, expires=ends)


def claim(conversation: Conversation) -> ConversationClaimed:
    """Hold the conversation, ending every claim that stands."""
    return ConversationClaimed(conversation.id, _standing(conversation))


def release(conversation: Conversation) -> ConversationReleased:
    """Let the conversation go, so that whoever is free takes it."""
    return ConversationReleased(conversation.id, _standing(conversation))


def hand_over(
    conversation: Conversation, to: DeviceId, note: str, members: frozenset[DeviceId]
) -> ConversationHandedOver:
    """Pass the conversation to a colleague.

    Raises:
        NotAMember, TextTooLong: see there.
    """
    if to not in members:
        raise NotAMember
    fits(note)
    return ConversationHandedOver(conversation.id, to, note, _standing(conversation))


def pass_on(
    conversation: Conversation,
    holder: DeviceId,
    to: DeviceId,
    note: str,
    members: frozenset[DeviceId],
) -> ConversationHandedOver:
    """Pass to a colleague what one device holds of a conversation; what others hold stays.

    Raises:
        NotAMember, TextTooLong: see there.
    """
    if to not in members or to == holder:
        raise NotAMember
    if len(note.encode()) > DUTIES_NOTE_MOST:
        raise TextTooLong(DUTIES_NOTE_MOST)
    held = tuple(claim.fact for claim in conversation.claims if claim.holder == holder)
    return ConversationHandedOver(conversation.id, to, note, held)


def write_note(conversation: Conversation, text: str) -> NoteWritten:
    """Write for colleagues only.

    Raises:
        NothingWritten, TextTooLong: see there.
    """
    if not text.strip():
        raise NothingWritten
    fits(text)
    return NoteWritten(conversation.id, text)


def read(conversation: Conversation, device: DeviceId) -> MessageRead | None:
    """Record that this device's helper saw the messages; None when it had seen them all."""
    fresh = tuple(m.id for m in conversation.messages if device not in m.read_by)
    return MessageRead(conversation.id, fresh) if fresh else None


def _standing(conversation: Conversation) -> tuple[bytes, ...]:
    return tuple(claim.fact for claim in conversation.claims)


def fits(text: str) -> None:
    """Hold a text to what fits a box and a frame.

    Raises:
        TextTooLong: see there.
    """
    if len(text.encode()) > TEXT_MOST:
        raise TextTooLong(TEXT_MOST)
