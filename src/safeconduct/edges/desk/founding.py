# SPDX-License-Identifier: AGPL-3.0-or-later
"""Found an office: its keys, its first device, its place at a relay, its first commit.

The recovery secret is returned once, for the card, and kept nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.courier import HttpCourier, Line, register
from safeconduct.edges.desk.engine import page_key, post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID, DeviceSecrets, Keychain, Place
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.store import KEYS, Store
from safeconduct.edges.desk.wiring import SystemClock, SystemRng
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.ports import Clock, Courier, Rng
from safeconduct.kernel.seal.keys import LongSigningKey, SigningKey
from safeconduct.kernel.seal.stretch import Cost
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.wire.bodies import Founding, OfficeCard
from safeconduct.kernel.words import OfficeId, VaultId
from safeconduct.rooms import crew, hotline
from safeconduct.rooms.crew import EpochOpened, HeldKey, OfficeFounded
from safeconduct.rooms.crew.recovery import root_of, sealing_of
from safeconduct.rooms.hotline.events import IntakeKeyOpened
from safeconduct.rooms.hotline.letters import Certificate, write_certificate

FIRST_EPOCH: Final = 1
STORE_FILES: Final = ("keys", "store.db", "store.db-wal", "store.db-shm", "in-use")


@dataclass(frozen=True, slots=True)
class Names:
    """What people call the office, the founder and the founder's device."""

    office: str
    language: str
    person: str
    device: str


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay that waits for an office: how to register, and how to reach it afterwards."""

    url: str
    register: Callable[[OfficeId, OfficeCard], bytes]
    courier: Callable[[OfficeId, bytes], Courier]

    @classmethod
    def over_http(cls, url: str, code: str, *, proxy: str | None = None) -> Relay:
        """Return the relay at a URL, with the founding code that it printed."""

        def sign_up(office: OfficeId, card: OfficeCard) -> bytes:
            return register(Line(url, office, proxy=proxy), Founding(code, card))

        def courier(office: OfficeId, capability: bytes) -> Courier:
            return HttpCourier(Line(url, office, proxy=proxy), capability)

        return cls(url, sign_up, courier)


@dataclass(frozen=True, slots=True)
class World:
    """Clock, randomness, and what a guess at the passphrase costs."""

    clock: Clock
    rng: Rng
    cost: Cost

    @classmethod
    def real(cls) -> World:
        """The machine's own."""
        return cls(SystemClock(), SystemRng(), Cost())


@dataclass(frozen=True, slots=True)
class Founded:
    """A new office: `recovery_secret` goes onto the card and nowhere else."""

    office: OfficeId
    root_key: bytes
    page_key: bytes
    """The public long key that signs for the public page."""
    recovery_secret: bytes


@dataclass(frozen=True, slots=True)
class _Secrets:
    """Everything that founding draws."""

    recovery: bytes
    device: DeviceSecrets
    capability: bytes
    crew_vault: bytes
    hotline_vault: bytes
    keys: tuple[HeldKey, ...]

    @property
    def root(self) -> LongSigningKey:
        return root_of(self.recovery)

    @property
    def office(self) -> OfficeId:
        return crew.office_id(self.root.public.raw)

    def key(self, kind: str) -> bytes:
        return next(held.key for held in self.keys if held.kind == kind)


def found_office(
    folder: Path, passphrase: str, names: Names, relay: Relay, world: World | None = None
) -> Founded:
    """Make an office and its first desk in an empty folder, and register it at a relay.

    Raises:
        FileExistsError: the folder holds a desk already.
        Unreachable, Conflict: the relay did not take it; the folder is as it was.
    """
    world = world or World.real()
    secrets = _draw(names, world.rng)
    with new_store(folder, passphrase, world) as store:
        relay_key = relay.register(secrets.office, _office_card(secrets))
        root_key = secrets.root.public.raw
        with store.transaction():
            Keychain(store).add(secrets.keys)
            store.put_setting("device", secrets.device)
            store.put_setting(
                "place",
                Place(
                    *(secrets.office, root_key, secrets.crew_vault),
                    *(relay.url, relay_key, secrets.capability),
                ),
            )
        journal = Journal(store, world.clock, world.rng)
        courier = relay.courier(secrets.office, secrets.capability)
        _begin(journal, courier, secrets, names)
    page_key = LongSigningKey.from_seed(secrets.key("intake-sign")).public.raw
    return Founded(secrets.office, root_key, page_key, secrets.recovery)


@contextmanager
def new_store(folder: Path, passphrase: str, world: World) -> Iterator[Store]:
    """Make a store in a folder and close it; a desk that does not come to be leaves nothing.

    Raises:
        FileExistsError: a desk is there already.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = world.rng.bytes(32)
    keyslots.create(folder / KEYS, passphrase, key, world.rng, world.cost)
    store = None
    try:
        store = Store(folder, key)
        yield store
    except BaseException:
        if store is not None:
            store.close()
        for name in STORE_FILES:
            (folder / name).unlink(missing_ok=True)
        raise
    store.close()


def _draw(names: Names, rng: Rng) -> _Secrets:
    crew_vault, hotline_vault = rng.bytes(16), rng.bytes(16)
    keys = (
        HeldKey("office", NO_ID, FIRST_EPOCH, rng.bytes(32)),
        HeldKey("vault", crew_vault, FIRST_EPOCH, rng.bytes(32)),
        HeldKey("vault", hotline_vault, FIRST_EPOCH, rng.bytes(32)),
        HeldKey("intake", NO_ID, FIRST_EPOCH, rng.bytes(32)),
        HeldKey("intake-sign", NO_ID, FIRST_EPOCH, rng.bytes(64)),
        HeldKey("control", NO_ID, FIRST_EPOCH, rng.bytes(32)),
    )
    return _Secrets(
        recovery=rng.bytes(32),
        device=DeviceSecrets.fresh(names.device, rng),
        capability=rng.bytes(32),
        crew_vault=crew_vault,
        hotline_vault=hotline_vault,
        keys=keys,
    )


def _office_card(secrets: _Secrets) -> OfficeCard:
    return OfficeCard(
        1,
        secrets.office,
        LongSigningKey.from_seed(secrets.key("intake-sign")).public.raw,
        SigningKey.from_seed(secrets.key("control")).public.raw,
        hashlib.sha256(secrets.capability).digest(),
    )


def _begin(journal: Journal, courier: Courier, secrets: _Secrets, names: Names) -> None:
    """Write the first commit, and bring it, the parcel and the certificate to the relay."""
    recovery = sealing_of(secrets.recovery).public
    recipients = (secrets.device.sealing_key().public, recovery)
    packer = crew.Packer(secrets.office, secrets.key("office"), journal.rng)
    parcel = crew.write_parcel(packer, "founding", [(one, secrets.keys) for one in recipients])
    certificate = _certificate(journal, secrets)
    journal.write(_first_facts(journal, secrets, names, (parcel, certificate)))
    courier.put_parcel(parcel)
    courier.publish(certificate)
    while post.push(journal, courier):
        pass


def _certificate(journal: Journal, secrets: _Secrets) -> bytes:
    now = journal.clock.now()
    key = SealingKey.from_seed(secrets.key("intake")).public.raw
    closes = now + page_key.CERTIFICATE_LIVES
    certificate = Certificate(1, secrets.office, FIRST_EPOCH, key, now, closes)
    signer = LongSigningKey.from_seed(secrets.key("intake-sign"))
    return write_certificate(certificate, signer)


def _first_facts(
    journal: Journal, secrets: _Secrets, names: Names, sealed: tuple[bytes, bytes]
) -> list[Fact]:
    parcel, certificate = crew.parcel_hash(sealed[0]), sealed[1]
    founded = OfficeFounded(
        name=names.office,
        language=names.language,
        root_key=secrets.root.public.raw,
        recovery_key=sealing_of(secrets.recovery).public.raw,
        intake_signing_key=LongSigningKey.from_seed(secrets.key("intake-sign")).public.raw,
        relay_url=journal.place.relay_url,
        relay_key=journal.place.relay_key,
        card=secrets.device.card(),
        person=names.person,
        crew_vault=secrets.crew_vault,
        hotline_vault=secrets.hotline_vault,
    )
    crew_vault, signer = VaultId(secrets.crew_vault), secrets.device.signing_key()
    facts = [crew_fact(crew_vault, founded, secrets.office, (b"", secrets.root))]
    for vault in (NO_ID, secrets.crew_vault, secrets.hotline_vault):
        opened = EpochOpened(vault, FIRST_EPOCH, parcel, (journal.device,))
        facts.append(crew_fact(crew_vault, opened, secrets.office, (journal.device, signer)))
    intake = IntakeKeyOpened(FIRST_EPOCH, certificate, parcel)
    body = hotline.write_fact(intake)
    facts.append(Fact(VaultId(secrets.hotline_vault), hotline.kind_of(intake), 1, body))
    return facts
