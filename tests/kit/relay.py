# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office that a relay can keep, with all its keys, for tests of the relay and around it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safeconduct.edges.relay.desk import DeskDoor
from safeconduct.edges.relay.entrances import FIRST
from safeconduct.edges.relay.public import PublicDoor
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.canon import Record, encode
from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey, SigningKey, office_id
from safeconduct.kernel.seal.sign import sign, sign_long
from safeconduct.kernel.wire.bodies import (
    Access,
    BlobOffer,
    Founding,
    OfficeCard,
    Opening,
    Submission,
    Terms,
    TracingOpening,
)
from safeconduct.kernel.wire.intake import (
    SEALED_SUITE,
    Certificate,
    ItemHead,
    SignedCertificate,
    write_certificate,
    write_item,
)
from safeconduct.kernel.wire.orders import DropOrder, SignedOrder
from safeconduct.kernel.wire.work import blob_payload, item_payload, solve_work
from safeconduct.kernel.words import DAY, HASH_BYTES, Instant, OfficeId

START = Instant(1_800_000_000_000)


class Disk:
    """A disk of 100 bytes that fills up when a test says so."""

    free = 80

    def __call__(self) -> tuple[int, int]:
        """Free and total bytes."""
        return self.free, 100


class SetClock:
    """Stands still until told."""

    def __init__(self, start: int = START) -> None:
        self.time = start

    def now(self) -> Instant:
        """The set time."""
        return Instant(self.time)


def plenty() -> tuple[int, int]:
    """A disk with room, whatever the machine has."""
    return 80, 100


@dataclass
class Office:
    """The secrets of one office, as its desks hold them."""

    name: int = 1
    epoch: int = 1
    office: OfficeId = field(init=False)

    def __post_init__(self) -> None:
        self.office = OfficeId(bytes([self.name]) * 16)
        self.intake_signing = LongSigningKey.from_seed(bytes([self.name]) * 64)

    def capability(self, epoch: int | None = None) -> bytes:
        """The capability of an access epoch."""
        return bytes([self.name, self.epoch if epoch is None else epoch]) * 16

    def control(self, epoch: int) -> SigningKey:
        """The relay-control key that an epoch names."""
        return SigningKey.from_seed(bytes([self.name, epoch]) * 16)

    @property
    def card(self) -> OfficeCard:
        """What the relay is founded with."""
        return OfficeCard(
            1,
            self.office,
            self.intake_signing.public.raw,
            self.control(1).public.raw,
            hashlib.sha256(self.capability(1)).digest(),
        )

    def certificate(self, epoch: int = 1, closes: int = START * 2) -> bytes:
        """A signed intake certificate."""
        certificate = Certificate(1, self.office, epoch, bytes(1216), 0, closes)
        message = encode(certificate)
        signature = sign_long(self.intake_signing, "intake-key", self.office, message)
        return write_certificate(SignedCertificate(certificate, signature))

    @property
    def root(self) -> LongSigningKey:
        """The root key whose hash is the office id of `with_root`."""
        return LongSigningKey.from_seed(bytes([self.name, 1]) * 32)

    def with_root(self) -> Office:
        """The same office under the id of its root key."""
        self.office = office_id(self.root.public.raw)
        return self

    def opening(self, epoch: int, signer: SigningKey | None = None) -> Access:
        """An opening of an access epoch, signed by a control key."""
        return self.signed(self.unsigned(epoch), signer or self.control(epoch - 1))

    def unsigned(self, epoch: int) -> Opening:
        """What opens an access epoch."""
        digest = hashlib.sha256(self.capability(epoch)).digest()
        return Opening(1, self.office, epoch, digest, self.control(epoch).public.raw)

    def tracing(self, epoch: int, devices: int) -> TracingOpening:
        """What opens a tracing epoch, with a capability for each device."""
        digests = [hashlib.sha256(self.traced(epoch, device)).digest() for device in range(devices)]
        return TracingOpening(2, self.office, epoch, digests, self.control(epoch).public.raw)

    def traced(self, epoch: int, device: int) -> bytes:
        """The capability of one device in a tracing epoch."""
        return bytes([self.name, epoch, device, 0]) * 8

    def order(self, order: Record, signer: SigningKey) -> SignedOrder:
        """An order to the relay, signed by a control key."""
        raw = encode(order)
        return SignedOrder(raw, sign(signer, "access", self.office, raw))

    def signed(self, opening: Record, key: SigningKey | LongSigningKey) -> Access:
        """An opening with its proof by a control key or a root key."""
        raw = encode(opening)
        if isinstance(key, SigningKey):
            return Access(raw, sign(key, "access", self.office, raw))
        return Access(raw, key.public.raw + sign_long(key, "access", self.office, raw))

    def item(self, text: bytes, epoch: int = 1) -> bytes:
        """An intake item; what is sealed in it does not matter to a relay, but that it is long."""
        sealed = bytes([SEALED_SUITE]) + text.ljust(HASH_BYTES, b".")
        return write_item(ItemHead(self.office, epoch), sealed)

    def submission(self, work: Terms, text: bytes, epoch: int = 1) -> Submission:
        """An item with its work."""
        item = self.item(text, epoch)
        nonce = solve_work(work.seed, item_payload(item), work.message_bits)
        return Submission(work.seed, nonce, item)

    def offer(self, work: Terms, blob: bytes, chunks: int, length: int) -> BlobOffer:
        """A blob's announcement with its work; the token is `token`."""
        payload = blob_payload(blob, chunks, length)
        nonce = solve_work(work.seed, payload, work.blob_bits)
        token_hash = hashlib.sha256(b"token").digest()
        return BlobOffer(work.seed, nonce, blob, chunks, length, token_hash)


@dataclass
class Kept:
    """One office on one relay."""

    store: RelayStore
    office: Office

    @property
    def desk(self) -> DeskDoor:
        """A new desks' door."""
        return self.store.desk(self.office.office, self.office.capability())

    @property
    def public(self) -> PublicDoor:
        """A new public door."""
        return self.store.public(self.office.office)

    @property
    def relay_key(self) -> LongVerifyKey:
        """The relay's public key."""
        return LongVerifyKey.parse(self.store.relay_key)

    def drop(self, *names: bytes) -> None:
        """Let parcels go, as a steward."""
        order = DropOrder("drop", self.office.office, 1, list(names))
        self.store.drop_parcels(
            self.office.office, self.office.order(order, self.office.control(1))
        )

    def submit(self, text: bytes) -> int:
        """Send a message; return its index."""
        work = self.public.terms().work
        return self.public.submit(self.office.submission(work, text)).index


def keep(
    store: RelayStore, office: Office, certificate: bool = True, *, entrance: int = FIRST
) -> Kept:
    """Found an office on a relay and publish its intake key."""
    code = store.founding_code(entrance) or store.new_founding_code(entrance)
    store.found(Founding(code, office.card), entrance)
    kept = Kept(store, office)
    if certificate:
        kept.desk.publish(office.certificate())
    return kept


@contextmanager
def relay(folder: Path, **options: Any) -> Iterator[Kept]:  # noqa: ANN401  (what RelayStore takes)
    """A relay in a folder that keeps one office."""
    with RelayStore(folder / "relay.db", **{"probe": plenty, **options}) as store:
        yield keep(store, Office())


def wrote(kept: Kept, *, rest: int = 0, blobs: int = 0) -> None:
    """Let the office's capability have written so many bytes today."""
    parts = kept.store.parts
    number = parts.offices.find(kept.office.office).number
    row = (parts.clock.now() // DAY, rest, blobs, number)
    query = "UPDATE written SET day = ?, rest = ?, blobs = ? WHERE office = ?"
    parts.database.write(lambda connection: connection.execute(query, row).fetchall())
    parts.counts._rows.clear()  # As a relay that was started again.
