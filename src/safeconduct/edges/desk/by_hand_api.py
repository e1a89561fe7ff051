# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about contacts typed in by hand; behind it is `by_hand.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from safeconduct.kernel.words import ConversationId, Instant

if TYPE_CHECKING:
    from collections.abc import Collection

    from safeconduct.kernel.words import MessageId
    from safeconduct.rooms.hotline.by_hand_decide import Typed


class ByHandApi(Protocol):
    """Contacts by other ways, as pages see it.  Those that write raise the hotline's refusals."""

    def fresh(self) -> bytes:
        """Return what names a new form: 32 random bytes."""
        ...

    def note(
        self, where: ConversationId | None, message: bytes, typed: Typed, told: str
    ) -> ConversationId:
        """Note a contact, of a conversation or of a new one, and what was told the person then.

        The same form sent twice is noted once.
        """
        ...

    def tell(
        self,
        conversation: ConversationId,
        text: str,
        at: Instant | None,
        next_contact: Instant | None = None,
    ) -> None:
        """Note what the person was told by another way, now unless a time is given."""
        ...

    def write_down(
        self, conversation: ConversationId, message: MessageId, text: str, seen: Collection[bytes]
    ) -> None:
        """Write down what a voice message says, in the place of the facts that were seen."""
        ...

    def draft(self, where: ConversationId | None) -> str:
        """Return what was typed into a form and not saved."""
        ...

    def keep_draft(self, where: ConversationId | None, message: bytes, text: str) -> None:
        """Keep it sealed on this device alone; no text drops it, and so does saving the form."""
        ...


__all__ = ["ByHandApi"]
