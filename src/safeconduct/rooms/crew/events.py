# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roster facts (spec/crew.md 1): each also signed for decades, beside the commit's signature.

Kinds of that table that are not here are kept and passed on; they give nobody a right.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from safeconduct.kernel.canon import (
    Bytes16,
    Bytes32,
    Bytes36,
    Codec,
    Count,
    Count32,
    Record,
    encode,
)
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.rooms.crew.asking_facts import ASKING_FACTS, AskingFact
from safeconduct.rooms.crew.backup_facts import BACKUP_FACTS, BackupFact
from safeconduct.rooms.crew.card_facts import CARD_FACTS, CardFact
from safeconduct.rooms.crew.case_facts import CASE_FACTS, CaseOpened
from safeconduct.rooms.crew.move_facts import MOVE_FACTS, MoveFact
from safeconduct.rooms.crew.team_facts import TEAM_FACTS, TeamFact
from safeconduct.rooms.crew.tracing_facts import TRACING_FACTS, TracingFact
from safeconduct.rooms.crew.travel_facts import TRAVEL_FACTS, TravelFact
from safeconduct.rooms.crew.vault_facts import VAULT_FACTS, VaultFact

if TYPE_CHECKING:
    from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey
    from safeconduct.kernel.words import OfficeId

REASON_MOST: Final = 2_000
STANDING_MOST: Final = 16
Reason = Annotated[str, msgspec.Meta(max_length=REASON_MOST)]
"""What a person wrote; it stands in the sealed log only."""


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
    """A steward vouches for a device whose words were compared; or the cards made one anew."""

    card: bytes
    person: str
    roles: tuple[str, ...]


class EpochOpened(Record, frozen=True):
    """A key epoch begins; the parcel with this hash holds its wraps."""

    vault: Bytes16
    epoch: Count32
    parcel: Bytes32
    devices: tuple[Bytes16, ...]


class Cut(Record, frozen=True):
    """The last commit of a device that stands; sequence 0 and zero bytes when none does."""

    device: Bytes16
    sequence: Count
    commit: Bytes32


class DeviceSuspended(Record, frozen=True):
    """One steward takes devices out, until two bring them back."""

    cuts: tuple[Cut, ...]
    reason: Reason


class DeviceExpelled(Record, frozen=True):
    """Two stewards take devices out for good; a suspension until the second has signed."""

    cuts: tuple[Cut, ...]
    reason: Reason


class DeviceReadmitted(Record, frozen=True):
    """Two stewards lift removals of a device; what it signs after this cut counts again."""

    cut: Cut
    lifts: tuple[Bytes36, ...]


class RoleGranted(Record, frozen=True):
    """Two stewards say what a device's roles are from now on."""

    device: Bytes16
    roles: tuple[str, ...]
    replaces: tuple[Bytes36, ...]


class Seconded(Record, frozen=True):
    """A second steward, or the root key, signs what one steward wrote; `hash` is of its bytes."""

    fact: Bytes36
    hash: Bytes32


class CommitAdopted(Record, frozen=True):
    """A steward lets quarantined entries of a commit count; never roster facts."""

    commit: Bytes32
    entries: tuple[Count32, ...]


class Followed(Record, frozen=True):
    """What was done to one device, by which fact, and as what it stands by it since.

    Its standing, or `raised` or `lowered` where the role steward was given or taken; `traced` or
    `untraced` of a steward's device that let the server tell devices apart, or ended that.
    """

    device: Bytes16
    fact: Bytes36
    standing: Annotated[str, msgspec.Meta(max_length=STANDING_MOST)]


class DoorsWritten(Record, frozen=True):
    """A steward's desk wrote letters into all doors, with the way in of this access epoch.

    They follow these acts: nobody else has to.
    """

    epoch: Count32
    followed: tuple[Followed, ...]


CrewFact = (
    OfficeFounded
    | DeviceAdmitted
    | EpochOpened
    | DeviceSuspended
    | DeviceExpelled
    | DeviceReadmitted
    | RoleGranted
    | Seconded
    | CommitAdopted
    | DoorsWritten
    | VaultFact
    | TravelFact
    | CardFact
    | MoveFact
    | CaseOpened
    | AskingFact
    | TracingFact
    | TeamFact
    | BackupFact
)
KINDS: Final[dict[str, type[CrewFact]]] = {
    "crew.OfficeFounded": OfficeFounded,
    "crew.DeviceAdmitted": DeviceAdmitted,
    "crew.EpochOpened": EpochOpened,
    "crew.DeviceSuspended": DeviceSuspended,
    "crew.DeviceExpelled": DeviceExpelled,
    "crew.DeviceReadmitted": DeviceReadmitted,
    "crew.RoleGranted": RoleGranted,
    "crew.Seconded": Seconded,
    "crew.CommitAdopted": CommitAdopted,
    "crew.DoorsWritten": DoorsWritten,
    **VAULT_FACTS,
    **TRAVEL_FACTS,
    **CARD_FACTS,
    **MOVE_FACTS,
    **CASE_FACTS,
    **ASKING_FACTS,
    **TRACING_FACTS,
    **TEAM_FACTS,
    **BACKUP_FACTS,
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
    return write_signed(kind_of(fact), fact, office, signer, key)


def write_signed(
    kind: str, fact: Record, office: OfficeId, signer: bytes, key: LongSigningKey
) -> bytes:
    """Return the body of an entry in the form of a roster fact, whatever its kind."""
    raw = encode(fact)
    message = kind.encode() + b"\0" + raw
    return encode(Signed(raw, signer, sign_long(key, "roster", office, message)))


def hash_of(signed: Signed) -> bytes:
    """Return what a `Seconded` says of the fact that it names."""
    return hashlib.sha256(signed.fact).digest()


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
