# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct recovery`: try cards out, use them, or make new ones (spec/crew.md 8).

What is typed does not show, is kept nowhere and is gone with the process.  A rehearsal writes
nothing and sends nothing; `recovering` has the acts that do.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.edges.desk.root import root_key_of
from safeconduct.kernel.errors import Refused
from safeconduct.programs import recovery_acts
from safeconduct.programs.asking import KEYS, add_home, ask_passphrase_of, ask_unseen
from safeconduct.programs.showing import read_scheme
from safeconduct.programs.typing_cards import read_cards, tell_fault
from safeconduct.programs.wording import N_, say
from safeconduct.rooms.crew.recovery import hold_to_check, hold_to_root, read_check
from safeconduct.rooms.crew.shares import Share, combine

NOT_PROVEN: Final = 3
ACTS: Final = ("rehearse", "split", "use")
Hold = Callable[[bytes], None]
"""Raises OtherSecret unless the secret is the one looked for."""


def run(arguments: list[str]) -> int:
    """Do what was asked for with cards that the person types."""
    asked = _parser().parse_args(arguments)
    host.no_core_dumps()
    match asked.act:
        case "rehearse":
            return _rehearse(asked.home)
        case "split":
            return recovery_acts.split(asked.home, asked.shares)
        case _:
            return recovery_acts.use(asked.home, asked.shares)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="safeconduct recovery",
        description=say(
            "rehearse: prove that recovery cards work, without using them.  split: make new "
            "cards, after which the old ones open nothing new.  use: make this device a steward "
            "when no steward is left.  Close the desk first."
        ),
    )
    add_home(parser)
    parser.add_argument("act", choices=ACTS, metavar="rehearse|split|use")
    parser.add_argument(
        "--shares",
        type=read_scheme,
        metavar=say("M-of-N"),
        help=say("how many new cards are needed, and how many there are; as now without it"),
    )
    return parser


def _rehearse(home: Path) -> int:
    """Read cards until the person has no more, and say in words what they are good for."""
    print(say("This is a rehearsal.  Nothing is written, nothing is sent, and no card is used up."))
    hold, works = _measure(home)
    shares = read_cards()
    return _tell(shares, hold, works)


def _measure(home: Path) -> tuple[Hold, str]:
    """Return what a secret is held to, and what may be said when it holds."""
    if (home / KEYS).exists():
        print(say("There is a desk on this device: the cards are held to its office."))
        root_key = root_key_of(home, ask_passphrase_of(home))
        return (lambda secret: hold_to_root(secret, root_key)), _WORKS_HERE
    print(say("There is no desk on this device: the cards are held to the words at their end."))
    check = _ask_check()
    return (lambda secret: hold_to_check(secret, check)), _WORKS_ALONE


def _ask_check() -> bytes:
    """Ask for the check words of a card until they can be some."""
    while True:
        try:
            return read_check(ask_unseen(say("The four words that are the same on all cards: ")))
        except Refused as fault:
            print(tell_fault(fault))


def _tell(shares: list[Share], hold: Hold, works: str) -> int:
    """Say what the cards are good for; return 0 when they make the secret looked for."""
    if not shares:
        print(say("No card was read, so nothing is proven."))
        return NOT_PROVEN
    try:
        hold(combine(shares))
    except Refused as fault:
        print(tell_fault(fault))
        return NOT_PROVEN
    print(say(works, got=len(shares), needed=shares[0].needed))
    print(say("Nothing was written.  Give each card back to the one who keeps it."))
    return 0


_WORKS_HERE: Final = N_(
    "The cards work.  Read: {got}; needed: {needed}.  Together they make the secret of this "
    "office: with them it can be restored, and everything in it can be read."
)
_WORKS_ALONE: Final = N_(
    "The cards work.  Read: {got}; needed: {needed}.  Together they make the secret that the four "
    "words stand for.  Whether that is your office's, only a desk of your office can tell."
)
