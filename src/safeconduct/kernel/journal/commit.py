# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one device did in one act: signed once, chained, sealed under the office key.

A frame is what a relay sees: its length and nothing else.  `open_frame` makes checks 1 to 3 of
spec/journal.md 5; the chain, the signature and the roster are checked by `chain` and `crew`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from safeconduct.kernel.canon import (
    Bytes16,
    Bytes32,
    Bytes64,
    Codec,
    Count,
    Count32,
    Record,
    encode,
)
from safeconduct.kernel.errors import (
    CannotOpen,
    Malformed,
    NotCanonical,
    Refused,
    UnknownVersion,
    Untrusted,
)
from safeconduct.kernel.journal.entry import SALT_BYTES
from safeconduct.kernel.seal.labels import SUITE, SUITE_BYTE, label
from safeconduct.kernel.seal.lock import SharedKey, close_box
from safeconduct.kernel.seal.padding import pad, unpad
from safeconduct.kernel.seal.sign import sign
from safeconduct.kernel.seal.unlock import open_box
from safeconduct.kernel.seal.verify import verify
from safeconduct.kernel.words import CommitId, DeviceId, OfficeId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.kernel.seal.keys import SigningKey, VerifyKey

FRAME_LEAST: Final = 1024
FRAME_MOST: Final = 1 << 20
FIRST: Final = CommitId(bytes(32))
_COMMIT_LABEL: Final = label("commit") + b"\0"
_HEAD: Final = 1 + 4 + SALT_BYTES
Sequence = Annotated[int, msgspec.Meta(ge=1, le=(1 << 63) - 1)]


class Slot(Record, frozen=True):
    """What the office sees of one entry: its tag, sealed length and hash."""

    tag: Bytes16
    length: Count32
    digest: Bytes32


class Seen(Record, frozen=True):
    """The relay checkpoint that the writer had last verified."""

    size: Count
    root: Bytes32


NOTHING_SEEN: Final = Seen(0, hashlib.sha256(b"").digest())


class Header(Record, frozen=True):
    """The signed part of a commit (spec/journal.md 4)."""

    format: int
    office: Bytes16
    device: Bytes16
    sequence: Sequence
    previous: Bytes32
    hlc: Count
    heads: tuple[Bytes32, ...]
    seen: Seen
    salt: Bytes16
    slots: tuple[Slot, ...]


class _Body(Record, frozen=True):
    header: bytes
    signature: Bytes64
    sealed: tuple[bytes, ...]


HEADER: Final[Codec[Header]] = Codec(Header, "header", version=1)
_BODY: Final[Codec[_Body]] = Codec(_Body, "commit")


class Commit(Record, frozen=True):
    """An opened commit: consistent in itself; chain, signature and rights are still unchecked."""

    id: CommitId
    header: Header
    header_bytes: bytes
    signature: bytes
    sealed: tuple[bytes, ...]

    @property
    def device(self) -> DeviceId:
        """The device that this commit says it is from."""
        return DeviceId(self.header.device)


class WrongOffice(Untrusted):
    """A commit of another office stands in this log."""

    code = "wrong_office"


class EntryChanged(Untrusted):
    """A sealed entry does not have the length and hash that were signed."""

    code = "entry_changed"


class CommitTooLarge(Refused):
    """The facts of one act do not fit one frame; nothing was written."""

    code = "commit_too_large"


@dataclass(eq=False)
class NoOfficeKey(Untrusted):
    """This desk holds no office key of that epoch (yet); the frame is kept."""

    code = "no_office_key"
    epoch: int


def commit_id(header: bytes) -> CommitId:
    """Return the id of a commit from its header's bytes."""
    return CommitId(hashlib.sha256(_COMMIT_LABEL + header).digest())


def slot_of(tag: bytes, sealed: bytes) -> Slot:
    """Return the slot of one sealed entry."""
    return Slot(tag, len(sealed), hashlib.sha256(sealed).digest())


def sign_commit(header: Header, sealed: tuple[bytes, ...], key: SigningKey) -> Commit:
    """Return the commit, signed."""
    raw = encode(header)
    return Commit(commit_id(raw), header, raw, sign(key, "commit", b"", raw), sealed)


def check_signature(commit: Commit, key: VerifyKey) -> None:
    """Check the commit's own signature; raises BadSignature."""
    verify(key, "commit", b"", commit.header_bytes, commit.signature)


def write_frame(commit: Commit, *, epoch: int, office_key: bytes, salt: bytes) -> bytes:
    """Seal a commit under the office key of an epoch; `salt` is 16 fresh random bytes.

    Raises:
        CommitTooLarge: no relay would take the frame.
    """
    body = encode(_Body(commit.header_bytes, commit.signature, commit.sealed))
    context = commit.header.office + epoch.to_bytes(4, "big") + salt
    box = close_box(office_key, "frame", context, pad(body, FRAME_LEAST))
    frame = SUITE_BYTE + epoch.to_bytes(4, "big") + salt + box
    if len(frame) > FRAME_MOST:
        raise CommitTooLarge
    return frame


def frame_epoch(frame: bytes) -> int:
    """Return the office key epoch that a frame names.

    Raises:
        Malformed: too short or too long to be a frame.
        UnknownVersion: made by a newer program; kept, not opened.
    """
    if not _HEAD + FRAME_LEAST <= len(frame) <= FRAME_MOST:
        raise Malformed("frame")
    if frame[0] != SUITE:
        raise UnknownVersion("frame", frame[0])
    return int.from_bytes(frame[1:5], "big")


def open_frame(
    frame: bytes, office: OfficeId, keys: Mapping[int, bytes] | Mapping[int, SharedKey]
) -> Commit:
    """Open a frame and check that the commit is whole (spec/journal.md 5, 1 to 3).

    Raises:
        Malformed, NotCanonical, UnknownVersion: the bytes are not a frame of this version.
        NoOfficeKey: the epoch's key is not held.
        CannotOpen: changed bytes, or sealed by someone without the office key.
        WrongOffice, EntryChanged: see there.
    """
    epoch = frame_epoch(frame)
    key = keys.get(epoch)
    if key is None:
        raise NoOfficeKey(epoch)
    body = _BODY.decode(unpad(open_box(key, "frame", office + frame[1:_HEAD], frame[_HEAD:])))
    header = HEADER.decode(body.header)
    if len(header.heads) > 1 and list(header.heads) != sorted(set(header.heads)):
        raise NotCanonical("header")
    if header.office != office:
        raise WrongOffice
    _check_entries(header, body.sealed)
    return Commit(commit_id(body.header), header, body.header, body.signature, body.sealed)


def _check_entries(header: Header, sealed: tuple[bytes, ...]) -> None:
    if len(header.slots) != len(sealed):
        raise EntryChanged
    for slot, entry in zip(header.slots, sealed, strict=True):
        if slot.length != len(entry) or slot.digest != hashlib.sha256(entry).digest():
            raise EntryChanged


__all__ = [
    "FIRST",
    "NOTHING_SEEN",
    "CannotOpen",
    "Commit",
    "CommitTooLarge",
    "EntryChanged",
    "Header",
    "NoOfficeKey",
    "Seen",
    "Slot",
    "WrongOffice",
    "check_signature",
    "commit_id",
    "frame_epoch",
    "open_frame",
    "sign_commit",
    "slot_of",
    "write_frame",
]
