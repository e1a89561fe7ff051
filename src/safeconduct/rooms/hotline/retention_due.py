# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a conversation goes: nothing that is open, silent, in danger, held or unanswered ever does.

Pure: the same facts give the same day on every desk.  What of time the facts say is bounded where
the log is known (edges/desk/engine/log_times).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import DAY, Instant, end_of_day
from safeconduct.rooms.hotline.retention import FILES, Times, What
from safeconduct.rooms.hotline.triage import Danger

if TYPE_CHECKING:
    from safeconduct.rooms.hotline.words import Conversation

BOX_LONGEST: Final = 31 * DAY
"""A relay keeps no letter in a box for longer (spec/relay.md 5)."""


class Kept(Enum):
    """Why no clock runs."""

    UNANSWERED = "unanswered"
    OPEN = "open"
    DANGER = "danger"
    HELD = "held"


class Clock(NamedTuple):
    """Since when the clock of a conversation runs, and until when it is kept in any case.

    `kept` says why it does not run; then the rest means nothing.
    """

    since: Instant
    until: Instant
    kept: Kept | None = None


def clock_of(conversation: Conversation) -> Clock:
    """Return how the clock of a conversation stands, by its facts alone."""
    keeping = conversation.keeping
    ends = [min(one.expires, one.written + BOX_LONGEST) for one in conversation.answers]
    since = max([keeping.last, *ends])
    return Clock(Instant(since), keeping.until, _kept(conversation))


def due(clock: Clock, times: Times, what: What) -> Instant:
    """Return on which day it goes, at its end; files go with the conversation at the latest."""
    days = times.conversation
    if what == FILES:
        days = min(days, times.files)
    return end_of_day(max(clock.since + days * DAY, clock.until))


def _kept(conversation: Conversation) -> Kept | None:
    triage = conversation.triage
    if conversation.waiting:
        return Kept.UNANSWERED
    if not triage.over:
        return Kept.OPEN
    if triage.rank >= Danger.IN_DANGER:
        return Kept.DANGER
    if conversation.keeping.open_holds:
        return Kept.HELD
    return None
