# SPDX-License-Identifier: AGPL-3.0-or-later
"""Return codes by conversation, made from folds like the rows of lists (spec/lines.md 2, 3).

A code is what a line tells its contact; said elsewhere, it tells that both may be one person.  Who
types one learns nothing from it: only a helper sees that two conversations name one code.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from safeconduct.edges.desk.row_values import Folded
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.return_codes import codes_of

MATCHES_MOST: Final = 20
_MATCHING: Final = (
    "SELECT DISTINCT theirs.conversation FROM codes AS own JOIN codes AS theirs "
    "ON theirs.code = own.code AND theirs.said != own.said "
    "WHERE own.conversation = ? AND theirs.conversation != own.conversation "
    "ORDER BY theirs.conversation LIMIT ?"
)


class CodeRows:
    """Codes, in one store."""

    def __init__(self, store: Store) -> None:
        """Look at a store's rows."""
        self._store: Final = store

    def keep(self, folded: Folded) -> None:
        """Write the codes of conversations, or drop those of which nothing is left."""
        names = [(name,) for name in folded]
        with self._store.transaction() as writer:
            writer.executemany("DELETE FROM codes WHERE conversation = ?", names)
            self.keep_new(one for one in folded.values() if one is not None)

    def keep_new(self, folded: Iterable[Conversation]) -> None:
        """Write the codes of conversations that have none yet."""
        rows = [(one.id, *row) for one in folded for row in sorted(codes_of(one))]
        if rows:
            with self._store.transaction() as writer:
                writer.executemany("REPLACE INTO codes VALUES (?, ?, ?)", rows)

    def matching(self, conversation: ConversationId) -> list[ConversationId]:
        """Return the conversations that name its code, or whose code it names."""
        rows = self._store.rows(_MATCHING, (conversation, MATCHES_MOST))
        return [ConversationId(name) for (name,) in rows]
