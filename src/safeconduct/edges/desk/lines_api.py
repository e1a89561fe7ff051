# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about lines; behind it is `line_book.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.words import ConversationId, Instant
    from safeconduct.rooms.hotline import Conversation
    from safeconduct.rooms.hotline.line_facts import OfficeLine


class LineAlarm(NamedTuple):
    """What a line said of itself, when last; `known` tells whether it is one of ours.

    `since` is when one of ours was admitted, by which people tell two of a kind apart.
    """

    kind: str
    key: bytes
    alarm: str
    at: Instant
    known: bool
    since: Instant | None = None


class LinesApi(Protocol):
    """Telephone and messengers.  Those that write raise the hotline's refusals."""

    def all(self) -> Sequence[OfficeLine]:
        """Return every line that a steward named, those that stand first."""
        ...

    def alarms(self) -> Sequence[LineAlarm]:
        """Return what lines said of themselves last, the newest first."""
        ...

    def admit(self, text: str, *, signed: bool, instead: bytes = b"") -> None:
        """Admit the line of a card; `signed` says that its risk was read, `instead` goes for it."""
        ...

    def withdraw(self, key: bytes) -> None:
        """Say that a line stands no more."""
        ...

    def licence(self, key: bytes) -> bytes:
        """Return the licence of a line that stands, to be carried to it as a file."""
        ...

    def send_way(self, conversation: ConversationId, text: str) -> None:
        """Let the line of a conversation say how to come to the page; `text` is kept of it here."""
        ...

    def of_one_code(self, conversation: Conversation) -> Sequence[tuple[ConversationId, str]]:
        """Return the conversations that a return code says to be of the same person."""
        ...

    def join(self, conversation: ConversationId, other: ConversationId, reason: str) -> None:
        """Say that two conversations of one code are one person's."""
        ...


__all__ = ["LineAlarm", "LinesApi"]
