# SPDX-License-Identifier: AGPL-3.0-or-later
"""Key parcels: how keys travel, and how they can be deleted (spec/journal.md 7, spec/crew.md 3).

Who keeps a parcel sees its length alone, in steps.  What it was made for, for how many it is and
how many keys each of them is given stands inside seals; heads and marks that are for somebody look
like those that are for nobody (docs/adr/0031).
No key is ever an entry.  A parcel counts only when a signed roster fact names its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import repeat
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Codec, Count32, Record
from safeconduct.kernel.errors import Malformed, NotCanonical, Refused, UnknownVersion
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.lock import (
    SEALED_OVERHEAD,
    SealingPublicKey,
    SharedKey,
)
from safeconduct.kernel.seal.unlock import SealingKey, open_box, open_sealed
from safeconduct.kernel.words import VaultId
from safeconduct.rooms.crew.first_parcels import (
    SLOT_BYTES,
    FirstParcel,
    all_for,
    boxed_in,
    parse_first_parcel,
    sealed_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safeconduct.kernel.words import OfficeId

VERSION: Final = 2
PARCEL_MOST: Final = 4 << 20
ID_BYTES: Final = 16
KEY_BYTES: Final = 32
PLACE_BYTES: Final = 8
POINTER_BYTES: Final = KEY_BYTES + PLACE_BYTES
HEAD_BYTES: Final = SLOT_BYTES + SEALED_OVERHEAD + POINTER_BYTES
MARK_BYTES: Final = SLOT_BYTES + PLACE_BYTES

VaultKeys = Mapping[VaultEpoch, bytes]
SecretKey = Annotated[bytes, Meta(min_length=32, max_length=64)]
"""32 bytes; the seed of the intake-signing key alone has 64."""


class HeldKey(Record, frozen=True):
    """One key: `kind` is office, vault, intake or control; `id` is zero bytes for office keys."""

    kind: str
    id: Bytes16
    epoch: Count32
    key: SecretKey


class Parcel(Record, frozen=True):
    """What one act gives: heads and marks point into the body, those that are for somebody."""

    format: int
    salt: Bytes16
    heads: bytes
    marks: bytes
    body: bytes


class Group(Record, frozen=True):
    """The vault keys of one epoch: ids, and keys, each one after the other in the same order."""

    epoch: Count32
    ids: bytes
    keys: bytes


class ForDevice(Record, frozen=True):
    """What a device is given, and what the act was that gives it."""

    reason: str
    keys: tuple[HeldKey, ...]


class ForTeam(Record, frozen=True):
    """What a team is given, and what the act was that gives it."""

    reason: str
    keys: tuple[Group, ...]


_PARCEL: Final[Codec[Parcel]] = Codec(Parcel, "parcel", version=VERSION)
_FOR_DEVICE: Final[Codec[ForDevice]] = Codec(ForDevice, "parcel")
_FOR_TEAM: Final[Codec[ForTeam]] = Codec(ForTeam, "parcel")
_KEYS: Final[Codec[tuple[HeldKey, ...]]] = Codec(tuple[HeldKey, ...], "parcel")
_GROUPS: Final[Codec[tuple[Group, ...]]] = Codec(tuple[Group, ...], "parcel")


class NotForThisDevice(Refused):
    """The parcel holds nothing for this key."""

    code = "not_for_this_device"


def parcel_hash(parcel: bytes) -> bytes:
    """Return the name of a parcel."""
    return hashlib.sha256(parcel).digest()


def open_parcel(data: bytes, office: OfficeId, key: SealingKey) -> tuple[HeldKey, ...]:
    """Return the keys that a parcel holds for this device.

    Raises:
        Malformed, NotCanonical, UnknownVersion, CannotOpen: the parcel is not whole.
        NotForThisDevice: no head is for this key, or it is another office's.
    """
    parcel = parse_parcel(data, office)
    if isinstance(parcel, FirstParcel):
        return _KEYS.decode(_there(sealed_in(parcel, key)))
    head = _there(_find(parcel.heads, slot_of(parcel.salt, key.public), HEAD_BYTES))
    pointer = open_sealed(key, "parcel", office + parcel.salt, head)
    given, place = pointer[:KEY_BYTES], pointer[KEY_BYTES:]
    return _FOR_DEVICE.decode(_follow(parcel, office, given, place)).keys


def open_team_parcel(data: bytes, office: OfficeId, team: SharedKey) -> dict[VaultEpoch, bytes]:
    """Return the vault keys that a parcel holds under this team key.

    Raises:
        Malformed, NotCanonical, UnknownVersion, CannotOpen: the parcel is not whole.
        NotForThisDevice: no mark is under this key, or it is another office's.
    """
    parcel = parse_parcel(data, office)
    if isinstance(parcel, FirstParcel):
        return _ungrouped(_GROUPS.decode(_there(boxed_in(parcel, team))))
    place = _there(_place(parcel, team))
    return _ungrouped(_FOR_TEAM.decode(_follow(parcel, office, team, place)).keys)


def parse_parcel(data: bytes, office: OfficeId) -> Parcel | FirstParcel:
    """Return what everybody sees of a parcel.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the parcel is not whole, or says in clear that it
            is another office's.
    """
    if len(data) > PARCEL_MOST:
        raise Malformed("parcel")
    try:
        parcel = _PARCEL.decode(data)
    except UnknownVersion as error:
        if error.version == VERSION - 1:
            return parse_first_parcel(data, office)
        raise
    if len(parcel.heads) % HEAD_BYTES or len(parcel.marks) % MARK_BYTES:
        raise Malformed("parcel")
    return parcel


def is_for_one(
    data: bytes, office: OfficeId, recipient: SealingPublicKey, office_keys: Iterable[bytes]
) -> bool:
    """Tell whether everything in a parcel is for this one recipient, as who made it says.

    That stands under the office key of then; a parcel of which none of these keys opens it is
    taken to be for others too.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the parcel is not whole.
    """
    parcel = parse_parcel(data, office)
    if isinstance(parcel, FirstParcel):
        return all_for(parcel, recipient)
    if _find(parcel.heads, slot_of(parcel.salt, recipient), HEAD_BYTES) is None:
        return False
    return any(_place(parcel, SharedKey(key)) == two(1, 0) for key in office_keys)


def slot_of(salt: bytes, recipient: SealingPublicKey) -> bytes:
    """Return the slot of what is for a device, or for recovery, in the parcel of this salt."""
    data = label("parcel-slot") + b"\0" + salt + recipient.raw
    return hashlib.sha256(data).digest()[:SLOT_BYTES]


def mark_of(key: SharedKey, salt: bytes, place: bytes) -> bytes:
    """Return a slot that only this key finds, and behind it a place that only it reads."""
    slot, mask = _marked(key, salt)
    return slot + _either(mask, place)


def two(first: int, second: int) -> bytes:
    """Return two numbers as they stand behind a slot: where and how long, or for how many."""
    return first.to_bytes(4, "big") + second.to_bytes(4, "big")


def _find(some: bytes, slot: bytes, size: int) -> bytes | None:
    """Return what stands behind a slot."""
    for at in range(0, len(some), size):
        if some.startswith(slot, at):
            return some[at + SLOT_BYTES : at + size]
    return None


def _there(found: bytes | None) -> bytes:
    if found is None:
        raise NotForThisDevice
    return found


def _follow(parcel: Parcel, office: OfficeId, key: bytes | SharedKey, place: bytes) -> bytes:
    """Return what a key opens at a place in the body."""
    if len(place) != PLACE_BYTES:
        raise Malformed("parcel")
    start, length = int.from_bytes(place[:4], "big"), int.from_bytes(place[4:], "big")
    if start + length > len(parcel.body):
        raise Malformed("parcel")
    box = parcel.body[start : start + length]
    return open_box(key, "parcel", office + parcel.salt + place[:4], box)


def _place(parcel: Parcel, key: SharedKey) -> bytes | None:
    """Return what a mark says to this key."""
    slot, mask = _marked(key, parcel.salt)
    found = _find(parcel.marks, slot, MARK_BYTES)
    return None if found is None else _either(mask, found)


def _marked(key: SharedKey, salt: bytes) -> tuple[bytes, bytes]:
    tag = key.tag(label("parcel-mark") + b"\0" + salt)
    return tag[:SLOT_BYTES], tag[SLOT_BYTES:MARK_BYTES]


def _either(one: bytes, other: bytes) -> bytes:
    """Return the exclusive or of a mask and a place."""
    both = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return both.to_bytes(PLACE_BYTES, "big")


def _ungrouped(groups: Sequence[Group]) -> dict[VaultEpoch, bytes]:
    keys: dict[VaultEpoch, bytes] = {}
    before = -1
    for group in groups:
        ids, some, epoch = _cut(group.ids, ID_BYTES), _cut(group.keys, KEY_BYTES), group.epoch
        if len(ids) != len(some):
            raise Malformed("parcel")
        if not ids or ids != sorted(set(ids)) or epoch <= before:
            raise NotCanonical("parcel")
        before = epoch
        places = map(VaultEpoch._make, zip(map(VaultId, ids), repeat(epoch)))
        keys.update(zip(places, some, strict=True))
    return keys


def _cut(data: bytes, size: int) -> list[bytes]:
    if len(data) % size:
        raise Malformed("parcel")
    return [data[at : at + size] for at in range(0, len(data), size)]
