# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two things of spec/mailbox.md that a relay looks into: certificates and the head of items.

Both are public.  A signature is checked elsewhere, because this package knows no cryptography.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Malformed, UnknownVersion
from safeconduct.kernel.wire.bodies import U64, Office, One
from safeconduct.kernel.words import HASH_BYTES, OFFICE_ID_BYTES, OfficeId

LONG_SIGNATURE_BYTES: Final = 64 + 3309
ITEM_VERSION: Final = 1
SEALED_SUITE: Final = 1
"""The first byte of what is sealed (spec/seal.md 6)."""
_ITEM_HEAD_BYTES: Final = 1 + OFFICE_ID_BYTES + 4


class Certificate(Record, frozen=True):
    """Which intake key is current (spec/mailbox.md 3)."""

    version: One
    office: Office
    epoch: U64
    intake_key: Annotated[bytes, Meta(min_length=1216, max_length=1216)]
    opened: U64
    closes: U64


@dataclass(frozen=True, slots=True)
class SignedCertificate:
    """A certificate with its long signature of purpose `intake-key`, which nobody checked yet."""

    certificate: Certificate
    signature: bytes

    @property
    def message(self) -> bytes:
        """What the signature stands over."""
        return encode(self.certificate)


_CERTIFICATE: Final[Codec[Certificate]] = Codec(Certificate, "certificate")


def parse_certificate(raw: bytes) -> SignedCertificate:
    """Return a certificate and its unchecked signature.

    Raises:
        Malformed: not a certificate.
        NotCanonical: not in the one encoding.
    """
    body, signature = raw[:-LONG_SIGNATURE_BYTES], raw[-LONG_SIGNATURE_BYTES:]
    return SignedCertificate(_CERTIFICATE.decode(body), signature)


def write_certificate(signed: SignedCertificate) -> bytes:
    """Return the certificate's bytes and its signature."""
    return signed.message + signed.signature


@dataclass(frozen=True, slots=True)
class ItemHead:
    """What stands in clear before a sealed message: whose, and to which intake key."""

    office: OfficeId
    epoch: int


def parse_item(item: bytes) -> tuple[ItemHead, bytes]:
    """Return the head and the sealed rest of an intake item.

    Raises:
        Malformed: so short that it could be taken for the id of a dropped one.
        UnknownVersion: from a newer page, or sealed with another suite.
    """
    if len(item) <= HASH_BYTES:
        raise Malformed("item")
    if item[0] != ITEM_VERSION:
        raise UnknownVersion("item", item[0])
    if item[_ITEM_HEAD_BYTES] != SEALED_SUITE:
        # No desk of today could open it, and none could tell that it is not from a newer page.
        raise UnknownVersion("item", item[_ITEM_HEAD_BYTES])
    office = OfficeId(item[1 : 1 + OFFICE_ID_BYTES])
    epoch = int.from_bytes(item[1 + OFFICE_ID_BYTES : _ITEM_HEAD_BYTES], "big")
    return ItemHead(office, epoch), item[_ITEM_HEAD_BYTES:]


def write_item(head: ItemHead, sealed: bytes) -> bytes:
    """Return an intake item."""
    return bytes([ITEM_VERSION]) + head.office + head.epoch.to_bytes(4, "big") + sealed
