# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct code`: a founding code for one more office at a server that keeps one.

For an office to train in, and for what a second passphrase of a desk opens (docs/adr/0019).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from safeconduct.edges.relay.backup import NoRelay
from safeconduct.edges.relay.store import RelayStore
from safeconduct.programs.settings import DATABASE
from safeconduct.programs.wording import say


def run(arguments: list[str]) -> int:
    """Make a code, also while the server runs, and show it once."""
    parser = argparse.ArgumentParser(
        prog="safeconduct code",
        description=say(
            "Show a founding code for one more office on this server, to train in for instance.  "
            "It founds one office; a code from before that nobody used is void."
        ),
    )
    parser.add_argument("folder", type=Path, help=say("folder of the server's files"))
    database = parser.parse_args(arguments).folder / DATABASE
    if not database.exists():
        raise NoRelay
    with RelayStore(database) as store:
        if store.first_office() is None:
            print(say("No office is kept here yet: found the first one before others."))
            return 1
        print(f"  {store.new_founding_code()}", flush=True)
    told = say("It founds one office.  An unused code from before is void now.")
    print(told, file=sys.stderr)
    return 0
