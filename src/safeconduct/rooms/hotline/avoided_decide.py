# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which words a helper keeps out of answers: state and command to a fact, or a refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.hotline.avoided import AVOIDED_LENGTH_MOST, AVOIDED_MOST, AvoidedWordsSet

if TYPE_CHECKING:
    from safeconduct.rooms.hotline.words import Conversation

_PARTED: Final = re.compile(r"[,;\n]")


class AvoidedTooLong(Refused):
    """There are too many words, or one of them is too long."""

    code = "avoided_too_long"


def avoid(conversation: Conversation, typed: str) -> AvoidedWordsSet:
    """Set the words that were typed, parted by commas or lines; nothing typed takes all away.

    Raises:
        AvoidedTooLong: see there.
    """
    words = sorted({" ".join(word.split()) for word in _PARTED.split(typed)} - {""})
    if len(words) > AVOIDED_MOST or any(len(w.encode()) > AVOIDED_LENGTH_MOST for w in words):
        raise AvoidedTooLong
    return AvoidedWordsSet(conversation.id, tuple(words), conversation.avoided.facts)
