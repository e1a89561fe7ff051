# SPDX-License-Identifier: AGPL-3.0-or-later
"""Key parcels of version 1, which are read and written no more (spec/crew.md 3, "Version 1").

They told the relay in clear what they were made for, for how many, and how many keys each holds.
Relays keep those that an office made before, and facts name them for as long as there are facts.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import Bytes16, Codec, Record
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.unlock import SealingKey, open_box, open_sealed

if TYPE_CHECKING:
    from safeconduct.kernel.seal.lock import SealingPublicKey, SharedKey
    from safeconduct.kernel.words import OfficeId

VERSION: Final = 1
SLOT_BYTES: Final = 16
SALT_BYTES: Final = 16


class Wrap(Record, frozen=True):
    """Keys sealed to one recipient, under a slot that only the recipient can tell."""

    slot: Bytes16
    sealed: bytes


class FirstParcel(Record, frozen=True):
    """All wraps of one act."""

    format: int
    office: Bytes16
    reason: str
    wraps: tuple[Wrap, ...]


_PARCEL: Final[Codec[FirstParcel]] = Codec(FirstParcel, "parcel", version=VERSION)


def parse_first_parcel(data: bytes, office: OfficeId) -> FirstParcel:
    """Return the wraps of an office's parcel.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the parcel is not whole, or another office's.
    """
    parcel = _PARCEL.decode(data)
    if parcel.office != office:
        raise Malformed("parcel")
    return parcel


def sealed_in(parcel: FirstParcel, key: SealingKey) -> bytes | None:
    """Return what a parcel holds for this device; None where it holds nothing.

    Raises:
        Malformed, UnknownVersion, CannotOpen: the wrap is not whole.
    """
    for index, wrap in enumerate(parcel.wraps):
        if wrap.slot == _slot(key.public, index):
            return open_sealed(key, "parcel", _context(parcel), wrap.sealed)
    return None


def boxed_in(parcel: FirstParcel, team: SharedKey) -> bytes | None:
    """Return what a parcel holds under this team key; None where it holds nothing.

    Raises:
        CannotOpen: the wrap is not whole.
    """
    for index, wrap in enumerate(parcel.wraps):
        if wrap.slot == _team_slot(team, index):
            salt, box = wrap.sealed[:SALT_BYTES], wrap.sealed[SALT_BYTES:]
            return open_box(team, "parcel", _context(parcel) + salt, box)
    return None


def all_for(parcel: FirstParcel, recipient: SealingPublicKey) -> bool:
    """Tell whether everything in a parcel is sealed to this one recipient."""
    slots = enumerate(wrap.slot for wrap in parcel.wraps)
    return all(slot == _slot(recipient, index) for index, slot in slots)


def _context(parcel: FirstParcel) -> bytes:
    return parcel.office + parcel.reason.encode()


def _slot(recipient: SealingPublicKey, index: int) -> bytes:
    data = label("slot") + b"\0" + recipient.raw + index.to_bytes(4, "big")
    return hashlib.sha256(data).digest()[:SLOT_BYTES]


def _team_slot(team: SharedKey, index: int) -> bytes:
    return team.tag(label("slot") + b"\0" + index.to_bytes(4, "big"))[:SLOT_BYTES]
