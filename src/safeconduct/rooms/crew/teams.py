# SPDX-License-Identifier: AGPL-3.0-or-later
"""Teams: who belongs to each, in any order of facts, and what a steward may change.

A team is changed by the stewards who belong to it, since only who holds its key could give it.
Such a steward leaves by a fact of their own, or is removed from the office; nobody else can end
what they may do, so that no two of them shut each other out.  Where two changed a team at once,
those alone belong whom both name (spec/crew.md 16, docs/adr/0028).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.kernel.words import DeviceId, FactId, VaultId
from safeconduct.rooms.crew.case_facts import ID_BYTES, Place
from safeconduct.rooms.crew.cases import NotHere, need_home
from safeconduct.rooms.crew.decide import HELPERS, need_steward, stewards
from safeconduct.rooms.crew.team_facts import MEMBERS_MOST, TeamFormed
from safeconduct.rooms.crew.words import NAME_MOST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from safeconduct.rooms.crew.fold import Roster

Devices = frozenset[DeviceId]


class NotInTeam(Refused):
    """A team is changed by a steward who belongs to it, and by nobody else."""

    code = "not_in_team"


class NoStewardInTeam(Refused):
    """A team needs a steward's device that belongs to it: no other could renew its key."""

    code = "no_steward_in_team"


class TeamUnnamed(Refused):
    """A team has a name of 1 to 80 characters."""

    code = "team_unnamed"


class TeamNameTaken(Refused):
    """Another team is called the same; people would mix them up."""

    code = "team_name_taken"


class TeamTooLarge(Refused):
    """A team has so many devices at most."""

    code = "team_too_large"


class NoCommonSteward(Refused):
    """Of teams that read one part none has a steward with another: nobody could renew its key."""

    code = "no_common_steward"


class NoSuchTeam(Refused):
    """There is no such team, or its key is not held here."""

    code = "no_such_team"


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it stands.

    `members` were named by its stewards and stand.  `keepers` are its stewards, who change it; if
    none of them stands, all stewards of the office are: nobody else could renew its key.
    `belongs` are those who may hold the key: members and keepers.  `formed` are the facts that
    stand; a change replaces them all.
    """

    id: VaultId
    name: str
    members: Devices
    keepers: Devices
    formed: tuple[FactId, ...]

    @property
    def belongs(self) -> Devices:
        """Who may hold its key."""
        return self.members | self.keepers

    @property
    def unkept(self) -> bool:
        """Whether none of its stewards stands: nobody renews its key, and it is given nothing."""
        return self.members.isdisjoint(self.keepers)

    @property
    def disputed(self) -> bool:
        """Whether stewards changed it at once, and none has settled it since."""
        return len(self.formed) > 1


class TeamTold(NamedTuple):
    """A `TeamFormed` whose signer may write it, who that is, and where it stands."""

    id: FactId
    place: Place
    fact: TeamFormed

    @property
    def by(self) -> DeviceId:
        """Who wrote it."""
        return self.place.device

    @property
    def founds(self) -> bool:
        """Whether it stands where the team's id was made."""
        return self.fact.team == team_id(self.place)

    @property
    def leaves(self) -> bool:
        """Whether its signer leaves the team by it."""
        return self.by not in self.fact.members


def team_id(place: Place) -> VaultId:
    """Return the id of the team that a fact at this place makes; so nobody makes another's."""
    return VaultId(fingerprint("team", place.raw)[:ID_BYTES])


def fold_teams(roster: Roster, told: Iterable[TeamTold]) -> dict[VaultId, Team]:
    """Return the teams, from facts whose signatures hold; the same in any order."""
    teams: dict[VaultId, list[TeamTold]] = {}
    for one in sorted(told, key=lambda one: one.id):
        if VaultId(one.fact.team) in roster.teams:
            teams.setdefault(VaultId(one.fact.team), []).append(one)
    found = (_team(roster, team, some) for team, some in sorted(teams.items()))
    return {one.id: one for one in found if one is not None}


def _team(roster: Roster, team: VaultId, told: list[TeamTold]) -> Team | None:
    """Return a team as its facts make it; None when what founded it does not count."""
    left = _left(told)
    # What a steward said after leaving counts no more, and what came before goes on counting.
    told = [one for one in told if one.place.sequence <= left.get(one.by, one.place.sequence)]
    valid = [one for one in told if one.founds]
    if not valid:
        return None
    everywhere = stewards(roster)
    keeps = _keepers(told, valid)
    own = (keeps - left.keys()) & everywhere
    if not own:
        valid += [one for one in told if one.by in everywhere and one not in valid]
    heads = _heads(valid)
    agreed = frozenset(heads[0].fact.members).intersection(*(one.fact.members for one in heads[1:]))
    named = own | {DeviceId(device) for device in agreed}
    members = frozenset(device for device in named if roster.roles(device) & HELPERS)
    name = min(one.fact.name for one in heads)
    return Team(team, name, members, own or everywhere, tuple(one.id for one in heads))


def _left(told: list[TeamTold]) -> dict[DeviceId, int]:
    """Return at which place of their chains devices left a team by a fact of their own."""
    left: dict[DeviceId, int] = {}
    for one in told:
        if one.leaves:
            left[one.by] = min(one.place.sequence, left.get(one.by, one.place.sequence))
    return left


def _keepers(told: list[TeamTold], valid: list[TeamTold]) -> Devices:
    """Return whose facts of a team count, and add those to what is valid.

    Who founded it, whom they named as keepers, and in their turn those whom these named.
    """
    keeps = {one.by for one in valid}
    waits, found = [one for one in told if one not in valid], list(valid)
    while found:
        keeps |= {DeviceId(device) for one in found for device in one.fact.keepers}
        found = [one for one in waits if one.by in keeps]
        waits = [one for one in waits if one not in found]
        valid += found
    return frozenset(keeps)


def _heads(valid: list[TeamTold]) -> list[TeamTold]:
    replaced = frozenset[bytes]().union(*(one.fact.replaces for one in valid))
    return sorted(one for one in valid if one.id not in replaced)


def share_a_steward(roster: Roster, teams: Iterable[Team]) -> bool:
    """Tell whether one steward belongs to all of these teams: only so is a part of all renewed."""
    shared = stewards(roster)
    for team in teams:
        shared &= team.members
    return bool(shared)


def form_team(
    roster: Roster,
    teams: Mapping[VaultId, Team],
    by: DeviceId,
    wanted: tuple[VaultId, str, Collection[DeviceId]],
    travelling: Collection[DeviceId] = (),
) -> TeamFormed:
    """Make a team, or change what it is called and who belongs to it.

    Its other stewards stay, whoever is chosen: they leave by themselves.

    Raises:
        NotASteward, NotHere, TravelsLight, NotInTeam, NoStewardInTeam: see there.
        TeamUnnamed, TeamNameTaken, TeamTooLarge: see there.
    """
    need_steward(roster, by)
    team, name, chosen = wanted
    before = teams.get(team)
    if before is not None and by not in before.keepers:
        raise NotInTeam
    there = before.members if before else frozenset({by})
    others = before.members & before.keepers - {by} if before else frozenset[DeviceId]()
    members = frozenset({*chosen, *others})
    if any(not roster.roles(device) & HELPERS for device in members):
        raise NotHere
    need_home(travelling, members - there)
    if not members & stewards(roster) & (before.keepers if before else {by}):
        raise NoStewardInTeam
    if len(members) > MEMBERS_MOST:
        raise TeamTooLarge
    formed = before.formed if before else ()
    keepers = tuple(sorted(members & stewards(roster)))
    return TeamFormed(team, _name(teams, team, name), tuple(sorted(members)), keepers, formed)


def _name(teams: Mapping[VaultId, Team], team: VaultId, name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MOST:
        raise TeamUnnamed
    others = {one.name.casefold() for one in teams.values() if one.id != team}
    if name.casefold() in others:
        raise TeamNameTaken
    return name
