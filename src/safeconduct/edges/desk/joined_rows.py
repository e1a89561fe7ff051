# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables that say which conversations are joined: made from folds, like the rows of lists.

`joined` has each two that a helper joined; `within` names those that stand in the row of another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from safeconduct.edges.desk.store import Store
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.joining import Pair

_BESIDE: Final = (
    "SELECT conversation, earlier FROM joined WHERE conversation = ? "
    "UNION SELECT conversation, earlier FROM joined WHERE earlier = ?"
)


_AMONG: Final = (
    "SELECT conversation FROM joined WHERE conversation IN ({names}) "
    "UNION SELECT earlier FROM joined WHERE earlier IN ({names})"
)


class JoinedRows:
    """What is joined, in one store."""

    def __init__(self, store: Store) -> None:
        """Look at a store's rows."""
        self._store: Final = store

    def among(self, names: Iterable[ConversationId]) -> set[ConversationId]:
        """Return which of these conversations are joined with another."""
        return {ConversationId(name) for (name,) in self._store.rows_of(_AMONG, names)}

    def around(self, start: ConversationId) -> tuple[set[ConversationId], set[Pair]]:
        """Return all that are joined with one, held here or not, and what joins them."""
        found, pairs, next_ones = {start}, set[Pair](), [start]
        while next_ones:
            name = next_ones.pop()
            for row in self._store.rows(_BESIDE, (name, name)):
                pair = Pair(ConversationId(row[0]), ConversationId(row[1]))
                pairs.add(pair)
                fresh = {pair.conversation, pair.earlier} - found
                found |= fresh
                next_ones += fresh
        return found, pairs

    def keep(self, conversation: ConversationId, folded: Conversation | None) -> None:
        """Write what joins a conversation with earlier ones."""
        with self._store.transaction() as writer:
            writer.execute("DELETE FROM joined WHERE conversation = ?", (conversation,))
            writer.executemany("INSERT INTO joined VALUES (?, ?)", pairs_of(folded))

    def place(self, shown: Conversation) -> None:
        """Say which conversations stand in the row of another."""
        rows = [(part.id, part.code_name, shown.id) for part in shown.earlier]
        with self._store.transaction() as writer:
            writer.executemany("REPLACE INTO within VALUES (?, ?, ?)", rows)

    def free(self, conversation: ConversationId) -> None:
        """Say that a conversation stands in no other's row."""
        with self._store.transaction() as writer:
            writer.execute("DELETE FROM within WHERE id = ?", (conversation,))

    def pairs(self) -> set[Pair]:
        """Return all that is joined, for checking."""
        query = "SELECT conversation, earlier FROM joined"
        return {Pair(*map(ConversationId, row)) for row in self._store.rows(query)}

    def inside(self) -> set[tuple[ConversationId, ConversationId]]:
        """Return which conversations stand in whose row, for checking."""
        rows = self._store.rows("SELECT id, shown FROM within")
        return {(ConversationId(row[0]), ConversationId(row[1])) for row in rows}

    def named(self, typed: str) -> list[ConversationId]:
        """Return the conversations of a code name, as it may be typed."""
        name = " ".join(typed.casefold().replace("ё", "е").split())
        query = (
            "SELECT id FROM conversations WHERE replace(code_name, 'ё', 'е') = ? "
            "UNION SELECT id FROM within WHERE replace(code_name, 'ё', 'е') = ?"
        )
        return [ConversationId(row[0]) for row in self._store.rows(query, (name, name))]


def pairs_of(folded: Conversation | None) -> list[Pair]:
    """Return what a conversation's own facts join it with."""
    if folded is None:
        return []
    return [Pair(one.conversation, one.earlier) for one in folded.joinings if one.joined]
