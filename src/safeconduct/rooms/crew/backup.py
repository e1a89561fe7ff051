# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in a backup of the whole office, and the seal that closes it (spec/backup.md 2, 3).

Bytes to values and back.  The seal is to the recovery cards alone: who makes a backup cannot open
it again.  Reading and writing files is `edges/desk/backup_file`.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import Bytes16, Bytes32, Codec, Count, Count32, Record, encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.seal.lock import SEALED_OVERHEAD, SealingPublicKey, seal_to
from safeconduct.kernel.seal.padding import pad, unpad
from safeconduct.kernel.seal.unlock import SealingKey, open_sealed
from safeconduct.rooms.crew.parcel import HeldKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TRAILER_BYTES: Final = 4096
SEALED_TRAILER_BYTES: Final = TRAILER_BYTES + SEALED_OVERHEAD
PIECE_MOST: Final = 64 << 20
"""No piece is longer: a frame has 16 MiB at most, and all keys of an office far less."""
KEYS_AT_ONCE: Final = 4_096
_HEAD: Final = struct.Struct(">BI")


class Kind(IntEnum):
    """What a piece of a backup is."""

    HEAD = 1
    KEYS = 2
    FRAME = 3
    UNSENT = 4
    PARCEL = 5
    FILE = 6
    CHUNK = 7
    END = 8


class Trailer(Record, frozen=True):
    """What opens a backup: the key of what is sealed before it, and its true length.

    `noted` is the signed fact `crew.BackedUp` as its entry holds it.
    """

    format: int
    office: Bytes16
    key: Bytes32
    size: Count
    noted: bytes


class Head(Record, frozen=True):
    """Where the office was, and how far the desk had read: `size` and `root` of the log."""

    format: int
    made: Count
    root_key: bytes
    crew_vault: Bytes16
    relay_url: str
    relay_key: bytes
    size: Count
    root: Bytes32
    unsent: Count32


class FileHead(Record, frozen=True):
    """A file whose sealed chunks follow."""

    blob: Bytes32
    chunks: Count32
    padded: Count


class End(Record, frozen=True):
    """How much there was; `lacking` are files that records name and that were nowhere."""

    frames: Count
    unsent: Count
    parcels: Count
    files: Count
    lacking: Count


_TRAILER: Final[Codec[Trailer]] = Codec(Trailer, "backup", version=1)
_HEADS: Final[Codec[Head]] = Codec(Head, "backup", version=1)
_FILES: Final[Codec[FileHead]] = Codec(FileHead, "backup")
_ENDS: Final[Codec[End]] = Codec(End, "backup")
_KEYS: Final[Codec[tuple[HeldKey, ...]]] = Codec(tuple[HeldKey, ...], "backup")


def seal_trailer(cards: SealingPublicKey, trailer: Trailer) -> bytes:
    """Return a trailer, sealed to the recovery cards; always of one length."""
    return seal_to(cards, "backup", b"", pad(encode(trailer), TRAILER_BYTES))


def open_trailer(cards: SealingKey, sealed: bytes) -> Trailer:
    """Return what the recovery cards open.

    Raises:
        CannotOpen: other cards, or changed bytes.
        Malformed, NotCanonical, UnknownVersion: it is no backup of this version.
    """
    return _TRAILER.decode(unpad(open_sealed(cards, "backup", b"", sealed)))


def write_piece(kind: Kind, body: bytes) -> bytes:
    """Return `u8 kind || u32 length || body`."""
    return _HEAD.pack(kind, len(body)) + body


def write_head(head: Head) -> bytes:
    """Return the first piece."""
    return write_piece(Kind.HEAD, encode(head))


def write_keys(keys: Iterable[HeldKey]) -> Iterator[bytes]:
    """Return pieces with keys."""
    every = list(keys)
    for start in range(0, len(every), KEYS_AT_ONCE):
        yield write_piece(Kind.KEYS, encode(tuple(every[start : start + KEYS_AT_ONCE])))


def write_file_head(blob: bytes, chunks: int, padded: int) -> bytes:
    """Return the piece before a file's chunks."""
    return write_piece(Kind.FILE, encode(FileHead(blob, chunks, padded)))


def write_end(end: End) -> bytes:
    """Return the last piece; what follows is filling."""
    return write_piece(Kind.END, encode(end))


def parse_head(body: bytes) -> Head:
    """Return the first piece.

    Raises:
        Malformed, NotCanonical, UnknownVersion: it is none.
    """
    return _HEADS.decode(body)


def parse_keys(body: bytes) -> tuple[HeldKey, ...]:
    """Return the keys of a piece.

    Raises:
        Malformed, NotCanonical: it holds none.
    """
    return _KEYS.decode(body)


def parse_file_head(body: bytes) -> FileHead:
    """Return which file's chunks follow.

    Raises:
        Malformed, NotCanonical: it says none.
    """
    return _FILES.decode(body)


def parse_end(body: bytes) -> End:
    """Return the last piece.

    Raises:
        Malformed, NotCanonical: it is none.
    """
    return _ENDS.decode(body)


def parse_pieces(parts: Iterable[bytes]) -> Iterator[tuple[Kind, bytes]]:
    """Yield the pieces up to the last one, of bytes that come in parts of any length.

    Raises:
        Malformed: a kind or a length that cannot be, or no last piece.
    """
    held = bytearray()
    for part in parts:
        held += part
        while (found := _cut(held)) is not None:
            yield found
            if found[0] is Kind.END:
                return
    raise Malformed("backup")


def _cut(held: bytearray) -> tuple[Kind, bytes] | None:
    """Take the first piece away from what is held; None while it is not whole."""
    if len(held) < _HEAD.size:
        return None
    kind, length = _HEAD.unpack_from(held)
    if kind not in set(Kind) or length > PIECE_MOST:
        raise Malformed("backup")
    end = _HEAD.size + length
    if len(held) < end:
        return None
    body = bytes(held[_HEAD.size : end])
    del held[:end]
    return Kind(kind), body
