# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a disk may hold of a folder's files if the power fails: for plain files, without SQLite.

While `watched` lasts, each sync and each rename is noted.  Until a file is synced the disk may hold
any beginning of it; until its folder is synced, the folder may be as before or as it is now.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

Held = dict[str, bytes]


class FolderCut:
    """One folder, and everything that a cut at any moment may leave of it."""

    def __init__(self, folder: Path) -> None:
        """Begin with what is there: all of it is on the disk."""
        self._folder: Final = folder
        self._synced: Final = {path.stat().st_ino: path.read_bytes() for path in folder.iterdir()}
        self._kept = self._names()
        self._seen: Final = dict(self._synced)
        self.after: Final[list[Held]] = []
        """What a cut may leave, over all moments until now."""

    @contextmanager
    def watched(self, patch: pytest.MonkeyPatch, *, syncs: bool = True) -> Iterator[None]:
        """Note what happens; without `syncs` nothing reaches the disk when it is asked to."""
        fsync, replace = os.fsync, os.replace

        def note_sync(handle: int) -> None:
            self._look()
            fsync(handle)
            if syncs:
                self._sync(os.fstat(handle).st_ino)
            self._look()

        def note_rename(*names: Any, **more: Any) -> None:  # noqa: ANN401
            self._look()
            replace(*names, **more)
            self._look()

        with patch.context() as changed:
            changed.setattr(os, "fsync", note_sync)
            changed.setattr(os, "replace", note_rename)
            changed.setattr(os, "rename", note_rename)
            yield

    def now(self) -> list[Held]:
        """Every state in which a cut at this moment may leave the folder."""
        for name, number in self._names().items():
            self._seen[number] = (self._folder / name).read_bytes()
        states = []
        for names in (self._kept, self._names()):
            contents = [self._may_be(number) for number in names.values()]
            states += [dict(zip(names, held, strict=True)) for held in product(*contents)]
        return states

    def _look(self) -> None:
        self.after.extend(self.now())

    def _sync(self, number: int) -> None:
        names = self._names()
        if number == self._folder.stat().st_ino:
            self._kept = names
        for name, of in names.items():
            if of == number:
                self._synced[number] = (self._folder / name).read_bytes()

    def _may_be(self, number: int) -> list[bytes]:
        seen = self._seen[number]
        if self._synced.get(number) == seen:
            return [seen]
        return [seen, seen[: len(seen) // 2], b""]

    def _names(self) -> dict[str, int]:
        return {path.name: path.stat().st_ino for path in self._folder.iterdir()}
