# SPDX-License-Identifier: AGPL-3.0-or-later
"""Key parcels: how keys travel to a device, and how they can be deleted (spec/journal.md 7).

No wrap is ever an entry.  A parcel counts only when a signed roster fact names its hash.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Codec, Count32, Record, encode
from safeconduct.kernel.errors import Malformed, Refused
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.lock import SealingPublicKey, seal_to
from safeconduct.kernel.seal.unlock import SealingKey, open_sealed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.words import OfficeId

SLOT_BYTES: Final = 16
PARCEL_MOST: Final = 4 << 20


SecretKey = Annotated[bytes, Meta(min_length=32, max_length=64)]
"""32 bytes; the seed of the intake-signing key alone has 64."""


class HeldKey(Record, frozen=True):
    """One key: `kind` is office, vault, intake or control; `id` is zero bytes for office keys."""

    kind: str
    id: Bytes16
    epoch: Count32
    key: SecretKey


class Wrap(Record, frozen=True):
    """Keys sealed to one recipient, under a slot that only the recipient can tell."""

    slot: Bytes16
    sealed: bytes


class Parcel(Record, frozen=True):
    """All wraps of one act."""

    format: int
    office: Bytes16
    reason: str
    wraps: tuple[Wrap, ...]


PARCEL: Final[Codec[Parcel]] = Codec(Parcel, "parcel", version=1)
_KEYS: Final[Codec[tuple[HeldKey, ...]]] = Codec(tuple[HeldKey, ...], "parcel")


class NotForThisDevice(Refused):
    """The parcel holds nothing for this key."""

    code = "not_for_this_device"


def parcel_hash(parcel: bytes) -> bytes:
    """Return the name of a parcel."""
    return hashlib.sha256(parcel).digest()


def write_parcel(
    office: OfficeId, reason: str, wraps: Sequence[tuple[SealingPublicKey, Sequence[HeldKey]]]
) -> bytes:
    """Return a parcel with one wrap for each recipient."""
    return encode(
        Parcel(
            1,
            office,
            reason,
            tuple(
                Wrap(
                    _slot(recipient, index),
                    seal_to(recipient, "parcel", office + reason.encode(), encode(tuple(keys))),
                )
                for index, (recipient, keys) in enumerate(wraps)
            ),
        )
    )


def open_parcel(data: bytes, office: OfficeId, key: SealingKey) -> tuple[HeldKey, ...]:
    """Return the keys that a parcel holds for this device.

    Raises:
        Malformed, NotCanonical, UnknownVersion, CannotOpen: the parcel is not whole.
        NotForThisDevice: no wrap is for this key.
    """
    if len(data) > PARCEL_MOST:
        raise Malformed("parcel")
    parcel = PARCEL.decode(data)
    if parcel.office != office:
        raise Malformed("parcel")
    for index, wrap in enumerate(parcel.wraps):
        if wrap.slot == _slot(key.public, index):
            context = office + parcel.reason.encode()
            return _KEYS.decode(open_sealed(key, "parcel", context, wrap.sealed))
    raise NotForThisDevice


def _slot(recipient: SealingPublicKey, index: int) -> bytes:
    data = label("slot") + b"\0" + recipient.raw + index.to_bytes(4, "big")
    return hashlib.sha256(data).digest()[:SLOT_BYTES]
