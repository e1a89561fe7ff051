# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup as a file: sealed chunk by chunk, closed by a trailer, never whole in memory.

    file = chunks of one blob (spec/seal.md 7) || sealed trailer || SHA-256 of all before

Whoever holds no cards can prove by the last 32 bytes that nothing was lost on the way, and learns
nothing but the padded length (spec/backup.md 1).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from safeconduct.host import sync_folder
from safeconduct.kernel.errors import Refused, Untrusted
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.lock import CHUNK_BYTES, BlobSealer
from safeconduct.kernel.seal.unlock import BlobOpener
from safeconduct.rooms.crew.backup import (
    SEALED_TRAILER_BYTES,
    Kind,
    Trailer,
    parse_pieces,
)

LEAST: Final = 8 << 20
"""Bytes that are sealed at least: young offices' backups are of one length."""
MOST: Final = 1 << 50
"""Bytes that one backup may hold; which of its chunks is the last shows only at the end."""
TAG_BYTES: Final = 16
SUM_BYTES: Final = 32
NAME_BYTES: Final = 6
PART: Final = 1 << 20
UNFINISHED: Final = ".unfinished"


class BackupDamaged(Untrusted):
    """The file is not whole, or is no backup at all."""

    code = "backup_damaged"


class NoSuchBackup(Refused):
    """There is no file of that name."""

    code = "no_such_backup"


class BackupFolderMissing(Refused):
    """The folder into which the backup is to go is not there."""

    code = "backup_folder_missing"


class BackupWriter:
    """Seals what is added, one chunk at a time."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        """Write into an open file, under a key that is used for this backup alone."""
        self._file: Final = file
        self._key: Final = key
        self._sealer: Final = BlobSealer(key, MOST)
        self._held = bytearray()
        self._index = 0
        self._digest: Final = hashlib.sha256()

    def add(self, data: bytes) -> None:
        """Add bytes; what makes a chunk is written, but for the one that may be the last."""
        self._held += data
        while len(self._held) > CHUNK_BYTES:
            self._put(self._sealer.seal(self._index, bytes(self._held[:CHUNK_BYTES])))
            del self._held[:CHUNK_BYTES]

    def end(self) -> tuple[int, bytes]:
        """Write the last chunks, filled up; return the length and the hash of what is sealed."""
        size = max(LEAST, self._index * CHUNK_BYTES + len(self._held))
        sealer = BlobSealer(self._key, size)
        while self._index < sealer.plan.chunks:
            self._put(sealer.seal(self._index, bytes(self._held)))
            self._held.clear()
        return size, self._digest.digest()

    def close(self, trailer: bytes) -> None:
        """Write the sealed trailer and the sum of all, and sync."""
        self._digest.update(trailer)
        self._file.write(trailer + self._digest.digest())
        self._file.flush()
        os.fsync(self._file.fileno())

    def _put(self, chunk: bytes) -> None:
        self._file.write(chunk)
        self._digest.update(chunk)
        self._index += 1


@contextmanager
def new_backup(folder: Path, rng: Rng) -> Iterator[tuple[BinaryIO, Path]]:
    """Open a file that has its name only once it is whole; yield it, and where it will be.

    Its name is drawn, so that it says nothing and no older backup is written over.  What a run that
    was killed left over is removed.

    Raises:
        BackupFolderMissing: there is no such folder.
        OSError: the disk is full, or cannot be written.
    """
    if not folder.is_dir():
        raise BackupFolderMissing
    for left in folder.glob("*" + UNFINISHED):
        if len(left.stem) == 2 * NAME_BYTES:
            left.unlink(missing_ok=True)
    target = folder / rng.bytes(NAME_BYTES).hex()
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        unfinished.touch(mode=0o600, exist_ok=False)
        with unfinished.open("wb") as file:
            yield file, target
        unfinished.replace(target)
        sync_folder(folder)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Whole:
    """A backup whose sum is right: where it is, its sealed trailer, and the hash before that."""

    path: Path
    sealed: int
    digest: bytes
    trailer: bytes


def check_whole(path: Path) -> Whole:
    """Prove that a backup is whole, without opening it.

    Against accidents; that nobody swapped it the office's own note of it proves, or the cards.

    Raises:
        NoSuchBackup: there is no such file.
        BackupDamaged: it is cut, changed, or no backup.
    """
    if not path.is_file():
        raise NoSuchBackup
    sealed = path.stat().st_size - SEALED_TRAILER_BYTES - SUM_BYTES
    if sealed < LEAST:
        raise BackupDamaged
    summed = hashlib.sha256()
    with path.open("rb") as file:
        left = sealed
        while left:
            part = file.read(min(PART, left))
            if not part:
                raise BackupDamaged
            summed.update(part)
            left -= len(part)
        digest = summed.digest()
        trailer = file.read(SEALED_TRAILER_BYTES)
        summed.update(trailer)
        if file.read() != summed.digest():
            raise BackupDamaged
    return Whole(path, sealed, digest, trailer)


def read_pieces(whole: Whole, trailer: Trailer) -> Iterator[tuple[Kind, bytes]]:
    """Yield what a backup holds, piece by piece.

    Raises:
        CannotOpen: a chunk was changed, or another's trailer was put behind it.
        BackupDamaged: it has another length than its trailer says.
        Malformed: what was sealed is no backup.
    """
    opener = BlobOpener(trailer.key, trailer.size)
    if whole.sealed != opener.plan.padded + TAG_BYTES * opener.plan.chunks:
        raise BackupDamaged
    return parse_pieces(_opened(whole.path, opener))


def _opened(path: Path, opener: BlobOpener) -> Iterator[bytes]:
    with path.open("rb") as file:
        for index in range(opener.plan.chunks):
            yield opener.open(index, file.read(opener.plan.part(index) + TAG_BYTES))
