# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bad line: a TCP proxy on loopback that cuts every connection when it is told to.

It cuts a given number of times, each after so many bytes (`cut_often`), or at once (`cut`), and
can refuse new connections for a while (`down`).  `before` does something just
before certain bytes pass for the first time.  Bytes pass unchanged else.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, Literal

PIECE: Final = 1 << 16


class BadLine:
    """A proxy to one port; its own is `port`."""

    def __init__(self, target: int) -> None:
        """Listen on a free port and pass everything on."""
        self.down = False
        self.carried = 0
        self.returned = 0
        self.made = 0
        self._target = target
        self._plans: dict[str, tuple[int, int]] = {}
        self._counted = {"up": 0, "down": 0}
        self._cut_after = b""
        self._deaf: set[socket.socket] = set()
        self._before: dict[bytes, Callable[[], object]] = {}
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_often(self, way: Literal["up", "down"], *, every: int, cuts: int) -> None:
        """Cut so many times, each after so many more bytes from (`up`) or to (`down`) clients."""
        with self._lock:
            self._plans[way] = every, cuts
            self._counted[way] = 0

    def cut(self) -> None:
        """Break every open connection, as a lost line does."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
            self.made += 1
        for pair in pairs:
            for end in pair:
                _break(end)

    def before(self, words: bytes, act: Callable[[], object]) -> None:
        """Do something once, just before these bytes of a client are passed on."""
        self._before[words] = act

    def cut_after(self, words: bytes) -> None:
        """Pass these bytes of a client on, then cut before the answer gets back."""
        self._cut_after = words

    def close(self) -> None:
        """Stop listening and break what is open."""
        self.down = True
        _break(self._listener)
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self.down:
                near.close()
                continue
            self._join(near)

    def _join(self, near: socket.socket) -> None:
        """Pass bytes both ways between a caller and the target."""
        try:
            far = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            near.close()
            return
        with self._lock:
            self._pairs.add((near, far))
        for source, sink, way in ((near, far, "up"), (far, near, "down")):
            ends = (source, sink, way)
            threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, way: str) -> None:
        """Pass bytes one way until an end is broken."""
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if sink in self._deaf or self._due(piece, way):
                    self.cut()
                    return
                if way == "up":
                    self._heed(piece, source)
                sink.sendall(piece)
        for end in (source, sink):
            _break(end)

    def _heed(self, piece: bytes, near: socket.socket) -> None:
        """Do what was asked for when certain bytes pass."""
        for words in [words for words in self._before if words in piece]:
            self._before.pop(words)()
        if self._cut_after and self._cut_after in piece:
            self._cut_after = b""
            self._deaf.add(near)

    def _due(self, piece: bytes, way: str) -> bool:
        """Count bytes and tell whether it is time to cut."""
        with self._lock:
            self.carried += len(piece) if way == "up" else 0
            self.returned += len(piece) if way == "down" else 0
            self._counted[way] += len(piece)
            every, cuts = self._plans.get(way, (0, 0))
            if not cuts or self._counted[way] < every:
                return False
            self._plans[way] = every, cuts - 1
            self._counted[way] = 0
            return True


@contextmanager
def bad_line(target: int) -> Iterator[BadLine]:
    """Run a bad line for a test."""
    line = BadLine(target)
    try:
        yield line
    finally:
        line.close()


def _break(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
