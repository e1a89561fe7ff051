# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recovery cards shown in a terminal, each once; it is emptied after each as far as it obeys."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from safeconduct.programs.asking import ask_yes
from safeconduct.programs.cards import Pack, card_text
from safeconduct.programs.wording import say
from safeconduct.rooms.crew.card_facts import CARDS_MOST
from safeconduct.rooms.crew.shares import Scheme

WIPED: Final = "\x1b[H\x1b[2J\x1b[3J"
"""Empties a terminal and what it keeps above the screen (ECMA-48; 3 is xterm's)."""


def read_scheme(text: str) -> Scheme:
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


def show_cards(pack: Pack) -> None:
    """Show one card after the other, each until the person says that it is written down."""
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
