# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds an office in memory: real keys, real facts, real frames; no store and no network."""

from dataclasses import dataclass, field

from safeconduct.kernel.journal import Commit, Fact, Keys, Pen, Ring, VaultEpoch, write
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import Address, DeviceId, OfficeId, VaultId
from safeconduct.rooms.crew import (
    DeviceAdmitted,
    KnownDevice,
    OfficeFounded,
    Role,
    Told,
    kind_of,
    office_id,
    parse_card,
    write_card,
    write_fact,
)
from safeconduct.rooms.crew.events import CrewFact
from tests.kit.clocks import FixedClock, SeededRng

OFFICE_EPOCH = 1


@dataclass
class Device:
    """A device with all its secrets, and the frames that it wrote."""

    name: str
    signing: LongSigningKey
    sealing: SealingKey
    known: KnownDevice
    pen: Pen
    frames: list[bytes] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)

    @property
    def id(self) -> DeviceId:
        """The id that others know it by."""
        return self.known.id


@dataclass
class Office:
    """An office: its root, its devices (the first one founded it), and every vault's key."""

    id: OfficeId
    root: LongSigningKey
    office_key: bytes
    devices: list[Device]
    vaults: dict[VaultId, bytes]
    crew: VaultId
    hotline: VaultId
    clock: FixedClock
    rng: SeededRng

    @property
    def office_keys(self) -> dict[int, bytes]:
        """The office keys by epoch, as `open_frame` wants them."""
        return {OFFICE_EPOCH: self.office_key}

    def ring(self) -> Ring:
        """A ring with every vault's key, that has seen nothing."""
        ring = Ring()
        for vault, key in self.vaults.items():
            ring.add_key(VaultEpoch(vault, 1), key)
        return ring

    def keys(self, device: Device) -> Keys:
        """What a device writes with."""
        vaults = {vault: (1, key) for vault, key in self.vaults.items()}
        return Keys(device.signing.short, OFFICE_EPOCH, self.office_key, vaults)

    def write(self, device: Device, *facts: Fact) -> Commit:
        """Let a device write facts in one act."""
        commit, frame, device.pen = write(
            facts, device.pen, self.keys(device), now=self.clock.now(), rng=self.rng
        )
        device.frames.append(frame)
        device.commits.append(commit)
        return commit

    def write_crew(
        self, device: Device, fact: CrewFact, *, root: bool | LongSigningKey = False
    ) -> Told:
        """Let a device write a roster fact, signed by itself, by the root, or by another root."""
        by_root = self.root if root is True else root
        own = device.signing, device.id
        key, signer = (by_root, b"") if isinstance(by_root, LongSigningKey) else own
        body = write_fact(fact, self.id, signer, key)
        commit = self.write(device, Fact(self.crew, kind_of(fact), 1, body))
        return Told(commit.id, device.id, kind_of(fact), body, sequence=commit.header.sequence)

    def frames(self) -> list[bytes]:
        """Every frame, device after device."""
        return [frame for device in self.devices for frame in device.frames]


def build_device(office: OfficeId, name: str, rng: SeededRng) -> Device:
    """Make a device with a signed card."""
    signing = LongSigningKey.from_seed(rng.bytes(64))
    sealing = SealingKey.from_seed(rng.bytes(32))
    card = write_card(name, signing, sealing.public, Address(rng.bytes(32)))
    known = parse_card(card)
    return Device(name, signing, sealing, known, Pen(office, known.id))


def build_office(devices: int = 2, vaults: int = 2, seed: str | int = 0) -> Office:
    """Make an office with devices and vaults; nothing is written yet.

    The first two vaults are the crew's and the hotline's.
    """
    rng = SeededRng(seed)
    root = LongSigningKey.from_seed(rng.bytes(64))
    office = office_id(root.public.raw)
    keys = {VaultId(rng.bytes(16)): rng.bytes(32) for _ in range(max(2, vaults))}
    crew, hotline = list(keys)[:2]
    return Office(
        id=office,
        root=root,
        office_key=rng.bytes(32),
        devices=[build_device(office, f"desk {number}", rng) for number in range(devices)],
        vaults=keys,
        crew=crew,
        hotline=hotline,
        clock=FixedClock(),
        rng=rng,
    )


def found(office: Office) -> list[Told]:
    """Write the founding fact and admit every other device; return what was told."""
    founder, *others = office.devices
    told = [office.write_crew(founder, founding_fact(office), root=True)]
    for device in others:
        admitted = DeviceAdmitted(
            device.known.card, f"colleague of {device.name}", (Role.OPERATOR.value,)
        )
        told.append(office.write_crew(founder, admitted))
    return told


def founding_fact(office: Office) -> OfficeFounded:
    """The fact that founds this office."""
    return OfficeFounded(
        name="Rehearsal",
        language="ru",
        root_key=office.root.public.raw,
        recovery_key=SealingKey.from_seed(office.rng.bytes(32)).public.raw,
        intake_signing_key=LongSigningKey.from_seed(office.rng.bytes(64)).public.raw,
        relay_url="https://relay.example",
        relay_key=LongSigningKey.from_seed(office.rng.bytes(64)).public.raw,
        card=office.devices[0].known.card,
        person="A. Founder",
        crew_vault=office.crew,
        hotline_vault=office.hotline,
    )
