# SPDX-License-Identifier: AGPL-3.0-or-later
"""Teams at this desk: who belongs to them, and what stewards change (spec/crew.md 16)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

from safeconduct.edges.desk.engine import team_keys
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import Role, Team
from safeconduct.rooms.crew.decide import HELPERS


class Teams:
    """The teams, over an open journal."""

    def __init__(self, journal: Journal, online: Callable[[], Courier]) -> None:
        """Act for the device of this journal; `online` raises Unreachable without a relay."""
        self._journal: Final = journal
        self._online: Final = online

    def all(self) -> Sequence[Team]:
        """Return the teams by name; what was left behind for a trip is named on no page."""
        keys = self._journal.keys
        with self._journal.store.lock:
            left = keys.left_by(self._journal.device)
            shown = [team for team in keys.facts().teams.values() if team.id not in left]
        return sorted(shown, key=lambda team: (team.name.casefold(), team.id))

    def usable(self) -> Sequence[Team]:
        """Return the teams to which something can be given from here."""
        journal = self._journal
        with journal.store.lock:
            vaults, held = journal.keys.vaults(), journal.keychain.sure()
            return [
                team
                for team in self.all()
                if team.id in vaults and vaults[team.id].newest in held and not team.unkept
                if not team_keys.carriers(journal, team) - {journal.device}
            ]

    def may_form(self) -> bool:
        """Tell whether somebody here may make teams and change them."""
        return Role.STEWARD in self._journal.roster.roles(self._journal.device)

    def addable(self, team: VaultId | None) -> Collection[DeviceId]:
        """Return the devices that could be brought into a team from here, or into a new one."""
        journal = self._journal
        with journal.store.lock:
            formed = journal.keys.facts().teams.get(team) if team else None
            if formed is not None and journal.device not in formed.keepers:
                return ()
            home = journal.roster.present() - journal.keys.on_the_way()
            there = formed.members if formed else frozenset({journal.device})
            return [one for one in home - there if journal.roster.roles(one) & HELPERS]

    def form(self, name: str, members: Collection[DeviceId]) -> VaultId:
        """Make a team of these devices and this one; durable on return."""
        return team_keys.form(self._journal, self._online(), name, members)

    def change(self, team: VaultId, name: str, members: Collection[DeviceId]) -> None:
        """Say what a team is called and who belongs to it; durable on return."""
        team_keys.change(self._journal, team, name, members)


def of_vault(journal: Journal, vault: VaultId) -> tuple[Team, ...]:
    """Return the teams that a vault hangs on, but for those left behind for a trip."""
    keys = journal.keys
    known: crew.Vault | None = keys.vaults().get(vault)
    parents = known.parents if known else frozenset[VaultId]()
    left, teams = keys.left_by(journal.device), keys.facts().teams
    found = [teams[one] for one in parents if one in teams and one not in left]
    return tuple(sorted(found, key=lambda team: (team.name.casefold(), team.id)))
