# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file system for SQLite whose power fails: what was not synced is forgotten, a page is torn.

`PowerCut` is an apsw VFS over the real one.  It keeps, beside the real files, the bytes that a disk
would still hold: a write counts once its file was synced.  At the chosen operation those images
are frozen; of the writes not synced some may have reached the disk, in any order, and the last one
in part.  The program goes on unaware; what it acknowledges after `dead` does not count.
"""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path
from typing import Any

import apsw


class _Disk:
    """One file: what is on the disk for sure, and what is on its way."""

    def __init__(self, image: bytes) -> None:
        self.image = bytearray(image)
        self.pending: list[tuple[int, bytes]] = []

    def sync(self) -> None:
        """All that was written is on the disk."""
        for offset, data in self.pending:
            _place(self.image, offset, data)
        self.pending.clear()

    def after_cut(self, rng: random.Random) -> bytes:
        """What a disk may hold after the cut."""
        image, share = bytearray(self.image), rng.choice((0.0, 0.0, 0.5, 1.0))
        for offset, data in self.pending[:-1]:
            if rng.random() < share:
                _place(image, offset, data)
        for offset, data in self.pending[-1:]:
            _place(image, offset, data[: rng.randrange(len(data) + 1)])
        return bytes(image)


def _place(image: bytearray, offset: int, data: bytes) -> None:
    if offset < 0:  # A truncation, written as its size below zero.
        del image[-offset - 1 :]
        return
    image.extend(bytes(max(0, offset + len(data) - len(image))))
    image[offset : offset + len(data)] = data


class PowerCut(apsw.VFS):
    """Fails at the `at`-th write or sync; registered under `name` while it lives."""

    def __init__(self, name: str, at: int, rng: random.Random, base: str = "") -> None:
        self.name = name
        self.base = base  # The system's own, below the one that encrypts.
        self._left = at
        self._rng = rng
        self._disks: dict[str, _Disk] = {}
        self._lock = threading.Lock()
        self.dead = threading.Event()
        self._after: dict[str, bytes] = {}
        super().__init__(name, base)

    def xOpen(  # noqa: N802  (SQLite's name)
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        """Open a file through to the real one."""
        return _File(self, name, flags)

    def disk(self, path: str) -> _Disk:
        """The model of a file, begun with what it holds when it is first opened."""
        with self._lock:
            if path not in self._disks:
                there = Path(path).read_bytes() if Path(path).exists() else b""
                self._disks[path] = _Disk(there)
            return self._disks[path]

    def tick(self) -> bool:
        """Count one operation; tell whether the power is still on."""
        self._left -= 1
        if self._left == 0:
            self._after = {path: disk.after_cut(self._rng) for path, disk in self._disks.items()}
            self.dead.set()
        return not self.dead.is_set()

    def write(self, path: str, offset: int, data: bytes) -> None:
        """Note a write or (below zero) a truncation."""
        disk = self.disk(path)
        with self._lock:
            disk.pending.append((offset, bytes(data)))
            self.tick()

    def sync(self, path: str) -> None:
        """Note a sync; at its tick it has not happened yet."""
        disk = self.disk(path)
        with self._lock:
            if self.tick():
                disk.sync()

    def restore(self, folder: Path) -> None:
        """Lay the files down in another folder as the disk held them after the cut."""
        for path, image in self._after.items():
            if not path.endswith("-shm"):
                (folder / os.path.basename(path)).write_bytes(image)  # noqa: PTH119


class _File(apsw.VFSFile):
    """One open file; its writes and syncs pass by the model."""

    def __init__(
        self, cut: PowerCut, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        plain = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._cut = cut
        self._path = str(plain)
        if plain is not None:
            cut.disk(self._path)
        super().__init__(cut.base, name, flags)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802, ANN401
        """Write, to be lost until synced."""
        self._cut.write(self._path, offset, data)
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Cut the file short, to be undone until synced."""
        self._cut.write(self._path, -newsize - 1, b"")
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802, ARG002
        """Make what was written last; the real disk is spared."""
        self._cut.sync(self._path)
