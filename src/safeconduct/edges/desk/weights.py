# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tables that say how far likeness sinks a conversation: read for rows, written by `weighing`.

A conversation weighs as little as the least of its messages: who writes something of her own rises.
`hostile_kinds` says of which kinds of messages a helper marked one; a change of it makes the rows
of all of that kind due (spec/triage.md 5 and 6).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from safeconduct.edges.desk.row_values import Folded
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.queue import UNWEIGHED, Weight

_OF: Final = (
    "SELECT conversation, message, others, band, kind, close, long FROM alike "
    "WHERE conversation IN ({names})"
)
_KINDS: Final = (
    "SELECT conversation, kind, judged FROM hostile_kinds WHERE conversation IN ({names})"
)
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
        return self.of_all([conversation])[0]

    def of_all(self, conversations: Sequence[Conversation]) -> list[Weight]:
        """Return what each of some conversations weighs, read in few statements."""
        names = [{one.id, *(part.id for part in one.parts)} for one in conversations]
        held: dict[bytes, list[tuple[Any, ...]]] = {}
        for name, *row in self._store.rows_of(_OF, set().union(*names)):
            held.setdefault(name, []).append(tuple(row))
        hostile = lru_cache(None)(self._hostile)
        return [
            _weight(one, [row for name in some for row in held.get(name, ())], hostile)
            for one, some in zip(conversations, names, strict=True)
        ]

    def _hostile(self, kind: bytes) -> bool:
        return bool(self._store.value(_IS_HOSTILE, (kind,)))

    def mark(self, folded: Folded) -> None:
        """Keep of which kinds conversations are that are marked hostile or judged to be in danger.

        What only resembles the first of its kind leaves that one's own copies where they are.  A
        kind of which a helper judged one to be in danger puts nobody away who was not marked.
        """
        before: dict[ConversationId, set[tuple[bytes, int]]] = {}
        for name, *kind in self._store.rows_of(_KINDS, folded):
            before.setdefault(name, set()).add((kind[0], kind[1]))
        for name, one in folded.items():
            judged = one is not None and one.triage.judged_in_danger
            marked = one is not None and one.triage.hostile_by is not None
            rows = self._store.rows_of(_OF, [name]) if marked or judged else ()
            after = {(row[4], int(not marked)) for row in rows if row[5]}
            if before.get(name, set()) != after:
                self._mark(name, before.get(name, set()), after)

    def _mark(
        self,
        name: ConversationId,
        before: set[tuple[bytes, int]],
        after: set[tuple[bytes, int]],
    ) -> None:
        with self._store.transaction() as writer:
            writer.execute("DELETE FROM hostile_kinds WHERE conversation = ?", (name,))
            kinds = [(kind, name, judged) for kind, judged in after]
            writer.executemany("INSERT INTO hostile_kinds VALUES (?, ?, ?)", kinds)
            due = [(kind,) for kind in {kind for kind, _ in before ^ after}]
            writer.executemany("REPLACE INTO kinds_due VALUES (?, x'')", due)


def _weight(
    conversation: Conversation, rows: list[tuple[Any, ...]], hostile: Callable[[bytes], bool]
) -> Weight:
    if not rows or len(rows) < len(conversation.messages):
        return UNWEIGHED
    band, others = min((row[2], row[1]) for row in rows)
    away = all(
        close and kind != message and hostile(kind) for message, _, _, kind, close, _ in rows
    )
    kinds = {row[3] if row[4] else b"" for row in rows}
    kind = kinds.pop() if len(kinds) == 1 else b""
    return Weight(band, others, away, all(row[5] for row in rows), kind)
