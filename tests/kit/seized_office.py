# SPDX-License-Identifier: AGPL-3.0-or-later
"""The processes of an office that a test seizes: founding, the desk, and the desk's window.

Run as a program under the source tree that is on the path; see `seizure`, which starts it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from safeconduct.edges.desk.app import run_desk
from safeconduct.edges.desk.browser import Browser, open_browser
from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.founding import Names, Relay, found_office
from safeconduct.edges.desk.inviting import Inviter
from safeconduct.edges.desk.joining import Joiner, Way
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.office import Desk
from safeconduct.rooms.crew import Role

SECONDS = 60


def _found_office(told: Mapping[str, str], url: str, code: str, home: str, second: str) -> None:
    """Found an office, and let a colleague's device join."""
    passphrase = told["passphrase"]
    names = Names(told["office"], "ru", told["founder"], told["founder's device"])
    found_office(Path(home), passphrase, names, Relay.over_http(url, code))
    desk = Desk.open(Path(home), passphrase)
    line = Line(url, desk.journal.office)
    courier = HttpCourier(line, desk.journal.place.capability)
    desk.start(courier)
    inviter = Inviter(desk.journal, courier, HttpMeeting(line))
    joiner = Joiner(inviter.invite(), told["colleague's device"], Way.over_http())
    joiner.promise()
    inviter.look()
    shown = joiner.look()
    assert shown
    assert shown == inviter.look()
    inviter.admit(told["colleague"], frozenset({Role.OPERATOR}))
    until = time.monotonic() + SECONDS
    while not joiner.finish(Path(second), passphrase):
        assert time.monotonic() < until
    desk.stop()


def _open(home: Path) -> Callable[[str], Desk]:
    def open_desk(passphrase: str) -> Desk:
        desk = Desk.open(home, passphrase)
        desk.start()
        return desk

    return open_desk


def _window(link: str) -> None:
    """Open the desk's own window, as `safeconduct desk` does, until standard input ends."""
    chromium = Browser(Path("/usr/bin/chromium"), "chromium")
    window = open_browser(link, chromium, ("--headless=new", "--remote-debugging-port=0"))
    print(window.folder, flush=True)
    sys.stdin.buffer.read()
    window.close()


def main() -> None:
    """Be one of the office's processes."""
    what, *rest = sys.argv[1:]
    match what:
        case "found":
            told = json.loads(sys.stdin.readline())
            _found_office(told, *rest)
        case "desk":
            run_desk(
                _open(Path(rest[0])),
                say=lambda link: print(link, flush=True),
                close=lambda desk: desk.abandon(),  # type: ignore[attr-defined]
                with_parent=True,
            )
        case _:
            _window(rest[0])


if __name__ == "__main__":
    main()
