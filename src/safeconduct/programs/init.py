# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct init`: found a new office on this device.

The founding code and all names are typed, never given with the command: a command line stands in
the shell's history, and every account of the machine may read it.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from safeconduct.edges.desk.founding import Names, Relay, found_office
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.wiring import SystemRng
from safeconduct.programs.asking import (
    StoreExists,
    add_home,
    add_language,
    ask,
    ask_new_passphrase,
)
from safeconduct.programs.cards import Pack
from safeconduct.programs.office_words import show_office_words
from safeconduct.programs.showing import read_scheme, show_cards
from safeconduct.programs.wording import language, say
from safeconduct.rooms.crew.shares import Scheme


def run(arguments: list[str]) -> int:
    """Ask for names and a passphrase, found the office, and show each recovery card once."""
    parser = argparse.ArgumentParser(
        prog="safeconduct init", description=say("Found a new office on this device.")
    )
    add_home(parser)
    parser.add_argument("--relay", required=True, metavar="URL", help=say("the server's address"))
    parser.add_argument(
        "--shares",
        type=read_scheme,
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
    settle(asked.home, SystemRng())
    today = datetime.now(tz=UTC).date()
    print(say("The office stands.  Now its recovery cards: {cards}.", cards=asked.shares.cards))
    show_cards(Pack.of(founded.recovery_secret, asked.shares, today, asked.language))
    print(say("The office is founded."))
    show_office_words(founded.office, founded.page_key)
    print(say("Try out the cards, before they leave the room:  safeconduct recovery rehearse"))
    print(say("Now open the desk with:  safeconduct desk"))
    return 0
