# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wiping a desk whose device was expelled (spec/crew.md 5): its keys first, then what they opened.

Each step can be told from the files, so whoever starts next goes on at the first that is not done.
It asks nothing and says nothing.  An old copy of the key file may stay in a disk's spare cells.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.edges.desk.store import KEYS
from safeconduct.edges.desk.store_guard import GUARD
from safeconduct.edges.desk.two_files import BESIDE, FILE, PAIR

WIPED: Final = 17
"""Exit code of the process that held the keys, once they are gone."""
MARK: Final = "empty"
"""Stands in the folder from when the keys are overwritten until nothing else is left."""
KEY_FILES: Final = (KEYS, KEYS + ".new")
STORE_FILES: Final = (
    *(name + more for name in (FILE, *PAIR, *BESIDE) for more in ("", "-wal", "-shm")),
    *(GUARD, GUARD + "-journal"),
)


def destroy_keys(folder: Path) -> None:
    """Overwrite the key file, sync, remove it; on return nothing here opens any more."""
    for name in KEY_FILES:
        _overwrite(folder / name)
    (folder / MARK).touch(mode=0o600)
    host.sync_folder(folder)
    for name in KEY_FILES:
        (folder / name).unlink(missing_ok=True)
    host.sync_folder(folder)


def begun(folder: Path) -> bool:
    """Tell whether this desk is being wiped."""
    return (folder / MARK).exists() or _is_overwritten(folder / KEYS)


def resume(folder: Path) -> bool:
    """Wipe what is left of a desk that is being wiped; False when none is."""
    if not begun(folder):
        return False
    destroy_keys(folder)
    for name in STORE_FILES:
        (folder / name).unlink(missing_ok=True)
    host.sync_folder(folder)
    (folder / MARK).unlink(missing_ok=True)
    host.sync_folder(folder)
    return True


def _overwrite(path: Path) -> None:
    if not path.exists():
        return
    with path.open("r+b", buffering=0) as file:
        file.write(bytes(path.stat().st_size))
        os.fsync(file.fileno())


def _is_overwritten(path: Path) -> bool:
    held = path.read_bytes() if path.exists() else b""
    return bool(held) and not any(held)
