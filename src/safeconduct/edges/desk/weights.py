# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables that say how far likeness sinks a conversation: read for rows, written by `weighing`.

A conversation weighs as little as the least of its messages: who writes something of her own rises.
`hostile_kinds` says of which kinds of messages a helper marked one; a change of it makes the rows
of all of that kind due (spec/triage.md 5 and 6).
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.store import Store
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.queue import UNWEIGHED, Weight

_OF: Final = "SELECT message, others, band, kind, close, long FROM alike WHERE conversation = ?"
_KINDS: Final = "SELECT kind, judged FROM hostile_kinds WHERE conversation = ?"
_IS_HOSTILE: Final = "SELECT max(judged) = 0 FROM hostile_kinds WHERE kind = ?"


class Weights:
    """What was weighed, in one store."""

    def __init__(self, store: Store) -> None:
        """Look at a store's rows."""
        self._store: Final = store

    def of(self, conversation: Conversation) -> Weight:
        """Return what a conversation weighs; nothing while a message of it was not weighed.

        Nor where colleagues tell a message differently: a false telling of it sinks nobody.
        """
        rows = [
            row
            for one in {conversation.id, *(part.id for part in conversation.parts)}
            for row in self._store.rows(_OF, (one,))
        ]
        if not rows or len(rows) < len(conversation.messages):
            return UNWEIGHED
        band, others = min((row[2], row[1]) for row in rows)
        hostile = all(
            close and kind != message and self._hostile(kind)
            for message, _, _, kind, close, _ in rows
        )
        kinds = {row[3] if row[4] else b"" for row in rows}
        kind = kinds.pop() if len(kinds) == 1 else b""
        return Weight(band, others, hostile, all(row[5] for row in rows), kind)

    def _hostile(self, kind: bytes) -> bool:
        return bool(self._store.value(_IS_HOSTILE, (kind,)))

    def mark(self, conversation: ConversationId, folded: Conversation | None) -> None:
        """Keep of which kinds a conversation is that is marked hostile or judged to be in danger.

        What only resembles the first of its kind leaves that one's own copies where they are.  A
        kind of which a helper judged one to be in danger puts nobody away who was not marked.
        """
        judged = folded is not None and folded.triage.judged_in_danger
        marked = folded is not None and folded.triage.hostile_by is not None
        before = set(self._store.rows(_KINDS, (conversation,)))
        rows = self._store.rows(_OF, (conversation,)) if marked or judged else ()
        after = {(row[3], int(not marked)) for row in rows if row[4]}
        if before == after:
            return
        with self._store.transaction() as writer:
            writer.execute("DELETE FROM hostile_kinds WHERE conversation = ?", (conversation,))
            kinds = [(kind, conversation, judged) for kind, judged in after]
            writer.executemany("INSERT INTO hostile_kinds VALUES (?, ?, ?)", kinds)
            due = [(kind,) for kind in {kind for kind, _ in before ^ after}]
            writer.executemany("REPLACE INTO kinds_due VALUES (?, x'')", due)
