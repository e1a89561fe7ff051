# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a server listens, as an administrator writes it down: `host:port`, or a port alone."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from safeconduct.kernel.errors import Refused

PORT_MOST: Final = (1 << 16) - 1
_PORT: Final = re.compile(r"[0-9]{1,5}")


class BadServer(Refused):
    """A setting is not of the form `host:port`, or is no port."""

    code = "bad_server"


def host_and_port(told: str) -> tuple[str, int]:
    """Return the two parts of `host:port`.

    Raises:
        BadServer: it is none.
    """
    server, _, port = told.rpartition(":")
    if not server:
        raise BadServer
    return server, port_of(port)


def port_of(told: str) -> int:
    """Return a port.

    Raises:
        BadServer: it is none.
    """
    if not (_PORT.fullmatch(told) and 0 < int(told) <= PORT_MOST):
        raise BadServer
    return int(told)


def on_this_machine(server: str) -> bool:
    """Tell whether a server's address is one of loopback, written as a number."""
    try:
        return ipaddress.ip_address(server).is_loopback
    except ValueError:
        return False
