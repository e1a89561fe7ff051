# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct passphrase`: let another passphrase open this device, and the old one no more.

Everyone is asked the same, also whether a second passphrase is to open an invented office
(docs/adr/0019); nothing here knows whether what the first one opens is such an office.
All are typed unseen, never given with the command.  The store's own key stays the same, so that
an old copy of the key file opens later copies of the store too; the person is told so.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from safeconduct import host
from safeconduct.edges.desk import keyslots, second
from safeconduct.edges.desk.root import name_and_relay_of
from safeconduct.edges.desk.session import Patience
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import KEYS
from safeconduct.edges.desk.store_guard import holding
from safeconduct.edges.desk.two_files import STEP, stores
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.programs.asking import (
    NoStore,
    add_home,
    ask,
    ask_new_passphrase,
    ask_passphrase_of,
    ask_second_passphrase,
    ask_yes,
)
from safeconduct.programs.invented import invented_office
from safeconduct.programs.wording import language, say, word

if TYPE_CHECKING:
    from pathlib import Path


def run(arguments: list[str]) -> int:
    """Ask for the old one and the new ones, change, and say what that cannot undo."""
    parser = argparse.ArgumentParser(
        prog="safeconduct passphrase",
        description=say("Change the passphrase of this device.  Close the desk first."),
    )
    add_home(parser)
    home = parser.parse_args(arguments).home
    if not (home / KEYS).exists():
        raise NoStore
    host.unwind_when_asked_to_end()
    settle(home, SystemRng())
    with holding(home):
        old, key = _ask_old(home)
        new = ask_new_passphrase(unlike=old)
        typed = ask_second_passphrase(unlike={old, new})
        gives_way = bool(typed) and _ask_whether_it_gives_way(home, key)
        if not _change(home, second.Change(old, key, new, gives_way), typed):
            print(say("Nothing was changed."))
            return 1
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


def _change(home: Path, first: second.Change, typed: str) -> bool:
    """Change; False when the person thought better of it, and nothing was changed."""
    if not typed:
        second.change(home, first, SystemRng())
        return True
    return second.renew(home, first, typed, SystemRng()) or _put_second(home, first, typed)


def _ask_whether_it_gives_way(home: Path, key: bytes) -> bool:
    """Ask whether the second passphrase is to destroy what the first one opens; mostly it is not.

    Asked of everyone who types a second one, also of who has one already: so it is taken back.
    """
    name, _ = name_and_relay_of(home, key)
    print()
    print(
        say(
            "Opening the desk with the second passphrase can also destroy what the other new "
            "passphrase opens on this device:  {name}\n"
            "Most people answer no.  The dangers:\n"
            "- Who types the second one by mistake loses this office here, at once.  Nothing "
            "brings it back; only colleagues can let this device in again, as a new one.\n"
            "- A copy of this device that was made before is not touched, and what flash disks "
            "and backups keep may not be either.\n"
            "- Whoever sees or guesses that you destroyed something may make you pay for it.\n"
            "- Whoever opens a copy with the second passphrase, and not this device, can see that "
            "it was set to destroy.\n"
            "- Where the disk is full, nothing is destroyed.",
            name=name,
        )
    )
    return ask_yes(say("Destroy it when the second passphrase opens the desk?"))


def _put_second(home: Path, first: second.Change, typed: str) -> bool:
    """Make an invented office, and let the second passphrase open it."""
    name, url = name_and_relay_of(home, first.key)
    if any(path.stat().st_size > STEP for path in stores(home)):
        print(
            say(
                "This device has been worked with for long, and its files have grown: whoever "
                "opens the invented office and measures them sees that it fills little of its own, "
                "and that there is another."
            )
        )
    print(
        say(
            "What the new passphrase opens is this office, and it stays:  {name}\n"
            "Whatever any other passphrase opens on this device now is destroyed, and nothing "
            "brings it back.",
            name=name,
        )
    )
    if not ask_yes(say("Is that the right office?")):
        return False
    print(
        say(
            "The invented office needs a founding code of its own.  Whoever runs the server gets "
            "one by typing there:  safeconduct code FOLDER"
        )
    )
    code = ask(say("The founding code: "))
    print(say("Making the invented office.  This takes up to some minutes."), flush=True)
    with invented_office(url, code, language()) as (store, other):
        second.put(home, first, second.Second(typed, other, store), SystemRng())
    return True


def _ask_old(home: Path) -> tuple[str, bytes]:
    """Ask until it opens, and return the key too; each miss costs time, as at the desk."""
    patience = Patience(time.monotonic)
    print(say("First the passphrase that opens this device now."))
    while True:
        old = ask_passphrase_of(home)
        try:
            key = keyslots.unlock(home / KEYS, old)
        except WrongPassphrase as error:
            print(word(error))
            pause = patience.missed()
            print(say("The next try in {seconds} s.", seconds=round(pause)), flush=True)
            time.sleep(pause)
        else:
            return old, key
