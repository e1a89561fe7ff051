# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's side of `planner_child`: start it, hear how far it is, stop it, end it.

What it says is held against the rules before anybody sees it.
"""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable
from threading import Lock, Thread
from typing import IO, Final

from safeconduct.edges.desk.engine import child, planner_child
from safeconduct.edges.desk.engine.planner_child import STANDINGS, Task
from safeconduct.edges.desk.engine.worker import read_message, write_message
from safeconduct.edges.desk.planning_api import Standing
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.rules import broken_rules

MODULE: Final = "safeconduct.edges.desk.engine.planner_child"


class Planner:
    """One search in a process of its own."""

    def __init__(self, operation: Operation, seconds: int, changed: Callable[[], None]) -> None:
        """Start it; `changed` is called whenever it is farther, from another thread."""
        self._operation: Final = operation
        self._changed: Final = changed
        self._writing: Final = Lock()
        self.now: Standing | None = None
        self.running = True
        self._process: Final = child.start(MODULE, errors=subprocess.DEVNULL)
        task = encode(Task(write_operation(operation), seconds))
        Thread(target=self._follow, args=(task,), name="desk-planner", daemon=True).start()

    @property
    def failed(self) -> bool:
        """Whether it ended without a plan that may be shown."""
        return not self.running and (self.now is None or not self.now.ended)

    def stop(self) -> None:
        """Let it end with its next step, and keep the best plan."""
        self._send(planner_child.STOP)

    def kill(self) -> None:
        """End the process at once and wait for nothing."""
        self._process.kill()

    def _follow(self, task: bytes) -> None:
        self._send(task)
        source = self._process.stdout
        assert source is not None
        while message := read_message(source):  # type: ignore[arg-type]
            found = self._kept(message)
            if found is None:
                break
            self.now = found
            self._changed()
            if found.ended:
                break
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

    def _kept(self, message: bytes) -> Standing | None:
        """Return what the child says, if it is a plan that keeps the rules."""
        try:
            found = STANDINGS.decode_own(message)
        except SafeconductError:
            return None
        broken = broken_rules(self._operation, planner_child.journeys(found))
        return None if broken else found

    def _send(self, message: bytes) -> None:
        sink = self._process.stdin
        assert sink is not None
        with self._writing, contextlib.suppress(OSError, ValueError):
            write_message(sink, message)  # type: ignore[arg-type]
