# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk's folder with its two stores, for tests of how they are made and kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.two_files import PAIR
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.canon import Codec

KEY: Final = bytes(range(32))
TEXT: Final[Codec[str]] = Codec(str, "text")
PIECE: Final = "what she said " * 2000
STEP: Final = 1 << 20
"""Smaller than the product's, for speed."""


class Lot(SystemRng):
    """Randomness of which every single byte, and so every lot, is as told."""

    def __init__(self, byte: int) -> None:
        self._byte = byte

    def bytes(self, count: int) -> bytes:
        return bytes([self._byte]) if count == 1 else super().bytes(count)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The store of a folder, closed afterwards."""
    store = Store(folder, KEY)
    try:
        yield store
    finally:
        store.close()


def begin(folder: Path, lot: int = 0) -> Path:
    """A settled folder with one sentence kept; return the file in use."""
    with opened(folder) as store:
        store.put_setting("said", "Please help.")
    settle(folder, Lot(lot))
    return folder / PAIR[lot]


def looks(folder: Path) -> list[tuple[int, ...]]:
    """All that a listing says of each file of the pair, but for name and place."""
    told = [(folder / name).stat() for name in PAIR]
    return [(t.st_size, t.st_mtime_ns, t.st_atime_ns, t.st_mode, t.st_nlink) for t in told]


def names(folder: Path) -> set[str]:
    """The names of a folder's files."""
    return {path.name for path in folder.iterdir()}
