# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about devices that travel light; the engine is `travel.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from safeconduct.kernel.words import DeviceId

if TYPE_CHECKING:
    from collections.abc import Sequence


class Away(NamedTuple):
    """A device that left something behind, and whether it asks to have it back."""

    device: DeviceId
    asked: bool


class TravelApi(Protocol):
    """Devices that travel light, as stewards' pages see them."""

    def away(self) -> Sequence[Away]:
        """Return the others that stand and travel light, those that ask first.

        Never this device: what it shows must not say that something is missing.
        """
        ...

    def give_back(self, device: DeviceId) -> int:
        """Give a device back what this desk holds of what it left; raises the crew's refusals.

        Returns how many vaults are still missing, which another steward has to give.

        Raises:
            Unreachable: the server does not answer; nothing was given.
        """
        ...


__all__ = ["Away", "TravelApi"]
