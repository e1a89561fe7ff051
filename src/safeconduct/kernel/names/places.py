# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the name of a place may sound, whichever script and romanisation it is written in.

It is no key of a person: endings stay, since a town is looked up as it stands on a map, and nothing
is taken for a given name.  Two names of one place share a sound where scripts, schemes, marks and
the palochka alone tell them apart (spec/names.md 14).
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.names.known import readings
from safeconduct.kernel.names.letters import spellings, words_of
from safeconduct.kernel.names.sounds import skeleton

if TYPE_CHECKING:
    from collections.abc import Iterator

    from safeconduct.kernel.names.letters import Alphabet

CONSONANTS: Final = "~"
"""Before a word in Arabic letters, of which consonants alone are known."""


def place_sounds(name: str, most: int) -> tuple[str, ...]:
    """Return at most so many ways in which a place's name sounds, the plainest first.

    Its words are run together; a name without a letter or a digit sounds like nothing.
    """
    words = [sounds for word in words_of(name) if (sounds := _of_word(word, most))]
    joined = ("".join(one) for one in islice(product(*words), most))
    return tuple(dict.fromkeys(one for one in joined if one))


def _of_word(word: str, most: int) -> tuple[str, ...]:
    if word.isdecimal():
        return (word,)
    every = (one for alphabet, bare in spellings(word) for one in _heard(alphabet, bare))
    return tuple(islice(dict.fromkeys(every), most))


def _heard(alphabet: Alphabet, bare: str) -> Iterator[str]:
    if alphabet == "other":
        yield bare
    elif alphabet == "arabic":
        yield from (f"{CONSONANTS}{one}" for one in readings(alphabet, bare))
    else:
        yield from (skeleton(one) for one in readings(alphabet, bare))
