# SPDX-License-Identifier: AGPL-3.0-or-later
"""Doors: where a device finds what changed while it was kept out (spec/crew.md 5).

A letter is for one device of one office and signed by a steward or the root key; all letters have
one length, and dummies fill their number up to a power of two, so that a relay cannot count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Bytes32, Bytes36, Codec, Count32, Record, encode
from safeconduct.kernel.errors import BadSignature, Malformed, Refused, UnknownVersion
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.lock import SEALED_OVERHEAD, SealingPublicKey, SharedKey, seal_to
from safeconduct.kernel.seal.padding import pad, unpad
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.seal.unlock import SealingKey, open_sealed
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.kernel.words import Address, DeviceId
from safeconduct.rooms.crew.events import (
    DeviceExpelled,
    Seconded,
    Signed,
    check_fact,
    hash_of,
    parse_fact,
)
from safeconduct.rooms.crew.fold import Roster
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey
    from safeconduct.kernel.words import OfficeId

VERSION: Final = 1
LETTER_BYTES: Final = 16_384
"""Length of a padded letter, whatever it says."""
ITEM_BYTES: Final = 1 + SEALED_OVERHEAD + LETTER_BYTES
"""Length of what stewards' desks lay into doors; what has another need not be opened."""
STEWARDS_SEEDS: Final = (0, 32, 96)
"""Lengths of what a letter holds for stewards: nothing, the control seed, that and one of 64."""
ROOT: Final = b""
"""The signer of a letter that the root key signs."""
EXPELLED: Final = "crew.DeviceExpelled"
SECONDED: Final = "crew.Seconded"


class LetterTooLong(Refused):
    """What is to be said does not go into a letter of the one length."""

    code = "letter_too_long"


class NewEpoch(Record, frozen=True):
    """The newest keys of office and crew, and the way in.

    `control` is in stewards' alone: the control seed, and after it the seed of the intake-signing
    key if the writer holds it.
    """

    office_epoch: Count32
    office_key: Bytes32
    crew_epoch: Count32
    crew_key: Bytes32
    access_epoch: Count32
    capability: Bytes32
    control: Annotated[bytes, Meta(max_length=96)]
    tracing: Annotated[int, Meta(ge=0, le=1)]


class Moved(Record, frozen=True):
    """The office has another relay: a `crew.RelayMoved`, signed, as its entry holds it.

    Who signed the letter may be another steward.
    """

    fact: bytes
    signer: Bytes16
    signature: bytes


class Wipe(Record, frozen=True):
    """The device was expelled, by two; the one is who signs the letter.

    `removal` is the expulsion's id and `fact` its bytes.  `signature` is the other's: of the
    expulsion itself, or (`seconded` 1) of the `crew.Seconded` that names it.  Signer and signature
    are empty in an office that never had two stewards.
    """

    removal: Bytes36
    fact: bytes
    seconded: Annotated[int, Meta(ge=0, le=1)]
    signer: bytes
    signature: bytes


Message = NewEpoch | Moved | Wipe
_KINDS: Final[dict[str, type[Message]]] = {"epoch": NewEpoch, "moved": Moved, "wipe": Wipe}
_NAMES: Final = {record: kind for kind, record in _KINDS.items()}
_CODECS: Final[dict[str, Codec[Message]]] = {
    kind: Codec(record, "letter") for kind, record in _KINDS.items()
}


class DoorLetter(Record, frozen=True):
    """What lies in a door, opened and not believed yet; `signer` is empty for the root key."""

    format: int
    kind: str
    body: bytes
    signer: bytes
    signature: bytes


LETTER: Final[Codec[DoorLetter]] = Codec(DoorLetter, "letter", version=VERSION)


@dataclass(frozen=True, slots=True)
class Door:
    """One device's door."""

    office: OfficeId
    address: Address

    @property
    def context(self) -> bytes:
        """What binds a letter to this door."""
        return self.office + self.address


def write_letter(message: Message, door: Door, signer: bytes, key: LongSigningKey) -> bytes:
    """Return a signed letter for one door."""
    kind, body = _NAMES[type(message)], encode(message)
    signature = sign_long(key, "notice", door.context, kind.encode() + b"\0" + body)
    return encode(DoorLetter(VERSION, kind, body, signer, signature))


def seal_letter(letter: bytes, door: Door, key: SealingPublicKey) -> bytes:
    """Return the item that is put into a door; an empty letter says nothing.

    Raises:
        LetterTooLong: it would be longer than all others.
    """
    if len(letter) >= LETTER_BYTES:
        raise LetterTooLong
    return bytes([VERSION]) + seal_to(key, "door", door.context, pad(letter, LETTER_BYTES))


def check_length(item: bytes) -> None:
    """Refuse what no steward's desk of this version lays into a door, before it is opened.

    Raises:
        Malformed: it has another length.
    """
    if item[:1] == bytes([VERSION]) and len(item) != ITEM_BYTES:
        raise Malformed("door")


def open_letter(item: bytes, door: Door, key: SealingKey) -> DoorLetter | None:
    """Return the letter of an item; None when it says nothing.

    Raises:
        UnknownVersion: of a newer program.
        Malformed, NotCanonical, CannotOpen: it is not for this door, or not whole.
    """
    if item[:1] != bytes([VERSION]):
        raise UnknownVersion("door", item[0]) if item else Malformed("door")
    letter = unpad(open_sealed(key, "door", door.context, item[1:]))
    return LETTER.decode(letter) if letter else None


def read_letter(letter: DoorLetter, door: Door, key: LongVerifyKey) -> Message:
    """Return what a letter says, if this key signed it for this door.

    Raises:
        BadSignature: by another key, or for another door.
        UnknownVersion: of a kind that a newer program knows.
        Malformed, NotCanonical: it says nothing that can be.
    """
    message = letter.kind.encode() + b"\0" + letter.body
    verify_long(key, "notice", door.context, message, letter.signature)
    if letter.kind not in _CODECS:
        raise UnknownVersion("letter", VERSION + 1)
    said = _CODECS[letter.kind].decode(letter.body)
    if isinstance(said, NewEpoch) and len(said.control) not in STEWARDS_SEEDS:
        raise Malformed("letter")
    return said


def signer_key(roster: Roster, root: LongVerifyKey | None, signer: bytes) -> LongVerifyKey:
    """Return the key of who may sign letters: a steward that stands, or the root key if one counts.

    Raises:
        BadSignature: somebody else.
    """
    if signer == ROOT and root is not None:
        return root
    if Role.STEWARD not in roster.roles(DeviceId(signer)):
        raise BadSignature("notice")
    return roster.members[DeviceId(signer)].device.signing


def dummy_address(office_key: bytes, number: int) -> Address:
    """Return the address of a dummy door; `office_key` is that of the first epoch."""
    message = label("dummy-door") + b"\0" + number.to_bytes(4, "big")
    return Address(SharedKey(office_key).tag(message))


def dummies(doors: int) -> int:
    """Return how many dummy doors make a number of doors a power of two."""
    return (1 << (doors - 1).bit_length()) - doors


def check_wipe(
    wipe: Wipe, letter: DoorLetter, device: DeviceId, roster: Roster, root: LongVerifyKey | None
) -> None:
    """Hold a wipe order to the two who must agree to an expulsion.

    The device may not have read the expulsion, which ended its access; so the order brings it.

    Raises:
        BadSignature: no other steward signed this very expulsion.
        Malformed, NotCanonical: it is no expulsion, or one of another device.
    """
    fact = parse_fact(EXPELLED, Signed(wipe.fact, b"", b""))
    assert isinstance(fact, DeviceExpelled)
    if device not in {cut.device for cut in fact.cuts}:
        raise Malformed("letter")
    alone = roster.stewards == {letter.signer}
    if alone and not wipe.signature:
        return
    if wipe.signer == letter.signer:
        raise BadSignature("roster")
    key = signer_key(roster, root, wipe.signer)
    check_fact(*_agreed(wipe), roster.office, key)


def _agreed(wipe: Wipe) -> tuple[str, Signed]:
    """Return what the other steward signed."""
    kind, fact = EXPELLED, wipe.fact
    if wipe.seconded:
        kind = SECONDED
        fact = encode(Seconded(wipe.removal, hash_of(Signed(wipe.fact, b"", b""))))
    return kind, Signed(fact, wipe.signer, wipe.signature)
