# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a guarded text stands in an answer: its words, its numbers, four words in a row.

Who asks is told whether something does, and never what: below the gate the words themselves are
what must not be learnt (spec/vetting.md 4).  A false find costs a helper another wording or a
colleague's eyes; a missed one may cost whoever waits at that door.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from safeconduct.rooms.hotline.avoided import Stem, bare, find

RUN: Final = 4
"""So many words in a row that stand in a guarded note are a quotation."""
LONG_RUN: Final = 8
"""The same for ready answers, whose texts are like what helpers write anyway."""
NUMBER_FROM: Final = 5
"""A number of so many digits is found as a part of a longer one, too."""
_WORD: Final = re.compile(r"\w+", re.UNICODE)
_NUMBER: Final = re.compile(r"\d(?:[\s().+\-–/]{0,3}\d)+")
_ENDS: Final = frozenset('.!?…:;\n"«»“”()[]—–-')
"""After these a capital tells nothing."""
_KEPT: Final = 1 << 9


@dataclass(frozen=True, slots=True)
class KeptNote:
    """What is looked for in answers; made of a guarded text, and shown by no page."""

    text: str = field(repr=False)
    words: tuple[str, ...] = field(repr=False)
    run: int = RUN


class OfficeWords(NamedTuple):
    """Words of the whole office below one gate."""

    gate: int
    words: tuple[str, ...]


def kept_note(text: str, words: Iterable[str]) -> KeptNote:
    """Return what is looked for of a guarded note, for which its writer named some words."""
    return KeptNote(text, tuple(sorted({*words, *names_in(text)})))


@lru_cache(_KEPT)
def names_in(text: str) -> tuple[str, ...]:
    """Return words that look like names: a capital where no sentence begins."""
    plain = _seen(text)
    found = dict.fromkeys(
        match.group()
        for match in _WORD.finditer(plain)
        if match.group()[0].isupper()
        and len(match.group()) > 2  # noqa: PLR2004  (no initials)
        and not _begins(plain[: match.start()])
    )
    return tuple(found)


def _begins(before: str) -> bool:
    stripped = before.rstrip(" \t")
    return not stripped or stripped[-1] in _ENDS


def numbers_in(text: str) -> frozenset[str]:
    """Return the numbers of five digits and more, as digits alone, in any script's digits."""
    return frozenset(
        digits
        for match in _NUMBER.finditer(_seen(text))
        if len(digits := _digits(match.group())) >= NUMBER_FROM
    )


def holds_anything(text: str, words: Sequence[str]) -> bool:
    """Tell whether a guarded note would be found in an answer by more than a quotation."""
    return bool(words or names_in(text) or numbers_in(text))


def held_back(texts: Iterable[str], kept: Sequence[KeptNote], stem: Stem) -> bool:
    """Tell whether something of what is kept stands in one of these texts."""
    if not kept:
        return False
    return any(_holds(_seen(text), one, stem) for text in texts for one in kept)


def _holds(text: str, kept: KeptNote, stem: Stem) -> bool:
    if find(text, kept.words, stem):
        return True
    there, here = numbers_in(kept.text), numbers_in(text)
    if any(one in other or other in one for one in there for other in here):
        return True
    return not _runs(text, kept.run, stem).isdisjoint(_runs(kept.text, kept.run, stem))


def _runs(text: str, length: int, stem: Stem) -> frozenset[tuple[str, ...]]:
    words = [stem(bare(word)) for word in _WORD.findall(text)]
    return frozenset(
        tuple(words[at : at + length]) for at in range(max(0, len(words) - length + 1))
    )


def _seen(text: str) -> str:
    """Return a text without the characters that nobody sees."""
    return "".join(one for one in text if unicodedata.category(one) != "Cf")


def _digits(number: str) -> str:
    return "".join(str(unicodedata.decimal(one)) for one in number if one.isdecimal())
