# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone's times, in seconds, and its keys (spec/phone.md 2 and 3)."""

from __future__ import annotations

from typing import Final

from safeconduct.rooms.hotline.spoken import When

ALL_AFTER: Final = 15.0
"""From then on everyone on duty is rung, whatever they speak."""
BACKUP_AFTER: Final = 20.0
"""From then on the backup team too, and the desks are woken."""
RING_MOST: Final = 45.0
"""So long a telephone rings at one stretch."""
REST: Final = 10.0
"""So long one is left alone that did not answer, is engaged or cannot be reached."""

DUTY_EVERY: Final = 2.0
"""So often the duty list is read anew."""
SOONEST: Final = 0.01
"""Nothing that is due is looked for sooner."""

PLACE_EVERY: Final = 20.0
OFFER_AFTER: Final = 60.0
"""From then on, and each minute after, the message box and a return code are offered."""
MENU_WAITS: Final = 3.0
"""After the last language's key was said, for a key."""
DOUBLE_WITHIN: Final = 1.5
"""A second 5 within this means that somebody cannot speak; none means the message box."""
CODE_WAITS: Final = 10.0
"""For the next digit of a return code."""
TALK_MOST: Final = 180.0
"""So long a message may be: 18 pieces of ten seconds."""

KEYS_OF_LANGUAGES: Final = "123468"
MESSAGE: Final = "5"
SILENT: Final = "9"
CODE: Final = "7"
DURESS: Final = "*"
BACK: Final = "8"
WHEN_BACK: Final[dict[str, When]] = {
    "1": "now",
    "2": "morning",
    "3": "day",
    "4": "evening",
    "5": "night",
}
"""Which key says when somebody may be called back."""
BACK_RINGS: Final = 20.0
"""So long a telephone rings that is called back: not so long that a machine answers."""
DONE: Final = "#"
CODE_DIGITS: Final = 8
