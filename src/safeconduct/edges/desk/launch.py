# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that holds no key: it starts the one that does, opens the window, and tidies up.

The child says its one-time link as the first line of its standard output, and ends when its
standard input closes; so it never outlives this process, however this one ends.
Where its person wants that, it says as it locks what the locked page may ask (locked_watch.py).
The address belongs to this process and is lent to the child: after locking, the window finds here
the page that says so, and no other program can take the address while the window is open.
A request to end (Ctrl-C, SIGTERM, a closed terminal) closes the window and removes its profile.
"""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import sleep
from typing import TYPE_CHECKING, Final

from safeconduct import host
from safeconduct.edges.desk.browser import Window, open_browser
from safeconduct.edges.desk.doorkeeper import Doorkeeper
from safeconduct.edges.desk.lent import LENT, LOOPBACK
from safeconduct.edges.desk.locked_watch import LockedWatch, parse_errand
from safeconduct.edges.desk.wiping import WIPED
from safeconduct.kernel.errors import Untrusted

if TYPE_CHECKING:
    from types import FrameType

LEAVING: Final = 10.0
LOOK: Final = 1.0
AFTER_LOCKING: Final = 2.0
"""Seconds after locking in which a browser that is not ours fetches its last page from us."""


def launch(
    command: Sequence[str],
    *,
    say: Callable[[str], None],
    browse: Callable[[str], Window] | None = open_browser,
    ended: Callable[[], object] = lambda: None,
    waits: Callable[[], object] = lambda: None,
) -> int:
    """Run the desk until its window is closed; return the exit code of the process with the keys.

    `command` starts a program that calls `run_desk(..., say=print, with_parent=True)`.
    `ended` is called as soon as that process has ended.
    `waits` is called when no window is ours and this goes on for the locked page's sake.
    `browse` None says the link through `say` instead, for a person who brings a browser.

    Raises:
        NoBrowser: there is none that this program knows; the child has ended.
    """
    ending = _Ending()
    with ending.heard(), socket.create_server((LOOPBACK, 0)) as door:
        child = host.start_with_socket(command, door, {LENT: "1"})
        try:
            with ending.obeyed():
                link = _link(child)
            keeper = Keeper(door, child, ended)
            if link:
                Thread(target=keeper.keep, name="door", daemon=True).start()
            if link and browse:
                _show(browse(link), ending)
            elif link:
                say(link)
                with ending.obeyed():
                    locked = child.wait() == 0
                    sleep(AFTER_LOCKING if locked else 0)
                    keeper.stay(waits)
        finally:
            _end(child)
            ended()
    return child.returncode


class _Ending:
    """A request to end: kept while things are started or tidied up, obeyed while we wait.

    Obeyed at once, it could come between the start of a window and knowing of it.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._waits = False

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Listen for requests."""
        before = {number: signal.signal(number, self._hear) for number in host.endings()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def obeyed(self) -> Iterator[None]:
        """Leave by SystemExit as soon as somebody asks, or has asked."""
        self._waits = True
        try:
            self._obey()
            yield
        finally:
            self._waits = False

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self._asked = number
        self._obey()

    def _obey(self) -> None:
        if self._asked and self._waits:
            self._waits = False
            raise SystemExit(host.SHELL_SAYS_SIGNAL + self._asked)


class Keeper:
    """Answers at the address once the process with the keys has gone; ends with this process."""

    def __init__(
        self,
        door: socket.socket,
        child: subprocess.Popen[bytes],
        ended: Callable[[], object] = lambda: None,
    ) -> None:
        """Prepare; `ended` is called as soon as the child has ended."""
        self._door: Final = door
        self._child: Final = child
        self._ended: Final = ended
        self._told: Final = Event()
        self._watch: LockedWatch | None = None

    def keep(self) -> None:
        """Wait for the child's end, take its errand if it left one, and answer."""
        code = self._child.wait()
        try:
            self._ended()
            self._watch = _errand(self._child) if code == 0 else None
        finally:
            self._told.set()
        locked = code in (0, WIPED)
        with suppress(OSError, ValueError):  # We are leaving as well, and have closed the door.
            Doorkeeper(self._door, locked=locked, watch=self._watch).serve_forever()

    def stay(self, waits: Callable[[], object]) -> None:
        """Wait, where an errand was left, until its shift is over; `waits` says so first."""
        while not self._told.wait(LOOK):
            pass
        if self._watch is not None:
            waits()
        while self._watch is not None and not self._watch.ended:
            sleep(LOOK)


def _show(window: Window, ending: _Ending) -> None:
    try:
        with ending.obeyed():
            window.wait()
    finally:
        window.close()


def _link(child: subprocess.Popen[bytes]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().decode("ascii", "replace").strip()


def _errand(child: subprocess.Popen[bytes]) -> LockedWatch | None:
    assert child.stdout is not None
    try:
        watch = LockedWatch(parse_errand(child.stdout.readline()))
    except (OSError, ValueError, Untrusted):  # None was left, or we are leaving as well.
        return None
    watch.start()
    return watch


def _end(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    try:
        child.wait(LEAVING)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
