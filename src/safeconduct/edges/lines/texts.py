# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people read by a line, in each language of the person's side (spec/lines.md 6).

Two texts and no more: that a message came, which warns of what this channel cannot hide; and that
an answer waits, for channels that must not carry one.
Neither quotes what anybody wrote, or says to whom she wrote.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from safeconduct.kernel.languages import LANGUAGES
from safeconduct.rooms.hotline.by_line import DOORS, Kind

LOCALES: Final = Path(__file__).parents[2] / "locale"
CYRILLIC: Final = range(0x0400, 0x0530)
OURS: Final = re.compile(r"\[[^\]\n]* / [^\]\n]*\]")
"""What a line says of a message before its words, in two languages (`came`)."""
ARABIC: Final = range(0x0600, 0x0700)


def later(message: str) -> str:
    """Mark a message for translation; for whom it is, is known when it is sent."""
    return message


CAME: Final = later("Your message has arrived. A person will read it and answer.")
CAME_BY_DOOR: Final = later(
    "Your message has arrived, and a person will read it. Our answer will not come here."
)
"""Where no answer comes by the channel itself."""
CANNOT_HIDE: Final[dict[Kind, str]] = {
    "deltachat": later(
        "On the way nobody can read it, but mail servers see which two addresses write, and when. "
        "It stays on your device: delete this chat if somebody looks into it."
    ),
    "signal": later(
        "On the way nobody can read it. It stays on your phone: turn on disappearing messages, or "
        "delete this chat if somebody looks into it. Your number can show that you use Signal."
    ),
    "matrix": later(
        "On the way nobody can read it, but the server on which your account lies sees "
        "that you write to us, and when. It stays on your device: delete this chat if somebody "
        "looks into it."
    ),
    "mail": later(
        "Mail hides nothing: your mail provider and who has your password can read it, and see "
        "that you wrote."
    ),
    "telegram": later("Telegram can read this chat, and knows your number."),
    "whatsapp": later(
        "WhatsApp knows your number, that you wrote to us, and when; and this chat is not locked "
        "on our side."
    ),
}
"""What the person must know of a channel; text messages and telephone have words of their own."""
NOT_LOCKED: Final = later("This chat is not locked: others on the way can read it.")
"""Where somebody writes in the clear by a channel that is locked for others."""
SAFER: Final = later(
    "Safer: open {page} and write there. The code {code} tells us that it is you. Note it down in "
    "a way that only you understand, then delete this message."
)
NOT_HERE: Final = later(
    "Do not write here any more. Open {page} and write there. The code {code} tells us that it is "
    "you. Note it down so that only you understand it. Only then delete this chat, on both sides "
    "if you can."
)
NO_MAIL: Final = later(
    "Do not write here any more. Open {page} and write there. The code {code} tells us that it is "
    "you. Note it down so that only you understand it. Only then delete both mails, and empty the "
    "bin."
)
"""The way back comes first, and last that it is to be deleted: people obey line by line."""
WAITS: Final = later(
    "There is an answer for you. It cannot be written here safely. Open {page} and write to us "
    "there with the code {code}: then you are answered there. Delete this message."
)
SMS_CAME: Final = later("Received. Better go on here: {page} code {code}")
SMS_WAITS: Final = later("Please look here: {page} code {code}")
"""They stand on a locked screen: nothing in them says what they are about."""
_BY_DOOR: Final = (CAME_BY_DOOR, NOT_LOCKED, NOT_HERE, NO_MAIL, WAITS, SMS_CAME, SMS_WAITS)
EVERY: Final = (CAME, SAFER, *CANNOT_HIDE.values(), *_BY_DOOR)


def first_text(kind: Kind, language: str, page: str, code: str) -> str:
    """Return what a person reads at once: it came, what is not hidden here, the page, the code."""
    say = _said_in(language)
    if kind == "sms":
        return _filled(say(SMS_CAME), page, code)
    came, back = (CAME_BY_DOOR, NOT_HERE) if kind in DOORS else (CAME, SAFER)
    told = [came, CANNOT_HIDE[kind]] if kind in CANNOT_HIDE else [came]
    back = NO_MAIL if kind == "mail" else back
    return "\n\n".join([*map(say, told), _filled(say(back), page, code)])


def not_locked_text(language: str, page: str, code: str) -> str:
    """Return what a person reads at once who wrote in the clear by a channel that can lock."""
    say = _said_in(language)
    told = say(CAME_BY_DOOR), say(NOT_LOCKED), _filled(say(NOT_HERE), page, code)
    return "\n\n".join(told)


def door_text(kind: Kind, language: str, page: str, code: str) -> str:
    """Return the one text that goes by a door, whatever the answer says."""
    message = SMS_WAITS if kind == "sms" else WAITS
    return _filled(_said_in(language)(message), page, code)


def language_of(told: str, text: str, otherwise: str) -> str:
    """Return in which language to answer: as the channel tells, else by the letters, else ours."""
    code = told[:2].lower()
    if code in LANGUAGES:
        return code
    letters = [ord(character) for character in OURS.sub("", text) if character.isalpha()]
    for letters_of, language in ((CYRILLIC, "ru"), (ARABIC, "ar")):
        if 2 * sum(letter in letters_of for letter in letters) > len(letters):
            return language
    return otherwise if otherwise in LANGUAGES else "en"


def _filled(text: str, page: str, code: str) -> str:
    """Fill the places in; no mark of direction may be copied along with a code or an address."""
    return text.replace("\u2068", "").replace("\u2069", "").format(page=page, code=code)


@cache
def _said_in(language: str) -> Callable[[str], str]:
    return gettext.translation("portal", LOCALES, [language], fallback=True).gettext
