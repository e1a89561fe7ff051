# SPDX-License-Identifier: AGPL-3.0-or-later
"""A recovery card as plain text, to be written down or printed (spec/crew.md 8).

The invariant: a card names neither the office nor this program nor anybody, because whoever finds
one may be the hunter; `card_text` is not told any of it.  What a found card says all the same is
in docs/threats.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from safeconduct.programs.wording import N_, say_in
from safeconduct.rooms.crew.recovery import check_words
from safeconduct.rooms.crew.shares import Scheme, Share, split

ROW: Final = 4
"""So many words stand in a line."""
LINE: Final = "-" * 72

_WHOLE: Final = N_(
    "This is a spare key.  It opens papers of several people all by itself.\n"
    "Keep it dry and unseen.  If it is not yours to keep, burn it."
)
_PART: Final = N_(
    "This is one of {cards} parts of a spare key.  Any {needed} together open papers of\n"
    "several people; fewer open nothing.  If it is not yours to keep, burn it."
)
_WHICH: Final = N_("Part {place} of {cards}.  Needed: {needed}.  Made on {day}.")
_CHECK: Final = N_("The same on all cards: {words}")


@dataclass(frozen=True, slots=True)
class Pack:
    """All cards of one split, with what stands on each of them."""

    scheme: Scheme
    day: date
    language: str
    shares: tuple[Share, ...] = field(repr=False)
    check: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, secret: bytes, scheme: Scheme, day: date, language: str) -> Pack:
        """Split a secret into cards written in a language."""
        return cls(scheme, day, language, split(secret, scheme), check_words(secret, language))


def card_text(pack: Pack, share: Share) -> str:
    """Return the whole text of one card, without a blank line at either end."""
    purpose = _WHOLE if pack.scheme.cards == 1 else _PART
    numbers = {"needed": pack.scheme.needed, "cards": pack.scheme.cards}
    which = say_in(pack.language, _WHICH, place=share.place, day=pack.day.isoformat(), **numbers)
    return "\n".join(
        (
            LINE,
            say_in(pack.language, purpose, **numbers),
            which,
            "",
            *_rows(share.words(pack.language)),
            "",
            say_in(pack.language, _CHECK, words=" ".join(pack.check)),
            LINE,
        )
    )


def _rows(words: tuple[str, ...]) -> list[str]:
    """Return the words with their numbers, a few to a line."""
    told = [f"{number:>2} {word:<10}" for number, word in enumerate(words, start=1)]
    return ["  " + "  ".join(told[start : start + ROW]) for start in range(0, len(told), ROW)]
