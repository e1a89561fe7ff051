# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct migrate`: bring stored files back to what an older Safeconduct reads, or up again.

Run with the newer program, before the older one is installed: only the newer one knows the way
back.  Nothing that an office was told is kept is lost on the way (docs/adr/0008).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from safeconduct.programs.asking import add_home, ask_passphrase_of
from safeconduct.programs.settings import DATABASE
from safeconduct.programs.wording import say


def run(arguments: list[str]) -> int:
    """Take the steps, and say what to do next."""
    parser = argparse.ArgumentParser(
        prog="safeconduct migrate",
        description=say(
            "Bring stored files to the version that an older Safeconduct reads, and lose nothing.  "
            "Run it with the newer one, while no desk and no server has them open."
        ),
    )
    add_home(parser)
    parser.add_argument(
        "--server",
        type=Path,
        metavar="FOLDER",
        help=say("folder of a server's files, instead of this device's store"),
    )
    parser.add_argument(
        "--to",
        type=int,
        required=True,
        metavar="N",
        help=say("the version that the older program named"),
    )
    asked = parser.parse_args(arguments)
    if asked.server:
        _server(asked.server / DATABASE, asked.to)
    else:
        _desk(asked.home, asked.to)
    print(
        say(
            "The files are of version {to} now.  Install the older Safeconduct before you start "
            "anything: this one would bring them up again.",
            to=asked.to,
        )
    )
    return 0


def _server(path: Path, to: int) -> None:
    from safeconduct.edges.relay.stepping import step_to  # noqa: PLC0415  (a server loads no desk)

    step_to(path, to)


def _desk(home: Path, to: int) -> None:
    from safeconduct.edges.desk import keyslots  # noqa: PLC0415  (only where a desk is)
    from safeconduct.edges.desk.store import KEYS, step_to  # noqa: PLC0415

    passphrase = ask_passphrase_of(home)
    step_to(home, keyslots.unlock(home / KEYS, passphrase), to)
