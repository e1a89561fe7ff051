# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about vaults and keys, in the form of roster facts (spec/crew.md 1, 3 and 7).

Those about vaults of a case stand in the vaults of the teams that hold it, so that nobody else
learns that they exist; who may sign one is not decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Bytes32, Count32, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

ID_BYTES: Final = 16
VaultKind = Annotated[str, Meta(min_length=1, max_length=32)]
"""One of spec/crew.md 3, or one that only a newer program knows."""


class VaultOpened(Record, frozen=True):
    """A vault begins: what it is for, the teams it hangs on, and whether recovery opens it."""

    vault: Bytes16
    kind: VaultKind
    parents: tuple[Bytes16, ...]
    recoverable: Annotated[int, Meta(ge=0, le=1)]


class KeyEpoch(Record, frozen=True):
    """Which key: the epoch of a vault."""

    vault: Bytes16
    epoch: Count32


class KeyGroup(Record, frozen=True):
    """Which keys: an epoch, and the ids of vaults, one after the other in their order."""

    epoch: Count32
    ids: Annotated[bytes, Meta(min_length=ID_BYTES)]

    def __post_init__(self) -> None:
        """Refuse what is no row of ids in order, each once."""
        ids = self.vaults
        if len(self.ids) % ID_BYTES or ids != sorted(set(ids)):
            raise ValueError

    @property
    def vaults(self) -> list[bytes]:
        """The ids, each by itself."""
        return [self.ids[at : at + ID_BYTES] for at in range(0, len(self.ids), ID_BYTES)]


class KeysGranted(Record, frozen=True):
    """The parcel with this hash gives keys to devices, and to whoever holds keys of teams."""

    keys: tuple[KeyGroup, ...]
    parcel: Bytes32
    devices: tuple[Bytes16, ...]
    teams: tuple[KeyEpoch, ...]


class SealingKeyRotated(Record, frozen=True):
    """A device is sealed to with this key from now on; its card's key has number 0."""

    sealing: bytes
    number: Count32


def key_groups(keys: Iterable[tuple[bytes, int]]) -> tuple[KeyGroup, ...]:
    """Return vaults and epochs in the form in which a grant names them."""
    by_epoch: dict[int, list[bytes]] = {}
    for vault, epoch in sorted(keys):
        by_epoch.setdefault(epoch, []).append(vault)
    return tuple(KeyGroup(epoch, b"".join(ids)) for epoch, ids in sorted(by_epoch.items()))


VaultFact = VaultOpened | KeysGranted | SealingKeyRotated
VAULT_FACTS: Final[dict[str, type[VaultFact]]] = {
    "crew.VaultOpened": VaultOpened,
    "crew.KeysGranted": KeysGranted,
    "crew.SealingKeyRotated": SealingKeyRotated,
}
