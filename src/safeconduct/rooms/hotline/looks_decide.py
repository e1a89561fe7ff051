# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for a second look, and giving one: state and command to facts, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms.hotline.decide import NotAMember, NothingWritten, TextTooLong, claim, fits
from safeconduct.rooms.hotline.events import HotlineFact
from safeconduct.rooms.hotline.looks import Look, LookAsked, LookGiven, LookWithdrawn, Verdict
from safeconduct.rooms.hotline.triage import AHEAD_MOST
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead, TimeTooFar

if TYPE_CHECKING:
    from safeconduct.rooms.hotline.words import Conversation

QUESTION_MOST: Final = 2_000
"""Bytes of UTF-8 of a question."""


class NothingToLookAt(Refused):
    """It was answered, withdrawn, or never asked."""

    code = "nothing_to_look_at"


class OwnLook(Refused):
    """Whoever asked for a second look cannot give it."""

    code = "own_look"


class NotYourLook(Refused):
    """Only whoever asked can withdraw it."""

    code = "not_your_look"


class Question(NamedTuple):
    """What is asked, of whom (empty: anyone), with which draft, by when."""

    text: str
    to: bytes = b""
    draft: str = ""
    by: Instant | None = None


def ask(
    conversation: Conversation, asked: Question, members: frozenset[DeviceId], now: Instant
) -> LookAsked:
    """Ask for a second look; `members` may be asked.

    Raises:
        NothingWritten, TextTooLong, NotAMember, TimeNotAhead, TimeTooFar: see there.
    """
    if not asked.text.strip():
        raise NothingWritten
    if len(asked.text.encode()) > QUESTION_MOST:
        raise TextTooLong(QUESTION_MOST)
    fits(asked.draft)
    if asked.to and asked.to not in members:
        raise NotAMember
    if asked.by is not None and asked.by <= now:
        raise TimeNotAhead
    if asked.by is not None and asked.by > now + AHEAD_MOST:
        raise TimeTooFar(AHEAD_MOST)
    text = asked.text.strip()
    return LookAsked(conversation.id, asked.to, text, asked.draft, asked.by or 0)


def give(
    conversation: Conversation, look: FactId, verdict: Verdict, text: str, *, another: bool
) -> list[HotlineFact]:
    """Say what one found; who takes it over holds the conversation from then on.

    `another` tells whether somebody else sits here than who asked.

    Raises:
        NothingToLookAt, OwnLook, NothingWritten, TextTooLong: see there.
    """
    found = find(conversation, look)
    if not found.open:
        raise NothingToLookAt
    if not another:
        raise OwnLook
    if verdict == "change" and not text.strip():
        raise NothingWritten
    fits(text)
    given = LookGiven(conversation.id, look, verdict, text.strip())
    return [given, claim(conversation)] if verdict == "takes" else [given]


def withdraw(conversation: Conversation, look: FactId, own: DeviceId) -> LookWithdrawn:
    """Say that it is needed no more, or that what came back was read.

    Raises:
        NothingToLookAt, NotYourLook: see there.
    """
    found = find(conversation, look)
    if found.withdrawn:
        raise NothingToLookAt
    if found.by != own:
        raise NotYourLook
    return LookWithdrawn(conversation.id, look)


def read_by_answering(conversation: Conversation, own: DeviceId) -> list[LookWithdrawn]:
    """Return that what came back was read, by whoever asked and answers the person now."""
    return [
        LookWithdrawn(conversation.id, one.fact)
        for one in conversation.looks
        if one.by == own and one.given and not one.withdrawn
    ]


def find(conversation: Conversation, look: FactId) -> Look:
    """Return a request of a conversation.

    Raises:
        NothingToLookAt: it was never asked.
    """
    for one in conversation.looks:
        if one.fact == look:
            return one
    raise NothingToLookAt
