# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's address: lent by the keyless parent, or this process's own where there is none."""

from __future__ import annotations

import os
import socket
import sys
from typing import Final

from safeconduct import host

LOOPBACK: Final = "127.0.0.1"
LENT: Final = "SAFECONDUCT_DOOR_IS_LENT"
"""Set by a parent that keeps the address after the process with the keys has gone."""


def door() -> tuple[socket.socket, bool]:
    """Return where to listen, and whether somebody keeps the address after us."""
    if os.environ.pop(LENT, ""):
        return host.take_socket(sys.stdin.buffer), True
    return socket.create_server((LOOPBACK, 0)), False
