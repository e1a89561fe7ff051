# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about the order of the work; behind it is `triage.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from safeconduct.kernel.words import ConversationId, FactId, Instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.rooms.hotline import Conversation
    from safeconduct.rooms.hotline.queue import Weight
    from safeconduct.rooms.hotline.triage import Danger


class TriageApi(Protocol):
    """Triage, as pages see it.  Those that write raise the hotline's refusals."""

    def judge(self, conversation: ConversationId, level: Danger) -> None:
        """Say how dangerous it is for the person now."""
        ...

    def deadline(self, conversation: ConversationId, by: Instant | None, reason: str) -> None:
        """Say by when an answer or an act is needed; no time takes the deadline away."""
        ...

    def tag(self, conversation: ConversationId, typed: str) -> None:
        """Set the tags that were typed, parted by commas."""
        ...

    def snooze(self, conversation: ConversationId, until: Instant | None) -> None:
        """Let it sleep until a time; no time wakes it."""
        ...

    def contact(
        self, conversation: ConversationId, at: Instant, reason: str, *, heard: bool
    ) -> None:
        """Say by when we must hear of the person; `heard` when somebody just did."""
        ...

    def lost(self, conversation: ConversationId, reason: str) -> None:
        """Say that the person cannot be reached."""
        ...

    def second(self, conversation: ConversationId, lost: FactId) -> None:
        """Say so too, as somebody else."""
        ...

    def close(self, conversation: ConversationId, reason: str) -> None:
        """Say that nothing is left to do."""
        ...

    def may_second(self, conversation: ConversationId) -> bool:
        """Tell whether somebody here is another person than who says that contact is lost."""
        ...

    def mark_hostile(self, conversation: ConversationId, *, hostile: bool) -> None:
        """Say that who writes there means harm, or take that back."""
        ...

    def mark_crowd(self, crowd: bytes, seen: Sequence[ConversationId]) -> int:
        """Say of those of a crowd that a helper saw listed that they mean harm.

        Return how many are marked; others may go along with them.
        """
        ...

    def may_mark_too(self, conversation: Conversation) -> bool:
        """Tell whether somebody here is another person than who marked the sender so far."""
        ...

    def weight(self, conversation: Conversation) -> Weight:
        """Return how much a conversation is like others that came before it."""
        ...

    def tags(self) -> Sequence[str]:
        """Return every tag of this office, for suggestions."""
        ...


__all__ = ["TriageApi"]
