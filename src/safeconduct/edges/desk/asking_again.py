# SPDX-License-Identifier: AGPL-3.0-or-later
"""Before an answer leaves: what stands in it that should not, and whether that was seen already.

It asks once for each text and keeps nobody from sending: who presses *Send it as it is* was shown
what is in it, and the press counts for that very text alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.render import digest
from safeconduct.edges.desk.stems import stem
from safeconduct.kernel.errors import Refused
from safeconduct.rooms.hotline.avoided import find
from safeconduct.rooms.hotline.canned import unfilled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safeconduct.rooms.hotline import Conversation

AROUND: Final = 30
"""Characters that are shown on either side of what was found."""
SHOWN_MOST: Final = 20


class AsksAgain(Refused):
    """The answer has words that are kept out of answers, or places that are still open."""

    code = "asks_again"


@dataclass(frozen=True, slots=True)
class Passage:
    """What was found, and what stands around it."""

    before: str
    hit: str
    after: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is shown before the answer leaves; `key` names this text and what was found in it."""

    avoided: tuple[Passage, ...]
    open: tuple[Passage, ...]
    key: str


def question(conversation: Conversation, text: str, files: Iterable[str]) -> Question | None:
    """Return what to ask before a text leaves with files of these names; None for nothing."""
    texts = [text, *files]
    avoided = [
        _passage(one, found.start, found.end)
        for one in texts
        for found in find(one, conversation.avoided.words, stem)
    ]
    places = [_passage(text, *place) for place in unfilled(text)]
    if not avoided and not places:
        return None
    key = digest("\0".join([*texts, *conversation.avoided.words]))
    return Question(_some(avoided), _some(places), key)


def _some(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    return tuple(dict.fromkeys(passages))[:SHOWN_MOST]


def _passage(text: str, start: int, end: int) -> Passage:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    more = ("…" if start > AROUND else "", "…" if end + AROUND < len(text) else "")
    return Passage(more[0] + before, text[start:end], after + more[1])
