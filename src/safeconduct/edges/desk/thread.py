# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation as it is read: messages, answers, notes and hand-overs in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.hotline import Answer, Conversation, HandOver, Message, Note
from safeconduct.rooms.hotline.voices import closing
from safeconduct.rooms.hotline.words import Part

if TYPE_CHECKING:
    from safeconduct.kernel.words import Instant

HISTORY_MOST: Final = 100
"""Pieces that a page shows at first; the earlier ones are one press away."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that somebody wrote."""

    kind: str
    at: Instant
    what: Message | Answer | Note | HandOver
    part: Part | None = None
    """Of joined conversations: in which of them the person or the office wrote it."""
    given_up: bool = False
    """It came under words that somebody here had said are lost."""


def thread_of(conversation: Conversation) -> list[Piece]:
    """Return everything in order, oldest first; how a voice message ended stands with its sound."""
    ends = closing(conversation)
    pieces = [
        *(_message(conversation, one) for one in conversation.messages if one.id not in ends),
        *(
            Piece("answer", answer.written, answer, conversation.part_of(answer.id))
            for answer in conversation.answers
        ),
        *(Piece("note", note.written, note) for note in conversation.notes),
        *(Piece("hand-over", passed.at, passed) for passed in conversation.handovers),
    ]
    return sorted(pieces, key=lambda piece: piece.at)


def _message(conversation: Conversation, message: Message) -> Piece:
    part = conversation.part_of(message.id)
    since = [one.at for one in conversation.standing_joinings if part and one.earlier == part.id]
    late = bool(since) and message.arrived > min(since)
    own = message.by_hand is None and message.imported is None
    given_up = late and part in conversation.earlier and own
    return Piece("message", message.arrived, message, part, given_up)


def last_words(conversation: Conversation) -> str:
    """Name the newest answer, so that a form can tell what its writer had read.

    Of joined conversations it names the one that is answered, too.
    """
    box = f"@{conversation.id.hex()}" if conversation.parts else ""
    if not conversation.answers:
        return f"none{box}"
    newest = max(conversation.answers, key=lambda answer: (answer.written, answer.id))
    return f"{newest.id.hex()}{box}"


def same_box(seen: str, conversation: Conversation) -> bool:
    """Tell whether a form's answer goes where its writer was told that it goes."""
    return seen.partition("@")[2] == last_words(conversation).partition("@")[2]
