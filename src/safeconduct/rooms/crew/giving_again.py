# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys given once more, as facts say that they were: their parcels are gone with a relay.

Nobody is given a key here that no fact gives them (spec/crew.md 9); what is not held, or hangs on a
team whose key is not, is left to others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.rooms.crew.acts import Act, Circle, Gifts
from safeconduct.rooms.crew.rotation import WRAPPED_MOST
from safeconduct.rooms.crew.vaults import OFFICE_KEY

if TYPE_CHECKING:
    from collections.abc import Collection

    from safeconduct.kernel.journal import VaultEpoch
    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.crew.parcel import VaultKeys
    from safeconduct.rooms.crew.vaults import Given

REASON: Final = "again"


def give_again(
    circle: Circle, given: Given, keys: VaultKeys, held: VaultKeys, rng: Rng
) -> tuple[Act, ...]:
    """Return the acts that give keys to all devices and teams to which facts say they were given.

    To the devices of the circle; to teams whose key is in `held`.
    Each act wraps as many keys as a rotation's.
    """
    devices = sorted(circle.devices)
    gifts, acts, wrapped = Gifts(circle), list[Act](), 0
    for where, key in sorted(keys.items()):
        who = _who(given, where, devices)
        teams = [team for team in sorted(given.teams.get(where, ())) if team in held]
        count = len(who) + len(teams)
        if wrapped and wrapped + count > WRAPPED_MOST:
            acts.append(_act(gifts, rng))
            gifts, wrapped = Gifts(circle), 0
        gifts.to_devices(who, where, key)
        for team in teams:
            gifts.to_team(team, held[team], where, key)
        wrapped += count
    if wrapped:
        acts.append(_act(gifts, rng))
    return tuple(acts)


def _who(given: Given, where: VaultEpoch, devices: Collection[DeviceId]) -> list[DeviceId]:
    """Return who was given a key to themselves; who has a newer office key has those before."""
    if where.vault == OFFICE_KEY:
        return [device for device in devices if given.opens(device, where)]
    return [device for device in devices if device in given.devices.get(where, ())]


def _act(gifts: Gifts, rng: Rng) -> Act:
    parcel = gifts.parcel(REASON, rng)
    return Act(parcel, gifts.grants(parcel), {})
