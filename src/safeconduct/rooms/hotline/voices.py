# SPDX-License-Identifier: AGPL-3.0-or-later
"""A voice message as a helper meets it: which files are its sound, and how long it is.

It is two letters of one conversation (spec/phone.md, "Voice messages").  What it says stands in
`transcripts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from safeconduct.kernel.words import MessageId
from safeconduct.rooms.hotline.spoken import (
    MESSAGE_SECONDS,
    PIECE_BYTES,
    PIECE_SECONDS,
    RATE,
    SILENCE,
    WHENS,
    CallMark,
    as_one,
    piece_at,
)

if TYPE_CHECKING:
    from safeconduct.rooms.hotline.transcripts import Transcript
    from safeconduct.rooms.hotline.words import Attachment, Conversation, Message


@dataclass(frozen=True, slots=True)
class Voice:
    """The sound of a message: its pieces by their place, and how it ended.

    `seconds` is 0 while no letter told its end; `cut` says that it is not known to be whole.
    """

    message: MessageId
    pieces: dict[int, Attachment]
    seconds: int
    cut: bool

    @property
    def needed(self) -> tuple[Attachment, ...]:
        """The pieces in which something was said; all of them while nobody knows."""
        most = -(-self.seconds // PIECE_SECONDS) if self.seconds else len(self.pieces)
        return tuple(file for at, file in sorted(self.pieces.items()) if at < most)


def voice_of(conversation: Conversation, message: Message) -> Voice | None:
    """Return the sound of a message; None where it is no voice message."""
    if message.call is None:
        return None
    pieces = _pieces(message)
    if not pieces:
        return None
    mark = _mark(conversation, message)
    ended = mark.left == "message"
    seconds = min(mark.seconds, MESSAGE_SECONDS) if ended else 0
    return Voice(message.id, pieces, seconds, mark.cut or not seconds)


def transcripts_of(conversation: Conversation, message: MessageId) -> tuple[Transcript, ...]:
    """Return what stands of what colleagues wrote down of a message."""
    return tuple(one for one in conversation.transcripts if one.message == message)


class Sound(NamedTuple):
    """What a page shows of a voice message, and the files of its letter that are none of it.

    `mark` is how the call went by all its letters, without what `voice` says of its end; `unread`
    says that nobody opened one of them.
    """

    voice: Voice
    mark: CallMark
    transcripts: tuple[Transcript, ...]
    files: tuple[Attachment, ...]
    unread: bool


def sound_of(conversation: Conversation, message: Message) -> Sound | None:
    """Return what a page shows of a message's sound; None where it has none."""
    voice = voice_of(conversation, message)
    if voice is None:
        return None
    sounds = set(voice.pieces.values())
    files = tuple(file for file in message.attachments if file not in sounds)
    mark = msgspec.structs.replace(_mark(conversation, message), cut=False, seconds=0)
    ends = closing(conversation)
    part = conversation.part_of(message.id)
    letters = (one for one in conversation.messages if conversation.part_of(one.id) == part)
    unread = any(not one.read_by for one in letters if one.id in ends | {message.id})
    return Sound(voice, mark, transcripts_of(conversation, message.id), files, unread)


def closing(conversation: Conversation) -> frozenset[MessageId]:
    """Return the letters that tell no more than how a voice message ended, which its sound tells.

    How calling back went is news of its own.
    """
    calls = [one for one in conversation.messages if one.call is not None]
    sounds = [conversation.part_of(one.id) for one in calls if _pieces(one)]
    return frozenset(
        one.id
        for one in calls
        if one.call is not None
        and one.call.left == "message"
        and one.call.back in ("", *WHENS)
        and not one.text
        and not one.attachments
        and conversation.part_of(one.id) in sounds
    )


def _pieces(message: Message) -> dict[int, Attachment]:
    found = ((piece_at(one.name, one.media_type, one.size), one) for one in message.attachments)
    return {at: one for at, one in found if at is not None}


def _mark(conversation: Conversation, message: Message) -> CallMark:
    """Return how the call of a message went; others may be joined with it."""
    part = conversation.part_of(message.id)
    among = (one for one in conversation.messages if conversation.part_of(one.id) == part)
    return as_one(one.call for one in among if one.call is not None) or CallMark(left="message")


def in_one(voice: Voice, heard: Iterable[bytes | None]) -> bytes:
    """Return the sound in one, of its pieces in order; None where one is not here.

    What is missing between others is silent, so that the time of what follows is right; behind the
    last piece that is here nothing follows, nor behind the end that was told.
    """
    sounds = list(heard)
    while sounds and sounds[-1] is None:
        sounds.pop()
    silent = bytes([SILENCE]) * PIECE_BYTES
    whole = b"".join(silent if one is None else one for one in sounds)
    return whole[: voice.seconds * RATE] if voice.seconds else whole
