# SPDX-License-Identifier: AGPL-3.0-or-later
"""One conversation in a list, and one search result, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import CaseId, ConversationId, DeviceId, Instant
from safeconduct.rooms.hotline.call_waits import Rings
from safeconduct.rooms.hotline.queue import UNPLACED, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.rooms.cases import Part


class Passed(NamedTuple):
    """A hand-over by which a device holds a conversation; of two the greater one is the newer."""

    at: Instant
    fact: bytes
    by: DeviceId
    to: DeviceId


class ByLine(NamedTuple):
    """The line by which a person wrote last, or which speaks of itself."""

    kind: str
    key: bytes
    itself: bool = False
    known: bool = False
    """Whether the office admitted it, as this desk knows."""


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in a list."""

    conversation: ConversationId
    code_name: str
    language: str
    waiting_since: Instant | None
    unread: int
    last_at: Instant
    preview: str
    holders: tuple[DeviceId, ...]
    passed: tuple[Passed, ...] = ()
    """The hand-overs by which they hold it."""
    unsent: bool = False
    """An answer was written that the relay does not have yet: the person cannot read it."""
    handed_by: DeviceId | None = None
    """Who passed it to this desk, until the person here has opened or answered it."""
    draft: bool = False
    """Something was begun in it at this desk and not sent."""
    place: Place = UNPLACED
    """What places it in the queue."""
    behind: int = 0
    """So many that say nearly the same stand behind this row (spec/triage.md 7)."""
    line: ByLine | None = None
    """By which line the person wrote last; None where she read her own box."""
    rings: Rings | None = None
    """Since when a call needs somebody at once; None where none does."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result; `snippet` is plain text with the hit between U+2068 and U+2069.

    `kind` is `message`, `answer`, `note` or `hand-over`, or `name` where the code name was found.
    In a case file it is `case-note`, `case-record`, `case-stage`, `case-risk` or `case-name`; then
    `case` is set and no conversation, `parts` are those that it was found in, or that can be read
    here, and `place` is the address at which it stands.
    """

    conversation: ConversationId | None
    code_name: str
    at: Instant
    snippet: str
    kind: str
    case: CaseId | None = None
    parts: tuple[Part, ...] = ()
    place: str = ""


class Found(NamedTuple):
    """What a search found: the first results, and how many there are of what is held here."""

    hits: Sequence[Hit]
    total: int
    """Beyond `COUNTED_MOST` they are counted no more."""


COUNTED_MOST: Final = 1_000
"""Who sees more than so many looks for something narrower."""
