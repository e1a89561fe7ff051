# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of a name: what its spellings, scripts, cases and short forms have in common.

Two names may be of one person only if each word that both have shares a key.  A key is of small
Latin letters, or of the word's own where no reader knows its alphabet, and begins with what it
is: `g` a given name of the tables, `p` and `d` a son's and a daughter's patronymic, `s` the sounds
of any other word, `a` its consonants in Arabic letters, `o` a word that nobody here reads
(spec/names.md 8).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from safeconduct.kernel.names.endings import patronymic, stems
from safeconduct.kernel.names.known import exactly, fathers, known, readings
from safeconduct.kernel.names.letters import Alphabet, spellings, words_of
from safeconduct.kernel.names.sounds import skeleton

KEYS_MOST: Final = 32
"""Keys of one word; the plainest readings come first."""
BASE_LEAST: Final = 3
"""Sounds of a father's name that no table knows: `which` is no patronymic."""
WORDS_KEPT: Final = 1 << 16
_PARTICLES: Final = (
    "оглы оглу огли кызы кизи гызы кыз улы уулу уул аль эль ибн бин бен бинт ад ас ан "
    "ogly oglu oglou ogli oghlu kyzy qizi gizi kizi uly uulu al el ibn bin ben bint ad as "
    "von van de der ال بن ابن بنت"
)
PARTICLES: Final = frozenset(_PARTICLES.split())
"""Words of a name that tell nobody apart."""


def keys_of(name: str) -> frozenset[str]:
    """Return the keys of all words of a name; total, and bounded (`letters.TEXT_MOST`)."""
    words = words_of(name)
    telling = [word for word in words if word not in PARTICLES]
    return frozenset(key for word in telling or words for key in keys_of_word(word))


@lru_cache(WORDS_KEPT)
def keys_of_word(word: str) -> frozenset[str]:
    """Return the keys of one folded word (`letters.words_of`)."""
    found = (key for alphabet, bare in spellings(word) for key in _keys(alphabet, bare))
    return frozenset(islice(dict.fromkeys(found), KEYS_MOST))


def _keys(alphabet: Alphabet, bare: str) -> tuple[str, ...]:
    if given := exactly(bare):
        return tuple(f"g{one.given.key}" for one in given)
    if alphabet == "other":
        return (f"o{bare}",)
    heard = readings(alphabet, bare)
    if alphabet == "arabic":
        return tuple(f"a{reading}" for reading in heard if reading)
    return tuple(dict.fromkeys(_of_fathers(heard))) or _of_sounds(alphabet, bare, heard)


def _of_sounds(alphabet: Alphabet, bare: str, heard: tuple[str, ...]) -> tuple[str, ...]:
    if given := known(alphabet, bare):
        return tuple(f"g{one.given.key}" for one in given)
    every = (f"s{skeleton(stem)}" for reading in heard for stem in sorted(stems(reading)))
    return tuple(dict.fromkeys(key for key in every if len(key) > 1))


def _of_fathers(heard: tuple[str, ...]) -> Iterator[str]:
    for reading in heard:
        if found := patronymic(reading):
            mark = "d" if found.of_daughter else "p"
            men = fathers(found.base)
            yield from (f"{mark}{man.key}" for man in men)
            if not men and len(found.base) >= BASE_LEAST:
                yield mark + skeleton(found.base)
