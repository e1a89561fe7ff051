# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct init`: found a new office on this device.

The founding code and all names are typed, never given with the command: a command line stands in
the shell's history, and every account of the machine may read it.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
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
from safeconduct.programs.cards import Pack, card_text
from safeconduct.programs.wording import language, say
from safeconduct.rooms.crew.card_facts import CARDS_MOST
from safeconduct.rooms.crew.join import office_words
from safeconduct.rooms.crew.shares import Scheme

WIPED: Final = "\x1b[H\x1b[2J\x1b[3J"
"""Empties a terminal and what it keeps above the screen (ECMA-48; 3 is xterm's)."""


def run(arguments: list[str]) -> int:
    """Ask for names and a passphrase, found the office, and show each recovery card once."""
    parser = argparse.ArgumentParser(
        prog="safeconduct init", description=say("Found a new office on this device.")
    )
    add_home(parser)
    parser.add_argument("--relay", required=True, metavar="URL", help=say("the server's address"))
    parser.add_argument(
        "--shares",
        type=_scheme,
        default=Scheme(1, 1),
        metavar=say("M-of-N"),
        help=say("how many recovery cards are needed, and how many there are (2-of-3)"),
    )
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
    today = datetime.now(tz=UTC).date()
    _show_cards(Pack.of(founded.recovery_secret, asked.shares, today, asked.language))
    print(say("The office is founded.  Its eight words, for everyone to compare:"))
    print("  " + " ".join(office_words(founded.root_key, asked.language)))
    print(say("Try out the cards, before they leave the room:  safeconduct recovery rehearse"))
    print(say("Now open the desk with:  safeconduct desk"))
    return 0


def _scheme(text: str) -> Scheme:
    """Read `2-of-3`, or `2-из-3`."""
    for between in ("-of-", "-из-"):
        needed, found, cards = text.partition(between)
        if found and needed.isdecimal() and cards.isdecimal():
            try:
                return Scheme(int(needed), int(cards))
            except ValueError:
                break
    raise argparse.ArgumentTypeError(
        say("like 2-of-3: two or more, of {most} at most; or 1-of-1", most=CARDS_MOST)
    )


def _show_cards(pack: Pack) -> None:
    """Show one card after the other, each until the person says that it is written down."""
    print(say("The office stands.  Now its recovery cards: {cards}.", cards=pack.scheme.cards))
    if pack.scheme.cards == 1:
        print(
            say(
                "RECOVERY CARD.  It is shown once and kept nowhere.  Whoever holds it can restore "
                "the office and read everything.  Write it on paper, and keep it away from this "
                "device."
            )
        )
    else:
        print(
            say(
                "RECOVERY CARDS.  Each is shown once and kept nowhere.  Whoever has {needed} of "
                "them can restore the office and read everything; fewer are of no use.  Write "
                "each on paper of its own, with nothing on it that names anybody, and give each "
                "to another person.  Who is not to hold a card looks away.",
                needed=pack.scheme.needed,
            )
        )
    for share in pack.shares:
        print(f"\n{card_text(pack, share)}\n")
        while not ask_yes(say("Is it written down?")):
            pass
        if sys.stdout.isatty():
            print(WIPED, end="", flush=True)
