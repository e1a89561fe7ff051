# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay's own key: a 64-byte seed in a file beside the database, readable by its owner alone.

It signs receipts and checkpoints and opens nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from safeconduct.host import sync_folder
from safeconduct.kernel.errors import Defect, Malformed
from safeconduct.kernel.ports import Rng
from safeconduct.kernel.seal.keys import LONG_SEED_BYTES


def key_path(database: Path) -> Path:
    """Return where the seed of a database's relay stands."""
    return database.with_name(database.name + ".key")


def read_seed(path: Path) -> bytes:
    """Return the seed.

    Raises:
        FileNotFoundError: there is none yet.
        Malformed: the file has another length.
    """
    seed = path.read_bytes()
    if len(seed) != LONG_SEED_BYTES:
        raise Malformed("relay_seed")
    return seed


def write_seed(path: Path, seed: bytes) -> None:
    """Store a seed durably; never over another one.

    Raises:
        FileExistsError: there is one.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(seed)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def load_or_make(path: Path, rng: Rng) -> bytes:
    """Return the seed of this relay, made on its first start.

    Raises:
        Defect: the source of chance is broken.
        Malformed: the file is damaged.
    """
    try:
        return read_seed(path)
    except FileNotFoundError:
        seed = rng.bytes(LONG_SEED_BYTES)
        if len(seed) != LONG_SEED_BYTES:
            raise Defect from None
        write_seed(path, seed)
        return seed
