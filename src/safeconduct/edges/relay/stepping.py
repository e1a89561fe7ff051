# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bring a relay's file to another version of its tables, while no server runs on it.

That no server runs is not believed but tried: only who has the file alone can lock it whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from safeconduct.edges.relay.backup import NoRelay
from safeconduct.edges.relay.schema import migrate
from safeconduct.kernel.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path


class ServerRuns(Refused):
    """A server has the file open: it would go on with tables that are not there any more."""

    code = "server_runs"


def step_to(path: Path, version: int, *, vfs: str | None = None) -> None:
    """Take all steps up or down to a version, or none; durable on return.

    Raises:
        NoRelay, ServerRuns: see there.
        MadeByNewer, NoSuchVersion: this program knows no way; nothing was changed.
    """
    if not path.exists():
        raise NoRelay
    connection = apsw.Connection(str(path), vfs=vfs)
    try:
        # Before anything is read: later it would not keep others out of the write-ahead log.
        connection.pragma("locking_mode", "exclusive")
        connection.pragma("synchronous", "full")
        # A step frees pages that hold sealed bytes and ids: what is dropped must be gone.
        connection.pragma("secure_delete", "on")
        migrate(connection, version)
    except apsw.BusyError as error:
        raise ServerRuns from error
    finally:
        connection.close()
