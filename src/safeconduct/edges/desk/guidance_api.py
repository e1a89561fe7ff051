# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about what guides an answer; behind it is `guidance.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.words import ConversationId, DeviceId, FactId
    from safeconduct.rooms.hotline.canned import Canned
    from safeconduct.rooms.hotline.canned_decide import Text
    from safeconduct.rooms.hotline.flags import Flag
    from safeconduct.rooms.hotline.vetting import Gate


class GuidanceApi(Protocol):
    """Flags, scripts, words to avoid and ready answers.

    Those that write raise the hotline's refusals.
    """

    def raise_flag(self, conversation: ConversationId, flag: Flag, reason: str) -> None:
        """Flag a conversation."""
        ...

    def end_flag(self, conversation: ConversationId, flag: Flag, reason: str) -> None:
        """Say that a flag holds no longer."""
        ...

    def tick(
        self, conversation: ConversationId, flag: Flag, step: str, version: int, *, done: bool
    ) -> None:
        """Say that a step of a flag's script was done, or is to be done again."""
        ...

    def avoid(self, conversation: ConversationId, typed: str) -> None:
        """Set the words that must not stand in answers, parted by commas."""
        ...

    def canned(self) -> Sequence[Canned]:
        """Return the ready answers that stand, whatever they wait for."""
        ...

    def may_read(self, writer: DeviceId) -> bool:
        """Tell whether somebody here is another person than the writer of a ready answer."""
        ...

    def write_canned(self, typed: Text, version: FactId | None = None) -> None:
        """Write a ready answer, or that of a version anew."""
        ...

    def read_canned(self, version: FactId, days: int) -> None:
        """Find a version good for so many days, as somebody else than its writer."""
        ...

    def withdraw_canned(self, version: FactId, reason: str) -> None:
        """Say that a ready answer is used no more, in any version."""
        ...

    def gate_canned(self, version: FactId, gate: Gate) -> None:
        """Say which gate a conversation must have passed before a ready answer is offered there."""
        ...


__all__ = ["GuidanceApi"]
