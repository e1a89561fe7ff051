# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real file system that is small, so that it can be filled and emptied again.

It is a tmpfs of its own, which takes root; where it may not be mounted, the test fails.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PIECES: Final = (1 << 20, 4 << 10, 1)
"""Filled in large pieces first, then in small ones to the last byte."""


@dataclass(frozen=True)
class SmallDisk:
    """A mounted file system of a few megabytes."""

    folder: Path

    def fill(self, *, but: int = 0) -> None:
        """Leave no byte free, or so many, in whole pages."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for piece in PIECES:
                try:
                    while ballast.write(bytes(piece)) == piece:
                        pass
                except OSError:
                    continue
            ballast.truncate(ballast.tell() - but)

    def empty(self) -> None:
        """Free what was filled."""
        self._ballast.unlink()

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    """Mount a disk of so many bytes at a new folder, until the test is done with it."""
    folder.mkdir()
    options = f"size={size},mode=700"
    mount = ["mount", "-t", "tmpfs", "-o", options, "small-disk", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"a disk to fill takes root: {done.stderr}"
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
