# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about bulletins.  The engine behind it is `bulletins.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from safeconduct.kernel.words import ConversationId, FactId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.rooms.hotline import Conversation
    from safeconduct.rooms.hotline.bulletin_decide import NoticeText, Telling
    from safeconduct.rooms.hotline.bulletin_notice import Leaks
    from safeconduct.rooms.hotline.bulletins import Bulletin, BulletinId, PublicNotice, Touch


class Counted(NamedTuple):
    """A bulletin, how many conversations it touches here, and how many were written to since."""

    bulletin: Bulletin
    touched: int
    told: int


class BulletinsApi(Protocol):
    """Bulletins, as pages see them.  Those that write raise the hotline's refusals."""

    def running(self) -> Sequence[Counted]:
        """Return those that run, the nearest deadline first."""
        ...

    def ended(self) -> Sequence[Bulletin]:
        """Return those that ended, the last first."""
        ...

    def find(self, bulletin: bytes) -> Counted | None:
        """Return one, or None."""
        ...

    def touching(self, conversation: Conversation) -> Sequence[tuple[Touch, Bulletin]]:
        """Return which touch a conversation."""
        ...

    def names(self, bulletin: Bulletin) -> Mapping[ConversationId, str]:
        """Return the code names of the conversations that it names, or that helpers marked."""
        ...

    def issue(self, telling: Telling) -> BulletinId:
        """Tell of a threat."""
        ...

    def change(self, bulletin: Bulletin, telling: Telling, reason: str, *, again: bool) -> None:
        """Tell it anew, and why; `again` when people must be told again."""
        ...

    def end(self, bulletin: Bulletin, reason: str) -> None:
        """Say that the threat is over."""
        ...

    def mark(
        self, bulletin: Bulletin, conversation: ConversationId, reason: str, *, touched: bool
    ) -> None:
        """Say of one conversation that it touches it, or that it does not."""
        ...

    def leaks(self, bulletin: Bulletin, text: str) -> Leaks:
        """Return what of the people and of the office stands in a text for people outside."""
        ...

    def write_notice(self, bulletin: Bulletin, text: NoticeText) -> None:
        """Write what people outside may read."""
        ...

    def may_approve(self, notice: PublicNotice) -> bool:
        """Tell whether somebody here is another person than its writer."""
        ...

    def approve(self, bulletin: Bulletin, notice: FactId, *, looked: bool) -> None:
        """Say that a notice may go out."""
        ...

    def let_out(self, bulletin: Bulletin, notice: FactId) -> PublicNotice:
        """Return a notice that may leave the desk.

        Raises:
            Refused: it may not; see `rooms.hotline.bulletin_decide.let_out`.
        """
        ...


__all__ = ["BulletinsApi", "Counted"]
