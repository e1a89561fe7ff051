# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening vaults, and giving keys on: from now, or with history (spec/crew.md 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import VaultId
from safeconduct.rooms.crew.acts import Act, Circle, Gifts, Telling
from safeconduct.rooms.crew.parcel import KEY_BYTES
from safeconduct.rooms.crew.vaults import VaultKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.crew.parcel import VaultKeys
    from safeconduct.rooms.crew.vault_facts import VaultOpened
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
        team = vaults.get(VaultId(parent))
        if team is None or team.erased or team.kind != VaultKind.TEAM.value:
            raise NotATeam
        if team.recoverable and not opened.recoverable:
            raise TeamIsRecoverable
    if opened.parents and opened.kind == VaultKind.TEAM.value:
        raise NotATeam


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


def give(
    circle: Circle, keys: VaultKeys, devices: Collection[DeviceId], teams: VaultKeys, rng: Rng
) -> Act:
    """Give keys that are held to devices, and to whoever holds these keys of teams."""
    gifts = Gifts(circle)
    for where, key in keys.items():
        gifts.to_devices(devices, where, key)
        for team, team_key in teams.items():
            gifts.to_team(team, team_key, where, key)
    parcel = gifts.parcel("grant", rng)
    return Act(parcel, gifts.grants(parcel), {})
