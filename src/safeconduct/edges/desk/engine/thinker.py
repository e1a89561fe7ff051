# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's side of a process that thinks: start it with one task, hear it, end it.

What it is told are whole numbers, through a pipe; nothing of them is on a disk or among its
arguments.  It ends when the pipe closes, so it outlives no desk (spec/planning.md 6).
"""

from __future__ import annotations

import contextlib
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Lock, Thread
from typing import IO, Final

from safeconduct.edges.desk.engine import child
from safeconduct.edges.desk.engine.worker import read_message, write_message


class Thinker(ABC):
    """One task in a process of its own."""

    def __init__(self, module: str, task: bytes, changed: Callable[[], None]) -> None:
        """Start it; `changed` is called whenever it is farther, from another thread.

        Whatever `hear` needs stands before this is called.
        """
        self._changed: Final = changed
        self._writing: Final = Lock()
        self.running = True
        self._process: Final = child.start(module, errors=subprocess.DEVNULL)
        Thread(target=self._follow, args=(task,), name="desk-thinker", daemon=True).start()

    @abstractmethod
    def hear(self, message: bytes) -> bool:
        """Keep what the process says, if it may be shown; return whether to go on listening."""

    def kill(self) -> None:
        """End the process at once and wait for nothing."""
        self._process.kill()

    def tell(self, message: bytes) -> None:
        """Say something to the process, if it still listens."""
        sink = self._process.stdin
        assert sink is not None
        with self._writing, contextlib.suppress(OSError, ValueError):
            write_message(sink, message)  # type: ignore[arg-type]

    def _follow(self, task: bytes) -> None:
        self.tell(task)
        source = self._process.stdout
        assert source is not None
        try:
            while message := read_message(source):  # type: ignore[arg-type]
                go_on = self.hear(message)
                self._changed()
                if not go_on:
                    break
        finally:
            # Whatever it said: no page waits for a process that nobody hears any more.
            self._process.kill()
            self._process.wait()
            self._close(source)
            self.running = False
            self._changed()

    def _close(self, source: IO[bytes]) -> None:
        sink = self._process.stdin
        assert sink is not None
        with self._writing, contextlib.suppress(OSError):
            sink.close()
        source.close()
