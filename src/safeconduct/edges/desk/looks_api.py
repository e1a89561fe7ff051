# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about second looks; behind it is `looks.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from safeconduct.kernel.words import ConversationId, FactId, Instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.rooms.hotline import Conversation
    from safeconduct.rooms.hotline.looks import Look, Verdict


class Asked(NamedTuple):
    """A second look, and the conversation that it is about."""

    conversation: ConversationId
    code_name: str
    look: Look


class ToAsk(NamedTuple):
    """What somebody asks: of a device or, where `to` is empty, of anyone."""

    question: str
    to: bytes = b""
    with_draft: bool = False
    by: Instant | None = None


class LooksApi(Protocol):
    """Second looks, as pages see them.  Those that write raise the hotline's refusals."""

    def ask(self, conversation: ConversationId, asked: ToAsk) -> None:
        """Ask for a second look, with the answer that was begun here where that is wanted."""
        ...

    def give(self, conversation: ConversationId, look: FactId, verdict: Verdict, text: str) -> None:
        """Say what one found; who takes it over holds the conversation from then on."""
        ...

    def withdraw(self, conversation: ConversationId, look: FactId) -> None:
        """Say that it is needed no more, or that what came back was read."""
        ...

    def waits_here(self, conversation: Conversation) -> Sequence[Look]:
        """Return what of a conversation waits for the person at this desk."""
        ...

    def own(self, conversation: Conversation) -> Sequence[Look]:
        """Return what was asked from here and is neither withdrawn nor read."""
        ...

    def for_us(self) -> Sequence[Asked]:
        """Return everything that waits for the person at this desk, the earliest deadline first."""
        ...

    def answered(self) -> Sequence[Asked]:
        """Return what was asked from here and came back, until that was read."""
        ...

    def total(self) -> int:
        """Return how many wait for anybody."""
        ...


__all__ = ["Asked", "LooksApi", "ToAsk"]
