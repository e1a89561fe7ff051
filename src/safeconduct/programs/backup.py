# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct backup`: copy a running relay to one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from safeconduct.edges.relay.backup import back_up
from safeconduct.programs.settings import DATABASE
from safeconduct.programs.wording import say


def run(arguments: list[str]) -> int:
    """Copy, and say where the copy is."""
    parser = argparse.ArgumentParser(
        prog="safeconduct backup",
        description=say("Copy a relay, also while it runs.  The copy is as sealed as the relay."),
    )
    parser.add_argument("folder", type=Path, help=say("folder of the server's files"))
    parser.add_argument("copy", type=Path, help=say("file to make; it must not exist"))
    asked = parser.parse_args(arguments)
    back_up(asked.folder / DATABASE, asked.copy)
    print(say("The copy is whole."))
    return 0
