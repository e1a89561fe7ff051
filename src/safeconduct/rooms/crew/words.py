# SPDX-License-Identifier: AGPL-3.0-or-later
"""The crew's nouns: device card, role, member, roster (spec/journal.md 2, 3, 6)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes32, Codec, Record, encode
from safeconduct.kernel.errors import Untrusted
from safeconduct.kernel.seal import keys
from safeconduct.kernel.seal.keys import (
    LONG_SIGNATURE_BYTES,
    LongSigningKey,
    LongVerifyKey,
)
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.kernel.words import (
    DEVICE_ID_BYTES,
    Address,
    DeviceId,
)

NAME_MOST: Final = 80
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_MOST)]


class Role(Enum):
    """What somebody does here.  Rights hang on roles; data in `decide`."""

    STEWARD = "steward"
    OPERATOR = "operator"
    CASE_WORKER = "case_worker"
    COORDINATOR = "coordinator"
    DOCUMENTER = "documenter"
    LEGAL = "legal"
    ANALYST = "analyst"
    LINE = "line"


class Card(Record, frozen=True):
    """A device as others know it."""

    format: int
    id: Bytes16
    name: Name
    signing: bytes
    sealing: bytes
    door: Bytes32


CARD: Final[Codec[Card]] = Codec(Card, "card", version=1)


class CardMismatch(Untrusted):
    """A card's id is not that of its keys."""

    code = "card_mismatch"


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device whose card was checked: typed keys, ready for use."""

    id: DeviceId
    name: str
    signing: LongVerifyKey = field(compare=False)  # The card says which keys.
    sealing: SealingPublicKey = field(compare=False)
    door: Address
    card: bytes


office_id: Final = keys.office_id


def device_id(signing_key: bytes) -> DeviceId:
    """Return the id of the device with this public long key."""
    digest = hashlib.sha256(label("device") + b"\0" + signing_key).digest()
    return DeviceId(digest[:DEVICE_ID_BYTES])


def write_card(name: str, signing: LongSigningKey, sealing: SealingPublicKey, door: bytes) -> bytes:
    """Return a device's card with its own signature after it."""
    public = signing.public.raw
    card = encode(Card(1, device_id(public), name, public, sealing.raw, door))
    return card + sign_long(signing, "card", b"", card)


def parse_card(data: bytes) -> KnownDevice:
    """Return the device that a signed card describes.

    Raises:
        Malformed, NotCanonical, UnknownVersion, BadKey, BadSignature: the card is not whole.
        CardMismatch: the id is not that of the keys.
    """
    body, signature = data[:-LONG_SIGNATURE_BYTES], data[-LONG_SIGNATURE_BYTES:]
    card = CARD.decode(body)
    signing = LongVerifyKey.parse(card.signing)
    verify_long(signing, "card", b"", body, signature)
    if card.id != device_id(card.signing):
        raise CardMismatch
    return KnownDevice(
        id=DeviceId(card.id),
        name=card.name,
        signing=signing,
        sealing=SealingPublicKey.parse(card.sealing),
        door=Address(card.door),
        card=data,
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A device that was admitted, the person behind it, and what they do while it stands.

    `had` are roles of earlier grants too: what was written under them goes on counting.
    """

    device: KnownDevice
    person: str
    roles: frozenset[Role]
    admitted_by: DeviceId | None
    had: frozenset[Role] = frozenset()
