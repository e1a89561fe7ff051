# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about removing devices; the engine behind it is `removals.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from safeconduct.kernel.words import CommitId, ConversationId, DeviceId, FactId, Instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.rooms.crew import Role
    from safeconduct.rooms.crew.exposure import Exposure


class Piece(NamedTuple):
    """One fact of a writing that does not count; `kind` is the fact's."""

    kind: str
    text: str
    conversation: ConversationId | None
    code_name: str


@dataclass(frozen=True, slots=True)
class Writing:
    """What a device wrote in one act and what does not count, and why, as a code.

    `at` is what the clock of its device said.
    """

    commit: CommitId
    by: DeviceId
    at: Instant
    code: str
    pieces: tuple[Piece, ...]
    adoptable: bool


class Talk(NamedTuple):
    """A conversation by its code name."""

    conversation: ConversationId
    code_name: str
    last_at: Instant


@dataclass(frozen=True, slots=True)
class CouldRead:
    """What a device could have read: vaults, and the people's conversations that lie in them.

    `handled` are those that somebody at the device looked at or wrote in, as its desk reported;
    `others` all the rest.
    """

    vaults: tuple[Exposure, ...]
    handled: tuple[Talk, ...]
    others: tuple[Talk, ...]


class RemovalsApi(Protocol):
    """Removing devices, as pages see it.  Those that write raise the crew's refusals."""

    def suspend(self, device: DeviceId, reason: str) -> None:
        """Take a device out at once."""
        ...

    def expel(self, device: DeviceId, reason: str) -> None:
        """Ask that it be taken out for good."""
        ...

    def readmit(self, device: DeviceId) -> None:
        """Ask that it be brought back."""
        ...

    def change_roles(self, device: DeviceId, roles: frozenset[Role]) -> None:
        """Ask that a device have these roles and no others."""
        ...

    def second(self, fact: FactId) -> None:
        """Sign as the second steward."""
        ...

    def take_back(self, fact: FactId) -> None:
        """Take back what was asked for from here and waits for a second steward."""
        ...

    def adopt(self, commit: CommitId) -> None:
        """Let count what of a commit lies in quarantine and can be let."""
        ...

    def when(self, device: DeviceId, sequence: int) -> Instant:
        """Return when a commit of a device was written, as its clock said."""
        ...

    def quarantined(self, *, start: int, most: int) -> tuple[Sequence[Writing], int]:
        """Return what does not count, newest first, and how much of it there is."""
        ...

    def could_read(self, device: DeviceId) -> CouldRead:
        """Return what a device could have read."""
        ...

    def pass_on(self, device: DeviceId, to: DeviceId, note: str) -> int:
        """Pass all that a device holds to another; return how many conversations that were.

        Raises the hotline's refusals, and nothing is passed on then.
        """
        ...


__all__ = ["CouldRead", "Piece", "RemovalsApi", "Talk", "Writing"]
