# SPDX-License-Identifier: AGPL-3.0-or-later
"""The case forms of a given name and of the pet names made from it, in Russian spelling.

By the last letters alone, as a Russian speaker declines a name that they never heard
(spec/names.md 7).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_HARD: Final = "бвгджзклмнпрстфхцчшщ"
_HUSHING: Final = "жчшщ"
_BACK: Final = "гкхжчшщ"
_PET_STEM_LEAST: Final = 2


def cases_of(name: str, *, oblique: str = "", female: bool = False) -> tuple[str, ...]:
    """Return a name in small Cyrillic letters in each case, itself first; no form twice.

    `oblique` is the stem before endings where it is not the name's own: `льв` of `лев`.
    """
    return tuple(dict.fromkeys((name, *_cases(name, oblique or name, female))))


def pet_names_of(short: str) -> tuple[str, ...]:
    """Return what a short name becomes at home: `сашка`, `сашенька` of `саша`."""
    stem, last = short[:-1], short[-1:]
    if last not in {"а", "я"} or len(stem) < _PET_STEM_LEAST or stem[-1] not in _HARD:
        return ()
    if last == "я":
        return f"{stem}ька", f"{stem}ечка", f"{stem}енька"
    return f"{stem}ка", f"{stem}очка", f"{stem}{'е' if stem[-1] in _HUSHING else 'о'}нька"


def _cases(name: str, stem: str, female: bool) -> Iterator[str]:
    last, before = name[-1:], name[:-1]
    if last == "а":
        ending = "и" if before[-1:] in _BACK else "ы"
        instrumental = "ей" if before[-1:] in _HUSHING else "ой"
        yield from (before + end for end in (ending, "е", "у", instrumental, "ою"))
    elif last == "я":
        yield from (before + end for end in ("и", "е", "ю", "ей", "ею", "ёй"))
    elif last == "й" or (last == "ь" and not female):
        base = before if stem == name else stem
        yield from (base + end for end in ("я", "ю", "ем", "е", "и"))
    elif last == "ь":
        yield from (before + end for end in ("и", "ью"))
    elif last in _HARD and female:
        # `Хадижат` has no cases by the book, and has them in letters.
        yield from (stem + end for end in ("и", "ью") if stem != name)
        yield from (name + end for end in ("а", "у", "ой", "е", "ы") if stem == name)
    elif last in _HARD:
        instrumental = "ем" if last in _HUSHING else "ом"
        yield from (stem + end for end in ("а", "у", instrumental, "е"))
