# SPDX-License-Identifier: AGPL-3.0-or-later
"""The names of what a caller hears; their words stand in `prompt_words`, their sound in files.

A prompt is the file `LANGUAGE/NAME.wav` of the folder of prompts, which Asterisk plays as
`sound:FOLDER/LANGUAGE/NAME`.  Not the telephone's flow, which says when each is played.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class Prompt(Enum):
    """One thing that the telephone says; the value is its file's name."""

    GREETING = "greeting"
    """First of all: that this call shows on the telephone's list and on the bill."""
    LANGUAGES = "languages"
    """Which key is this language; played once in each, in the order of `LANGUAGE_KEYS`."""
    MENU = "menu"
    """While telephones ring: stay for a person; 5 leaves a message, 9 for who cannot speak."""
    PLACE = "place"
    """`Your place in the queue:`, after which a number is played (`number`)."""
    NOBODY = "nobody"
    """Nobody is on duty; a message can be left."""
    OFFER = "offer"
    """After each minute in line: the place stays, telephones ring on, and 5 leaves a message."""
    MESSAGE = "message"
    """Speak after the tone; nobody but the hotline hears it; hang up when done."""
    TONE = "tone"
    """A short soft tone, no words."""
    SILENT_YES_NO = "silent_yes_no"
    """For who cannot speak: 1 is yes, 2 is no; the line stays open."""
    CODE = "code"
    """`Your return code is:`, after which its digits are played."""
    CODE_DIGITS = "code_digits"
    """Where and how the code is used; it is said once more."""
    GOODBYE = "goodbye"
    """The end; how to take this call from the telephone's list."""
    LATER = "later"
    """Nobody could be reached at all: call again, or come by the page."""
    NOT_RECORDED = "not_recorded"
    """While telephones ring: the talk is not recorded."""
    ASK_CODE = "ask_code"
    """Key in a return code that was told before, or wait."""
    CALLER_SILENT = "caller_silent"
    """For operators alone: this person cannot speak; ask so that 1 is yes and 2 is no."""
    CALLER_DURESS = "caller_duress"
    """For operators alone: this person is under force; say nothing that others must not hear."""


NUMBERS: Final = 20
"""Numbers 0 to this one are there as prompts of their own (`number`), the digits among them."""


def number(value: int) -> str:
    """Return the name of a spoken number's file; a larger one is said as `many`."""
    return f"n{value}" if 0 <= value <= NUMBERS else "many"


def digits(code: str) -> tuple[str, ...]:
    """Return the names of files that say a code digit by digit."""
    return tuple(number(int(digit)) for digit in code)
