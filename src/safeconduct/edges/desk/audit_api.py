# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about who can see a record and what a device did.

Two kinds of claim, never mixed: what keys and signatures prove, and what a desk reported of itself.
The engine behind it is `audit.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from safeconduct.kernel.words import CaseId, ConversationId, DeviceId, Instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.rooms.cases import Part
    from safeconduct.rooms.crew import Team
    from safeconduct.rooms.crew.erasure import Erasure
    from safeconduct.rooms.crew.holders import Holder


class CanSee(NamedTuple):
    """Who holds keys of a record; `cards` tells whether the recovery cards open them too.

    `teams` are those that it was given to: who comes into one of them reads it.
    """

    holders: tuple[Holder, ...]
    cards: bool
    teams: tuple[Team, ...] = ()


class Reported(NamedTuple):
    """What a device did in a record on one day in UTC, and how often; `kind` is the facts'.

    `at` is when it last did, as its clock said; of what was looked at the day alone.
    """

    at: Instant
    device: DeviceId
    kind: str
    times: int


class OfPart(NamedTuple):
    """A part of a case file that can be read here, and the name of the case."""

    case: CaseId
    name: str
    part: Part


class Deed(NamedTuple):
    """One fact that a device signed; `kind` is the fact's.

    `talks` are the conversations that it is about, by code name, `names` the devices.
    `counts` is false for what lies in quarantine; `times` is how often, where the fact says that.
    `files` are the parts of case files that it is about, `days` the days that it tells of, the
    newest first, where it tells of such a part.
    """

    at: Instant
    kind: str
    talks: tuple[tuple[ConversationId, str], ...]
    names: tuple[DeviceId, ...]
    counts: bool
    times: int = 0
    files: tuple[OfPart, ...] = ()
    days: tuple[Instant, ...] = ()


class AuditApi(Protocol):
    """Who can see what, and who did what, as pages see it."""

    def who_can_see(self, conversation: ConversationId) -> CanSee:
        """Return who holds keys of a conversation, by facts that name keys."""
        ...

    def erasure(self) -> Erasure:
        """Return what has to happen before what is destroyed today can be opened by nobody."""
        ...

    def opened(self, conversation: ConversationId) -> None:
        """Remember that somebody here looked at a conversation; colleagues are told later."""
        ...

    def searched(self, words: str) -> None:
        """Count a search; colleagues are told how many a day had."""
        ...

    def reported(
        self, conversation: ConversationId, *, start: int, most: int
    ) -> tuple[Sequence[Reported], int]:
        """Return what desks reported of a conversation, newest first, and how many."""
        ...

    def deeds(self, device: DeviceId, *, start: int, most: int) -> tuple[Sequence[Deed], bool]:
        """Return what a device signed, newest first, and whether there is more of it."""
        ...


OPENED: Final = "hotline.ConversationsOpened"
EXPORTED: Final = "hotline.ConversationsExported"
SEARCHED: Final = "hotline.SearchesMade"
PART_READ: Final = "cases.PartRead"
DAILY: Final = frozenset({OPENED, PART_READ, SEARCHED})
"""Facts that say the day alone."""
REPORTS: Final = DAILY | {"hotline.AttachmentSaved", "hotline.MessageRead", EXPORTED}
"""Facts that say no more than that somebody looked, or took something along."""

__all__ = [
    "DAILY",
    "EXPORTED",
    "OPENED",
    "PART_READ",
    "REPORTS",
    "SEARCHED",
    "AuditApi",
    "CanSee",
    "Deed",
    "OfPart",
    "Reported",
]
