# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever sits on the line: passes on all bytes between two sides, and keeps a copy of each way.

On loopback there is no TLS, so that it sees more than anybody on a real line.
"""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress
from typing import Final

PIECE_BYTES: Final = 64 << 10
CONNECT_SECONDS: Final = 10.0
LISTENS: Final = "127.0.0.1"
STRANGER: Final = "127.0.77.13"
"""The address from which the server sees everybody come, where the system lets us choose one."""


class Tee:
    """One listener before one server; `stop` ends it."""

    def __init__(self, port: int) -> None:
        """Listen on a port of its own for what goes to a port of loopback."""
        self._port: Final = port
        self._listener: Final = socket.create_server((LISTENS, 0))
        self._kept: list[tuple[bytearray, bytearray]] = []
        self._sockets: list[socket.socket] = []
        self._lock: Final = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where to connect."""
        return f"http://{LISTENS}:{self._listener.getsockname()[1]}"

    def seen(self) -> bytes:
        """Return all that went over the line so far, connection by connection, each way whole."""
        with self._lock:
            return b"\n\n".join(bytes(way) for pair in self._kept for way in pair)

    def stop(self) -> None:
        """Let nobody in any more, and cut every connection."""
        with self._lock:
            for end in (self._listener, *self._sockets):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            source = (STRANGER, 0) if sys.platform == "linux" else None
            try:
                far = socket.create_connection((LISTENS, self._port), CONNECT_SECONDS, source)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            ways = bytearray(), bytearray()
            with self._lock:
                self._kept.append(ways)
                self._sockets += [near, far]
            for source_end, sink, kept in ((near, far, ways[0]), (far, near, ways[1])):
                passing = (source_end, sink, kept)
                threading.Thread(target=self._pass, args=passing, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE_BYTES):
                with self._lock:
                    kept += piece
                sink.sendall(piece)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
