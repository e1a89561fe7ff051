# SPDX-License-Identifier: AGPL-3.0-or-later
"""Since when a call needs somebody at once, who has not looked yet (spec/duty.md 5).

What it is: somebody waits on the telephone, spoke to the message box, cannot speak or is under
force, and no helper opened the letter that says so.  What it is not: how grave it is, which danger
tells.  Whose line it is the desk judges: anybody can name one.
Invariant: what is opened or answered calls no more; what then comes and says more calls again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import Instant, MessageId
from safeconduct.rooms.hotline.spoken import CallMark, as_one

if TYPE_CHECKING:
    from safeconduct.rooms.hotline.words import Conversation, Message

BY_PHONE: Final = "phone"


class Rings(NamedTuple):
    """Since when, and by the line of which key."""

    since: Instant
    key: bytes


def rings(conversation: Conversation) -> Rings | None:
    """Return what calls in a conversation; of several calls the first; None where none does."""
    waiting = {one.id for one in conversation.waiting}
    calls: dict[tuple[bytes, str], list[Message]] = {}
    for one in conversation.messages:
        if one.line is not None and one.line.kind == BY_PHONE and one.call is not None:
            calls.setdefault((one.line.key, one.line.code), []).append(one)
    found = (
        Rings(since, key)
        for (key, _), letters in calls.items()
        for since in _since(letters, waiting)
    )
    return min(found, default=None)


def _since(letters: Iterable[Message], waiting: Collection[MessageId]) -> list[Instant]:
    """Return when letters of one call came that somebody has to look at now."""
    told = [(one, one.call) for one in letters if one.call is not None]
    whole = as_one(mark for _, mark in told)
    if whole is None or not whole.presses:
        return []
    seen = [mark for one, mark in told if one.read_by or one.id not in waiting]
    return [
        one.arrived
        for one, mark in told
        if one.id in waiting and not one.read_by and mark.presses and _says_more(mark, seen)
    ]


def _says_more(mark: CallMark, seen: Collection[CallMark]) -> bool:
    """Tell whether a letter says what none of those says that somebody has seen."""
    forced = mark.duress and not any(one.duress for one in seen)
    spoke = mark.left == "message" and all(one.left != "message" for one in seen)
    return not seen or forced or spoke
