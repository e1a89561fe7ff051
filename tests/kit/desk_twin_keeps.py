# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a twin of a desk keeps for the person at it alone: how they like it, what they began."""

from __future__ import annotations

from safeconduct.edges.desk.api import Drafts, Preferences
from safeconduct.kernel.words import ConversationId


class TwinKeeps:
    """The part of `DeskApi` that no colleague hears of."""

    preferred: Preferences
    _drafts: dict[ConversationId, Drafts]

    def preferences(self) -> Preferences:
        """How the person likes it."""
        return self.preferred

    def prefer(self, chosen: Preferences) -> None:
        """Remember that."""
        self.preferred = chosen

    def drafts(self, conversation: ConversationId) -> Drafts:
        """What was begun."""
        return self._drafts.get(conversation, Drafts("", "", ""))

    def keep_draft(self, conversation: ConversationId, kind: str, text: str) -> None:
        """Keep what was begun."""
        before = self.drafts(conversation)
        self._drafts[conversation] = before._replace(**{kind: text})
        if bool(text) != bool(getattr(before, kind)):
            self._changed()

    def _changed(self) -> None:
        raise NotImplementedError
