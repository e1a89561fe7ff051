# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk holds: its device's secrets, where its office is, and the keys that reached it.

All of it lies in the encrypted store and nowhere else.  Locking the desk means ending the process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from safeconduct.edges.desk.engine.erased import erased_cases
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.journal import Ring, VaultEpoch
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import DeviceId, OfficeId, VaultId
from safeconduct.rooms.crew import OFFICE_KEY, HeldKey, device_id, write_card

NO_ID: Final = bytes(16)
TOLD: Final = "told"
"""The kind of a key that a letter brought and no fact's parcel; with `NO_ID` the office's."""
HEEDED: Final = "control_heeded"
"""The relay-control key that stands, with its epoch, whatever else this desk was told."""


class NoOfficeHere(Refused):
    """The store holds no office: founding or joining did not finish."""

    code = "no_office_here"


class DeviceSecrets(Record, frozen=True):
    """The seeds of one device (spec/journal.md 3)."""

    name: str
    sealing: bytes
    signing: bytes
    door: bytes

    @classmethod
    def fresh(cls, name: str, rng: Rng) -> DeviceSecrets:
        """Return the secrets of a new device."""
        return cls(name, rng.bytes(32), rng.bytes(64), rng.bytes(32))

    def signing_key(self) -> LongSigningKey:
        """Return the key that signs roster facts; its Ed25519 half signs commits."""
        return LongSigningKey.from_seed(self.signing)

    def sealing_key(self) -> SealingKey:
        """Return the key that opens parcels and grants."""
        return SealingKey.from_seed(self.sealing)

    def card(self) -> bytes:
        """Return the device's signed card."""
        door = hashlib.sha256(self.door).digest()
        return write_card(self.name, self.signing_key(), self.sealing_key().public, door)

    def id(self) -> DeviceId:
        """Return the device's id."""
        return device_id(self.signing_key().public.raw)


class Place(Record, frozen=True):
    """Which office this desk belongs to, and the way to its relay."""

    office: bytes
    root_key: bytes
    crew_vault: bytes
    relay_url: str
    relay_key: bytes
    capability: bytes

    def relay(self) -> LongVerifyKey:
        """Return the key that checkpoints are checked with."""
        return LongVerifyKey.parse(self.relay_key)


DEVICE: Final[Codec[DeviceSecrets]] = Codec(DeviceSecrets, "device")
PLACE: Final[Codec[Place]] = Codec(Place, "place")
_CONTROL: Final[Codec[HeldKey]] = Codec(HeldKey, HEEDED)


class Keychain:
    """The keys that parcels brought, by kind."""

    def __init__(self, store: Store) -> None:
        """Read the held keys."""
        self._store: Final = store
        self._sealing: dict[int, SealingKey] = {}
        self.changes = 0
        self.load()

    def load(self) -> None:
        """Read the held keys again: what a transaction that failed brought is held no more.

        `added` is empty then, and another list: whoever made something of the keys that are held
        adds to it what stands in the same list, and else makes it anew.
        """
        self.office: dict[int, bytes] = {}
        self.vaults: dict[VaultEpoch, bytes] = {}
        self._of: set[VaultId] = set()
        self.unsure: set[VaultEpoch] = set()
        self.added: list[VaultEpoch] = []
        self._intake: dict[int, bytes] = {}
        self._control: dict[int, HeldKey] = {}
        self._heeded = self._store.setting(HEEDED, _CONTROL)
        self.erased = _erased(self._store)
        self.changes += 1
        for key in self._rows():
            self._hold(key)

    def add(self, keys: Iterable[HeldKey]) -> None:
        """Keep keys, of unknown kinds too; none of a case that was erased here, from nowhere."""
        keys = [key for key in keys if key.id not in self.erased]
        rows = [(key.kind, key.id, key.epoch, key.key) for key in keys]
        with self._store.transaction() as writer:
            writer.executemany("REPLACE INTO held_keys VALUES (?, ?, ?, ?)", rows)
        self.changes += 1
        for key in keys:
            self._hold(key)
        self.added += [VaultEpoch(VaultId(key.id), key.epoch) for key in keys]

    def heed(self, control: HeldKey) -> None:
        """Take this for the relay-control key that stands; what else was told stays beside it."""
        with self._store.transaction() as writer:
            row = (control.kind, control.id, control.epoch, control.key)
            writer.execute("INSERT OR IGNORE INTO held_keys VALUES (?, ?, ?, ?)", row)
            self._store.put_setting(HEEDED, control)
        self._control.setdefault(control.epoch, control)
        self._heeded = control
        self.changes += 1

    def all(self) -> list[HeldKey]:
        """Return everything held, for a parcel; of an epoch's control keys the one that stands."""
        control = self._heeded
        return [
            control if control and (one.kind, one.epoch) == ("control", control.epoch) else one
            for one in self._rows()
        ]

    def _rows(self) -> list[HeldKey]:
        query = "SELECT kind, id, epoch, key FROM held_keys ORDER BY kind, id, epoch"
        return [HeldKey(*row) for row in self._store.rows(query)]

    def held(self) -> dict[VaultEpoch, bytes]:
        """Return the office's and the vaults' keys by where they are used."""
        chain = {VaultEpoch(OFFICE_KEY, epoch): key for epoch, key in self.office.items()}
        return chain | self.vaults

    def key(self, where: VaultEpoch) -> bytes | None:
        """Return the office's or a vault's key by where it is used; None when it is not held."""
        return self.office.get(where.epoch) if where.vault == OFFICE_KEY else self.vaults.get(where)

    def holds(self, vault: VaultId) -> bool:
        """Tell whether a key of a vault is held, of whichever epoch."""
        return vault in self._of

    def sure(self) -> dict[VaultEpoch, bytes]:
        """Return those that came otherwise than by a letter alone; new keys hang on no other."""
        return {at: key for at, key in self.held().items() if at not in self.unsure}

    def control(self) -> HeldKey | None:
        """Return the seed of the relay-control key that stands, as far as this desk knows.

        Its epoch is the access epoch.  Before the relay was asked it is the newest that was told.
        """
        return self._heeded or self._control.get(max(self._control, default=0))

    def controls(self) -> list[HeldKey]:
        """Return every seed of a relay-control key that this desk was told."""
        return [*self._control.values(), *([self._heeded] if self._heeded else [])]

    def let_go(self, intake: Iterable[int]) -> None:
        """Destroy the private intake keys of some epochs; durable on return."""
        rows = [("intake", epoch) for epoch in intake]
        with self._store.transaction() as writer:
            writer.executemany("DELETE FROM held_keys WHERE kind = ? AND epoch = ?", rows)
        for _, epoch in rows:
            self._sealing.pop(epoch, None)
        self.load()

    def intake_epochs(self) -> list[int]:
        """Return the epochs whose private intake key is held, the oldest first."""
        return sorted(self._intake)

    def ring(self, counts: Mapping[VaultEpoch, Mapping[DeviceId, int]]) -> Ring:
        """Return the vault keys, expecting what follows the entries that are known."""
        ring = Ring()
        for where, key in self.vaults.items():
            ring.add_key(where, key, counts.get(where))
        return ring

    def intake(self, epoch: int) -> SealingKey | None:
        """Return the private intake key of an epoch, if it is held."""
        seed = self._intake.get(epoch)
        if seed is None:
            return None
        if epoch not in self._sealing:
            self._sealing[epoch] = SealingKey.from_seed(seed)
        return self._sealing[epoch]

    def _hold(self, key: HeldKey) -> None:
        kind, where = key.kind, VaultEpoch._make((VaultId(key.id), key.epoch))
        if kind in {"office", "vault"} or (kind == TOLD and self.key(where) is None):
            if where.vault == OFFICE_KEY:
                self.office[where.epoch] = key.key
            else:
                self.vaults[where] = key.key
                self._of.add(where.vault)
            if kind == TOLD:
                self.unsure.add(where)
            elif self.unsure:
                self.unsure.discard(where)
        elif kind == "intake":
            self._intake[key.epoch] = key.key
        elif kind == "control":
            self._control[key.epoch] = key


def _erased(store: Store) -> frozenset[VaultId]:
    """Return the vaults of cases that were erased here: no key of theirs is taken again."""
    return frozenset(VaultId(vault) for one in erased_cases(store) for vault in one.vaults)


def identity(store: Store) -> tuple[Place, DeviceSecrets]:
    """Return which office and which device a store is of.

    Raises:
        NoOfficeHere: founding or joining did not finish.
    """
    place, device = store.setting("place", PLACE), store.setting("device", DEVICE)
    if place is None or device is None:
        raise NoOfficeHere
    return place, device


def office_of(place: Place) -> OfficeId:
    """Return the office's id."""
    return OfficeId(place.office)
