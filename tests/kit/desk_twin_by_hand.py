# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts typed in at a desk in memory: the room's decisions over the twin's facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.words import ConversationId, Instant, MessageId
from safeconduct.rooms.hotline import claim
from safeconduct.rooms.hotline.by_hand import begun_by
from safeconduct.rooms.hotline.by_hand_decide import (
    ToldThen,
    Typed,
    answered_by,
    note_answer,
    note_contact,
)
from safeconduct.rooms.hotline.triage_decide import contact_with_answer
from safeconduct.rooms.hotline.voices_decide import write_down
from safeconduct.rooms.hotline.words import code_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.kit.desk_twin import TwinDesk


class TwinByHand:
    """One desk's side."""

    def __init__(self, desk: TwinDesk) -> None:
        """Act for a desk."""
        self._desk = desk
        self._begun: dict[ConversationId | None, str] = {}

    def fresh(self) -> bytes:
        """What names a new form."""
        return self._desk.rng.bytes(32)

    def note(
        self, where: ConversationId | None, message: bytes, typed: Typed, told: str
    ) -> ConversationId:
        """Note a contact."""
        desk, at = self._desk, where or begun_by(message)
        fact = note_contact(at, message, typed, desk.now())
        if self._noted(where, message):
            return at
        desk._names.setdefault(at, code_name(at, "en"))
        desk._tell(at, fact)
        if told.strip():
            then = ToldThen(told, Instant(fact.happened), desk.now())
            self._told(at, then)
        self.keep_draft(where, b"", "")
        return at

    def tell(
        self,
        conversation: ConversationId,
        text: str,
        at: Instant | None,
        next_contact: Instant | None = None,
    ) -> None:
        """Note what was told."""
        desk = self._desk
        self._told(conversation, ToldThen(text, at or desk.now(), desk.now()))
        if next_contact is not None:
            talk = desk._conversation(conversation)
            desk._tell(conversation, contact_with_answer(talk, next_contact, desk.now()))
        desk.keep_draft(conversation, "answer", "")

    def write_down(
        self, conversation: ConversationId, message: MessageId, text: str, seen: Collection[bytes]
    ) -> None:
        """Write it down."""
        folded = self._desk._conversation(conversation)
        self._desk._tell(conversation, write_down(folded, message, text, seen))

    def draft(self, where: ConversationId | None) -> str:
        """What was begun."""
        return self._begun.get(where, "")

    def keep_draft(self, where: ConversationId | None, message: bytes, text: str) -> None:
        """Keep it."""
        self._begun[where] = "" if self._noted(where, message) else text
        self._desk._changed()

    def _noted(self, where: ConversationId | None, message: bytes) -> bool:
        if where is None:
            return begun_by(message) in self._desk._told
        return any(one.id == message for one in self._desk._conversation(where).messages)

    def _told(self, at: ConversationId, then: ToldThen) -> None:
        desk = self._desk
        talk = desk._conversation(at)
        answered = answered_by(talk, then, desk.device)
        desk._tell(at, note_answer(at, desk.rng.bytes(16), then, answered))
        if not talk.claims:
            desk._tell(at, claim(desk._conversation(at)))
