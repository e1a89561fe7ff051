# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a twin of a desk keeps for the person at it alone, and what nobody hears of."""

from __future__ import annotations

from safeconduct.edges.desk.api import Compared, Drafts, Preferences
from safeconduct.edges.desk.compared import NotSoMany
from safeconduct.kernel.phrase import LISTS
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.crew.same_log import log_words


class TwinKeeps:
    """The part of `DeskApi` that no colleague hears of."""

    preferred: Preferences
    log_size = 1_234
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

    def compared(self, size: int | None = None) -> Compared:
        """The words for a log of one root, as large as `log_size` says."""
        if size is None:
            return Compared(self.log_size)
        if not 1 <= size <= self.log_size:
            raise NotSoMany
        words = {name: log_words(b"office key", size, bytes(32), name) for name in LISTS}
        return Compared(self.log_size, size, words)

    def farewell(self, seconds: float) -> None:
        """Nobody hears it."""

    def _changed(self) -> None:
        raise NotImplementedError
