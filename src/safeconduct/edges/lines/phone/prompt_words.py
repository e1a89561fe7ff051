# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a caller hears, in words: short, calm, and the danger of the call itself first.

An office speaks these itself, or lets a machine speak them (`prompt_files`).  They name no place,
nobody and nothing that the office does, and never the key that marks duress: whoever stands beside
the caller hears them too.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Final

from safeconduct.edges.lines.phone.prompts import NUMBERS, Prompt, number

LOCALES: Final = Path(__file__).parents[3] / "locale"
MANY: Final = NUMBERS + 1
"""The least number that is said as `many`."""


def later(message: str) -> str:
    """Mark a message for translation; for whom it is, a call's first key says."""
    return message


WORDS: Final = {
    Prompt.GREETING: later(
        "This call shows in this phone’s list of calls and on its bill. "
        "If this phone is not yours, delete the call from its list afterwards."
    ),
    Prompt.LANGUAGES: later("For English, press:"),
    Prompt.MENU: later(
        "Stay on the line to speak with somebody. To leave a message, press 5. "
        "If you cannot speak, press 9. If you have a code from us, press 7."
    ),
    Prompt.NOT_RECORDED: later(
        "We do not record this call. The phone companies know who called whom, and could listen."
    ),
    Prompt.PLACE: later("You are still connected. Your place in the line:"),
    Prompt.NOBODY: later("Nobody is free to speak with you just now. You can leave us a message."),
    Prompt.OFFER: later(
        "Nobody has been free yet. We keep ringing, and you keep your place. "
        "To leave a message instead, press 5."
    ),
    Prompt.MESSAGE: later(
        "Speak after the tone, up to three minutes. Your message is locked at once, and only we "
        "can open it. Say whether we may call you, at which number and when it is safe. "
        "When you are done, press the hash key or hang up."
    ),
    Prompt.SILENT_YES_NO: later(
        "You need not speak. Stay on the line. Press 1 for yes and 2 for no, whenever we ask you."
    ),
    Prompt.CODE: later(
        "With this code you go on where you were, by phone or on our page. It does not say who "
        "you are. Your code:"
    ),
    Prompt.CODE_DIGITS: later("Keep it where nobody else looks. Once more:"),
    Prompt.ASK_CODE: later("Press the eight digits of your code, or just wait."),
    Prompt.GOODBYE: later(
        "Your message is with us, locked. If this phone is not safe, delete this call from its "
        "list now. You are not alone."
    ),
    Prompt.LATER: later(
        "We cannot connect you just now. Please call again in some minutes, or write on our page. "
        "If this phone is not safe, delete this call from its list."
    ),
    Prompt.CALLER_SILENT: later(
        "This person cannot speak. Ask so that yes or no is the answer: they press 1 or 2."
    ),
    Prompt.CALLER_DURESS: later(
        "This person is under threat. Say nothing that others must not hear."
    ),
}
"""By prompt; a tone has none, and what follows a colon are numbers, spoken one by one."""
MORE: Final = later("more than twenty")
EVERY: Final = (*WORDS.values(), MORE)


def words(prompt: Prompt, language: str) -> str:
    """Return what a prompt says in a language; a tone says nothing."""
    return _said(WORDS[prompt], language) if prompt in WORDS else ""


def counted(language: str) -> dict[str, str]:
    """Return, by their files' names, the numbers as a voice is told to say them."""
    said = {number(value): str(value) for value in range(MANY)}
    return {**said, number(MANY): _said(MORE, language)}


def _said(message: str, language: str) -> str:
    return _catalogue(language).gettext(message)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("portal", LOCALES, [language])
