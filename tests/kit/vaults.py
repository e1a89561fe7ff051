# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office's vaults in memory: real parcels, real facts, and who is able to open what.

Facts are taken as judged; frames and signatures are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import DeviceId, OfficeId, VaultId
from safeconduct.rooms.crew.acts import Act, Circle, Gifts, Telling
from safeconduct.rooms.crew.events import EpochOpened
from safeconduct.rooms.crew.grants import Recipients, choose, give, open_vaults
from safeconduct.rooms.crew.parcel import open_parcel, open_team_parcel, parcel_hash
from safeconduct.rooms.crew.rotation import Rotation, plan_rotation
from safeconduct.rooms.crew.taking import Reader, take
from safeconduct.rooms.crew.vault_facts import KeysGranted, VaultOpened
from safeconduct.rooms.crew.vaults import OFFICE_KEY, Heard, Vault, fold_vaults
from tests.kit.clocks import SeededRng

Keys = dict[VaultEpoch, bytes]


class Desk(NamedTuple):
    """A desk with an office, where there is one: ids, and the keys that it founded with."""

    office: OfficeId
    crew: VaultId
    device: DeviceId
    sealing: SealingKey
    keys: Keys


class VaultWorld:
    """Devices, their sealing keys, and all parcels and facts that were ever made."""

    def __init__(self, devices: int, seed: str | int = 0, desk: Desk | None = None) -> None:
        """Found an office whose devices all hold its first keys; a desk is one more device."""
        self.rng: Rng = SeededRng(f"vaults {seed}")
        self.office = desk.office if desk else OfficeId(self.rng.bytes(16))
        self.crew = desk.crew if desk else VaultId(self.rng.bytes(16))
        self.recovery = SealingKey.from_seed(self.rng.bytes(32))
        self.sealing = {desk.device: desk.sealing} if desk else {}
        for _ in range(devices):
            id_, seed_ = DeviceId(self.rng.bytes(16)), self.rng.bytes(32)
            self.sealing[id_] = SealingKey.from_seed(seed_)
        self.gone: set[DeviceId] = set()
        self.erased: set[VaultId] = set()
        self.parcels: dict[bytes, bytes] = {}
        self.told: list[tuple[int, Telling]] = []
        self.keys: Keys = {}
        first = (OFFICE_KEY, self.crew)
        self._found(desk.keys if desk else {VaultEpoch(v, 1): self.rng.bytes(32) for v in first})

    @property
    def circle(self) -> Circle:
        """Those who stand."""
        devices = {id_: key.public for id_, key in self.sealing.items() if id_ not in self.gone}
        key = self.keys.get(VaultEpoch(OFFICE_KEY, 1), bytes(32))
        return Circle(self.office, key, self.crew, devices, self.recovery.public)

    def _found(self, keys: Keys) -> None:
        gifts = Gifts(self.circle)
        for where, key in keys.items():
            gifts.to_devices(self.sealing, where, key)
            gifts.to_recovery(where, key)
        parcel = gifts.parcel("founding", self.rng)
        named, devices = parcel_hash(parcel), tuple(sorted(self.sealing))
        facts = (EpochOpened(*where, named, devices) for where in keys)
        self.do(Act(parcel, tuple(Telling(self.crew, fact) for fact in facts), keys))

    def do(self, act: Act) -> None:
        """Store an act's parcel, and read its facts."""
        self.parcels[parcel_hash(act.parcel)] = act.parcel
        self.told += [(len(self.parcels), telling) for telling in act.facts]
        self.keys |= act.keys

    def open(
        self,
        kind: str,
        devices: Collection[DeviceId] = (),
        parents: Iterable[VaultId] = (),
        *,
        recoverable: bool = True,
    ) -> VaultId:
        """Open a vault."""
        id_ = VaultId(self.rng.bytes(16))
        opened = VaultOpened(id_, kind, tuple(sorted(parents)), int(recoverable))
        self.do(open_vaults(self.circle, {opened: devices}, self.vaults(), self.keys, self.rng))
        return id_

    def heard(self, held: Keys) -> list[Heard]:
        """The facts that somebody reads who holds these keys, with their times."""
        vaults = {self.crew} | {where.vault for where in held}
        return [
            Heard(hlc, telling.fact)
            for hlc, telling in self.told
            if telling.vault in vaults
            and isinstance(telling.fact, EpochOpened | VaultOpened | KeysGranted)
        ]

    def vaults(self, held: Keys | None = None) -> dict[VaultId, Vault]:
        """What the facts make of the vaults, for who holds these keys, or for who reads all."""
        return fold_vaults(self.heard(self.keys if held is None else held), self.erased)

    def reads(self, device: DeviceId) -> Keys:
        """What a device takes that follows the facts which it is able to read."""
        held: Keys = {}
        while True:
            before = len(held)
            vaults = {self.crew} | {where.vault for where in held}
            for _, telling in self.told:
                fact = telling.fact
                if telling.vault in vaults and isinstance(fact, EpochOpened | KeysGranted):
                    reader = Reader(self.office, device, self.sealing[device], held)
                    held |= take(fact, self.parcels[fact.parcel], reader)
            if len(held) == before:
                return held

    def forces(self, sealing: SealingKey) -> Keys:
        """Everything that opens for somebody who tries each key on each parcel."""
        held: Keys = {}
        while True:
            before = len(held)
            for parcel in self.parcels.values():
                held |= self._forced(parcel, sealing, held)
            if len(held) == before:
                return held

    def _forced(self, parcel: bytes, sealing: SealingKey, held: Keys) -> Keys:
        found: Keys = {}
        try:
            for own in open_parcel(parcel, self.office, sealing):
                found[VaultEpoch(VaultId(own.id), own.epoch)] = own.key
        except SafeconductError:
            pass
        for key in held.values():
            try:
                found |= open_team_parcel(parcel, self.office, SharedKey(key))
            except SafeconductError:
                continue
        return found

    def at(self, *vaults: VaultId) -> set[VaultEpoch]:
        """The newest epochs of vaults."""
        known = self.vaults()
        return {known[vault].newest for vault in vaults}

    def newest(self, keys: Keys) -> set[VaultId]:
        """The live vaults that these keys open as they are now."""
        return {
            vault.id
            for vault in self.vaults().values()
            if not vault.erased and keys.get(vault.newest) == self.keys[vault.newest]
        }

    def rotate(self, by: DeviceId) -> Rotation:
        """Let a device plan a rotation with what it holds, and do it."""
        plan = self.plan(by)
        for act in plan.acts:
            self.do(act)
        return plan

    def plan(self, by: DeviceId) -> Rotation:
        """Let a device plan a rotation with what it holds and reads."""
        held = self.reads(by)
        return plan_rotation(self.circle, self.vaults(held).values(), held, self.rng)

    def give(
        self,
        vaults: Iterable[VaultId],
        devices: Collection[DeviceId] = (),
        teams: Iterable[VaultId] = (),
        *,
        history: bool = False,
    ) -> None:
        """Give vaults on."""
        known = self.vaults()
        keys = choose(self.keys, [known[vault] for vault in vaults], history=history)
        places = [known[team].newest for team in teams]
        to = Recipients(devices, {place: self.keys[place] for place in places})
        self.do(give(self.circle, keys, to, known, self.rng))
