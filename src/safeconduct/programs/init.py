# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct init`: found a new office on this device.

The founding code and all names are typed, never given with the command: a command line stands in
the shell's history, and every account of the machine may read it.
"""

from __future__ import annotations

import argparse
from typing import Final

from safeconduct.edges.desk.founding import Names, Relay, found_office
from safeconduct.programs.asking import (
    StoreExists,
    add_home,
    add_language,
    ask,
    ask_new_passphrase,
    ask_yes,
)
from safeconduct.programs.wording import language, say
from safeconduct.rooms.crew.join import office_words
from safeconduct.rooms.crew.shares import Scheme, split

ONE_OF_ONE: Final = Scheme(1, 1)
WORDS_A_LINE: Final = 4


def run(arguments: list[str]) -> int:
    """Ask for names and a passphrase, found the office, and show the recovery card once."""
    parser = argparse.ArgumentParser(
        prog="safeconduct init", description=say("Found a new office on this device.")
    )
    add_home(parser)
    parser.add_argument("--relay", required=True, metavar="URL", help=say("the server's address"))
    add_language(parser, say("language of the office and of its words to compare"), language())
    asked = parser.parse_args(arguments)
    code = ask(say("The founding code that the server printed: "))
    names = Names(
        office=ask(say("Name of the office: ")),
        language=asked.language,
        person=ask(say("What colleagues call you: ")),
        device=ask(say("What to call this device: ")),
    )
    passphrase = ask_new_passphrase()
    try:
        relay = Relay.over_http(asked.relay.rstrip("/"), code)
        founded = found_office(asked.home, passphrase, names, relay)
    except FileExistsError as error:
        raise StoreExists from error
    print(say("The office is founded.  Its eight words, for everyone to compare:"))
    print("  " + " ".join(office_words(founded.root_key, asked.language)))
    _show_card(founded.recovery_secret)
    print(say("Now open the desk with:  safeconduct desk"))
    return 0


def _show_card(secret: bytes) -> None:
    """Show the recovery card until the person says that it is written down."""
    words = split(secret, ONE_OF_ONE)[0].words("en")
    print()
    print(
        say(
            "RECOVERY CARD.  It is shown once and kept nowhere.  Whoever holds it can restore the "
            "office and read everything.  Write it on paper, and keep it away from this device."
        )
    )
    for start in range(0, len(words), WORDS_A_LINE):
        row = words[start : start + WORDS_A_LINE]
        print("  " + "  ".join(f"{start + i + 1:>2} {word:<10}" for i, word in enumerate(row)))
    print()
    while not ask_yes(say("Is it written down?")):
        pass
