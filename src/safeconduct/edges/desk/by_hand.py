# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes what helpers type in of contacts by other ways: durable on return, each form once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from safeconduct.edges.desk import drafts, handed
from safeconduct.edges.desk.answering import ANSWER_BYTES
from safeconduct.edges.desk.draft_names import by_hand_name
from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.words import ConversationId, Instant, MessageId
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.by_hand import AnswerNoted, begun_by
from safeconduct.rooms.hotline.by_hand_decide import (
    ToldThen,
    Typed,
    answered_by,
    note_answer,
    note_contact,
)
from safeconduct.rooms.hotline.events import HotlineFact
from safeconduct.rooms.hotline.triage_decide import contact_with_answer
from safeconduct.rooms.hotline.voices_decide import write_down

MESSAGE_BYTES: Final = 32
_DRAFT: Final[Codec[str]] = Codec(str, "by_hand")


class ByHand:
    """What a helper here types in."""

    def __init__(
        self,
        journal: Journal,
        need: Callable[[ConversationId], Conversation],
        changed: Callable[[], None],
    ) -> None:
        """Act for the device of this journal; `need` folds a conversation or refuses."""
        self._journal: Final = journal
        self._need: Final = need
        self._changed: Final = changed

    def fresh(self) -> bytes:
        """Return what names a new form."""
        return self._journal.rng.bytes(MESSAGE_BYTES)

    def note(
        self, where: ConversationId | None, message: bytes, typed: Typed, told: str
    ) -> ConversationId:
        """Note a contact, of a conversation or of a new one, and what was told the person then."""
        with self._journal.store.lock:
            folded = self._need(where) if where else None
            if self._noted(folded, message):
                return folded.id if folded else begun_by(message)
            now, at = self._journal.clock.now(), folded.id if folded else begun_by(message)
            fact = note_contact(at, message, typed, now)
            facts: list[HotlineFact] = [fact]
            if told.strip():
                then = ToldThen(told, Instant(fact.happened), now)
                facts += self._told(folded, then, at, also=message)
            self._write(facts, lambda _: self._drop(where))
            return at

    def tell(
        self,
        conversation: ConversationId,
        text: str,
        at: Instant | None,
        next_contact: Instant | None = None,
    ) -> None:
        """Note what the person was told by another way, hold what nobody holds."""
        with self._journal.store.lock:
            folded, now = self._need(conversation), self._journal.clock.now()
            then = ToldThen(text, now if at is None else at, now)
            facts = self._told(folded, then, folded.id)
            if next_contact is not None:
                facts.append(contact_with_answer(folded, next_contact, now))

            def also(_: int) -> None:
                handed.saw(self._journal.store, self._journal.device, folded)
                drafts.keep(self._journal.store, folded.id, "answer", "")

            self._write(facts, also)

    def write_down(
        self, conversation: ConversationId, message: MessageId, text: str, seen: Collection[bytes]
    ) -> None:
        """Write down what a voice message says."""
        with self._journal.store.lock:
            fact = write_down(self._need(conversation), message, text, seen)
            self._write([fact], lambda _: None)

    def draft(self, where: ConversationId | None) -> str:
        """Return what was typed into a form and not saved."""
        return self._journal.store.setting(by_hand_name(where), _DRAFT) or ""

    def keep_draft(self, where: ConversationId | None, message: bytes, text: str) -> None:
        """Keep it, or drop it; what comes after its form was saved is dropped."""
        store = self._journal.store
        with store.lock:
            folded = self._need(where) if where else None
            if not text or self._noted(folded, message):
                self._drop(where)
            else:
                store.put_setting(by_hand_name(where), text)
        self._changed()

    def _noted(self, folded: Conversation | None, message: bytes) -> bool:
        if folded is None:
            return self._journal.lists.conversation(begun_by(message)) is not None
        return any(one.id == message for one in folded.messages)

    def _told(
        self, folded: Conversation | None, then: ToldThen, at: ConversationId, also: bytes = b""
    ) -> list[HotlineFact]:
        answered = answered_by(folded, then, self._journal.device) if folded else frozenset()
        answered |= {also} - {b""}
        answer = self._journal.rng.bytes(ANSWER_BYTES)
        fact: AnswerNoted = note_answer(at, answer, then, answered)
        if folded is None or folded.claims:
            return [fact]
        return [fact, hotline.claim(folded)]

    def _drop(self, where: ConversationId | None) -> None:
        self._journal.store.drop_settings(by_hand_name(where))

    def _write(self, facts: list[HotlineFact], also: Callable[[int], None]) -> None:
        self._journal.write([post.fact(self._journal, one) for one in facts], also)
