# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settle a desk's files once its process has ended: two stores that look alike (spec/seal.md 8.2).

Without any key.  Killed at any step it leaves a store that opens with all that was acknowledged,
and whoever settles next begins anew: `store.db` counts as long as it is there.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock
from typing import Final

import apsw

from safeconduct import host
from safeconduct.edges.desk.migrations import migrate
from safeconduct.edges.desk.store import connect
from safeconduct.edges.desk.store_guard import StoreInUse, holding
from safeconduct.edges.desk.two_files import (
    BESIDE,
    FILE,
    PAIR,
    even,
    finish,
    is_finished,
    stores,
)
from safeconduct.kernel.ports import Rng

KEY_BYTES: Final = 32
_settling: Final = Lock()
"""The launcher settles from two threads: when the process with the keys ended, and at its end."""


def settle(folder: Path, rng: Rng) -> None:
    """Write logs back, make the two stores if there is one, and make them even.

    Does nothing while a process has the store open, and where there is none.
    Fails open: what stands in its way (a full disk) stops no desk, and is tried again next time.
    """
    with _settling, suppress(StoreInUse, OSError, apsw.Error):
        if not any(path.exists() for path in stores(folder)):
            return
        with holding(folder, wait=0):
            for path in stores(folder):
                finish(path)
            if not all(is_finished(path) for path in stores(folder)):
                return
            if (folder / FILE).exists():
                _pair(folder, rng)
            even(folder)


def _pair(folder: Path, rng: Rng) -> None:
    """Put the store into one of the two files, by lot, and an empty one into the other."""
    beside = [folder / name for name in BESIDE]
    try:
        for path in beside:  # One after the other, so that their places say nothing.
            path.unlink(missing_ok=True)
            path.touch(mode=0o600)
        ours = rng.bytes(1)[0] & 1
        shutil.copyfile(folder / FILE, beside[ours])
        _empty(beside[1 - ours], rng)
        for path in beside:
            _sync(path)
    except BaseException:
        for path in beside:
            path.unlink(missing_ok=True)
        raise
    for path, name in zip(beside, PAIR, strict=True):
        path.replace(folder / name)
    host.sync_folder(folder)
    (folder / FILE).unlink()
    host.sync_folder(folder)


def _empty(path: Path, rng: Rng) -> None:
    """Make a store of which nobody keeps the key."""
    with closing(connect(path, rng.bytes(KEY_BYTES))) as store:
        migrate(store)


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())
