# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening vaults, and giving keys on: from now, or with history (spec/crew.md 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import VaultId
from safeconduct.rooms.crew.acts import Act, Circle, Gifts, Telling
from safeconduct.rooms.crew.parcel import KEY_BYTES, parcel_hash
from safeconduct.rooms.crew.vault_facts import KeyEpoch, KeysGranted, VaultOpened, key_groups
from safeconduct.rooms.crew.vaults import VaultKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.crew.parcel import VaultKeys
    from safeconduct.rooms.crew.vaults import Vault

FIRST_EPOCH: Final = 1


class NotATeam(Refused):
    """A vault hangs on teams that are live, and a team on nothing."""

    code = "not_a_team"


class TeamIsRecoverable(Refused):
    """What recovery must not open cannot hang on a team that recovery opens."""

    code = "team_is_recoverable"


def open_vaults(
    circle: Circle,
    openings: Mapping[VaultOpened, Collection[DeviceId]],
    vaults: Mapping[VaultId, Vault],
    held: VaultKeys,
    rng: Rng,
) -> Act:
    """Open vaults, for the teams they hang on and for devices that are named.

    Raises:
        NotATeam, TeamIsRecoverable: see there.
        KeyError: a team's newest key is not held, or a device stands in no circle.
    """
    gifts, keys = Gifts(circle), {}
    for opened, devices in openings.items():
        _check(opened, vaults)
        where = VaultEpoch(VaultId(opened.vault), FIRST_EPOCH)
        keys[where] = key = rng.bytes(KEY_BYTES)
        gifts.to_devices(devices, where, key)
        for parent in opened.parents:
            team = vaults[VaultId(parent)].newest
            gifts.to_team(team, held[team], where, key)
        if opened.recoverable and not opened.parents:
            gifts.to_recovery(where, key)
    parcel = gifts.parcel("opening", rng)
    told = [
        Telling(VaultId(vault), opened)
        for opened in openings
        for vault in opened.parents or (circle.crew,)
    ]
    return Act(parcel, (*told, *gifts.grants(parcel)), keys)


def _check(opened: VaultOpened, vaults: Mapping[VaultId, Vault]) -> None:
    for parent in opened.parents:
        _check_team(vaults.get(VaultId(parent)), recoverable=bool(opened.recoverable))
    if opened.parents and opened.kind == VaultKind.TEAM.value:
        raise NotATeam


def _check_team(team: Vault | None, *, recoverable: bool) -> None:
    if team is None or team.erased or team.kind != VaultKind.TEAM.value:
        raise NotATeam
    if team.recoverable and not recoverable:
        raise TeamIsRecoverable


def choose(held: VaultKeys, vaults: Iterable[Vault], *, history: bool) -> dict[VaultEpoch, bytes]:
    """Return the held keys of vaults to give on: the newest alone, or all that are known.

    Nothing is given of an erased vault.
    """
    live = {vault.id: vault.epoch for vault in vaults if not vault.erased}
    return {
        where: key
        for where, key in held.items()
        if where.vault in live and (history or where.epoch == live[where.vault])
    }


class Recipients(NamedTuple):
    """Whom keys are given to: devices, and whoever holds these keys of teams."""

    devices: Collection[DeviceId]
    teams: VaultKeys


def give(
    circle: Circle, keys: VaultKeys, to: Recipients, vaults: Mapping[VaultId, Vault], rng: Rng
) -> Act:
    """Give keys that are held to devices and to teams.

    The team is told what the vault is, and the teams that hold it already are told of the grant,
    so that none of them gives the vault a new key without the others.  Of a part of a case all of
    it stands in the vault of the crew, so that nobody has to be told.

    Raises:
        NotATeam: to a team goes only what hangs on teams, and parts of cases.
        TeamIsRecoverable: see there.
    """
    gifts = Gifts(circle)
    for where, key in keys.items():
        gifts.to_devices(to.devices, where, key)
        for team, team_key in to.teams.items():
            _check_team(vaults.get(team.vault), recoverable=vaults[where.vault].recoverable)
            gifts.to_team(team, team_key, where, key)
    parcel = gifts.parcel("grant", rng)
    others = [where for where in keys if where.vault not in circle.cases]
    given = {where.vault: vaults[where.vault] for where in others} if to.teams else {}
    told = [Telling(team.vault, _opened(vault)) for team in to.teams for vault in given.values()]
    for team in to.teams:
        for holder in sorted({parent for vault in given.values() for parent in vault.parents}):
            theirs = key_groups(at for at in others if holder in given[at.vault].parents)
            teams = (KeyEpoch(*team),)
            told.append(Telling(holder, KeysGranted(theirs, parcel_hash(parcel), (), teams)))
    return Act(parcel, (*told, *gifts.grants(parcel)), {})


def _opened(vault: Vault) -> VaultOpened:
    if not vault.parents:
        raise NotATeam
    return VaultOpened(vault.id, vault.kind, tuple(sorted(vault.parents)), int(vault.recoverable))
