# SPDX-License-Identifier: AGPL-3.0-or-later
"""Russian names as passports, maps, libraries and people write them in Latin letters.

The tables say what each scheme prescribes (spec/names.md 9); what people write follows none of
them, so that nothing here is used to read a name: `latin` does that.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_LETTERS: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_VOWELS: Final = "аеёиоуыэюя"
_SIGNS: Final = "ъь"
_ROWS: Final = {
    # ICAO Doc 9303, part 3, section 6; Russian passports since 2014.
    "icao": "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia",
    # GOST R 52535.1-2006; Russian passports from 2010 to 2014.
    "passport-2010": "a b v g d e e zh z i i k l m n o p r s t u f kh tc ch sh shch - y - e iu ia",
    # The ministry's order 782; Russian passports from 2000 to 2010, in their usual reading of ё.
    "passport-2000": "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya",
    "bgn": "a b v g d e ë zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya",
    # GOST 7.79-2000, system B.
    "gost": "a b v g d e yo zh z i j k l m n o p r s t u f x cz ch sh shh '' y' ' e' yu ya",
    # ISO 9:1995, which is system A of the same.
    "iso9": "a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â",
    "ala-lc": "a b v g d e ë zh z i ĭ k l m n o p r s t u f kh ts ch sh shch ʺ y ʹ ė iu ia",
    "scholarly": "a b v g d e ë ž z i j k l m n o p r s t u f x c č š šč ʺ y ʹ è ju ja",
    # How people write to one another, and newspapers abroad.
    "chat": "a b v g d e e j z i y k l m n o p r s t u f h c 4 sh sch - y - e u ya",
    "german": "a b w g d e jo sch s i j k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja",
    "french": "a b v g d e io j z i ï k l m n o p r s t ou f kh ts tch ch chtch - y - e iou ia",
    "turkish": "a b v g d e yo j z i y k l m n o p r s t u f h ts ç ş şç - ı - e yu ya",
}
SCHEMES: Final = tuple(_ROWS)
_TABLES: Final = MappingProxyType(
    {
        scheme: dict(zip(_LETTERS, (s.replace("-", "") for s in row.split()), strict=True))
        for scheme, row in _ROWS.items()
    }
)
_IOTATED: Final = {
    "passport-2000": ("ye", "ye"),
    "bgn": ("ye", "yë"),
    "german": ("je", "jo"),
    "turkish": ("ye", "yo"),
}
"""What е and ё are in front of a word, after a vowel and after a sign."""
_ENDINGS: Final = {
    "chat": (("iy", "y"), ("yy", "y")),
    "french": (("iï", "i"), ("yï", "y")),
}


def romanise(word: str, scheme: str) -> str:
    """Return a word in small Russian letters in Latin ones; other letters stay as they are."""
    table, iotated = _TABLES[scheme], _IOTATED.get(scheme)
    written = []
    for at, letter in enumerate(word):
        before = word[at - 1] if at else ""
        alone = not before or before in _VOWELS or before in _SIGNS
        if iotated and alone and letter in "её":
            written.append(iotated[letter == "ё"])
        else:
            written.append(table.get(letter, letter))
    plain = "".join(written)
    for long, brief in _ENDINGS.get(scheme, ()):
        if plain.endswith(long):
            return plain.removesuffix(long) + brief
    return plain
