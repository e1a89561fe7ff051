# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a channel's server listens, as an administrator writes it down: `host:port`."""

from __future__ import annotations

import ipaddress
from typing import Final

from safeconduct.kernel.errors import Refused

PORT_MOST: Final = (1 << 16) - 1


class BadServer(Refused):
    """The server's address in the settings is not of the form `host:port`."""

    code = "bad_server"


def host_and_port(told: str) -> tuple[str, int]:
    """Return the two parts of `host:port`.

    Raises:
        BadServer: it is none.
    """
    server, _, port = told.rpartition(":")
    if not server or not (port.isascii() and port.isdecimal()) or not 0 < int(port) <= PORT_MOST:
        raise BadServer
    return server, int(port)


def on_this_machine(server: str) -> bool:
    """Tell whether a server's address is one of loopback, written as a number."""
    try:
        return ipaddress.ip_address(server).is_loopback
    except ValueError:
        return False
