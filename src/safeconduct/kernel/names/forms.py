# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ways in which a name may be written: cases, short forms, other spellings, Latin letters.

Not a list of all: a name is recognised by its keys.  This one is for showing what is looked for,
and for those who need words to look for (spec/names.md 10).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from safeconduct.kernel.names.declension import cases_of
from safeconduct.kernel.names.known import exactly
from safeconduct.kernel.names.letters import words_of
from safeconduct.kernel.names.romanise import SCHEMES, romanise

FORMS_MOST: Final = 400
_RUSSIAN: Final = re.compile(r"[а-яё]+")
_OBLIQUE: Final = re.compile(r"\(\w+\)")
_FEMALE_ENDINGS: Final = (("ой", "у", "ою"), ("ова", "ева", "ёва", "ина", "ына"))
_MALE: Final = ("ов", "ев", "ёв", "ин", "ын")
_LIKE_ADJECTIVES: Final = {
    "ский": ("ского", "скому", "ским", "ском"),
    "цкий": ("цкого", "цкому", "цким", "цком"),
    "ская": ("ской", "скую", "скою"),
    "цкая": ("цкой", "цкую", "цкою"),
}


def forms_of(word: str) -> tuple[str, ...]:
    """Return forms of one word of a name, in small letters, itself first; at most 400."""
    first = words_of(word)[:1]
    if not first:
        return ()
    return tuple(islice(dict.fromkeys(chain(first, _forms(first[0]))), FORMS_MOST))


def _forms(word: str) -> Iterator[str]:
    given = exactly(word)
    plain = [word, *(_full(name) for one in given for name in one.given.full)]
    short = [name.casefold() for one in given for name in one.given.short]
    russian = [one for one in (*plain, *short) if _RUSSIAN.fullmatch(one)]
    yield from chain(plain, short)
    for one in russian:
        yield from _declined(one)
    for one in russian:
        yield from (romanise(one, scheme) for scheme in SCHEMES)


def _full(name: str) -> str:
    return _OBLIQUE.sub("", name).casefold()


def _declined(word: str) -> Iterator[str]:
    for ending, others in _LIKE_ADJECTIVES.items():
        if word.endswith(ending):
            yield from (word.removesuffix(ending) + other for other in others)
            return
    endings, suffixes = _FEMALE_ENDINGS
    if word.endswith(suffixes):
        yield from (word[:-1] + ending for ending in endings)
    elif word.endswith(_MALE):
        yield from (word + ending for ending in ("а", "у", "ым", "е", "ы", "ых", "ыми"))
    else:
        yield from cases_of(word)
