# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vetting at this desk: the checklist, gates, contradictions, and what is guarded until then.

Decided, written, and durable on return.  An answer in which something guarded stands is refused,
whichever way it comes (spec/vetting.md 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.stems import stem
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import ConversationId, DeviceId, FactId, fact_id
from safeconduct.rooms import hotline
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline import Conversation, vetting_decide
from safeconduct.rooms.hotline.canned import Canned, offered
from safeconduct.rooms.hotline.events import HotlineFact
from safeconduct.rooms.hotline.guarded import OfficeWords
from safeconduct.rooms.hotline.vetting import Gate, Opening, may_show
from safeconduct.rooms.hotline.vetting_decide import Answered
from safeconduct.rooms.hotline.vetting_facts import GuardedWordsSet

_KIND: Final = "hotline.GuardedWordsSet"
_WORDS: Final = (
    "SELECT c.id, c.device, c.sequence, e.slot, e.vault, e.version, e.body FROM entries e "
    'JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation IS NULL AND e.kind = ? AND c.state = 0"
)


class _Set(NamedTuple):
    fact: FactId
    event: GuardedWordsSet


class Vetting:
    """What a helper here finds out, and what it opens."""

    def __init__(
        self,
        journal: Journal,
        need: Callable[[ConversationId], Conversation],
        canned: Callable[[], Sequence[Canned]],
    ) -> None:
        """Act for the device of this journal; `canned` returns the ready answers that stand."""
        self._journal: Final = journal
        self._need: Final = need
        self._canned: Final = canned

    def answer_item(self, conversation: ConversationId, said: Answered) -> None:
        """Say how an item of the checklist stands."""
        self._write(vetting_decide.answer_item(self._need(conversation), said))

    def open_gate(self, conversation: ConversationId, gate: Gate, reason: str) -> None:
        """Say that a gate is passed."""
        self._write(vetting_decide.open_gate(self._need(conversation), gate, reason))

    def second_gate(self, conversation: ConversationId, opening: FactId, reason: str) -> None:
        """Say so as the second person."""
        own, folded = self._journal.device, self._need(conversation)
        self._write(vetting_decide.second_gate(folded, opening, reason, own, self._apart))

    def close_gate(self, conversation: ConversationId, reason: str) -> None:
        """Withdraw whatever gate is passed or waits for a second."""
        self._write(vetting_decide.close_gate(self._need(conversation), reason))

    def may_second(self, opening: Opening) -> bool:
        """Tell whether somebody here is another person than who opened a gate."""
        return self._apart(self._journal.device, opening.word.by)

    def pin(self, conversation: ConversationId, first: str, second: str, note: str) -> None:
        """Pin two passages that do not agree."""
        self._write(vetting_decide.pin(self._need(conversation), first, second, note))

    def settle(self, conversation: ConversationId, pinned: FactId, reason: str) -> None:
        """Say how two passages go together."""
        self._write(vetting_decide.settle(self._need(conversation), pinned, reason))

    def guard(self, conversation: ConversationId, gate: Gate, text: str, words: str) -> None:
        """Write a guarded note."""
        self._write(vetting_decide.guard(self._need(conversation), gate, text, words))

    def take_back(self, conversation: ConversationId, note: FactId, reason: str) -> None:
        """Take back a guarded note of this device."""
        own = self._journal.device
        self._write(vetting_decide.take_back(self._need(conversation), note, reason, own))

    def check(self, conversation: Conversation, texts: Iterable[str]) -> None:
        """Hold back an answer in which something of what is guarded stands.

        Raises:
            GateNotPassed: see there.
        """
        passed, words = conversation.vetting.gate, [_words(one) for one in self._standing()]
        office = vetting_decide.kept_below(passed, words, self._canned())
        vetting_decide.let_go(conversation, list(texts), tuple(office), stem)

    def offered(self, conversation: Conversation) -> Sequence[Canned]:
        """Return the ready answers that may go to this person now."""
        passed, now = conversation.vetting.gate, self._journal.clock.now()
        return [one for one in offered(self._canned(), now) if may_show(passed, Gate(one.gate))]

    def words(self) -> Mapping[Gate, Sequence[str]]:
        """Return the office's guarded words, by the gate that they need."""
        found: dict[Gate, set[str]] = {}
        for one in self._standing():
            found.setdefault(Gate(one.event.gate), set()).update(one.event.words)
        return {gate: sorted(words) for gate, words in found.items()}

    def set_words(self, gate: Gate, typed: str) -> None:
        """Set the office's guarded words below a gate.

        Raises:
            NotASteward, NothingWritten, GuardedWordsTooLong: see there.
        """
        need_steward(self._journal.roster, self._journal.device)
        standing = [one.fact for one in self._standing() if one.event.gate == gate]
        self._write(vetting_decide.set_words(gate, typed, standing))

    def _standing(self) -> list[_Set]:
        """Return what stands of the office's words: of those that nobody replaced all count."""
        found = list(self._said())
        replaced = {old for one in found for old in one.event.replaces if old != one.fact}
        return [one for one in found if one.fact not in replaced]

    def _said(self) -> Iterator[_Set]:
        judge = self._journal.judge
        for commit, device, sequence, slot, vault, version, body in self._journal.store.rows(
            _WORDS, (_KIND,)
        ):
            if judge.refusal(At(commit, DeviceId(device), sequence), slot, _KIND, vault):
                continue
            try:
                event = hotline.parse_fact(_KIND, version, body)
            except SafeconductError:
                continue  # It lies in quarantine.
            if isinstance(event, GuardedWordsSet):
                yield _Set(fact_id(commit, slot), event)

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return are_apart(self._journal.roster, one, other)

    def _write(self, event: HotlineFact) -> None:
        self._journal.write([post.fact(self._journal, event)])


def _words(one: _Set) -> OfficeWords:
    return OfficeWords(one.event.gate, one.event.words)
