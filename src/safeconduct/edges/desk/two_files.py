# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two files of a desk's stores, as who holds no key sees and keeps them (spec/seal.md 8.2).

Beside each, for a moment, lies what is to take its place.

One is the store in use; the other opens with a second passphrase, or its key was thrown away.
Nothing here knows which.
Sealed pages are moved and files are made longer; no byte that a store reads is changed.
A new desk has its store in `store.db` alone, until `settling.settle` makes the two.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from io import FileIO
from pathlib import Path
from typing import Final

import apsw

from safeconduct import host
from safeconduct.edges.desk.wiring import SystemRng

FILE: Final = "store.db"
PAIR: Final = ("store-1.db", "store-2.db")
BESIDE: Final = tuple(name + ".new" for name in PAIR)
STEP: Final = 32 << 20
"""Bytes by which the files grow.

Who opens one store knows how much of its file it needs; only beyond a step of their own would they
see that the other needs more.
"""
PART: Final = 1 << 20
HEAD: Final = 512
"""No page of a store is smaller: while these bytes are not there, its key opens nothing."""


def stores(folder: Path) -> list[Path]:
    """Where the store of this folder may be: one file until the two are made."""
    single, pair = folder / FILE, [folder / name for name in PAIR]
    return pair if not single.exists() and any(path.exists() for path in pair) else [single]


def finish(path: Path) -> None:
    """Write back what a process that ended at once left in the log beside a store.

    Its pages are sealed there as they are here, so that SQLite moves them without the key.
    Nobody may have the store open.
    """
    if not _log(path).exists():
        return
    with closing(apsw.Connection(str(path))) as connection, suppress(apsw.NotADBError):
        # SQLite finds the log at the first reading, which fails, and writes it back at closing.
        connection.execute("SELECT count(*) FROM sqlite_schema")


def is_finished(path: Path) -> bool:
    """Tell whether everything that was written to a store lies in its one file."""
    return not _log(path).exists()


def even(folder: Path) -> None:
    """Give both files one size, a multiple of `STEP`, and one time; nothing while there is one.

    Fails open: on a full disk they stay uneven, because a desk must open and close there too.
    """
    pair = stores(folder)
    if len(pair) != len(PAIR):
        return
    with suppress(OSError):
        size = max(-(-path.stat().st_size // STEP) * STEP for path in pair)
        for path in pair:
            _lengthen(path, size)
        pair[0].touch()
        moment = pair[0].stat().st_mtime_ns
        for path in pair:
            os.utime(path, ns=(moment, moment))


def make_room(folder: Path, size: int) -> None:
    """Let both files be as long as a store of so many bytes needs.

    Raises:
        OSError: the disk is full; no byte that a store reads was changed.
    """
    for path in stores(folder):
        _lengthen(path, -(-size // STEP) * STEP)


def overwrite(path: Path, source: Path) -> None:
    """Put a store that is closed into a file in place, and random bytes behind it.

    So the file's birth and its place on the disk stay.  Durable on return; its first bytes come
    last, and until they are there no key opens the file.
    """
    with path.open("r+b", buffering=0) as file, source.open("rb") as content:
        size = file.seek(0, os.SEEK_END)
        head = content.read(HEAD)
        file.seek(len(head))
        shutil.copyfileobj(content, _Whole(file), PART)
        _fill(file, size)
        os.fsync(file.fileno())
        file.seek(0)
        _Whole(file).write(head)
        os.fsync(file.fileno())


def beside(path: Path) -> Path:
    """Where the store is made that is to take the place of this one."""
    return path.with_name(path.name + ".new")


def land(path: Path) -> None:
    """Put the store that lies whole beside a file into it, and leave nothing of either; durable.

    Cut short it leaves that store beside the file, or in it.  The log of a store that was there
    goes first: SQLite would take it for the new one's.

    Raises:
        OSError: the disk does not let it; the store lies beside the file still.
    """
    for log in (_log(path), _index(path)):
        if log.exists():
            _discard(log)
    host.sync_folder(path.parent)
    overwrite(path, beside(path))
    drop(beside(path))


def drop(path: Path) -> None:
    """Overwrite a store that is closed, with its log, and remove it; nothing where none is."""
    left = [part for part in (path, _log(path), _index(path)) if part.exists()]
    for part in left:
        _discard(part)
    if left:
        host.sync_folder(path.parent)


def _lengthen(path: Path, size: int) -> None:
    """Add random bytes, which lie beyond the last page that the store knows of; all or none.

    Raises:
        OSError: the disk is full, and not fuller than before.
    """
    with path.open("ab", buffering=0) as file:
        before = file.tell()
        try:
            _fill(file, size)
            os.fsync(file.fileno())
        except OSError:
            file.truncate(before)
            raise


class _Whole:
    """Writes all that it is given to a file without a buffer, which may take less at once."""

    def __init__(self, file: FileIO) -> None:
        self._file: Final = file

    def write(self, content: bytes) -> int:
        left = memoryview(content)
        while left:
            left = left[self._file.write(left) :]
        return len(content)


def _fill(file: FileIO, size: int) -> None:
    """Write random bytes from where the file stands up to a size."""
    rng = SystemRng()
    while (missing := size - file.tell()) > 0:
        file.write(rng.bytes(min(missing, PART)))


def _discard(path: Path) -> None:
    """Overwrite a file, where the disk lets it, and remove it."""
    with suppress(OSError), path.open("r+b", buffering=0) as file:
        _fill(file, path.stat().st_size)
        os.fsync(file.fileno())
    path.unlink()


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _index(path: Path) -> Path:
    return path.with_name(path.name + "-shm")
