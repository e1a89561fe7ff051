# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is meant by a device, in words: a colleague's chosen name, or `you`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import translations
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.removing import stewards

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.crew import Member, Roster


@dataclass(frozen=True, slots=True)
class People:
    """The office's people, as seen from one desk."""

    roster: Roster
    own: DeviceId
    language: str

    def name(self, device: DeviceId) -> str:
        """Name whoever uses a device; no device is what the recovery cards sign for."""
        if not device:
            return translations(self.language).gettext("the recovery cards")
        if device == self.own:
            return translations(self.language).gettext("you")
        member = self.roster.members.get(device)
        if member is None:
            return translations(self.language).gettext("someone no longer here")
        return member.person

    def colleagues(self) -> list[Member]:
        """Everyone who stands but the person at this desk, by name."""
        others = self.roster.present() - {self.own}
        return [member for member in self.everyone() if member.device.id in others]

    def stewards(self) -> list[Member]:
        """Every steward who stands, by name."""
        return [one for one in self.everyone() if one.device.id in stewards(self.roster)]

    def out(self) -> bool:
        """Tell whether this desk's device was removed."""
        return self.own in self.roster.removed

    def everyone(self) -> list[Member]:
        """Everyone, by name."""
        return sorted(
            self.roster.members.values(), key=lambda member: (member.person, member.device.name)
        )

    def holds(self, devices: Iterable[DeviceId]) -> bool:
        """Tell whether this desk is among the devices."""
        return self.own in tuple(devices)
