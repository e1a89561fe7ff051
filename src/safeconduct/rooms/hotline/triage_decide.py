# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper may set to order the work: state and command to facts, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms.hotline import queue
from safeconduct.rooms.hotline.triage import (
    AHEAD_MOST,
    REASON_MOST,
    SNOOZE_MOST,
    TAG_MOST,
    TAGS_MOST,
    Danger,
)
from safeconduct.rooms.hotline.triage_facts import (
    ContactLost,
    ContactLostSeconded,
    ConversationClosed,
    ConversationSnoozed,
    DangerSet,
    DeadlineSet,
    HostileMarked,
    NextContactSet,
    TagsSet,
)
from safeconduct.rooms.hotline.words import Conversation

AWAKE: Final = Instant(0)
NO_DEADLINE: Final = Instant(0)


class TimeNotAhead(Refused):
    """The time has passed, or none was given."""

    code = "time_not_ahead"


@dataclass(eq=False)
class TimeTooFar(Refused):
    """So far ahead nothing may be put off; `most` counts milliseconds."""

    code = "time_too_far"
    most: int


class WhyMissing(Refused):
    """This needs a reason."""

    code = "why_missing"


class WhyTooLong(Refused):
    """The reason does not fit into a list."""

    code = "reason_too_long"


class TagsTooLong(Refused):
    """There are too many tags, or one of them is too long."""

    code = "tags_too_long"


class AnswerFirst(Refused):
    """A message of the person waits for an answer."""

    code = "answer_first"


class SilentFirst(Refused):
    """The person has fallen silent, and nobody found that there is no danger."""

    code = "silent_first"


class NothingLost(Refused):
    """Nobody says any more that contact is lost."""

    code = "nothing_lost"


class LostByAnother(Refused):
    """Whoever says that contact is lost cannot second it."""

    code = "lost_by_another"


class MarkedByAnother(Refused):
    """Whoever marked somebody whom a colleague judged to be in danger cannot second it."""

    code = "marked_by_another"


def judge(conversation: Conversation, level: Danger, reader: DeviceId) -> DangerSet:
    """Say how dangerous it is for the person now, as the device that read what it names.

    What came while the helper was choosing was not read, and stands as she said it.
    """
    saying = set(conversation.triage.in_danger)
    seen = {one.id for one in conversation.messages if one.id in saying and reader in one.read_by}
    stood = conversation.triage.standing.danger
    return DangerSet(conversation.id, int(level), tuple(sorted(seen)), stood)


def mark_hostile(
    conversation: Conversation, by: DeviceId, *, hostile: bool, another: bool
) -> HostileMarked:
    """Say that who writes here means harm, or take that back.

    What others say stands beside it, so that two are two; a word that they do not ends all marks.
    `another` tells whether somebody else sits here than whoever marked so far.

    Raises:
        MarkedByAnother: a second is needed, and it is the same person.
    """
    hostility = conversation.triage.hostility
    if hostile and hostility.needs_second and not another:
        raise MarkedByAnother
    stood = tuple(
        one.fact for one in hostility.marks if one.by == by or not (hostile and one.hostile)
    )
    return HostileMarked(conversation.id, int(hostile), stood)


def set_deadline(
    conversation: Conversation, by: Instant | None, reason: str, now: Instant
) -> DeadlineSet:
    """Say by when an answer or an act is needed, and why; no time takes the deadline away.

    Raises:
        TimeNotAhead, TimeTooFar, WhyMissing, WhyTooLong: see there.
    """
    if by is not None:
        _ahead(by, now, AHEAD_MOST)
        say_why(reason)
    said = reason.strip() if by is not None else ""
    stood = conversation.triage.standing.deadline
    return DeadlineSet(conversation.id, by or NO_DEADLINE, said, stood)


def set_tags(conversation: Conversation, typed: str) -> TagsSet:
    """Set the tags that were typed, parted by commas; nothing typed takes all away.

    Raises:
        TagsTooLong: see there.
    """
    tags = sorted({" ".join(tag.split()) for tag in typed.split(",")} - {""})
    if len(tags) > TAGS_MOST or any(len(tag.encode()) > TAG_MOST for tag in tags):
        raise TagsTooLong
    return TagsSet(conversation.id, tuple(tags), conversation.triage.standing.tags)


def snooze(conversation: Conversation, until: Instant | None, now: Instant) -> ConversationSnoozed:
    """Let it sleep until a time or until the person writes; no time wakes it.

    Raises:
        TimeNotAhead, TimeTooFar: see there.
    """
    if until is not None:
        _ahead(until, now, SNOOZE_MOST)
    waiting = tuple(sorted({message.id for message in conversation.waiting}))
    stood = conversation.triage.standing.snooze
    return ConversationSnoozed(conversation.id, until or AWAKE, waiting, stood)


def set_contact(
    conversation: Conversation, at: Instant, reason: str, now: Instant, *, heard: bool = False
) -> NextContactSet:
    """Say by when we must hear of the person; `heard` when somebody just did by another way.

    A reason is needed for that, and where the time before has passed or the waiting was over.

    Raises:
        TimeNotAhead, TimeTooFar, WhyMissing, WhyTooLong: see there.
    """
    standing = queue.place_of(conversation)
    if heard or standing.due is None or queue.silent(standing, now):
        say_why(reason)
    _fits(reason)
    return _contact(conversation, at, reason, now, heard=heard)


def contact_with_answer(conversation: Conversation, at: Instant, now: Instant) -> NextContactSet:
    """Say by when we must hear of the person who is being answered; the answer is the reason.

    Raises:
        TimeNotAhead, TimeTooFar: see there.
    """
    return _contact(conversation, at, "", now, heard=False)


def _contact(
    conversation: Conversation, at: Instant, reason: str, now: Instant, *, heard: bool
) -> NextContactSet:
    _ahead(at, now, AHEAD_MOST)
    stood = conversation.triage.standing.contact
    return NextContactSet(conversation.id, at, int(heard), reason.strip(), stood)


def say_lost(conversation: Conversation, reason: str) -> ContactLost:
    """Say that the person cannot be reached; it counts once somebody else says so.

    Raises:
        AnswerFirst, WhyMissing, WhyTooLong: see there.
    """
    _nobody_waits(conversation)
    say_why(reason)
    stood = conversation.triage.standing.contact
    return ContactLost(conversation.id, reason.strip(), _messages(conversation), stood)


def second_lost(conversation: Conversation, lost: FactId, *, another: bool) -> ContactLostSeconded:
    """Say so too, as somebody else than whoever said it first; `another` tells whether one is.

    Raises:
        NothingLost, LostByAnother: see there.
    """
    said = conversation.triage.lost
    if said is None or said.fact != lost or said.seconded_by is not None:
        raise NothingLost
    if not another:
        raise LostByAnother
    return ContactLostSeconded(conversation.id, lost)


def close(conversation: Conversation, reason: str, now: Instant) -> ConversationClosed:
    """Say that nothing is left to do; the person's next message opens it again.

    Raises:
        AnswerFirst, SilentFirst, WhyMissing, WhyTooLong: see there.
    """
    _nobody_waits(conversation)
    standing = queue.place_of(conversation)
    if queue.silent(standing, now) and standing.danger > Danger.NONE_KNOWN:
        raise SilentFirst
    say_why(reason)
    stood = conversation.triage.standing.contact
    return ConversationClosed(conversation.id, reason.strip(), _messages(conversation), stood)


def _messages(conversation: Conversation) -> int:
    return len({message.id for message in conversation.messages})


def _nobody_waits(conversation: Conversation) -> None:
    if conversation.waiting:
        raise AnswerFirst


def _ahead(at: Instant, now: Instant, most: int) -> None:
    if at <= now:
        raise TimeNotAhead
    if at > now + most:
        raise TimeTooFar(most)


def say_why(reason: str) -> None:
    """Hold a reason to what lists show.

    Raises:
        WhyMissing, WhyTooLong: see there.
    """
    if not reason.strip():
        raise WhyMissing
    _fits(reason)


def _fits(reason: str) -> None:
    if len(reason.encode()) > REASON_MOST:
        raise WhyTooLong
