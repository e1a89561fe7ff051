# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct desk`: open this device's desk in a window of its own.

Two processes: this one holds no key, starts the one that does, opens the window, and tidies up;
locking the desk ends the process that holds the keys.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Final, NoReturn

from safeconduct.edges.desk import wiping
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import KEYS
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.programs.asking import NoStore, add_home
from safeconduct.programs.wording import say

if TYPE_CHECKING:
    from pathlib import Path

_HOLDS_KEYS: Final = "--holds-keys"
_REHEARSAL: Final = "--rehearsal"


def run(arguments: list[str]) -> int:
    """Open the desk; returns when its window is closed."""
    parser = argparse.ArgumentParser(
        prog="safeconduct desk", description=say("Open this device's desk in a window of its own.")
    )
    add_home(parser)
    parser.add_argument(
        "--no-window", action="store_true", help=say("show the one-time link instead of a window")
    )
    parser.add_argument(_HOLDS_KEYS, action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(_REHEARSAL, action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if wiping.resume(asked.home) or not (asked.home / KEYS).exists():
        raise NoStore
    if asked.holds_keys:
        _hold_keys(asked.home, rehearsal=asked.rehearsal)
    settle(asked.home, SystemRng())
    from safeconduct.edges.desk.browser import open_browser  # noqa: PLC0415
    from safeconduct.edges.desk.launch import launch  # noqa: PLC0415  (loads no key)

    code = launch(
        command(asked.home),
        say=_tell_link,
        browse=None if asked.no_window else open_browser,
        ended=partial(_tidy, asked.home),
        waits=_tell_that_it_waits,
    )
    if code == wiping.WIPED:
        raise NoStore
    return code


def _tidy(home: Path) -> None:
    """Do what is left to do without keys, once the process that held them has ended."""
    if not wiping.resume(home):  # The locked page does not wait for the rest.
        Thread(target=settle, args=(home, SystemRng()), name="settling").start()


def command(home: Path, *, rehearsal: bool = False) -> list[str]:
    """Return the command of the process that holds the keys of a desk."""
    how = [_HOLDS_KEYS, *([_REHEARSAL] if rehearsal else [])]
    return [sys.executable, "-m", "safeconduct", "desk", "--home", str(home), *how]


def _hold_keys(home: Path, *, rehearsal: bool) -> NoReturn:
    from safeconduct.edges.desk.app import run_desk  # noqa: PLC0415
    from safeconduct.edges.desk.moving import open_where_it_is  # noqa: PLC0415
    from safeconduct.edges.desk.office import Desk  # noqa: PLC0415

    def unlock(passphrase: str) -> Desk:
        desk = open_where_it_is(lambda: Desk.open(home, passphrase))
        desk.start()
        return desk

    def stop(desk: object) -> None:
        assert isinstance(desk, Desk)
        desk.abandon()

    run_desk(unlock, say=_tell, close=stop, with_parent=True, rehearsal=rehearsal)


def _tell_link(link: str) -> None:
    print(link)
    print(
        say("It opens once, within two minutes.  For a new one, stop with Ctrl-C and start again."),
        flush=True,
    )


def _tell_that_it_waits() -> None:
    print(
        say(
            "Locked.  What you chose for a locked desk goes on for about twelve hours; the open "
            "page says what.  Ctrl-C ends that."
        ),
        flush=True,
    )


def _tell(line: str) -> None:
    print(line, flush=True)
