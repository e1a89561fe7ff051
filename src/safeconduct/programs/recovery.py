# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct recovery rehearse`: prove that recovery cards work, without using them.

What is typed does not show, is kept nowhere and is gone with the process.  Nothing is written and
nothing is sent.  What the cards make is held to the root key that a desk of the office knows, or
to the check words of a card where there is no desk (spec/crew.md 8).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from safeconduct import host
from safeconduct.edges.desk.root import root_key_of
from safeconduct.kernel.errors import Refused
from safeconduct.programs.asking import KEYS, add_home, ask_passphrase_of, ask_unseen
from safeconduct.programs.wording import N_, say
from safeconduct.rooms.crew.recovery import (
    THE_CHECK,
    OtherSecret,
    hold_to_check,
    hold_to_root,
    read_check,
)
from safeconduct.rooms.crew.shares import (
    WORDS,
    Share,
    ShareDamaged,
    ShareForeign,
    ShareOfAnotherSplit,
    SharesContradict,
    SharesTooFew,
    ShareTwice,
    ShareWordCount,
    ShareWordUnknown,
    check_together,
    combine,
    read_words,
    share_of,
)

NOT_PROVEN: Final = 3
Hold = Callable[[bytes], None]
"""Raises OtherSecret unless the secret is the one looked for."""


class NoMoreCards(Refused):
    """The person has no card left to type."""

    code = "no_more_cards"


def run(arguments: list[str]) -> int:
    """Read cards until the person has no more, and say in words what they are good for."""
    parser = argparse.ArgumentParser(
        prog="safeconduct recovery",
        description=say(
            "Prove that recovery cards work, without using them.  Nothing is written or sent."
        ),
    )
    add_home(parser)
    parser.add_argument("act", choices=["rehearse"], metavar="rehearse")
    home = parser.parse_args(arguments).home
    host.no_core_dumps()
    print(say("This is a rehearsal.  Nothing is written, nothing is sent, and no card is used up."))
    hold, works = _measure(home)
    print(
        say(
            "Type the words of a card in their order, a few at a time, in English or in Russian; "
            "four letters of each are enough.  Enter alone begins the card again, or says that "
            "there are no more."
        )
    )
    shares = _read_cards()
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
            print(_fault(fault))


def _read_cards() -> list[Share]:
    """Return cards that belong together; a card with a fault is asked for again."""
    shares: list[Share] = []
    while True:
        card = len(shares) + 1
        try:
            share = _read_card(card)
            check_together([*shares, share])
        except NoMoreCards:
            return shares
        except Refused as fault:
            print(_fault(fault))
            print(say("Card {card} was not taken.  Type it again, or another.", card=card))
            continue
        shares.append(share)
        lacking = share.needed - len(shares)
        print(
            say(
                "Card {card} reads as a whole.  It says that it is part {place}, and that "
                "{needed} are needed.",
                card=card,
                place=share.place,
                needed=share.needed,
            )
        )
        print(
            say("Still needed: {lacking}.", lacking=lacking)
            if lacking > 0
            else say("These are enough.  Type another card to try it too, or Enter alone.")
        )


def _read_card(card: int) -> Share:
    """Return a card, asked for line by line; one word that is surely wrong is asked for again.

    Raises:
        NoMoreCards: nothing was typed where the card begins.
        ShareWordCount, ShareDamaged, ShareForeign: see there.
    """
    numbers: tuple[int, ...] = ()
    while len(numbers) < WORDS:
        start = len(numbers) + 1
        typed = ask_unseen(say("Card {card}, from word {start}: ", card=card, start=start))
        if not typed.strip() and not numbers:
            raise NoMoreCards
        try:
            numbers = (*numbers, *read_words(typed, card, start)) if typed.strip() else ()
        except ShareWordUnknown as fault:
            print(_fault(fault))
            print(say("Nothing of this line was taken.  Type the line again."))
    try:
        return share_of(numbers, card)
    except ShareDamaged as fault:
        if not fault.suspect:
            raise
        print(_fault(fault))
        print(say("One word may explain it: word {place}.  Look at it.", place=fault.suspect))
        return share_of(_mended(numbers, fault), card)


def _mended(numbers: tuple[int, ...], fault: ShareDamaged) -> tuple[int, ...]:
    """Ask again for the one word that does not fit; return all numbers with it."""
    place = fault.suspect
    while True:
        typed = ask_unseen(say("Card {card}, word {place} again: ", card=fault.card, place=place))
        try:
            again = read_words(typed, fault.card, place)
        except ShareWordUnknown as unknown:
            print(_fault(unknown))
            continue
        if len(again) == 1:
            return (*numbers[: place - 1], *again, *numbers[place:])


def _tell(shares: list[Share], hold: Hold, works: str) -> int:
    """Say what the cards are good for; return 0 when they make the secret looked for."""
    if not shares:
        print(say("No card was read, so nothing is proven."))
        return NOT_PROVEN
    try:
        hold(combine(shares))
    except Refused as fault:
        print(_fault(fault))
        return NOT_PROVEN
    print(say(works, got=len(shares), needed=shares[0].needed))
    print(say("Nothing was written.  Give each card back to the one who keeps it."))
    return 0


def _fault(fault: Refused) -> str:
    """Return what a fault means for whoever types; what was typed is in none of it."""
    told = {"nearest": (), **vars(fault)}
    nearest, lacking = ", ".join(told.pop("nearest")), getattr(fault, "lacking", 0)
    of_check = told.get("card") == THE_CHECK
    texts = _FAULTS_OF_CHECK if of_check else _FAULTS
    text = say(texts[fault.code], **told, lacking=lacking)
    return f"{text}  {say('Most like it: {nearest}.', nearest=nearest)}" if nearest else text


_WORKS_HERE: Final = N_(
    "The cards work.  Read: {got}; needed: {needed}.  Together they make the secret of this "
    "office: with them it can be restored, and everything in it can be read."
)
_WORKS_ALONE: Final = N_(
    "The cards work.  Read: {got}; needed: {needed}.  Together they make the secret that the four "
    "words stand for.  Whether that is your office's, only a desk of your office can tell."
)
_FAULTS_OF_CHECK: Final = {
    ShareWordUnknown.code: N_("Of these four, word {position} is in neither list."),
    ShareWordCount.code: N_("These are not four words; read: {got}."),
}
_FAULTS: Final = {
    ShareWordUnknown.code: N_("Card {card}: word {position} is in neither list."),
    ShareWordCount.code: N_(
        "Card {card}: a card has {wanted} words, and these were {got}.  A line was typed twice, or "
        "this is another kind of card."
    ),
    ShareDamaged.code: N_(
        "Card {card}: all words are in the list, but they do not fit together: some word is not "
        "the one on the card, or two stand in the wrong order."
    ),
    ShareForeign.code: N_(
        "Card {card}: this is a whole card, but none that Safeconduct makes; a wallet for "
        "electronic money has such cards too."
    ),
    ShareTwice.code: N_("Card {card} is the same card as card {other}, and counts once."),
    ShareOfAnotherSplit.code: N_(
        "Card {card} and card {other} were not made together: they are of two offices, or one is "
        "from before the cards were made anew.  If card {other} is the wrong one, stop with Ctrl "
        "and C, and begin with another."
    ),
    SharesTooFew.code: N_(
        "These cards are sound, and too few: {got} of {needed}.  Still needed: {lacking}.  Whether "
        "they open this office shows only when there are enough."
    ),
    SharesContradict.code: N_(
        "Each of these cards reads as a whole, but together they make nothing: one of them was "
        "changed as a whole.  Do not rely on them.  Tell a steward by voice."
    ),
    OtherSecret.code: N_(
        "These cards belong together, but they do not open this office: they are another "
        "office's, or were made before its cards were made anew."
    ),
}
