# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about what is destroyed when; behind it is `retention.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from safeconduct.kernel.words import ConversationId, Instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.rooms.hotline import Conversation
    from safeconduct.rooms.hotline.retention import Policy, Times
    from safeconduct.rooms.hotline.retention_due import Kept


class Going(NamedTuple):
    """What goes on which day, or went: a conversation by its name, or its files alone.

    `days` is the rule; 0 where it is extended beyond it.
    """

    conversation: ConversationId
    code_name: str
    files: bool
    day: Instant
    days: int


class Staying(NamedTuple):
    """What is over and goes on no day, and why."""

    conversation: ConversationId
    code_name: str
    why: Kept


class Dates(NamedTuple):
    """How a conversation stands: why it goes on no day, or on which it and its files go."""

    why: Kept | None
    day: Instant | None
    files_day: Instant | None


class RetentionApi(Protocol):
    """The office's times, what goes, and what keeps it.

    Those that write raise the hotline's refusals.
    """

    def policy(self) -> Policy:
        """Return the times as stewards set them."""
        ...

    def set_times(self, times: Times) -> None:
        """Set them, as a steward."""
        ...

    def coming(self, before: Instant, most: int) -> Sequence[Going]:
        """Return what goes before a time, the nearest first."""
        ...

    def staying(self, most: int) -> Sequence[Staying]:
        """Return what is over and goes on no day."""
        ...

    def gone(self, most: int) -> Sequence[Going]:
        """Return what this desk destroyed, the last first."""
        ...

    def dates(self, conversation: Conversation) -> Dates:
        """Return when a conversation goes."""
        ...

    def file_went(self, blob: bytes) -> Instant | None:
        """Return when a file was destroyed here; None while it was not."""
        ...

    def extend(self, conversation: ConversationId, until: Instant, reason: str) -> None:
        """Have a conversation kept until a time, at least."""
        ...

    def hold(self, conversation: ConversationId, reason: str) -> None:
        """Have it kept until a steward ends that."""
        ...

    def end_hold(self, conversation: ConversationId, reason: str) -> None:
        """End the holds that stand, in a week."""
        ...


__all__ = ["Dates", "Going", "RetentionApi", "Staying"]
