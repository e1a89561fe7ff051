# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that must not stand in answers to one person, and where they stand in a text all the same.

She asked for it, or a helper found that they would harm her where somebody reads along: names,
places, topics.  A false find costs the helper one more look, and a missed one may cost her; so a
word is found in any case, with or without accents, and in its other forms, as far as the stemmer
that the caller brings knows them (spec/guidance.md 3).  Nothing here keeps an answer from being
sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, NamedTuple

import msgspec

from safeconduct.kernel.canon import Bytes16, Record
from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.hotline.heard import Heard

AVOIDED_MOST: Final = 50
AVOIDED_LENGTH_MOST: Final = 120
"""Bytes of UTF-8 of one word or phrase."""
BEGINS_FROM: Final = 4
"""A word of so many letters is found at the beginning of longer ones, too."""
ENDING_FROM: Final = 5
"""A word of so many letters is found without its last one, with any ending."""
_WORD: Final = re.compile(r"\w+", re.UNICODE)
_OWN_LETTERS: Final = frozenset("йЙ")
"""Letters whose mark is no accent."""

Stem = Callable[[str], str]


class AvoidedWordsSet(Record, frozen=True):
    """Which words must not stand in answers; `replaces` names what the writer saw stand."""

    conversation: Bytes16
    words: Annotated[tuple[str, ...], msgspec.Meta(max_length=AVOIDED_MOST)]
    replaces: tuple[bytes, ...]


Said = Heard[AvoidedWordsSet]


@dataclass(frozen=True, slots=True)
class Avoided:
    """The words of all facts that stand, so that nobody takes away what they had not read."""

    words: tuple[str, ...] = ()
    facts: tuple[FactId, ...] = ()
    by: tuple[DeviceId, ...] = ()


NOTHING_AVOIDED: Final = Avoided()


def fold_avoided(said: Sequence[Said]) -> Avoided:
    """Return what stands of the facts of one conversation."""
    if not said:
        return NOTHING_AVOIDED
    replaced = {fact for one in said for fact in one.event.replaces if fact != one.fact}
    standing = [one for one in said if one.fact not in replaced]
    return Avoided(
        tuple(sorted({word for one in standing for word in one.event.words if word.strip()})),
        tuple(sorted(one.fact for one in standing)),
        tuple(sorted({one.device for one in standing if one.event.words})),
    )


class Found(NamedTuple):
    """Where in a text a word stands, and which one that was to be avoided."""

    start: int
    end: int
    word: str


def find(text: str, words: Iterable[str], stem: Stem) -> tuple[Found, ...]:
    """Return where words stand in a text, in order; two may lie over one another."""
    places = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    pieces = [bare(text[start:end]) for start, end in places]
    stems = {piece: stem(piece) for piece in set(pieces)}
    found = []
    for word in words:
        wanted = [(part, stem(part)) for part in map(bare, _WORD.findall(word))]
        for at in range(len(pieces) - len(wanted) + 1) if wanted else ():
            along = pieces[at : at + len(wanted)]
            if all(_alike(one, stems[one], *want) for one, want in zip(along, wanted, strict=True)):
                found.append(Found(places[at][0], places[at + len(wanted) - 1][1], word))
    return tuple(sorted(found))


def _alike(piece: str, stem: str, wanted: str, wanted_stem: str) -> bool:
    """Tell whether a word of a text is a form of one that was to be avoided."""
    if piece == wanted or stem == wanted_stem:
        return True
    if len(wanted) >= ENDING_FROM:
        return piece.startswith(wanted[:-1])
    return len(wanted) >= BEGINS_FROM and piece.startswith(wanted)


def bare(word: str) -> str:
    """Return a word in small letters without accents, with ё as е."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(one if one in _OWN_LETTERS else _letter(one) for one in folded)


def _letter(one: str) -> str:
    parts = unicodedata.normalize("NFKD", one)
    return "".join(part for part in parts if not unicodedata.combining(part)) or one
