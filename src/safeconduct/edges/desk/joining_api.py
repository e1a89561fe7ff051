# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about conversations of one person; behind it `talks_joined.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from safeconduct.kernel.words import ConversationId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.rooms.hotline import Conversation
    from safeconduct.rooms.hotline.joining import Joining, Pair


class JoiningApi(Protocol):
    """Joining, as pages see it.  Those that write raise the hotline's refusals."""

    def newest(self) -> Sequence[tuple[ConversationId, str]]:
        """Return the conversations in which somebody wrote last, by their code names."""
        ...

    def named(self, typed: str) -> Sequence[ConversationId]:
        """Return the conversations of a code name, as it may be typed."""
        ...

    def join(self, conversation: ConversationId, earlier: ConversationId, reason: str) -> None:
        """Say that an earlier conversation is the same person's, whose words are lost."""
        ...

    def part(self, conversation: ConversationId, pair: Pair) -> None:
        """Take back that two conversations are one person's."""
        ...

    def unasked(self, conversation: Conversation) -> Sequence[Joining]:
        """Return what others joined that nobody here has said yes to."""
        ...

    def say_asked(self, conversation: ConversationId) -> None:
        """Keep, on this device alone, that somebody here asked who joined it."""
        ...


__all__ = ["JoiningApi"]
