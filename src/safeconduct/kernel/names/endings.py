# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stays of a reading when its case ending goes: surnames, patronymics and other names.

Nothing in a word says in which case it stands (`Ивана` is a woman's name too), so every ending
that could be one is cut, and two words are forms of one name if a stem of theirs is the same
(spec/names.md 6).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

STEM_LEAST: Final = 2
"""Sounds that remain in front of an ending."""
_SURNAME: Final = re.compile(
    r"(.{2,}(?:[aoeij]v|in))"
    r"(?:a|u|j?e|i|om|em|im|ih|imi|oj|oji|oju|ej|eju|am|ami|ah)?"
)
_OF_PLACE: Final = re.compile(
    r"(.{2,}[scz]k)"
    r"(?:i|ii|ij|oj|j|aja|aia|a|ogo|ego|omu|emu|im|om|em|uju|u|ie|je|ije|e|ih|imi|oju|ej)"
)
_OF_SON: Final = r"(?:a|u|om|em|e|i|am|ami|ah)?"
_SON: Final = re.compile(rf"(?P<base>.{{2,}}?)(?:[aoeij]+v)?iq{_OF_SON}")
_DAUGHTER: Final = re.compile(
    r"(?P<base>.{2,}?)(?:[aoeij]+v|av|au|i?niq|iq)n(?:a|u|i|e|oj|oju|am|ami|ah)"
)
_LONG_ENDINGS: Final = ("aja", "ogo", "ego", "omu", "emu", "uju", "oju", "eju", "imi", "aia")
_SHORT_ENDINGS: Final = (
    "ja",
    "ju",
    "je",
    "ji",
    "om",
    "em",
    "oj",
    "ej",
    "ij",
    "a",
    "u",
    "e",
    "i",
    "o",
)
_MOBILE: Final = re.compile(r"(?<=[^aeiou])(?:j?o|e)(?=[ck]$)")


class Patronymic(NamedTuple):
    """A father's name and whose it became."""

    base: str
    of_daughter: bool


@lru_cache(1 << 14)
def stems(reading: str) -> frozenset[str]:
    """Return what of a reading can be a name's unchanging part; itself if nothing can be cut."""
    for shape in (_SURNAME, _OF_PLACE):
        if found := shape.fullmatch(reading):
            return frozenset({found[1]})
    ends = (*_SHORT_ENDINGS, *_LONG_ENDINGS)
    cut = {reading[: -len(end)] for end in ends if _ends(reading, end)}
    if not cut or reading[-1] not in "aeiou":
        cut.add(reading)
    if reading.endswith("j"):
        cut.add(reading[:-1])
    return frozenset(cut | {_MOBILE.sub("", stem) for stem in cut})


def patronymic(reading: str) -> Patronymic | None:
    """Return the father's name if a reading has the shape of a patronymic."""
    if found := _DAUGHTER.fullmatch(reading):
        return Patronymic(found["base"], of_daughter=True)
    if found := _SON.fullmatch(reading):
        return Patronymic(found["base"], of_daughter=False)
    return None


def is_surname(reading: str) -> bool:
    """Whether a reading has the shape of most surnames of Russia and its neighbours."""
    return bool(_SURNAME.fullmatch(reading) or _OF_PLACE.fullmatch(reading))


def _ends(reading: str, ending: str) -> bool:
    return reading.endswith(ending) and len(reading) - len(ending) >= STEM_LEAST
