# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stays of a word when its ending changes, by the alphabet that it is written in.

Snowball's stemmers (docs/adr/0009-stems.md): Russian for Cyrillic, English for Latin; a word in
any other alphabet is its own stem.  Languages that share an alphabet lose nothing by it: a word is
found by its own beginning as well.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from threading import Lock
from typing import Final

import snowballstemmer

KEPT: Final = 1 << 16
"""Words whose stem is remembered: finding one takes up to 0.2 ms."""
LONGEST: Final = 40
_STEMMERS: Final = {
    "CYRILLIC": snowballstemmer.stemmer("russian"),
    "LATIN": snowballstemmer.stemmer("english"),
}
_LOCK: Final = Lock()


@lru_cache(KEPT)
def stem(word: str) -> str:
    """Return the stem of a word in the form under which words are compared."""
    stemmer = _STEMMERS.get(_alphabet(word)) if word else None
    if stemmer is None or len(word) > LONGEST:
        return word
    with _LOCK:  # A stemmer works in its own fields.
        found: str = stemmer.stemWord(word)
    return found


def start_of(stem: str) -> str:
    """Return how every word begins that has this stem, so that few words need be stemmed.

    The Russian stemmer cuts endings and changes none; the English one does, and of `dying` and its
    like leaves one in `i`.
    """
    if _alphabet(stem) != "LATIN":
        return stem
    return stem[: 1 if stem[1:2] == "i" else 2]


def _alphabet(word: str) -> str:
    return unicodedata.name(word[0], "").partition(" ")[0]
