# SPDX-License-Identifier: AGPL-3.0-or-later
"""Serve one relay on loopback for the benchmark: database path and port are its arguments."""

import socket
import sys
from pathlib import Path

import uvicorn

from safeconduct.edges.relay.store import RelayStore
from safeconduct.edges.relay.web import relay_app


def main() -> None:
    """Serve until asked to end; print the port first."""
    with RelayStore(Path(sys.argv[1]), probe=lambda: (80, 100)) as store:
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            relay_app(store), log_level="error", access_log=False, lifespan="on", loop="uvloop"
        )
        print(listener.getsockname()[1], flush=True)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
