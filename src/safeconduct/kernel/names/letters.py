# SPDX-License-Identifier: AGPL-3.0-or-later
"""A name's words, cleaned of everything that is no letter of it, and the alphabet of each.

Total on any text, and bounded: of a long text the first characters alone are read.
The invariant: a text and its NFC, NFD, upper and lower case have the same words (spec/names.md 1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal

from safeconduct.kernel.normal import normal

TEXT_MOST: Final = 1_000
"""Characters of a name that are read; no person's full name comes near."""
WORDS_MOST: Final = 16
WORD_MOST: Final = 40
"""A longer word is no name: it has no keys."""
Alphabet = Literal["cyrillic", "latin", "arabic", "other"]
_WORD: Final = re.compile(r"\w+(?:['’ʹʼ`ʺ\"]\w+)*", re.UNICODE)
_QUOTES: Final = re.compile(r"['’ʹʼ`ʺ\"_]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u052f]")
_LATIN: Final = re.compile(r"[a-z\u00e0-\u024f\u0259\u1e00-\u1eff]")
_ARABIC: Final = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_CYRILLIC_TWINS: Final = str.maketrans("aceopxykmthbi", "асеорхукмтнві")
_LATIN_TWINS: Final = str.maketrans("асеорхукмтіѕј", "aceopxykmtisj")
_PALOCHKA: Final = str.maketrans("1il|ӏ", "ӏӏӏӏӏ")
"""How the Chechen palochka is typed where the keyboard has none."""


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded, at most 16 of them."""
    return tuple(match.group() for _, match in zip(range(WORDS_MOST), _found(name), strict=False))


def _found(name: str) -> Iterator[re.Match[str]]:
    return _WORD.finditer(folded(name[:TEXT_MOST]))


def folded(text: str) -> str:
    """Return a text without case, marks that no letter keeps, and signs that cannot be seen."""
    plain = normal("NFKC", normal("NFKD", text).casefold())
    if plain.isascii():
        return plain
    # What an alphabet needs of marks has become one letter with them by now.
    kept = "".join(c for c in plain if unicodedata.category(c) not in {"Mn", "Me", "Cf"})
    return normal("NFKC", kept)


@lru_cache(1 << 12)
def spellings(word: str) -> tuple[tuple[Alphabet, str], ...]:
    """Return the ways to read a folded word, each with its alphabet.

    A word of letters of both alphabets (`Mагoмед`, to pass a filter, or by a slip of the keyboard)
    is read in each of them.
    """
    bare = _QUOTES.sub("", word)
    if not bare or len(bare) > WORD_MOST or bare.isdecimal():
        return ()
    cyrillic, latin = _CYRILLIC.search(bare), _LATIN.search(bare)
    if cyrillic:
        if not latin:
            return (("cyrillic", bare),)
        typed = bare.translate(_PALOCHKA), bare.translate(_CYRILLIC_TWINS)
        both = ((("cyrillic", one)) for one in typed if not _LATIN.search(one))
        reverse = bare.translate(_LATIN_TWINS)
        pure = () if _CYRILLIC.search(reverse) else (("latin", reverse),)
        return (*both, *pure) or (("other", bare),)
    if latin:
        return (("latin", bare),)
    return (("arabic" if _ARABIC.search(bare) else "other", bare),)
