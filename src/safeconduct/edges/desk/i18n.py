# SPDX-License-Identifier: AGPL-3.0-or-later
"""The languages of the desk's pages: which there are, which is chosen, which way they run."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

LOCALES: Final = Path(__file__).parents[2] / "locale"
LANGUAGES: Final = {"en": "English", "ru": "Русский"}
"""Each language in its own words; the first is the language of the sources."""
Translate = Callable[[str], str]
RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "fa", "he", "ur"})


@cache
def translations(language: str) -> gettext.NullTranslations:
    """Return the desk's words in a language; the English sources where it has none."""
    return gettext.translation("desk", LOCALES, [language], fallback=True)


def direction(language: str) -> str:
    """Return `rtl` or `ltr`."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def preferred(accept: str) -> str:
    """Return the language that a browser asks for and that there is (RFC 9110 12.5.4)."""
    ranked = sorted((_weight(part) for part in accept.split(",")), key=lambda item: -item[0])
    for weight, tag in ranked:
        if weight > 0 and tag in LANGUAGES:
            return tag
    return next(iter(LANGUAGES))


def _weight(part: str) -> tuple[float, str]:
    tag, _, quality = part.partition(";")
    try:
        weight = float(quality.strip().removeprefix("q=") or 1)
    except ValueError:
        weight = 0.0
    return weight, tag.strip().lower().partition("-")[0]
