# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which words of a text are names, and what is asked of them by somebody who looks for one.

A text is full of words that sound like names; an index of all of them finds `верю` for Вера.
What is taken for a name is told from the word alone, so that a text is read once and a hit can be
shown without its surroundings (spec/names.md 12):

* a given name of the tables, letter by letter, in any case, unless it is an ordinary word too and
  written small;
* a patronymic;
* a word with a capital letter, or one written small that ends as surnames do, if its sounds are
  long enough to tell it from others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from safeconduct.kernel.names.endings import is_surname, patronymic
from safeconduct.kernel.names.keys import WORDS_KEPT, keys_of_word
from safeconduct.kernel.names.known import Known, exactly, fathers, known, readings
from safeconduct.kernel.names.letters import WORD_MOST, Alphabet, folded, spellings, words_of

SOUNDS_LEAST: Final = 4
"""Sounds of a stem that is looked for: of shorter ones too many words are full."""
SMALL_LEAST: Final = 5
"""Letters of a word that is written small and taken for a surname by its ending."""
ROMANISED_LEAST: Final = 5
"""Letters of a Latin word that is written small and taken for a given name."""
_LETTERS: Final = r"[\w\u0300-\u036f\u064b-\u0652\u00ad\u200b-\u200d\u2060]+"
"""With the marks of letters and the signs that cannot be seen, which part no word in two."""
_WORD: Final = re.compile(rf"{_LETTERS}(?:['’ʹʼ`]{_LETTERS})*")
_LATIN_SURNAMES: Final = (
    *("ov", "ova", "ev", "eva", "off", "sky", "skiy", "skii", "skij", "skaya", "skaia", "skaja"),
    *("enko", "shvili"),
)
_NONE: Final = frozenset[str]()


class NameIn(NamedTuple):
    """A word of a text that is taken for a name."""

    start: int
    end: int
    keys: frozenset[str]


def names_in(text: str) -> Iterator[NameIn]:
    """Find the words of a text that are taken for names, in their order."""
    for match in _WORD.finditer(text.replace("_", " ")):
        if keys := keys_in(match.group()):
            yield NameIn(match.start(), match.end(), keys)


def keys_of_text(text: str) -> tuple[str, ...]:
    """Return the keys of all names in a text, each once, as an index keeps them."""
    words = dict.fromkeys(_WORD.findall(text.replace("_", " ")))
    return tuple(dict.fromkeys(key for word in words for key in keys_in(word)))


def keys_asked(word: str) -> frozenset[str]:
    """Return the keys under which one word is looked for, whatever its capitals."""
    first = words_of(word)[:1]
    return _long_enough(keys_of_word(first[0])) if first else _NONE


@lru_cache(WORDS_KEPT)
def keys_in(written: str) -> frozenset[str]:
    """Return the keys of a word as it stands in a text, or none if it is taken for no name."""
    if len(written) > WORD_MOST:
        return _NONE
    word = folded(written)
    if written[:1].isupper() or _is_name(word):
        return _long_enough(keys_of_word(word))
    return _NONE


def _is_name(word: str) -> bool:
    """Whether a word that is written small is a name."""
    for alphabet, bare in spellings(word):
        if given := exactly(bare) or _romanised(alphabet, bare):
            return not all(one.is_ordinary for one in given)
        heard = readings(alphabet, bare)[:1] if len(bare) >= SMALL_LEAST else ()
        if any(map(_is_fathered, heard)) or _ends_as_surname(alphabet, bare, heard):
            return True
    return False


def _ends_as_surname(alphabet: Alphabet, bare: str, heard: tuple[str, ...]) -> bool:
    # `again` and `leave` end like surnames in some case, and a letter is full of them.
    return bare.endswith(_LATIN_SURNAMES) if alphabet == "latin" else any(map(is_surname, heard))


def _romanised(alphabet: Alphabet, bare: str) -> tuple[Known, ...]:
    """Return the given names that a word in Latin letters is, if it is long enough to tell."""
    return known(alphabet, bare) if alphabet == "latin" and len(bare) >= ROMANISED_LEAST else ()


def _is_fathered(reading: str) -> bool:
    """Whether a reading is a patronymic of a name that we know: `деревне` is none."""
    found = patronymic(reading)
    return found is not None and bool(fathers(found.base))


def _long_enough(keys: frozenset[str]) -> frozenset[str]:
    return frozenset(key for key in keys if key[0] != "s" or len(key) > SOUNDS_LEAST)
