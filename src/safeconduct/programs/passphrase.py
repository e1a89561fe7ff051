# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct passphrase`: let another passphrase open this device, and the old one no more.

Both are typed unseen, never given with the command.  The store's own key stays the same, so that
an old copy of the key file opens later copies of the store too; the person is told so.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from safeconduct.edges.desk import keyslots
from safeconduct.edges.desk.session import Patience
from safeconduct.edges.desk.store import KEYS, holding
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.programs.asking import NoStore, add_home, ask_new_passphrase, ask_passphrase_of
from safeconduct.programs.wording import say, word

if TYPE_CHECKING:
    from pathlib import Path


def run(arguments: list[str]) -> int:
    """Ask for the old one and the new one, change, and say what that cannot undo."""
    parser = argparse.ArgumentParser(
        prog="safeconduct passphrase",
        description=say("Change the passphrase of this device.  Close the desk first."),
    )
    add_home(parser)
    home = parser.parse_args(arguments).home
    if not (home / KEYS).exists():
        raise NoStore
    with holding(home):
        old = _ask_old(home)
        new = ask_new_passphrase(unlike=old)
        keyslots.change(home / KEYS, old, new, SystemRng())
    print(say("From now on the new passphrase opens this device, and the old one does not."))
    print()
    print(
        say(
            "What this cannot undo: a copy of this device's files from before, in a backup or in "
            "what a disk keeps of deleted files, still opens with the old passphrase.  Whoever "
            "has such a copy and knows the old passphrase can read all later copies too.  Destroy "
            "old copies.  If somebody may have both already, tell a steward by voice, and join "
            "again as a new device."
        )
    )
    return 0


def _ask_old(home: Path) -> str:
    """Ask until it opens; each miss costs time, as at the desk."""
    patience = Patience(time.monotonic)
    print(say("First the passphrase that opens this device now."))
    while True:
        old = ask_passphrase_of(home)
        try:
            keyslots.unlock(home / KEYS, old)
        except WrongPassphrase as error:
            print(word(error))
            pause = patience.missed()
            print(say("The next try in {seconds} s.", seconds=round(pause)), flush=True)
            time.sleep(pause)
        else:
            return old
