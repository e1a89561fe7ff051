# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roster facts (spec/journal.md 6): each also signed for decades, beside the commit's signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import Bytes16, Bytes32, Codec, Count32, Record, encode
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.rooms.crew.vault_facts import VAULT_FACTS, VaultFact

if TYPE_CHECKING:
    from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey
    from safeconduct.kernel.words import OfficeId


class Signed(Record, frozen=True):
    """A roster fact with its long signature; `signer` is a device id, or empty for the root."""

    fact: bytes
    signer: bytes
    signature: bytes


class OfficeFounded(Record, frozen=True):
    """The first fact of an office, signed by its root key."""

    name: str
    language: str
    root_key: bytes
    recovery_key: bytes
    intake_signing_key: bytes
    relay_url: str
    relay_key: bytes
    card: bytes
    person: str
    crew_vault: Bytes16
    hotline_vault: Bytes16


class DeviceAdmitted(Record, frozen=True):
    """A steward vouches for a device whose words were compared."""

    card: bytes
    person: str
    roles: tuple[str, ...]


class EpochOpened(Record, frozen=True):
    """A key epoch begins; the parcel with this hash holds its wraps."""

    vault: Bytes16
    epoch: Count32
    parcel: Bytes32
    devices: tuple[Bytes16, ...]


CrewFact = OfficeFounded | DeviceAdmitted | EpochOpened | VaultFact
KINDS: Final[dict[str, type[CrewFact]]] = {
    "crew.OfficeFounded": OfficeFounded,
    "crew.DeviceAdmitted": DeviceAdmitted,
    "crew.EpochOpened": EpochOpened,
    **VAULT_FACTS,
}
VERSION: Final = 1
SIGNED: Final[Codec[Signed]] = Codec(Signed, "roster")
_CODECS: Final[dict[str, Codec[CrewFact]]] = {
    kind: Codec(record, kind) for kind, record in KINDS.items()
}
_NAMES: Final = {record: kind for kind, record in KINDS.items()}


def kind_of(fact: CrewFact) -> str:
    """Return the kind under which a fact is written."""
    return _NAMES[type(fact)]


def write_fact(fact: CrewFact, office: OfficeId, signer: bytes, key: LongSigningKey) -> bytes:
    """Return the body of a roster entry: the fact, signed."""
    raw = encode(fact)
    message = kind_of(fact).encode() + b"\0" + raw
    return encode(Signed(raw, signer, sign_long(key, "roster", office, message)))


def parse_fact(kind: str, signed: Signed) -> CrewFact:
    """Return the fact; its signature is checked by `check_fact` once the signer is known.

    Raises:
        Malformed, NotCanonical: not a fact of this kind.
        KeyError: a kind that this program does not know.
    """
    return _CODECS[kind].decode(signed.fact)


def check_fact(kind: str, signed: Signed, office: OfficeId, key: LongVerifyKey) -> None:
    """Check the long signature of a roster fact; raises BadSignature."""
    message = kind.encode() + b"\0" + signed.fact
    verify_long(key, "roster", office, message, signed.signature)
