# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recovery cards typed by a person: each slip is told in words, and nothing typed is shown.

What was typed is kept nowhere but in what is returned.
"""

from __future__ import annotations

from typing import Final

from safeconduct.kernel.errors import Refused
from safeconduct.programs.asking import ask_unseen
from safeconduct.programs.wording import N_, say
from safeconduct.rooms.crew.recovery import THE_CHECK, OtherSecret
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
    read_words,
    share_of,
)


class NoMoreCards(Refused):
    """The person has no card left to type."""

    code = "no_more_cards"


def read_cards(*, enough: bool = False) -> list[Share]:
    """Return cards that belong together; a card with a fault is asked for again.

    With `enough` no more are asked for than are needed.
    """
    print(
        say(
            "Type the words of a card in their order, a few at a time, in English or in Russian; "
            "four letters of each are enough.  Enter alone begins the card again, or says that "
            "there are no more."
        )
    )
    shares: list[Share] = []
    while True:
        card = len(shares) + 1
        try:
            share = _read_card(card)
            check_together([*shares, share])
        except NoMoreCards:
            return shares
        except Refused as fault:
            print(tell_fault(fault))
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
        if enough and lacking <= 0:
            return shares
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
            print(tell_fault(fault))
            print(say("Nothing of this line was taken.  Type the line again."))
    try:
        return share_of(numbers, card)
    except ShareDamaged as fault:
        if not fault.suspect:
            raise
        print(tell_fault(fault))
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
            print(tell_fault(unknown))
            continue
        if len(again) == 1:
            return (*numbers[: place - 1], *again, *numbers[place:])


def tell_fault(fault: Refused) -> str:
    """Return what a fault means for whoever types; what was typed is in none of it."""
    told = {"nearest": (), **vars(fault)}
    nearest, lacking = ", ".join(told.pop("nearest")), getattr(fault, "lacking", 0)
    of_check = told.get("card") == THE_CHECK
    texts = _FAULTS_OF_CHECK if of_check else _FAULTS
    text = say(texts[fault.code], **told, lacking=lacking)
    return f"{text}  {say('Most like it: {nearest}.', nearest=nearest)}" if nearest else text


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
