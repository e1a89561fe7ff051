# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that holds no key: it starts the one that does, opens the window, and tidies up.

The child says its one-time link as the first line of its standard output, and ends when its
standard input closes; so it never outlives this process, however this one ends.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from typing import Final

from safeconduct.edges.desk.browser import Window, open_browser

LEAVING: Final = 10.0


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
    child = subprocess.Popen(  # noqa: S603  (our own program, no shell)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        link = _link(child)
        if link and window:
            browse(link).wait()
        elif link:
            say(link)
            child.wait()
    finally:
        _end(child)
    return child.returncode


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
