# SPDX-License-Identifier: AGPL-3.0-or-later
"""Key parcels: how keys travel, and how they can be deleted (spec/journal.md 7, spec/crew.md 3).

A wrap is sealed to the key of a device, or of recovery, or under the key of a team.
No wrap is ever an entry.  A parcel counts only when a signed roster fact names its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Codec, Count32, Record, encode
from safeconduct.kernel.errors import Malformed, NotCanonical, Refused
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.lock import SealingPublicKey, SharedKey, close_box, seal_to
from safeconduct.kernel.seal.unlock import SealingKey, open_box, open_sealed
from safeconduct.kernel.words import VaultId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.kernel.words import OfficeId

SLOT_BYTES: Final = 16
SALT_BYTES: Final = 16
PARCEL_MOST: Final = 4 << 20
ID_BYTES: Final = 16
KEY_BYTES: Final = 32

VaultKeys = Mapping[VaultEpoch, bytes]
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


class TeamWrap(NamedTuple):
    """What one act gives to whoever holds a team's key: vault keys, and a fresh salt."""

    team: SharedKey
    salt: bytes
    keys: VaultKeys


class _Group(Record, frozen=True):
    """The vault keys of one epoch: ids, and keys, each one after the other in the same order."""

    epoch: Count32
    ids: bytes
    keys: bytes


PARCEL: Final[Codec[Parcel]] = Codec(Parcel, "parcel", version=1)
_KEYS: Final[Codec[tuple[HeldKey, ...]]] = Codec(tuple[HeldKey, ...], "parcel")
_GROUPS: Final[Codec[tuple[_Group, ...]]] = Codec(tuple[_Group, ...], "parcel")


class NotForThisDevice(Refused):
    """The parcel holds nothing for this key."""

    code = "not_for_this_device"


def parcel_hash(parcel: bytes) -> bytes:
    """Return the name of a parcel."""
    return hashlib.sha256(parcel).digest()


def write_parcel(
    office: OfficeId,
    reason: str,
    wraps: Sequence[tuple[SealingPublicKey, Sequence[HeldKey]]],
    teams: Sequence[TeamWrap] = (),
) -> bytes:
    """Return a parcel with one wrap for each recipient, and then one for each team."""
    context = office + reason.encode()
    sealed = [
        Wrap(_slot(recipient, index), seal_to(recipient, "parcel", context, encode(tuple(keys))))
        for index, (recipient, keys) in enumerate(wraps)
    ]
    for index, (team, salt, keys) in enumerate(teams, len(sealed)):
        box = close_box(team, "parcel", context + salt, encode(_grouped(keys)))
        sealed.append(Wrap(_team_slot(team, index), salt + box))
    return encode(Parcel(1, office, reason, tuple(sealed)))


def open_parcel(data: bytes, office: OfficeId, key: SealingKey) -> tuple[HeldKey, ...]:
    """Return the keys that a parcel holds for this device.

    Raises:
        Malformed, NotCanonical, UnknownVersion, CannotOpen: the parcel is not whole.
        NotForThisDevice: no wrap is for this key.
    """
    parcel = parse_parcel(data, office)
    for index, wrap in enumerate(parcel.wraps):
        if wrap.slot == _slot(key.public, index):
            context = office + parcel.reason.encode()
            return _KEYS.decode(open_sealed(key, "parcel", context, wrap.sealed))
    raise NotForThisDevice


def open_team_parcel(data: bytes, office: OfficeId, team: SharedKey) -> dict[VaultEpoch, bytes]:
    """Return the vault keys that a parcel holds under this team key.

    Raises:
        Malformed, NotCanonical, UnknownVersion, CannotOpen: the parcel is not whole.
        NotForThisDevice: no wrap is under this key.
    """
    parcel = parse_parcel(data, office)
    for index, wrap in enumerate(parcel.wraps):
        if wrap.slot == _team_slot(team, index):
            salt, box = wrap.sealed[:SALT_BYTES], wrap.sealed[SALT_BYTES:]
            context = office + parcel.reason.encode() + salt
            return _ungrouped(_GROUPS.decode(open_box(team, "parcel", context, box)))
    raise NotForThisDevice


def parse_parcel(data: bytes, office: OfficeId) -> Parcel:
    """Return the wraps of an office's parcel.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the parcel is not whole, or another office's.
    """
    if len(data) > PARCEL_MOST:
        raise Malformed("parcel")
    parcel = PARCEL.decode(data)
    if parcel.office != office:
        raise Malformed("parcel")
    return parcel


def is_for_one(data: bytes, office: OfficeId, recipient: SealingPublicKey) -> bool:
    """Tell whether everything in a parcel is sealed to this one recipient.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the parcel is not whole.
    """
    wraps = parse_parcel(data, office).wraps
    return all(wrap.slot == _slot(recipient, index) for index, wrap in enumerate(wraps))


def _slot(recipient: SealingPublicKey, index: int) -> bytes:
    data = label("slot") + b"\0" + recipient.raw + index.to_bytes(4, "big")
    return hashlib.sha256(data).digest()[:SLOT_BYTES]


def _team_slot(team: SharedKey, index: int) -> bytes:
    return team.tag(label("slot") + b"\0" + index.to_bytes(4, "big"))[:SLOT_BYTES]


def _grouped(keys: VaultKeys) -> tuple[_Group, ...]:
    """Return vault keys in their one form: each epoch once, and vaults in order."""
    by_epoch: dict[int, list[tuple[bytes, bytes]]] = {}
    for where, key in sorted(keys.items()):
        by_epoch.setdefault(where.epoch, []).append((where.vault, key))
    return tuple(
        _Group(epoch, b"".join(id_ for id_, _ in some), b"".join(key for _, key in some))
        for epoch, some in sorted(by_epoch.items())
    )


def _ungrouped(groups: Sequence[_Group]) -> dict[VaultEpoch, bytes]:
    keys: dict[VaultEpoch, bytes] = {}
    before = -1
    for group in groups:
        ids, some = _cut(group.ids, ID_BYTES), _cut(group.keys, KEY_BYTES)
        if len(ids) != len(some):
            raise Malformed("parcel")
        if not ids or ids != sorted(set(ids)) or group.epoch <= before:
            raise NotCanonical("parcel")
        before = group.epoch
        for vault, key in zip(ids, some, strict=True):
            keys[VaultEpoch(VaultId(vault), before)] = key
    return keys


def _cut(data: bytes, size: int) -> list[bytes]:
    if len(data) % size:
        raise Malformed("parcel")
    return [data[at : at + size] for at in range(0, len(data), size)]
