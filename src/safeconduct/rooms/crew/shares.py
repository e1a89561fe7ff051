# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shares of a secret, and the words on a card that say one (spec/crew.md 8, SLIP-0039).

This is the one home of the SLIP-39 library, whose own randomness splits a secret.
Not a place that knows offices: whether a secret is the right one is asked in `recovery`.
Every fault is told before anything is made of the shares; `card` counts the shares as they were
given, from 1, and no fault carries a word that was typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.constants import CUSTOMIZATION_STRING_EXTENDABLE, CUSTOMIZATION_STRING_ORIG
from shamir_mnemonic.rs1024 import create_checksum, verify_checksum
from shamir_mnemonic.share import Share as Slip39

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.phrase import fold, nearest
from safeconduct.rooms.crew.card_facts import CARDS_MOST, NEEDED_LEAST
from safeconduct.rooms.crew.share_words import LISTS

SECRET_BYTES: Final = 32
WORDS: Final = 33
BITS: Final = 10
CHECKSUM: Final = 3
LETTERS: Final = 4
"""So many first letters tell a word from all others, of both languages."""

_NUMBERS: Final = {
    word[:LETTERS]: number for words in LISTS.values() for number, word in enumerate(words)
}


@dataclass(frozen=True, slots=True)
class Scheme:
    """How many cards there are, and how many of them are needed."""

    needed: int
    cards: int

    def __post_init__(self) -> None:
        lone = self.needed == self.cards == 1
        if not lone and not NEEDED_LEAST <= self.needed <= self.cards <= CARDS_MOST:
            raise ValueError("a secret cannot be shared like this")


@dataclass(frozen=True, slots=True)
class Share:
    """One share that reads as a whole: `place` from 1, `split` the same for all of one split."""

    numbers: tuple[int, ...] = field(repr=False)
    place: int
    needed: int
    split: int

    def words(self, language: str) -> tuple[str, ...]:
        """Return the 33 words of the card in a language."""
        return tuple(LISTS[language][number] for number in self.numbers)


@dataclass(eq=False)
class ShareWordUnknown(Refused):
    """A word is of neither list; those that look like it are given, the most alike first."""

    code: ClassVar[str] = "share_word_unknown"
    card: int
    position: int
    nearest: tuple[str, ...]


@dataclass(eq=False)
class ShareWordCount(Refused):
    """All words are of a list, but they are too few or too many for a card."""

    code: ClassVar[str] = "share_word_count"
    card: int
    got: int
    wanted: int


@dataclass(eq=False)
class ShareDamaged(Refused):
    """The check words do not fit the rest; `suspect` is the one word that may be wrong, or 0."""

    code: ClassVar[str] = "share_damaged"
    card: int
    suspect: int


@dataclass(eq=False)
class ShareForeign(Refused):
    """A whole SLIP-39 share, but of a kind that no office makes."""

    code: ClassVar[str] = "share_foreign"
    card: int


@dataclass(eq=False)
class SharesTooFew(Refused):
    """So many cards are not enough."""

    code: ClassVar[str] = "shares_too_few"
    got: int
    needed: int

    @property
    def lacking(self) -> int:
        """How many more are needed."""
        return self.needed - self.got


@dataclass(eq=False)
class ShareOfAnotherSplit(Refused):
    """Two cards were not made together: by two offices, or before and after a new split."""

    code: ClassVar[str] = "share_of_another_split"
    card: int
    other: int


@dataclass(eq=False)
class ShareTwice(Refused):
    """The same card was given twice."""

    code: ClassVar[str] = "share_twice"
    card: int
    other: int


class SharesContradict(Refused):
    """Each card reads as a whole, but together they make no secret: one was changed."""

    code = "shares_contradict"


def split(secret: bytes, scheme: Scheme) -> tuple[Share, ...]:
    """Return the shares of a 32-byte secret, the first card first."""
    groups = [(scheme.needed, scheme.cards)]
    return tuple(read_share(words) for words in generate_mnemonics(1, groups, secret)[0])


def read_share(text: str, card: int = 1) -> Share:
    """Return the share that a person typed, in either language.

    Raises:
        ShareWordUnknown, ShareWordCount, ShareDamaged, ShareForeign: see there.
    """
    return share_of(read_words(text, card), card)


def read_words(text: str, card: int = 1, start: int = 1) -> tuple[int, ...]:
    """Return the numbers of some words of a card; a word may be cut off after its fourth letter.

    Args:
        text: words as they were typed.
        card: which card, for the fault.
        start: the place on the card of the first of these words.

    Raises:
        ShareWordUnknown: a word is of neither list.
    """
    numbers = []
    for position, typed in enumerate(fold(text).split(), start=start):
        number = _NUMBERS.get(typed[:LETTERS])
        if number is None or not any(words[number].startswith(typed) for words in LISTS.values()):
            raise ShareWordUnknown(card, position, _alike(typed))
        numbers.append(number)
    return tuple(numbers)


def share_of(numbers: Sequence[int], card: int = 1) -> Share:
    """Return the share that these numbers say.

    Raises:
        ShareWordCount, ShareDamaged, ShareForeign: see there.
    """
    if len(numbers) != WORDS:
        raise ShareWordCount(card, len(numbers), WORDS)
    kinds = (CUSTOMIZATION_STRING_EXTENDABLE, CUSTOMIZATION_STRING_ORIG)
    if not any(verify_checksum(numbers, kind) for kind in kinds):
        raise ShareDamaged(card, _suspect(tuple(numbers)))
    try:
        told = Slip39.from_mnemonic(_english(numbers))
    except MnemonicError as error:
        raise ShareForeign(card) from error
    if (told.extendable, told.iteration_exponent, told.group_count) != (True, 1, 1):
        raise ShareForeign(card)
    return Share(tuple(numbers), told.index + 1, told.member_threshold, told.identifier)


def check_together(shares: Sequence[Share]) -> None:
    """Check that shares belong together; the first two that do not are named.

    Raises:
        ShareTwice, ShareOfAnotherSplit: see there.
    """
    for card, share in enumerate(shares, start=1):
        for other, earlier in enumerate(shares[: card - 1], start=1):
            if share == earlier:
                raise ShareTwice(card, other)
            same_split = (share.split, share.needed) == (earlier.split, earlier.needed)
            if not same_split or share.place == earlier.place:
                raise ShareOfAnotherSplit(card, other)


def combine(shares: Sequence[Share]) -> bytes:
    """Return the secret that all of these shares make; more than are needed must agree.

    Raises:
        ShareTwice, ShareOfAnotherSplit, SharesTooFew, SharesContradict: see there.
        ValueError: there is no share at all.
    """
    if not shares:
        raise ValueError("no share")
    check_together(shares)
    needed = shares[0].needed
    if len(shares) < needed:
        raise SharesTooFew(len(shares), needed)
    made = {_made([*shares[: needed - 1], last]) for last in shares[needed - 1 :]}
    if len(made) != 1:
        raise SharesContradict
    return made.pop()


def _made(shares: Sequence[Share]) -> bytes:
    try:
        secret: bytes = combine_mnemonics([_english(share.numbers) for share in shares])
    except MnemonicError as error:
        raise SharesContradict from error
    return secret


def _english(numbers: Sequence[int]) -> str:
    return " ".join(LISTS["en"][number] for number in numbers)


def _alike(typed: str) -> tuple[str, ...]:
    """Return the nearest words of the list in whose letters the word was typed."""
    return nearest(typed, LISTS["en" if typed[:1].isascii() else "ru"])


def _suspect(numbers: tuple[int, ...]) -> int:
    """Return the one place (from 1) where another word would make the check words fit, or 0.

    The checksum is linear: what a changed bit does to it is the same in every share.  SLIP-0039
    lets a program say where a slip may be, and not which word to put there.
    """
    off = _off(numbers)
    for place in range(WORDS):
        reached = {0}
        for bit in range(BITS):
            changed = (*numbers[:place], numbers[place] ^ 1 << bit, *numbers[place + 1 :])
            effect = _off(changed) ^ off
            reached |= {effect ^ other for other in reached}
        if off in reached:
            return place + 1
    return 0


def _off(numbers: tuple[int, ...]) -> int:
    """Return by which bits the last three words differ from the check words of the rest."""
    wanted = create_checksum(numbers[:-CHECKSUM], CUSTOMIZATION_STRING_EXTENDABLE)
    off = 0
    for number, given in zip(wanted, numbers[-CHECKSUM:], strict=True):
        off = off << BITS | (number ^ given)
    return off
