# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper may type in of contacts by other ways: state and command to facts, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY, MINUTE, ConversationId, DeviceId, Instant
from safeconduct.rooms.hotline.by_hand import AnswerNoted, ContactNoted, Way
from safeconduct.rooms.hotline.decide import NothingWritten, fits
from safeconduct.rooms.hotline.first_contact import FirstContact, write_contact

if TYPE_CHECKING:
    from collections.abc import Collection

    from safeconduct.rooms.hotline.words import Conversation

LATE_MOST: Final = 366 * DAY
"""What happened longer ago was before anybody here could have been told of it."""
AHEAD_MOST: Final = MINUTE
"""A field gives whole minutes."""
LINE_MOST: Final = 500
LANGUAGE_MOST: Final = 35
"""Characters of a language code (RFC 5646 4.4.1)."""


class NotHappenedYet(Refused):
    """The time that was given is still to come."""

    code = "not_happened_yet"


class HappenedTooLongAgo(Refused):
    """The time that was given lies more than a year back."""

    code = "happened_too_long_ago"


class LineTooLong(Refused):
    """Who speaks for whom, or which languages, is too long."""

    code = "line_too_long"


_NOTHING_BESIDE: Final = FirstContact()


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a helper typed of a contact; all but the text may be empty."""

    way: Way
    happened: Instant
    text: str
    language: str = ""
    languages: str = ""
    speaker: str = ""
    beside: FirstContact = _NOTHING_BESIDE


class ToldThen(NamedTuple):
    """What the person was told, when, and what time it is as that is written down."""

    text: str
    at: Instant
    now: Instant


def note_contact(
    conversation: ConversationId, message: bytes, typed: Typed, now: Instant
) -> ContactNoted:
    """Note a contact; `message` is 32 random bytes of its form.

    Raises:
        NothingWritten, TextTooLong, LineTooLong, NotHappenedYet, HappenedTooLongAgo: see there.
    """
    text, lines = typed.text.strip(), (typed.languages.strip(), typed.speaker.strip())
    if not text:
        raise NothingWritten
    fits(text)
    if any(len(line) > LINE_MOST for line in lines) or len(typed.language) > LANGUAGE_MOST:
        raise LineTooLong
    beside = write_contact(typed.beside)
    return ContactNoted(
        conversation=conversation,
        message=message,
        way=typed.way,
        happened=happened(typed.happened, now),
        language=typed.language,
        languages=lines[0],
        speaker=lines[1],
        text=text,
        extras=encode(beside) if beside else b"",
    )


def note_answer(
    conversation: ConversationId, answer: bytes, told: ToldThen, answered: Collection[bytes]
) -> AnswerNoted:
    """Note what the person was told by another way; `answer` is 16 fresh random bytes.

    Raises:
        NothingWritten, TextTooLong, NotHappenedYet, HappenedTooLongAgo: see there.
    """
    if not told.text.strip():
        raise NothingWritten
    fits(told.text)
    at = happened(told.at, told.now)
    return AnswerNoted(conversation, answer, at, told.text.strip(), tuple(sorted(answered)))


def answered_by(conversation: Conversation, told: ToldThen, reader: DeviceId) -> frozenset[bytes]:
    """Return which messages wait no longer once the person was told something at a time.

    What came only after that, or was not read at this device, waits on.
    """
    # A minute of grace: a field gives whole minutes.
    return frozenset(
        one.id
        for one in conversation.waiting
        if one.arrived < told.at + MINUTE and reader in one.read_by
    )


def happened(at: Instant, now: Instant) -> Instant:
    """Return when something happened: no later than now.

    Raises:
        NotHappenedYet, HappenedTooLongAgo: see there.
    """
    if at > now + AHEAD_MOST:
        raise NotHappenedYet
    if at < max(0, now - LATE_MOST):
        raise HappenedTooLongAgo
    return min(at, now)
