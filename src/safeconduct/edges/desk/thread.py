# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation as it is read: messages, answers, notes and hand-overs in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.hotline import Answer, Conversation, HandOver, Message, Note

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


def thread_of(conversation: Conversation) -> list[Piece]:
    """Return everything in order, oldest first."""
    pieces = [
        *(Piece("message", message.arrived, message) for message in conversation.messages),
        *(Piece("answer", answer.written, answer) for answer in conversation.answers),
        *(Piece("note", note.written, note) for note in conversation.notes),
        *(Piece("hand-over", passed.at, passed) for passed in conversation.handovers),
    ]
    return sorted(pieces, key=lambda piece: piece.at)


def last_words(conversation: Conversation) -> str:
    """Name the newest answer, so that a form can tell what its writer had read."""
    if not conversation.answers:
        return "none"
    newest = max(conversation.answers, key=lambda answer: (answer.written, answer.id))
    return newest.id.hex()
