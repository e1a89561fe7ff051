# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that holds no key: it starts the one that does, opens the window, and tidies up.

The child says its one-time link as the first line of its standard output, and ends when its
standard input closes; so it never outlives this process, however this one ends.
A request to end (Ctrl-C, SIGTERM, a closed terminal) closes the window and removes its profile.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from safeconduct import host
from safeconduct.edges.desk.browser import Window, open_browser

if TYPE_CHECKING:
    from types import FrameType

LEAVING: Final = 10.0
SHELL_SAYS_SIGNAL: Final = 128
"""What shells add to the number of the signal that ended a program."""


def launch(
    command: Sequence[str],
    *,
    say: Callable[[str], None],
    window: bool = True,
    browse: Callable[[str], Window] = open_browser,
) -> int:
    """Run the desk until its window is closed; return the exit code of the process with the keys.

    `command` starts a program that calls `run_desk(..., say=print, with_parent=True)`.
    `window` False says the link through `say` instead, for a person who brings a browser.

    Raises:
        NoBrowser: there is none that this program knows; the child has ended.
    """
    ending = _Ending()
    with ending.heard():
        child = subprocess.Popen(  # noqa: S603  (our own program, no shell)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            with ending.obeyed():
                link = _link(child)
            if link and window:
                _show(browse(link), ending)
            elif link:
                say(link)
                with ending.obeyed():
                    child.wait()
        finally:
            _end(child)
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
            raise SystemExit(SHELL_SAYS_SIGNAL + self._asked)


def _show(window: Window, ending: _Ending) -> None:
    try:
        with ending.obeyed():
            window.wait()
    finally:
        window.close()


def _link(child: subprocess.Popen[bytes]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().decode("ascii", "replace").strip()


def _end(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    try:
        child.wait(LEAVING)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
