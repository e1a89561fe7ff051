# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one may do about how long things are kept: state and command to a fact, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.hotline.retention import (
    EXTENDED_MOST,
    KEPT_LEAST,
    KEPT_MOST,
    REPLIES_LEAST,
    REPLIES_MOST,
    Policy,
    RetentionExtended,
    RetentionHeld,
    RetentionHoldEnded,
    RetentionSet,
    Times,
)
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead, TimeTooFar, say_why

if TYPE_CHECKING:
    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.hotline.words import Conversation


@dataclass(eq=False)
class DaysOutOfBounds(Refused):
    """A time is shorter or longer than it may be; in days."""

    code = "days_out_of_bounds"
    least: int
    most: int


class FilesOutliveConversation(Refused):
    """Files would be kept for longer than the conversation that names them."""

    code = "files_outlive_conversation"


class NotHeld(Refused):
    """No hold stands that could be ended."""

    code = "not_held"


def set_times(policy: Policy, times: Times) -> RetentionSet:
    """Set the office's times.

    Raises:
        DaysOutOfBounds, FilesOutliveConversation: see there.
    """
    for days in (times.conversation, times.files):
        _within(days, KEPT_LEAST, KEPT_MOST)
    _within(times.replies, REPLIES_LEAST, REPLIES_MOST)
    if times.files > times.conversation:
        raise FilesOutliveConversation
    return RetentionSet(*times, tuple(sorted(one.fact for one in policy.standing)))


def extend(
    conversation: Conversation, until: Instant, reason: str, now: Instant
) -> RetentionExtended:
    """Have a conversation kept until a time, at least.

    Raises:
        TimeNotAhead, TimeTooFar, WhyMissing, WhyTooLong: see there.
    """
    say_why(reason)
    if until <= now:
        raise TimeNotAhead
    if until > now + EXTENDED_MOST:
        raise TimeTooFar(EXTENDED_MOST)
    return RetentionExtended(conversation.id, until, reason.strip())


def hold(conversation: Conversation, reason: str) -> RetentionHeld:
    """Have it kept until a steward ends that; raises WhyMissing, WhyTooLong."""
    say_why(reason)
    return RetentionHeld(conversation.id, reason.strip())


def end_hold(conversation: Conversation, reason: str) -> RetentionHoldEnded:
    """End the holds that stand, in a week.

    Raises:
        NotHeld, WhyMissing, WhyTooLong: see there.
    """
    holds = conversation.keeping.open_holds
    if not holds:
        raise NotHeld
    say_why(reason)
    return RetentionHoldEnded(conversation.id, holds, reason.strip())


def _within(days: int, least: int, most: int) -> None:
    if not least <= days <= most:
        raise DaysOutOfBounds(least, most)
