# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about the first words; behind it is `first_words.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.kernel.words import DeviceId, FactId
    from safeconduct.rooms.hotline.first_words import Version


class FirstWordsApi(Protocol):
    """What pages say at once.  Those that write raise the hotline's refusals."""

    def standing(self) -> Sequence[Version]:
        """Return the versions that stand, the newest first."""
        ...

    def shown(self) -> Version | None:
        """Return the one that pages show; None where they say what they say by themselves."""
        ...

    def may_approve(self, writer: DeviceId) -> bool:
        """Tell whether a steward sits here who is somebody else than a version's writer."""
        ...

    def write(self, texts: Mapping[str, str]) -> None:
        """Write a version."""
        ...

    def approve(self, version: FactId, days: int) -> None:
        """Approve a version for so many days."""
        ...

    def withdraw(self, reason: str) -> None:
        """Take back every version."""
        ...


__all__ = ["FirstWordsApi"]
