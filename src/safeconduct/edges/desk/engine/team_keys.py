# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes teams, and lets their keys follow who belongs to them (spec/crew.md 16).

A change of a team is a fact and needs no relay.  What follows from it, this does at every steward's
desk that belongs to the team, planned anew from what is known: who came in is given the team's
keys, and where somebody knows the key who does not belong there, it is renewed with all that hangs
on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.pen import StoreIsBehind, crew_fact
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.journal import Fact, VaultEpoch
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import Act, Circle, Team, Telling, Vault, VaultKind, VaultOpened
from safeconduct.rooms.crew.teams import NoCommonSteward, NoSuchTeam, team_id

TRIES: Final = 8
"""The place of the first fact is known when it is written; a heartbeat may take it meanwhile."""
Held = Mapping[VaultEpoch, bytes]


class CardsDisputed(Refused):
    """Stewards have to choose first which recovery cards count: keys are sealed to them too."""

    code = "cards_disputed"


class KeepsWriting(Refused):
    """This desk wrote something else each time; nothing was opened."""

    code = "keeps_writing"


class TeamTravels(Refused):
    """Somebody of a team travels light and has the team's key along."""

    code = "team_travels"


def circle_of(journal: Journal) -> Circle:
    """Return who is given keys.

    Raises:
        CardsDisputed, StoreIsBehind: nothing is given now.
    """
    circle = journal.keys.circle()
    if circle is None:
        raise CardsDisputed
    if journal.behind:
        raise StoreIsBehind
    return circle


def form(journal: Journal, courier: Courier, name: str, members: Collection[DeviceId]) -> VaultId:
    """Make a team of these devices and this one; durable on return.

    Raises:
        Refused: as `form_team` and `circle_of`, and KeepsWriting; nothing was made.
        Unreachable: the relay does not answer; nothing was made.
    """
    for _ in range(TRIES):
        with journal.store.lock:
            place = crew.Place(journal.office, journal.device, journal.pen.sequence + 1, 0)
            act = _opening(journal, place, name, {journal.device, *members})
        courier.put_parcel(act.parcel)
        with journal.store.lock:
            if journal.pen.sequence + 1 == place.sequence:
                keep(journal, act, [])
                return team_id(place)
    raise KeepsWriting


def _opening(journal: Journal, place: crew.Place, name: str, members: Collection[DeviceId]) -> Act:
    """Plan to open a team; the fact that names it comes first, at the place that was said."""
    team = team_id(place)
    fact = _formed(journal, (team, name, members))
    circle = circle_of(journal)
    openings = {VaultOpened(team, VaultKind.TEAM.value, (), 1): sorted(members)}
    act = crew.open_vaults(circle, openings, journal.keys.vaults(), {}, journal.rng)
    return Act(act.parcel, (Telling(circle.crew, fact), *act.facts), act.keys)


def keep(journal: Journal, act: Act, facts: Sequence[Fact]) -> None:
    """Write an act and what is said beside it as one commit, with its keys; all or nothing."""
    signer = journal.device, journal.secrets.signing_key()
    told = [crew_fact(one.vault, one.fact, journal.office, signer) for one in act.facts]
    try:
        with journal.store.transaction():
            journal.keychain.add(crew.held_keys(act.keys))
            journal.write([*told, *facts])
    except BaseException:
        journal.load()
        raise
    # All else in memory is as it was written; what there was is not read anew for one case more.
    for where, key in act.keys.items():
        journal.reader.ring.add_key(where, key, {journal.device: journal.pen.counts.get(where, 0)})
    journal.changed()
    journal.written()


def change(journal: Journal, team: VaultId, name: str, members: Collection[DeviceId]) -> None:
    """Say what a team is called from now on and who belongs to it; durable on return.

    Raises:
        NoSuchTeam: there is none.
        Refused: as `form_team`; nothing was written.
    """
    with journal.store.lock:
        if team not in journal.keys.facts().teams:
            raise NoSuchTeam
        fact = _formed(journal, (team, name, members))
        signer = journal.device, journal.secrets.signing_key()
        journal.write([crew_fact(journal.crew_vault, fact, journal.office, signer)])


def _formed(journal: Journal, wanted: tuple[VaultId, str, Collection[DeviceId]]) -> crew.TeamFormed:
    keys = journal.keys
    teams, away = keys.facts().teams, keys.on_the_way()
    return crew.form_team(journal.roster, teams, journal.device, wanted, away)


def to_give_to(journal: Journal, teams: Collection[VaultId]) -> dict[VaultEpoch, bytes]:
    """Return the keys under which something is given to these teams.

    Raises:
        NoSuchTeam: there is none, or its newest key is not held here.
        TeamTravels: a member other than this device carries its key on a trip.
    """
    if not teams:
        return {}
    keys, facts = journal.keys, journal.keys.facts()
    vaults, held = keys.vaults(), journal.keychain.sure()
    found: dict[VaultEpoch, bytes] = {}
    for team in sorted(teams):
        known = team in facts.teams and team in vaults and not facts.teams[team].unkept
        if not known or vaults[team].newest not in held:
            raise NoSuchTeam
        if carriers(journal, facts.teams[team]) - {journal.device}:
            raise TeamTravels
        found[vaults[team].newest] = held[vaults[team].newest]
    return found


def need_common_steward(journal: Journal, teams: Collection[VaultId]) -> None:
    """Hold a part to teams of which one steward can renew it for all.

    Raises:
        NoCommonSteward: no steward belongs to all of these.
    """
    formed = journal.keys.facts().teams
    if not crew.share_a_steward(journal.roster, (formed[one] for one in teams if one in formed)):
        raise NoCommonSteward


def carriers(journal: Journal, team: Team) -> frozenset[DeviceId]:
    """Return the members of a team that are on a trip and took its key along."""
    keys = journal.keys
    away = team.members & keys.on_the_way()
    return frozenset(device for device in away if team.id not in keys.left_by(device))


def ours(journal: Journal, held: Held) -> dict[VaultEpoch, bytes]:
    """Return the keys that this desk may renew: not those of teams that it does not belong to."""
    teams = journal.keys.facts().teams
    return {
        where: key
        for where, key in held.items()
        if where.vault not in teams or journal.device in teams[where.vault].belongs
    }


def follow(journal: Journal, circle: Circle, held: Held) -> Act | None:
    """Plan what follows next from who belongs to teams; None when nothing does for this desk."""
    teams = journal.keys.facts().teams
    if not teams:
        return None
    vaults = [one for one in journal.keys.vaults().values() if _of_teams(one, teams)]
    acts = crew.plan_rotation(circle, vaults, ours(journal, held), journal.rng).acts
    return acts[0] if acts else _owed(journal, circle, held)


def _of_teams(vault: Vault, teams: Mapping[VaultId, Team]) -> bool:
    return vault.id in teams or not vault.parents.isdisjoint(teams)


def _owed(journal: Journal, circle: Circle, held: Held) -> Act | None:
    """Plan to give a team's keys, with history, to those who belong to it and lack the newest."""
    facts, vaults, keys = journal.keys.facts(), journal.keys.vaults(), ours(journal, held)
    counted = {where: key for where, key in keys.items() if facts.named(where)}
    on_the_way = journal.keys.on_the_way()
    for team in facts.teams.values():
        vault = vaults.get(team.id)
        if vault is None or vault.newest not in counted:
            continue
        lacking = circle.takers(team.id, team.members - vault.known - on_the_way)
        if lacking:
            chosen = crew.choose(counted, [vault], history=True)
            to = crew.Recipients(lacking, {})
            return crew.give(circle, chosen, to, vaults, journal.rng)
    return None
