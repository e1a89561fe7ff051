# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages may ask about conversations of cases; behind it `case_links.py`.

Where a desk has no key to a case's part of contact, no answer tells of its links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from safeconduct.kernel.words import CaseId, ConversationId, FactId

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from safeconduct.rooms.cases.links import Link


class NamedCase(NamedTuple):
    """A case that is held here."""

    id: CaseId
    name: str


class CaseLinksApi(Protocol):
    """Conversations of cases, as pages see them."""

    def of_case(self, case: CaseId) -> Sequence[Link]:
        """Return the conversations of a case."""
        ...

    def of_talks(self, talks: Collection[ConversationId]) -> Sequence[NamedCase]:
        """Return the cases to which one of these conversations belongs."""
        ...

    def choices(self, most: int) -> Sequence[NamedCase]:
        """Return the newest cases of whose contact this desk has the key."""
        ...

    def named(self, typed: str) -> Sequence[CaseId]:
        """Return such cases by a name, as it may be typed."""
        ...

    def link(self, case: CaseId, talk: ConversationId) -> None:
        """Say that a conversation belongs to a case; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, LinkedAlready; nothing was kept.
        """
        ...

    def unlink(self, case: CaseId, talk: ConversationId, saw: Collection[FactId]) -> None:
        """Take that back, over the facts that somebody was shown; durable on return.

        Raises:
            Refused: NoSuchPart, MayNotWrite, NotLinked, LinkedMeanwhile; nothing was kept.
        """
        ...
