# SPDX-License-Identifier: AGPL-3.0-or-later
"""Teams at a desk in memory: the room's own decisions and refusals, and no keys."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from safeconduct.kernel.words import DeviceId, FactId, VaultId
from safeconduct.rooms.crew import Role, Team, form_team
from safeconduct.rooms.crew.decide import stewards
from safeconduct.rooms.crew.teams import NoSuchTeam

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


class TwinTeams:
    """The teams of a twin."""

    def __init__(self, desk: TwinDesk) -> None:
        """Begin with none."""
        self._desk = desk
        self._teams: dict[VaultId, Team] = {}

    def all(self) -> Sequence[Team]:
        """Return them by name."""
        return sorted(self._teams.values(), key=lambda team: team.name)

    def usable(self) -> Sequence[Team]:
        """Return those that this desk belongs to."""
        return [team for team in self.all() if self._desk.device in team.members]

    def may_form(self) -> bool:
        """Tell whether somebody here makes them."""
        return Role.STEWARD in self._desk.roster().roles(self._desk.device)

    def addable(self, team: VaultId | None) -> Collection[DeviceId]:
        """Return who could be brought in."""
        there = self._teams[team].members if team else frozenset({self._desk.device})
        return self._desk.roster().present() - there

    def form(self, name: str, members: Collection[DeviceId]) -> VaultId:
        """Make one."""
        team = VaultId(self._desk.rng.bytes(16))
        self._keep(team, name, {self._desk.device, *members})
        return team

    def change(self, team: VaultId, name: str, members: Collection[DeviceId]) -> None:
        """Change one."""
        if team not in self._teams:
            raise NoSuchTeam
        self._keep(team, name, members)

    def _keep(self, team: VaultId, name: str, members: Collection[DeviceId]) -> None:
        roster, by = self._desk.roster(), self._desk.device
        fact = form_team(roster, self._teams, by, (team, name, members))
        there = frozenset(DeviceId(device) for device in fact.members)
        formed = (FactId(self._desk.rng.bytes(36)),)
        self._teams[team] = Team(team, fact.name, there, there & stewards(roster), formed)
