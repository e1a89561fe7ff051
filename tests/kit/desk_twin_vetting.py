# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vetting at a desk in memory: the room's decisions over the twin's facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from safeconduct.edges.desk.stems import stem
from safeconduct.kernel.words import ConversationId, DeviceId, FactId
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline import Conversation, vetting_decide
from safeconduct.rooms.hotline.canned import Canned, offered
from safeconduct.rooms.hotline.guarded import OfficeWords
from safeconduct.rooms.hotline.vetting import Gate, Opening, may_show
from safeconduct.rooms.hotline.vetting_decide import Answered
from safeconduct.rooms.hotline.vetting_facts import GuardedWordsSet, VettingFact

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinVetting:
    """One desk's side; the words are the office's."""

    def __init__(self, desk: TwinDesk, office: list[GuardedWordsSet]) -> None:
        """Act for a desk."""
        self._desk, self.office = desk, office

    def answer_item(self, conversation: ConversationId, said: Answered) -> None:
        """Answer one."""
        self._tell(vetting_decide.answer_item(self._talk(conversation), said))

    def open_gate(self, conversation: ConversationId, gate: Gate, reason: str) -> None:
        """Open it."""
        self._tell(vetting_decide.open_gate(self._talk(conversation), gate, reason))

    def second_gate(self, conversation: ConversationId, opening: FactId, reason: str) -> None:
        """Say so too."""
        talk, own = self._talk(conversation), self._desk.device
        self._tell(vetting_decide.second_gate(talk, opening, reason, own, self._apart))

    def close_gate(self, conversation: ConversationId, reason: str) -> None:
        """Withdraw it."""
        self._tell(vetting_decide.close_gate(self._talk(conversation), reason))

    def may_second(self, opening: Opening) -> bool:
        """Whether somebody else sits here."""
        return self._apart(self._desk.device, opening.word.by)

    def pin(self, conversation: ConversationId, first: str, second: str, note: str) -> None:
        """Pin two."""
        self._tell(vetting_decide.pin(self._talk(conversation), first, second, note))

    def settle(self, conversation: ConversationId, pinned: FactId, reason: str) -> None:
        """Settle it."""
        self._tell(vetting_decide.settle(self._talk(conversation), pinned, reason))

    def guard(self, conversation: ConversationId, gate: Gate, text: str, words: str) -> None:
        """Guard a note."""
        self._tell(vetting_decide.guard(self._talk(conversation), gate, text, words))

    def take_back(self, conversation: ConversationId, note: FactId, reason: str) -> None:
        """Take it back."""
        talk, own = self._talk(conversation), self._desk.device
        self._tell(vetting_decide.take_back(talk, note, reason, own))

    def check(self, conversation: Conversation, texts: Iterable[str]) -> None:
        """Hold an answer back."""
        words = [OfficeWords(one.gate, one.words) for one in self.office]
        canned = self._desk.guidance.canned()
        office = tuple(vetting_decide.kept_below(conversation.vetting.gate, words, canned))
        vetting_decide.let_go(conversation, list(texts), office, stem)

    def offered(self, conversation: Conversation) -> Sequence[Canned]:
        """What may go."""
        standing, passed = self._desk.guidance.canned(), conversation.vetting.gate
        found = offered(standing, self._desk.now())
        return [one for one in found if may_show(passed, Gate(one.gate))]

    def words(self) -> Mapping[Gate, Sequence[str]]:
        """The office's."""
        return {Gate(one.gate): one.words for one in self.office}

    def set_words(self, gate: Gate, typed: str) -> None:
        """Set them."""
        need_steward(self._desk.roster(), self._desk.device)
        fact = vetting_decide.set_words(gate, typed, ())
        self.office[:] = [*(one for one in self.office if one.gate != gate), fact]

    def _talk(self, conversation: ConversationId) -> Conversation:
        return self._desk._conversation(conversation)

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return are_apart(self._desk.roster(), one, other)

    def _tell(self, event: VettingFact) -> None:
        self._desk._tell(ConversationId(event.conversation), event)
