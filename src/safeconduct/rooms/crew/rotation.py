# SPDX-License-Identifier: AGPL-3.0-or-later
"""New keys after a removal, for all that somebody who no longer stands could open.

Planned from what is known, so it is taken up where it stopped, and what is done is not done again
(spec/crew.md 3 and 4).  Nobody is given a key here that they could not open before: whoever
rotates leaves to others what they do not hold themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.journal import VaultEpoch
from safeconduct.rooms.crew.acts import Act, Circle, Gifts, Telling
from safeconduct.rooms.crew.events import EpochOpened
from safeconduct.rooms.crew.parcel import KEY_BYTES, parcel_hash
from safeconduct.rooms.crew.vaults import OFFICE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.words import DeviceId, VaultId
    from safeconduct.rooms.crew.parcel import VaultKeys
    from safeconduct.rooms.crew.vaults import Vault

REASON: Final = "rotation"
WRAPPED_MOST: Final = 16_384
"""Keys that one act wraps: parcel and facts of so many stay far below what a relay takes."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """Acts to be done in this order, each durable before the next; `left` needs somebody else."""

    acts: tuple[Act, ...]
    left: frozenset[VaultId]


def plan_rotation(circle: Circle, vaults: Iterable[Vault], held: VaultKeys, rng: Rng) -> Rotation:
    """Return the acts by which whoever holds these keys gives new ones to those who remain.

    The office key and the keys of vaults without parents come first, in one act, and are sealed
    to recovery too; then those that hang on teams, newest first.  A vault is left when its key,
    or that of a team on which it hangs, is not held in its newest epoch.
    """
    live = sorted((vault for vault in vaults if not vault.erased), key=lambda vault: vault.id)
    stays = frozenset(circle.devices)
    exposed = {vault.id for vault in live if _exposed(vault, stays)}
    holds = [vault for vault in live if not vault.parents and vault.newest in held]
    roots = [vault for vault in holds if vault.id in exposed]
    renewed = {vault.id for vault in roots}
    fresh = {_next(vault): rng.bytes(KEY_BYTES) for vault in roots}
    teams = {vault.id: vault.newest for vault in holds} | {where.vault: where for where in fresh}
    under = frozenset(teams)
    children = [
        vault
        for vault in live
        if vault.parents
        and vault.parents <= under
        and (vault.id in exposed or vault.parents & renewed)
    ]
    acts = [_renew_roots(circle, roots, fresh, held, rng)] if roots else []
    keys = _Teams(teams, {**held, **fresh})
    acts += [_renew_children(circle, some, keys, rng) for some in _batches(children)]
    return Rotation(tuple(acts), frozenset(exposed - renewed - {vault.id for vault in children}))


class _Teams(NamedTuple):
    """The newest epoch of each team, and the keys that are held, new ones among them."""

    newest: Mapping[VaultId, VaultEpoch]
    keys: VaultKeys


def _exposed(vault: Vault, stays: frozenset[DeviceId]) -> bool:
    """Tell whether somebody who is gone could open what somebody who remains goes on with."""
    return not vault.known <= stays and not vault.known.isdisjoint(stays)


def _next(vault: Vault) -> VaultEpoch:
    return VaultEpoch(vault.id, vault.epoch + 1)


def _renew_roots(
    circle: Circle, roots: Sequence[Vault], fresh: VaultKeys, held: VaultKeys, rng: Rng
) -> Act:
    gifts, devices = Gifts(circle), {}
    for vault in roots:
        where = _next(vault)
        devices[vault.id] = tuple(sorted(vault.devices & circle.devices.keys()))
        keys = {where: fresh[where]}
        if vault.id == OFFICE_KEY:
            # Office keys chain backwards, so that a desk can read the headers of the whole log.
            keys |= {old: key for old, key in held.items() if old.vault == OFFICE_KEY}
        for at, key in keys.items():
            gifts.to_devices(devices[vault.id], at, key)
            if vault.recoverable:
                gifts.to_recovery(at, key)
    parcel = gifts.parcel(REASON, rng)
    named = parcel_hash(parcel)
    facts = (EpochOpened(vault.id, vault.epoch + 1, named, devices[vault.id]) for vault in roots)
    return Act(parcel, tuple(Telling(circle.crew, fact) for fact in facts), fresh)


def _batches(children: Iterable[Vault]) -> Iterator[list[Vault]]:
    """Cut into acts, newest vaults first, so that they are safe first."""
    some: list[Vault] = []
    wrapped = 0
    for vault in sorted(children, key=lambda vault: (-vault.opened, vault.id)):
        count = len(vault.parents) + len(vault.devices)
        if some and wrapped + count > WRAPPED_MOST:
            yield some
            some, wrapped = [], 0
        some.append(vault)
        wrapped += count
    if some:
        yield some


def _renew_children(circle: Circle, vaults: Sequence[Vault], teams: _Teams, rng: Rng) -> Act:
    gifts, stays = Gifts(circle), frozenset(circle.devices)
    keys = {_next(vault): rng.bytes(KEY_BYTES) for vault in vaults}
    for vault, (where, key) in zip(vaults, keys.items(), strict=True):
        gifts.to_devices(vault.devices & stays, where, key)
        for parent in vault.parents:
            team = teams.newest[parent]
            gifts.to_team(team, teams.keys[team], where, key)
    parcel = gifts.parcel(REASON, rng)
    return Act(parcel, gifts.grants(parcel), keys)
