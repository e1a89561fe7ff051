# SPDX-License-Identifier: AGPL-3.0-or-later
"""Devices of this office that travel light, from the facts, and giving back what they left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from safeconduct.edges.desk.engine import travelling
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.travel_api import Away
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import DeviceId


class Travel:
    """Looks at an open journal, and gives through the courier of the moment."""

    def __init__(self, journal: Journal, online: Callable[[], Courier]) -> None:
        """Ask this journal; `online` raises Unreachable while there is no courier."""
        self._journal: Final = journal
        self._online: Final = online

    def away(self) -> Sequence[Away]:
        """Return the others that stand and travel light, those that ask first."""
        journal = self._journal
        with journal.store.lock:
            trips, present = journal.keys.facts().trips.away, journal.roster.present()
        others = present & trips.keys() - {journal.device}
        found = [Away(device, trips[device].asked) for device in sorted(others)]
        return sorted(found, key=lambda one: not one.asked)

    def give_back(self, device: DeviceId) -> int:
        """Give a device back what this desk holds of what it left; return how much is missing."""
        return travelling.give_back(self._journal, self._online(), device)
