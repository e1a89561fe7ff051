# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper may do with flags and their scripts: state and command to facts, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.hotline.flags import Flag, FlagEnded, FlagRaised, ScriptStepTicked
from safeconduct.rooms.hotline.triage_decide import say_why

if TYPE_CHECKING:
    from safeconduct.rooms.hotline.flags import Flagged
    from safeconduct.rooms.hotline.words import Conversation


class FlaggedAlready(Refused):
    """This flag stands already."""

    code = "flagged_already"


class NotFlagged(Refused):
    """This flag does not stand, or not any more."""

    code = "not_flagged"


def raise_flag(conversation: Conversation, flag: Flag, reason: str) -> FlagRaised:
    """Flag a conversation.

    Raises:
        FlaggedAlready, WhyMissing, WhyTooLong: see there.
    """
    if conversation.triage.flagged(flag):
        raise FlaggedAlready
    say_why(reason)
    return FlagRaised(conversation.id, flag.value, reason.strip())


def end_flag(conversation: Conversation, flag: Flag, reason: str) -> FlagEnded:
    """Say that a flag holds no longer.

    Raises:
        NotFlagged, WhyMissing, WhyTooLong: see there.
    """
    standing = _standing(conversation, flag)
    say_why(reason)
    facts = tuple(sorted(one.fact for one in standing.raised))
    return FlagEnded(conversation.id, facts, reason.strip())


def tick(
    conversation: Conversation, flag: Flag, step: str, version: int, *, done: bool
) -> ScriptStepTicked | None:
    """Say that a step was done, or is to be done again; None where that stands already.

    Raises:
        NotFlagged: see there.
    """
    standing = _standing(conversation, flag)
    if standing.done(step) == done:
        return None
    before = standing.tick(step)
    replaces = before.facts if before else ()
    raised = standing.raised[0].fact
    return ScriptStepTicked(conversation.id, raised, step, int(done), version, replaces)


def _standing(conversation: Conversation, flag: Flag) -> Flagged:
    standing = conversation.triage.flagged(flag)
    if standing is None:
        raise NotFlagged
    return standing
