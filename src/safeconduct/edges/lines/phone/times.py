# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone's times, in seconds, and its keys (spec/phone.md 2 and 3)."""

from __future__ import annotations

from typing import Final

ALL_AFTER: Final = 15.0
"""From then on everyone on duty is rung, whatever they speak."""
BACKUP_AFTER: Final = 20.0
"""From then on the backup team too, and the desks are woken."""
RING_MOST: Final = 45.0
"""So long a telephone rings at one stretch."""
REST: Final = 10.0
"""So long one is left alone that did not answer, is engaged or cannot be reached."""

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
DONE: Final = "#"
CODE_DIGITS: Final = 8
