# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of prompts, numbers and digits makes one saying; `flow` decides when each is said."""

from __future__ import annotations

from typing import Final

from safeconduct.edges.lines.phone import times
from safeconduct.edges.lines.phone.prompts import (
    NUMBERS,
    Prompt,
    digit_sounds,
    number,
    sound,
)

_AROUND_CODE: Final = (Prompt.CODE, Prompt.CODE_DIGITS)


def greeting(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Say what a call shows, then each language's key."""
    words = [sound(languages[0], Prompt.GREETING)]
    for key, language in zip(times.KEYS_OF_LANGUAGES, languages, strict=False):
        words += [sound(language, Prompt.LANGUAGES), *digit_sounds(language, key)]
    return tuple(words)


def said(language: str, *prompts: Prompt) -> tuple[str, ...]:
    """Say prompts one after the other."""
    return tuple(sound(language, each) for each in prompts)


def place(language: str, at: int) -> tuple[str, ...]:
    """Say a place in line."""
    return (sound(language, Prompt.PLACE), f"{language}/{number(min(at, NUMBERS + 1))}")


def offer(language: str, code: str) -> tuple[str, ...]:
    """Offer the message box, and say this call's return code."""
    return (*said(language, Prompt.OFFER, Prompt.BACK), *own_code(language, code))


def own_code(language: str, code: str) -> tuple[str, ...]:
    """Say the return code twice: it is written down, or kept in a head."""
    spelt = digit_sounds(language, code)
    before, between = said(language, *_AROUND_CODE)
    return (before, *spelt, between, *spelt)
