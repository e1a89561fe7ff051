# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office whose stewards make and change teams: the real facts, signed, with their keys."""

from __future__ import annotations

from typing import Final

from safeconduct.kernel.words import FactId
from safeconduct.rooms.crew import (
    KeyFacts,
    KeysGranted,
    KeyTold,
    Place,
    Told,
    VaultOpened,
    count_keys,
)
from safeconduct.rooms.crew.events import CrewFact
from safeconduct.rooms.crew.team_facts import TeamFormed
from safeconduct.rooms.crew.teams import Team, team_id
from safeconduct.rooms.crew.vault_facts import key_groups
from tests.kit.builders import Device
from tests.kit.crews import Crew

PARCEL: Final = b"p" * 32


class TeamOffice:
    """Stewards and operators, and a team that the first steward opened for some of them."""

    def __init__(self, stewards: int = 2, others: int = 3, *, members: tuple[int, ...]) -> None:
        """Open it; `members` are numbers of devices."""
        self.stewards: Final = stewards
        self.crew: Final = Crew(stewards, others, seed="teams")
        self.devices: Final = self.crew.devices
        self.told: list[KeyTold] = []
        ids = tuple(self.devices[number].id for number in members)
        founder = self.devices[0]
        place = Place(self.crew.office.id, founder.id, founder.pen.sequence + 1, 0)
        self.id: Final = team_id(place)
        self.first: Final = self.form(0, *members)
        self.tell(0, VaultOpened(self.id, "team", (), 1))
        self.tell(0, KeysGranted(key_groups([(self.id, 1)]), PARCEL, ids, ()))

    def form(
        self, by: int, *members: int, name: str = "night", over: tuple[Told, ...] = ()
    ) -> Told:
        """Let a device say of whom the team is made, in place of other facts."""
        replaces = tuple(FactId(told.id) for told in over)
        ids = tuple(sorted(self.devices[number].id for number in members))
        keepers = {self.devices[number].id for number in members if number < self.stewards}
        return self.tell(by, TeamFormed(self.id, name, ids, tuple(sorted(keepers)), replaces))

    def tell(self, by: int, fact: CrewFact) -> Told:
        """Let a device write a fact into the vault of the crew."""
        told = self.crew.office.write_crew(self.devices[by], fact)
        self.crew.told.append(told)
        self.told.append(KeyTold(self.crew.office.crew, len(self.told), told))
        return told

    def counted(self) -> KeyFacts:
        """What counts of all that was said."""
        return count_keys(self.crew.roster(), self.told)

    def team(self) -> Team:
        """The team as it stands."""
        return self.counted().teams[self.id]

    def members(self) -> set[int]:
        """The numbers of the devices that belong to it."""
        return self.numbers(self.team().members)

    def numbers(self, ids: frozenset[bytes] | set[bytes]) -> set[int]:
        """The numbers of some devices."""
        return {number for number, device in enumerate(self.devices) if device.id in ids}

    def device(self, number: int) -> Device:
        """A device."""
        return self.devices[number]
