# SPDX-License-Identifier: AGPL-3.0-or-later
"""Copy a running relay by SQLite's online backup (docs/spec/relay.md 8).

The copy is one moment of the relay, made while it goes on answering, and appears under its name
only when it is whole.  It comes with the relay's key: without that a restored relay could not sign
for what it holds.  Desks call a restored relay what it is, one that was rolled back.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import apsw

from safeconduct.edges.relay.database import LOCK_MILLISECONDS
from safeconduct.edges.relay.keyfile import key_path, read_seed, write_seed
from safeconduct.host import sync_folder
from safeconduct.kernel.errors import Refused


@dataclass(eq=False)
class BackupExists(Refused):
    """A file stands where the copy would go; a backup is never written over another."""

    code: ClassVar[str] = "backup_exists"


@dataclass(eq=False)
class NoRelay(Refused):
    """There is no relay's file to copy, or its key is not beside it."""

    code: ClassVar[str] = "no_relay"


def back_up(database: Path, target: Path) -> None:
    """Copy a relay's file and key; the relay may be running.

    Raises:
        NoRelay: nothing to copy.
        BackupExists: the target, or its key, is there already.
    """
    if not database.is_file() or not key_path(database).is_file():
        raise NoRelay
    if target.exists() or key_path(target).exists():
        raise BackupExists
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    try:
        _copy(database, unfinished)
        write_seed(key_path(target), read_seed(key_path(database)))
        unfinished.replace(target)
        sync_folder(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(database: Path, target: Path) -> None:
    """Copy all pages in one read transaction, which holds up no writer, and sync them."""
    source = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)
    copy = apsw.Connection(str(target))
    try:
        source.set_busy_timeout(LOCK_MILLISECONDS)
        # The file counts for nothing until it is whole, so it needs no journal of its own.
        copy.pragma("journal_mode", "off")
        copy.pragma("synchronous", "off")
        with copy.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(-1)
    finally:
        copy.close()
        source.close()
    with target.open("r+b") as file:
        os.fsync(file.fileno())
