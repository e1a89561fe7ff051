# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts by which helpers order their work, frozen and versioned (spec/triage.md 1).

`replaces` names the facts of the same kind that the writer saw stand; of two that were written at
once both stand, and the fold shows the safer one.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count, Count32, Record
from safeconduct.rooms.hotline.triage import TAGS_MOST, Danger

Level = Annotated[int, msgspec.Meta(ge=int(min(Danger)), le=int(max(Danger)))]
Heard = Annotated[int, msgspec.Meta(ge=0, le=1)]


class DangerSet(Record, frozen=True):
    """A helper judged how dangerous it is for the person now.

    `messages` are those which say that she is in danger and which the writer had read.
    """

    conversation: Bytes16
    level: Level
    messages: tuple[bytes, ...]
    replaces: tuple[bytes, ...]


class DeadlineSet(Record, frozen=True):
    """By when an answer or an act is needed, and why; 0 takes a deadline away."""

    conversation: Bytes16
    by: Count
    reason: str
    replaces: tuple[bytes, ...]


class TagsSet(Record, frozen=True):
    """The tags of a conversation, in their order, each once."""

    conversation: Bytes16
    tags: Annotated[tuple[str, ...], msgspec.Meta(max_length=TAGS_MOST)]
    replaces: tuple[bytes, ...]


class ConversationSnoozed(Record, frozen=True):
    """Nobody needs to look before a time; 0 wakes it.  `messages` are those that wait meanwhile."""

    conversation: Bytes16
    until: Count
    messages: tuple[bytes, ...]
    replaces: tuple[bytes, ...]


class NextContactSet(Record, frozen=True):
    """By when we must hear of the person; `heard` is 1 where somebody just did by another way."""

    conversation: Bytes16
    at: Count
    heard: Heard
    reason: str
    replaces: tuple[bytes, ...]


class ContactLost(Record, frozen=True):
    """A helper says that the person cannot be reached; `contacts` are the times that stood.

    `messages` counts those that the writer knew, so that a later one makes this void.
    """

    conversation: Bytes16
    reason: str
    messages: Count32
    contacts: tuple[bytes, ...]


class ContactLostSeconded(Record, frozen=True):
    """Somebody else says so too."""

    conversation: Bytes16
    lost: Bytes36


class ConversationClosed(Record, frozen=True):
    """Nothing is left to do here; `messages` and `contacts` as in `ContactLost`."""

    conversation: Bytes16
    reason: str
    messages: Count32
    contacts: tuple[bytes, ...]


class HostileMarked(Record, frozen=True):
    """A helper says that who writes here means harm, or, with 0, that they do not."""

    conversation: Bytes16
    hostile: Annotated[int, msgspec.Meta(ge=0, le=1)]
    replaces: tuple[bytes, ...]


TriageFact = (
    DangerSet
    | DeadlineSet
    | TagsSet
    | ConversationSnoozed
    | NextContactSet
    | ContactLost
    | ContactLostSeconded
    | ConversationClosed
    | HostileMarked
)
TRIAGE_FACTS: Final[tuple[type[TriageFact], ...]] = (
    *(DangerSet, DeadlineSet, TagsSet, ConversationSnoozed),
    *(NextContactSet, ContactLost, ContactLostSeconded, ConversationClosed),
    HostileMarked,
)
