# SPDX-License-Identifier: AGPL-3.0-or-later
"""Machine-made words: a mailbox's eight to remember, and a fingerprint's to read out.

Not a way to choose words: whoever calls brings the bytes.  Not a store either: nothing here
keeps a phrase, and none shows itself in a log.
The invariant: the lists never change, and no two words of one share their first four letters
(docs/adr/0004-word-lists.md, docs/spec/mailbox.md 1).

Example:
    >>> words_of(bytes(11), 8, "en")[0]
    'abacus'
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.normal import normal
from safeconduct.kernel.phrase import en, ru

__all__ = [
    "LISTS",
    "Phrase",
    "UnknownWord",
    "WrongCount",
    "canonical",
    "fold",
    "nearest",
    "read_phrase",
    "words_of",
]

LISTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"en": en.WORDS, "ru": ru.WORDS})

BITS: Final = 11  # 2,048 words.
LETTERS: Final = 4  # Enough to tell a word from all others of its list.
NEAR: Final = 3
FARTHEST: Final = 2  # More slips than these make another word of it.

_STARTS: Final = {
    language: {word[:LETTERS]: word for word in words} for language, words in LISTS.items()
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of one list; a secret, so it does not show its words by itself."""

    language: str
    words: tuple[str, ...] = field(repr=False)

    def __post_init__(self) -> None:
        known = _STARTS.get(self.language, {})
        if not self.words or any(known.get(word[:LETTERS]) != word for word in self.words):
            raise ValueError("not words of this list")


@dataclass(eq=False)
class UnknownWord(Refused):
    """A word is not of the list; those that look like it are given, the most alike first."""

    code: ClassVar[str] = "word_unknown"
    position: int
    nearest: tuple[str, ...]


@dataclass(eq=False)
class WrongCount(Refused):
    """All words are of the list, but they are too few or too many."""

    code: ClassVar[str] = "word_count"
    got: int
    wanted: int


def words_of(data: bytes, count: int, language: str) -> tuple[str, ...]:
    """Return the words that the first bits of `data` name, 11 bits each, highest bit first.

    Raises:
        ValueError: there is no such list, or `data` is too short for so many words.
    """
    words = _list(language)
    spare = 8 * len(data) - BITS * count
    if count < 1 or spare < 0:
        raise ValueError("too few bits for the words asked for")
    bits = int.from_bytes(data, "big") >> spare
    places = (bits >> BITS * left for left in reversed(range(count)))
    return tuple(words[place % len(words)] for place in places)


def read_phrase(text: str, language: str | None = None, *, count: int = 8) -> Phrase:
    """Return the phrase that a person typed, in the language named or else in the one that fits.

    A word may be cut off anywhere after its fourth letter.  Other endings are refused, not
    guessed: a wrong word opens a mailbox too, and that one is always empty.

    Raises:
        UnknownWord: a word is of no list, or not of the language that fits best.
        WrongCount: there are not `count` words.
        ValueError: there is no such list.
    """
    typed = fold(text).split()
    languages = list(LISTS) if language is None else [language]
    found = {name: [_find(word, name) for word in typed] for name in languages}
    # Of those that fit equally well the first is taken.
    best = min(languages, key=lambda name: found[name].count(None))
    for position, (given, word) in enumerate(zip(typed, found[best], strict=True), start=1):
        if word is None:
            raise UnknownWord(position, nearest(given, _list(best)))
    if len(typed) != count:
        raise WrongCount(len(typed), count)
    return Phrase(best, tuple(word for word in found[best] if word is not None))


def canonical(phrase: Phrase) -> bytes:
    """Return the bytes that are stretched into a mailbox's secret (spec/mailbox.md 1)."""
    return f"{phrase.language}:{' '.join(phrase.words)}".encode()


def fold(text: str) -> str:
    """Return `text` as lower-case letters and single spaces, with `е` for `ё`.

    Numbers, punctuation, accents, soft hyphens and invisible marks say nothing about a word.
    """
    folded = normal("NFKC", text).casefold()
    letters = (_letter(char) for char in normal("NFKC", folded))
    return " ".join("".join(letters).replace("ё", "е").split())


def nearest(typed: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return the few words that `typed` may be a slip of.

    Whoever types four letters meant the first four, so those are compared too.
    """
    ranked = sorted((_distance(typed, word), word) for word in words if _may_be(typed, word))
    if len(typed) <= LETTERS:
        ranked += sorted((_distance(typed, word[:LETTERS]), word) for word in words)
        ranked.sort()
    near = (word for far, word in ranked if far <= FARTHEST)
    return tuple(dict.fromkeys(near))[:NEAR]


def _letter(char: str) -> str:
    """Return a letter, nothing for a mark upon or inside a word, and a space for all else."""
    category = unicodedata.category(char)
    if category in {"Cf", "Me", "Mn"}:
        return ""
    return char if category.startswith("L") else " "


def _list(language: str) -> tuple[str, ...]:
    """Return a language's words.

    Raises:
        ValueError: there is no such list.
    """
    if language not in LISTS:
        raise ValueError("no word list in this language")
    return LISTS[language]


def _find(typed: str, language: str) -> str | None:
    """Return the word that is `typed` or begins with it; four letters at least."""
    _list(language)
    word = _STARTS[language].get(typed[:LETTERS])
    return word if word is not None and word.startswith(typed) else None


def _may_be(typed: str, word: str) -> bool:
    """Whether the lengths allow it; this also keeps endless words cheap."""
    return abs(len(typed) - len(word)) <= FARTHEST


def _distance(one: str, other: str) -> int:
    """Return how many letters to change, add, drop or swap make one word of the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, wanted in enumerate(other, start=1):
            steps = [row[j - 1] + 1, last[j] + 1, last[j - 1] + (letter != wanted)]
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                steps.append(before[j - 2] + 1)
            row.append(min(steps))
        before, last = last, row
    return last[-1]
