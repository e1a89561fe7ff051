# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about taking conversations out; behind it is `exports.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from safeconduct.kernel.words import ConversationId, DeviceId, FactId, Instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.rooms.crew.exports import Stage


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was asked for, and how far it has come.

    `talks` are its conversations by code name, as far as this desk has them; `count` is how many
    it names.  `made` is how often its desk said that it made the file.
    """

    fact: FactId
    by: DeviceId
    at: Instant
    reason: str
    recipient: str
    count: int
    talks: tuple[tuple[ConversationId, str], ...]
    stage: Stage
    seconds: tuple[DeviceId, ...]
    made: int
    mine: bool


class ExportsApi(Protocol):
    """Exports, as pages see them.  Those that write raise the crew's refusals."""

    def asked(self) -> Sequence[Export]:
        """Return what was asked for, newest first."""
        ...

    def waiting(self) -> Sequence[Export]:
        """Return what waits for a steward's signature, oldest first."""
        ...

    def alone(self, conversation: ConversationId) -> bool:
        """Tell whether this device may take one conversation along without a second."""
        ...

    def ask(
        self, conversations: Sequence[ConversationId], *, reason: str, recipient: str
    ) -> FactId:
        """Ask to take conversations along."""
        ...

    def second(self, fact: FactId) -> None:
        """Sign, as a steward, what somebody else asked for."""
        ...

    def take_back(self, fact: FactId) -> None:
        """Want it no more."""
        ...

    def words(self, language: str) -> str:
        """Draw the words of a file."""
        ...

    def make(self, fact: FactId, words: str) -> bytes:
        """Return the file that was signed for, after it is reported; sealed if there are words.

        Raises:
            NotSignedYet: see there.
            StillChecking: what was read is not verified yet.
        """
        ...

    def make_alone(self, conversation: ConversationId, words: str) -> bytes:
        """Return the file of one conversation; raises NeedsASecond and as `make`."""
        ...


__all__ = ["Export", "ExportsApi"]
