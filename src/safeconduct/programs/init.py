# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct init`: found a new office on this device."""

from __future__ import annotations

import argparse
from typing import Final

from shamir_mnemonic import generate_mnemonics

from safeconduct.edges.desk.founding import Names, Relay, found_office
from safeconduct.programs.asking import (
    StoreExists,
    add_home,
    ask,
    ask_new_passphrase,
    ask_yes,
)
from safeconduct.programs.wording import language, say
from safeconduct.rooms.crew.join import office_words

ONE_OF_ONE: Final = [(1, 1)]
WORDS_A_LINE: Final = 4


def run(arguments: list[str]) -> int:
    """Ask for names and a passphrase, found the office, and show the recovery card once."""
    parser = argparse.ArgumentParser(
        prog="safeconduct init", description=say("Found a new office on this device.")
    )
    add_home(parser)
    parser.add_argument("--relay", required=True, metavar="URL", help=say("the server's address"))
    parser.add_argument("--code", required=True, help=say("the founding code that it printed"))
    parser.add_argument("--language", choices=("en", "ru"), default=language())
    parser.add_argument("--office", help=say("the office's name, for colleagues only"))
    parser.add_argument("--person", help=say("what colleagues call you"))
    parser.add_argument("--device", help=say("what colleagues call this device"))
    asked = parser.parse_args(arguments)
    names = Names(
        office=ask(say("Name of the office: "), asked.office),
        language=asked.language,
        person=ask(say("What colleagues call you: "), asked.person),
        device=ask(say("What to call this device: "), asked.device),
    )
    passphrase = ask_new_passphrase()
    try:
        relay = Relay.over_http(asked.relay.rstrip("/"), asked.code)
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
    words = generate_mnemonics(1, ONE_OF_ONE, secret)[0][0].split()
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
