# SPDX-License-Identifier: AGPL-3.0-or-later
"""The processes of an office that a test seizes: founding, the desk, and the desk's window.

Run as a program under the source tree that is on the path; see `seizure`, which starts it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from safeconduct.edges.desk.app import run_desk
from safeconduct.edges.desk.founding import Names, Relay
from safeconduct.edges.desk.office import Desk
from tests.kit.browsers import open_window
from tests.kit.offices import found_pair, quick_world


def _open(home: Path) -> Callable[[str], Desk]:
    def open_desk(passphrase: str) -> Desk:
        desk = Desk.open(home, passphrase)
        desk.start()
        return desk

    return open_desk


def _window(link: str, kind: str) -> None:
    """Open the desk's own window, as `safeconduct desk` does, until standard input ends."""
    window = open_window(kind, link)
    print(window.folder, flush=True)
    sys.stdin.buffer.read()
    window.close()


def main() -> None:
    """Be one of the office's processes."""
    what, *rest = sys.argv[1:]
    match what:
        case "found":
            told = json.loads(sys.stdin.readline())
            url, code, *homes = rest
            found_pair(
                [Path(home) for home in homes],
                Relay.over_http(url, code),
                names=Names(told["office"], "ru", told["founder"], told["founder's device"]),
                colleague=(told["colleague"], told["colleague's device"]),
                passphrase=told["passphrase"],
                world=quick_world(),
            )
        case "desk":
            run_desk(
                _open(Path(rest[0])),
                say=lambda link: print(link, flush=True),
                close=lambda desk: desk.abandon(),  # type: ignore[attr-defined]
                with_parent=True,
            )
        case _:
            _window(*rest)


if __name__ == "__main__":
    main()
