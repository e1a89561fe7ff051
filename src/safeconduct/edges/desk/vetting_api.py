# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about vetting; behind it is `vetting.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from safeconduct.kernel.words import ConversationId, FactId
    from safeconduct.rooms.hotline import Conversation
    from safeconduct.rooms.hotline.canned import Canned
    from safeconduct.rooms.hotline.vetting import Gate, Opening
    from safeconduct.rooms.hotline.vetting_decide import Answered


class VettingApi(Protocol):
    """The checklist, gates, contradictions and what is guarded.

    Those that write raise the hotline's refusals.
    """

    def answer_item(self, conversation: ConversationId, said: Answered) -> None:
        """Say how an item of the checklist stands."""
        ...

    def open_gate(self, conversation: ConversationId, gate: Gate, reason: str) -> None:
        """Say that a gate is passed."""
        ...

    def second_gate(self, conversation: ConversationId, opening: FactId, reason: str) -> None:
        """Say so as the second person."""
        ...

    def close_gate(self, conversation: ConversationId, reason: str) -> None:
        """Withdraw whatever gate is passed or waits for a second."""
        ...

    def may_second(self, opening: Opening) -> bool:
        """Tell whether somebody here is another person than who opened a gate."""
        ...

    def pin(self, conversation: ConversationId, first: str, second: str, note: str) -> None:
        """Pin two passages that do not agree."""
        ...

    def settle(self, conversation: ConversationId, pinned: FactId, reason: str) -> None:
        """Say how two passages go together."""
        ...

    def guard(self, conversation: ConversationId, gate: Gate, text: str, words: str) -> None:
        """Write a guarded note."""
        ...

    def take_back(self, conversation: ConversationId, note: FactId, reason: str) -> None:
        """Take back a guarded note of this device."""
        ...

    def check(self, conversation: Conversation, texts: Iterable[str]) -> None:
        """Hold back an answer in which something of what is guarded stands.

        Raises:
            GateNotPassed: see there.
        """
        ...

    def offered(self, conversation: Conversation) -> Sequence[Canned]:
        """Return the ready answers that may go to this person now."""
        ...

    def words(self) -> Mapping[Gate, Sequence[str]]:
        """Return the office's guarded words, by the gate that they need."""
        ...

    def set_words(self, gate: Gate, typed: str) -> None:
        """Set the office's guarded words below a gate; stewards alone may."""
        ...


__all__ = ["VettingApi"]
