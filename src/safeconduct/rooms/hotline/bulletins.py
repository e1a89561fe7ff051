# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bulletin: a threat with scope and deadline, and which conversations it touches.

Pure values; `bulletin_fold` makes them of facts, `bulletin_match` finds whom one touches, and
`queue` lets it order the work (spec/bulletins.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final, NamedTuple, NewType

from safeconduct.kernel.words import DAY, ConversationId, DeviceId, FactId, Instant

BulletinId = NewType("BulletinId", bytes)
"""16 random bytes."""

BULLETIN_ID_BYTES: Final = 16
TITLE_MOST: Final = 120
"""Bytes of UTF-8 of what a bulletin is called; it stands in lists."""
TEXT_MOST: Final = 4_000
"""Bytes of UTF-8 of each of its texts."""
TERM_MOST: Final = 100
"""Bytes of UTF-8 of one region, tag or word to look for."""
TERM_LEAST: Final = 3
"""Letters or digits; a shorter one would be found everywhere."""
TERMS_MOST: Final = 50
NAMED_MOST: Final = 500
UNTIL_MOST: Final = 366 * DAY


class Threat(IntEnum):
    """What kind of threat."""

    OTHER = 0
    ULTIMATUM = 1
    RAID = 2
    CONTACT = 3
    GROUP = 4


class Confidence(IntEnum):
    """How sure the office is of it."""

    RUMOUR = 0
    LIKELY = 1
    SURE = 2


class Found(Enum):
    """How a bulletin finds a conversation, the closest first."""

    BY_HAND = "by_hand"
    NAMED = "named"
    WORD = "word"
    TAG = "tag"
    REGION = "region"
    EVERYONE = "everyone"


CLOSE: Final = frozenset({Found.BY_HAND, Found.NAMED, Found.WORD, Found.TAG})
"""What touches this person, and not everybody of a region."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a threat touches: everyone, by region, tag, name, or what stands in a conversation."""

    everyone: bool = False
    regions: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    look_for: frozenset[str] = frozenset()
    conversations: frozenset[ConversationId] = frozenset()

    def __or__(self, other: Scope) -> Scope:
        """Return whom either touches."""
        return Scope(
            self.everyone or other.everyone,
            self.regions | other.regions,
            self.tags | other.tags,
            self.look_for | other.look_for,
            self.conversations | other.conversations,
        )


@dataclass(frozen=True, slots=True)
class Version:
    """A bulletin as somebody told it."""

    fact: FactId
    by: DeviceId
    at: Instant
    threat: Threat
    title: str
    known: str
    todo: str
    source: str
    confidence: Confidence
    until: Instant | None
    since: Instant
    scope: Scope
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """Who said something of it, when, and why."""

    by: DeviceId
    at: Instant
    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What a helper said of one conversation."""

    touched: bool
    said: Said
    facts: tuple[FactId, ...]


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """A text for people outside; it may go out once somebody else than its writer approved it."""

    fact: FactId
    by: DeviceId
    at: Instant
    language: str
    do: str
    avoid: str
    until: Instant | None
    approved_by: tuple[DeviceId, ...]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A threat as it stands.  Where helpers told it at once, each telling counts, the safer way."""

    id: BulletinId
    versions: tuple[Version, ...]
    """Those that nobody replaced, the oldest first; one at least."""
    told: tuple[Said, ...]
    """Who told or changed it and why, the oldest first."""
    ended: Said | None
    marks: tuple[tuple[ConversationId, Mark], ...] = ()
    notices: tuple[PublicNotice, ...] = ()

    @property
    def shown(self) -> Version:
        """The newest telling."""
        return self.versions[-1]

    @property
    def title(self) -> str:
        """What it is called."""
        return self.shown.title

    @property
    def until(self) -> Instant | None:
        """Its deadline: of several the earliest."""
        return min((one.until for one in self.versions if one.until is not None), default=None)

    @property
    def since(self) -> Instant:
        """After when an answer tells a person of it: of several the latest."""
        return max(one.since for one in self.versions)

    @property
    def by(self) -> Instant:
        """By when the touched should know: its deadline, or at once: when it was told."""
        return self.since if self.until is None else self.until

    @property
    def scope(self) -> Scope:
        """Whom it touches: whom any telling names."""
        scope = Scope()
        for one in self.versions:
            scope |= one.scope
        return scope

    def mark_of(self, conversation: ConversationId) -> Mark | None:
        """Return what helpers said of one conversation."""
        return dict(self.marks).get(conversation)


class Touch(NamedTuple):
    """That a bulletin touches a conversation, as rows keep it; nothing hangs on what time it is."""

    bulletin: BulletinId
    title: str
    found: Found
    by: Instant
    until: Instant | None
    told: bool
    """Whether the office wrote to the person since."""

    @property
    def close(self) -> bool:
        """Whether it touches this person, and not everybody of a region."""
        return self.found in CLOSE
