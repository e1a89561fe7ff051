# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is meant by a device, in words: a colleague's chosen name, or `you`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.edges.desk.i18n import translations
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.decide import answers, stewards

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.rooms.crew import Member, Roster
    from safeconduct.rooms.crew.holders import Holder


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
        """Everyone who may answer people, but the person at this desk, by name."""
        others = self.roster.present() - {self.own}
        return [one for one in self.everyone() if one.device.id in others and answers(one.roles)]

    def stewards(self) -> list[Member]:
        """Every steward who stands, by name."""
        return [one for one in self.everyone() if one.device.id in stewards(self.roster)]

    def steward(self) -> bool:
        """Tell whether this desk is a steward's who stands."""
        return self.own in stewards(self.roster)

    def out(self) -> bool:
        """Tell whether this desk's device was removed."""
        return self.own in self.roster.removed

    def gone(self, devices: Iterable[DeviceId]) -> bool:
        """Tell whether every one of these devices was removed: nobody there can be asked."""
        return all(device in self.roster.removed for device in devices)

    def everyone(self) -> list[Member]:
        """Everyone, by name."""
        return sorted(
            self.roster.members.values(), key=lambda member: (member.person, member.device.name)
        )

    def own_first(self, holders: Iterable[Holder]) -> list[Holder]:
        """Return people who hold keys, the one at this desk before the others."""
        return sorted(holders, key=lambda one: not self.holds(one.devices))

    def holds(self, devices: Iterable[DeviceId]) -> bool:
        """Tell whether this desk is among the devices."""
        return self.own in tuple(devices)
