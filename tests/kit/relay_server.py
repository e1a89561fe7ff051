# SPDX-License-Identifier: AGPL-3.0-or-later
"""A relay as a process of its own: for tests that kill it, and for the benchmark."""

from __future__ import annotations

import socket
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import uvicorn

from safeconduct.edges.relay.calling import Pager
from safeconduct.edges.relay.store import RelayStore
from safeconduct.edges.relay.web import relay_app
from safeconduct.kernel.words import Instant
from tests.kit.relay import plenty


def serve(path: str, ready: Connection) -> None:
    """Serve a relay until killed; say the port."""
    with RelayStore(Path(path), probe=plenty) as store, listen() as listener:
        ready.send(listener.getsockname()[1])
        run(store, listener)


def serve_with_pager(path: str, pager: str, now: int, ready: Connection) -> None:
    """Serve a relay that calls phones until killed, from a moment on; say the port."""
    clock = GoingClock(now)
    with RelayStore(Path(path), probe=plenty, clock=clock) as store, listen() as listener:
        store.call_by(Pager(pager))
        ready.send(listener.getsockname()[1])
        run(store, listener)


class GoingClock:
    """Goes on from a moment that a test sets."""

    def __init__(self, now: int) -> None:
        """Begin there."""
        self._ahead = now - time.monotonic_ns() // 1_000_000

    def now(self) -> Instant:
        """The moment, and what has passed since."""
        return Instant(self._ahead + time.monotonic_ns() // 1_000_000)


def run(store: RelayStore, listener: socket.socket) -> None:
    """Run the server that programs use, without its logs."""
    app = relay_app(store)
    config = uvicorn.Config(app, log_level="critical", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


def listen() -> socket.socket:
    """Listen on a free port of loopback."""
    return socket.create_server(("127.0.0.1", 0), backlog=128)


def main() -> None:
    """Serve the relay of the file that is the argument; print the port."""
    with RelayStore(Path(sys.argv[1]), probe=plenty) as store, listen() as listener:
        print(listener.getsockname()[1], flush=True)
        run(store, listener)


if __name__ == "__main__":
    main()
