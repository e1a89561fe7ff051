# SPDX-License-Identifier: AGPL-3.0-or-later
"""New keys after a removal, for all that somebody who no longer stands could open.

Planned from what is known, so it is taken up where it stopped, and what is done is not done again
(spec/crew.md 3 and 4).  Nobody is given a key here that they could not open before: whoever
rotates leaves to others what they do not hold themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.journal import VaultEpoch
from safeconduct.rooms.crew.acts import Act, Circle, Gifts, Telling
from safeconduct.rooms.crew.events import EpochOpened
from safeconduct.rooms.crew.parcel import KEY_BYTES, parcel_hash
from safeconduct.rooms.crew.vaults import OFFICE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.words import DeviceId, VaultId
    from safeconduct.rooms.crew.parcel import VaultKeys
    from safeconduct.rooms.crew.vaults import Vault

REASON: Final = "rotation"
STRIDE: Final = 1 << 16
"""New epochs lie this far apart, and where between is drawn: two stewards who rotate at once open
two epochs, and not one that has two keys."""
EPOCH_RENEWED_MOST: Final = (1 << 32) - 2 * STRIDE
"""Beyond it no epoch can follow; whoever opened one so late left a vault that is not renewed."""
WRAPPED_MOST: Final = 16_384
"""Keys that one act wraps: parcel and facts of so many stay far below what a relay takes."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """Acts to be done in this order, each durable before the next; `left` needs somebody else."""

    acts: tuple[Act, ...]
    left: frozenset[VaultId]


def plan_rotation(
    circle: Circle,
    vaults: Iterable[Vault],
    held: VaultKeys,
    rng: Rng,
    *,
    old: frozenset[VaultId] = frozenset(),
) -> Rotation:
    """Return the acts by which whoever holds these keys gives new ones to those who remain.

    Renewed is what somebody who is gone could open, and the vaults in `old`.

    The office key and the keys of vaults without parents come first, in one act, and are sealed
    to recovery too; then those that hang on teams, newest first.  A vault is left when its key,
    or that of a team on which it hangs, is not held in its newest epoch, or when its epoch is so
    great that none can follow.
    """
    known = sorted(vaults, key=lambda vault: vault.id)
    erased = frozenset(vault.id for vault in known if vault.erased)
    live = [_without(vault, erased) for vault in known if not vault.erased]
    stays = frozenset(circle.devices)
    exposed = {vault.id for vault in live if vault.id in old or _exposed(vault, stays)}
    fit = [vault for vault in live if vault.epoch <= EPOCH_RENEWED_MOST]
    holds = [vault for vault in fit if not vault.parents and vault.newest in held]
    roots = [vault for vault in holds if vault.id in exposed]
    keys = _Keys(held, {vault.id: vault.newest for vault in holds}, rng)
    acts = [_renew_roots(circle, roots, keys)] if roots else []
    renewed, teams = {vault.id for vault in roots}, frozenset(keys.newest)
    children = [
        vault
        for vault in fit
        if vault.parents
        and vault.parents <= teams
        and (vault.id in exposed or vault.parents & renewed)
    ]
    of_cases = [vault for vault in children if vault.id in circle.cases]
    others = [vault for vault in children if vault.id not in circle.cases]
    acts += [_renew_children(circle, some, keys) for some in _batches(of_cases)]
    acts += [_renew_children(circle, some, keys) for some in _batches(others)]
    return Rotation(tuple(acts), frozenset(exposed - renewed - {vault.id for vault in children}))


class _Keys:
    """The keys that are held, those drawn in this rotation among them."""

    def __init__(self, held: VaultKeys, newest: dict[VaultId, VaultEpoch], rng: Rng) -> None:
        self.held = dict(held)
        self.newest = newest
        self.rng = rng
        self._drawn = int.from_bytes(rng.bytes(2), "big")

    def chain(self, where: VaultEpoch) -> list[VaultEpoch]:
        """Return what is given with a new key: of the office those before it too.

        So a desk can read the headers of the whole log.
        """
        if where.vault != OFFICE_KEY:
            return [where]
        return [held for held in self.held if held.vault == OFFICE_KEY]

    def renew(self, vault: Vault) -> VaultEpoch:
        """Draw a key for the next epoch of a vault."""
        where = VaultEpoch(vault.id, (vault.epoch // STRIDE + 1) * STRIDE + self._drawn)
        self.held[where] = self.rng.bytes(KEY_BYTES)
        self.newest[vault.id] = where
        return where


def _without(vault: Vault, erased: frozenset[VaultId]) -> Vault:
    """Return a vault as it hangs on the teams that are left, if there are any."""
    left = vault.parents - erased
    return replace(vault, parents=left) if left and left != vault.parents else vault


def _exposed(vault: Vault, stays: frozenset[DeviceId]) -> bool:
    """Tell whether somebody who is gone could open what somebody who remains goes on with.

    Gone is also who knows the key of a team, or of what hangs on it, and does not belong to it.
    """
    gone = not vault.known <= stays or vault.strangers
    return bool(gone) and not vault.known.isdisjoint(stays)


def _renew_roots(circle: Circle, roots: Sequence[Vault], keys: _Keys) -> Act:
    gifts, fresh = Gifts(circle), {}
    for vault in roots:
        where = keys.renew(vault)
        devices = circle.takers(vault.id, vault.devices)
        fresh[where] = devices
        for at in keys.chain(where):
            gifts.to_devices(devices, at, keys.held[at])
            if vault.recoverable:
                gifts.to_recovery(at, keys.held[at])
    parcel = gifts.parcel(REASON, keys.rng)
    named = parcel_hash(parcel)
    facts = (EpochOpened(*where, named, devices) for where, devices in fresh.items())
    told = tuple(Telling(circle.crew, fact) for fact in facts)
    return Act(parcel, told, {where: keys.held[where] for where in fresh})


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


def _renew_children(circle: Circle, vaults: Sequence[Vault], keys: _Keys) -> Act:
    """Renew vaults that hang on teams, all of them of cases or none."""
    gifts, stays, fresh = Gifts(circle), frozenset(circle.devices), {}
    for vault in vaults:
        where = keys.renew(vault)
        fresh[where] = key = keys.held[where]
        if vault.devices:
            gifts.to_devices(vault.devices & stays, where, key)
        for parent in vault.parents:
            team = keys.newest[parent]
            gifts.to_team(team, keys.held[team], where, key)
    parcel = gifts.parcel(REASON, keys.rng)
    of_cases = vaults[0].id in circle.cases
    return Act(parcel, gifts.grants(parcel, renewed=of_cases), fresh)
