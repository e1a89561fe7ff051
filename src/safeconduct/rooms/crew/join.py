# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two devices meet: commit, reveal, compare five words (spec/journal.md 8).

No secret travels but inside the grant, which is sealed to the compared key.  An attacker in the
middle must guess 55 bits in one try, since both sides commit before either reveals.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import Bytes16, Bytes32, Codec, Count, Record, encode
from safeconduct.kernel.errors import Malformed, Untrusted
from safeconduct.kernel.groups import parse_groups, write_groups
from safeconduct.kernel.phrase import LISTS, words_of
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.seal.lock import close_box, fingerprint, seal_to
from safeconduct.kernel.seal.padding import pad, unpad
from safeconduct.kernel.seal.unlock import SealingKey, open_box, open_sealed
from safeconduct.kernel.words import Address, OfficeId
from safeconduct.rooms.crew.words import KnownDevice, parse_card

if TYPE_CHECKING:
    from safeconduct.kernel.seal.lock import SealingPublicKey

NONCE_BYTES: Final = 32
COMPARED_WORDS: Final = 5
REVEAL_LEAST: Final = 8192


class Invite(Record, frozen=True):
    """What the inviter hands over by any way: where to meet, and a promise of what will come."""

    format: int
    relay_url: str
    office: Bytes16
    meeting: Bytes32
    commitment: Bytes32
    size: Count
    root: Bytes32
    language: str


class Grant(Record, frozen=True):
    """What a new device needs to read the log, sealed to the key that people compared."""

    format: int
    relay_key: bytes
    capability: bytes
    root_key: bytes
    crew_vault: Bytes16
    parcel: Bytes32
    size: Count
    root: Bytes32


INVITE: Final[Codec[Invite]] = Codec(Invite, "invite", version=1)
GRANT: Final[Codec[Grant]] = Codec(Grant, "grant", version=1)


class PromiseBroken(Untrusted):
    """What was revealed is not what was promised: somebody stands in the middle."""

    code = "promise_broken"


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything that both sides saw, in order."""

    invite: bytes
    promise: bytes
    inviter: bytes
    joiner: bytes

    def data(self) -> bytes:
        """Return the bytes over which people compare words."""
        parts = (self.invite, self.promise, self.inviter, self.joiner)
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)

    def words(self, language: str) -> tuple[str, ...]:
        """Return the five words to compare."""
        return words_of(fingerprint("compare", self.data()), COMPARED_WORDS, language)


def promise(card: bytes, nonce: bytes) -> bytes:
    """Return the commitment to a card and a fresh 32-byte nonce."""
    return hashlib.sha256(label("join") + b"\0" + card + nonce).digest()


def reveal(card: bytes, nonce: bytes) -> bytes:
    """Return what is revealed."""
    return card + nonce


def seal_meeting(meeting: bytes, box: Address, revealed: bytes) -> bytes:
    """Seal what is revealed in a meeting box to who holds the invite; the relay does not.

    A card names its device, and so perhaps a person.  Each side reveals once in a meeting.
    """
    return close_box(meeting, "meeting", box, pad(revealed, REVEAL_LEAST))


def open_meeting(meeting: bytes, box: Address, item: bytes) -> bytes:
    """Return what was revealed in a meeting box.

    Raises:
        CannotOpen, Malformed: it was put there by who does not hold the invite.
    """
    return unpad(open_box(meeting, "meeting", box, item))


def read_reveal(data: bytes, promised: bytes) -> KnownDevice:
    """Return the device behind a reveal.

    Raises:
        PromiseBroken: it is not what was promised.
        Malformed and others: the card is not whole.
    """
    card, nonce = data[:-NONCE_BYTES], data[-NONCE_BYTES:]
    if not hmac.compare_digest(promise(card, nonce), promised):
        raise PromiseBroken
    return parse_card(card)


def meeting_boxes(meeting: bytes) -> tuple[Address, Address]:
    """Return the inviter's box and the joiner's box."""
    return (
        Address(hashlib.sha256(meeting + b"A").digest()),
        Address(hashlib.sha256(meeting + b"B").digest()),
    )


def write_invite(invite: Invite) -> str:
    """Return an invite as text in groups that survive being copied by hand."""
    return write_groups(encode(invite))


def parse_invite(text: str) -> Invite:
    """Return the invite that a text holds; case, spaces and dashes do not matter.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the text is not a whole invite, or asks for words
            of a list that this program does not have.
    """
    invite = INVITE.decode(parse_groups(text, "invite"))
    if invite.language not in LISTS:
        raise Malformed("invite")
    return invite


def seal_grant(grant: Grant, to: SealingPublicKey, transcript: Transcript) -> bytes:
    """Seal a grant to the new device, bound to what was compared."""
    return seal_to(to, "grant", _context(transcript), encode(grant))


def open_grant(sealed: bytes, key: SealingKey, transcript: Transcript) -> Grant:
    """Return the grant.

    Raises:
        CannotOpen: it was made for another meeting, or changed.
        Malformed, NotCanonical, UnknownVersion: it is not a grant of this version.
    """
    return GRANT.decode(open_sealed(key, "grant", _context(transcript), sealed))


def _context(transcript: Transcript) -> bytes:
    return hashlib.sha256(transcript.data()).digest()


__all__ = [
    "Grant",
    "Invite",
    "OfficeId",
    "PromiseBroken",
    "Transcript",
    "meeting_boxes",
    "open_grant",
    "open_meeting",
    "parse_invite",
    "promise",
    "read_reveal",
    "reveal",
    "seal_grant",
    "seal_meeting",
    "write_invite",
]
