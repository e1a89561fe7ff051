# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking the keys that a parcel brings (spec/crew.md 3).

A device takes those alone that the fact which names the parcel says, so that the facts tell who
is able to read what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Untrusted
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.words import VaultId
from safeconduct.rooms.crew.events import EpochOpened
from safeconduct.rooms.crew.parcel import open_parcel, open_team_parcel, parcel_hash
from safeconduct.rooms.crew.vaults import OFFICE_KEY

if TYPE_CHECKING:
    from safeconduct.kernel.seal.unlock import SealingKey
    from safeconduct.kernel.words import DeviceId, OfficeId
    from safeconduct.rooms.crew.parcel import VaultKeys
    from safeconduct.rooms.crew.vault_facts import KeysGranted


class ParcelDiffers(Untrusted):
    """A parcel is not the one that the fact names."""

    code = "parcel_differs"


@dataclass(frozen=True, slots=True)
class Reader:
    """A device that takes keys: its sealing key, and the vault keys that it holds already."""

    office: OfficeId
    device: DeviceId
    sealing: SealingKey
    held: VaultKeys


def take(fact: EpochOpened | KeysGranted, parcel: bytes, reader: Reader) -> VaultKeys:
    """Return the keys that a fact says a parcel gives to this device, by itself or by its teams.

    Raises:
        ParcelDiffers: see there.
        Malformed, NotCanonical, UnknownVersion, CannotOpen, NotForThisDevice: as `open_parcel`.
    """
    if parcel_hash(parcel) != fact.parcel:
        raise ParcelDiffers
    brought: dict[VaultEpoch, bytes] = {}
    if reader.device in fact.devices:
        for held in open_parcel(parcel, reader.office, reader.sealing):
            if held.kind == ("office" if held.id == OFFICE_KEY else "vault"):
                brought[VaultEpoch(VaultId(held.id), held.epoch)] = held.key
    if isinstance(fact, EpochOpened):
        opened = VaultEpoch(VaultId(fact.vault), fact.epoch)
        return {where: key for where, key in brought.items() if _opens(opened, where)}
    for team in fact.teams:
        key = reader.held.get(VaultEpoch(VaultId(team.vault), team.epoch))
        if key is not None:
            brought |= open_team_parcel(parcel, reader.office, SharedKey(key))
    named = {(vault, group.epoch) for group in fact.keys for vault in group.vaults}
    return {where: key for where, key in brought.items() if where in named}


def _opens(opened: VaultEpoch, where: VaultEpoch) -> bool:
    """Tell whether an epoch that is opened brings this key: office keys chain backwards."""
    return where == opened or (opened.vault == OFFICE_KEY == where.vault and where < opened)
