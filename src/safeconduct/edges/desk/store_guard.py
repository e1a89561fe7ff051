# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps every other process out of a store: a lock on an empty file, freed when a process ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import apsw

from safeconduct.edges.desk.two_files import BESIDE
from safeconduct.kernel.errors import Refused

GUARD: Final = "in-use"
GUARD_MILLISECONDS: Final = 1_000
"""How long who opens a store waits for one who settles it."""
PAIRING_MILLISECONDS: Final = 20_000
"""How long while a store is copied once into one of two, which a slow disk takes long for."""


class StoreInUse(Refused):
    """Another process has this store open: two would write over each other's chain."""

    code = "store_in_use"


@contextlib.contextmanager
def holding(folder: Path, *, wait: int = GUARD_MILLISECONDS) -> Iterator[None]:
    """Keep every other process out of a store that is closed; `wait` counts milliseconds.

    Raises:
        StoreInUse: another process has it open.
    """
    guard = guarded(folder / GUARD, wait)
    try:
        yield
    finally:
        guard.close()


def guarded(path: Path, wait: int) -> apsw.Connection:
    """Hold a lock that every system frees when the process ends: a write lock on an empty file.

    Raises:
        StoreInUse: another process holds it for longer than `wait` milliseconds.
    """
    guard = apsw.Connection(str(path))
    if wait and any(path.with_name(name).exists() for name in BESIDE):
        wait = max(wait, PAIRING_MILLISECONDS)
    guard.set_busy_timeout(wait)
    try:
        guard.execute("BEGIN EXCLUSIVE")
    except apsw.BusyError as error:
        guard.close()
        raise StoreInUse from error
    return guard
