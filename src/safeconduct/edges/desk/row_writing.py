# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes the rows of folded conversations, many in few statements; `projections` says when.

All that stands beside a row is written with it: who holds it, its tags, which bulletins touch it,
of which hostile kind it is, how long it is kept, and whether it is the face of its crowd.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.api import Passed, Row
from safeconduct.edges.desk.code_rows import CodeRows
from safeconduct.edges.desk.row_values import (
    PUT,
    Folded,
    crowd_of,
    holders_of,
    tags_of,
    values_of,
)
from safeconduct.edges.desk.rows_api import ByLine
from safeconduct.rooms.hotline.call_waits import rings
from safeconduct.rooms.hotline.queue import UNWEIGHED, State, Weight, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.edges.desk.crowds import Crowds
    from safeconduct.edges.desk.kept_rows import KeptRows
    from safeconduct.edges.desk.store import Store
    from safeconduct.edges.desk.touched_rows import TouchedRows
    from safeconduct.edges.desk.weights import Weights
    from safeconduct.kernel.words import ConversationId
    from safeconduct.rooms.hotline import Conversation
    from safeconduct.rooms.hotline.bulletins import Touch

PREVIEW_CHARACTERS: Final = 140


def row_of(
    conversation: Conversation, touched: tuple[Touch, ...] = (), weight: Weight = UNWEIGHED
) -> Row:
    """Return the row in lists of a conversation, which these bulletins touch and that weighs so."""
    said = [(message.arrived, message.text) for message in conversation.messages]
    said += [(answer.written, answer.text) for answer in conversation.answers]
    last_at, text = max(said, key=lambda item: item[0])
    place = place_of(conversation, touched, weight)
    return Row(
        conversation=conversation.id,
        code_name=conversation.code_name,
        language=conversation.language,
        waiting_since=conversation.waiting_since,
        unread=conversation.unread,
        last_at=last_at,
        preview=" ".join(text.split())[:PREVIEW_CHARACTERS],
        holders=tuple(sorted({claim.holder for claim in conversation.claims})),
        passed=tuple(sorted(_passed(conversation))),
        place=place,
        line=line_of(conversation),
        rings=rings(conversation) if place.state is State.OPEN else None,
    )


def line_of(conversation: Conversation) -> ByLine | None:
    """Return the line of what a person wrote last; None where she read her own box then."""
    letters = [one for one in conversation.messages if not one.by_hand and not one.imported]
    mark = letters[-1].line if letters else None
    return ByLine(mark.kind, mark.key, conversation.line_itself) if mark else None


def _passed(conversation: Conversation) -> Iterable[Passed]:
    for device in {claim.holder for claim in conversation.claims}:
        for passed in conversation.handed_to(device):
            yield Passed(passed.at, passed.fact, passed.by, device)


class RowWriter:
    """Writes rows, and all that stands beside them, in one store."""

    def __init__(
        self, store: Store, touched: TouchedRows, weights: Weights, kept: KeptRows, crowds: Crowds
    ) -> None:
        """Write into the tables of a store that these look at."""
        self._store: Final = store
        self._touched: Final = touched
        self._weights: Final = weights
        self._kept: Final = kept
        self._crowds: Final = crowds
        self._codes: Final = CodeRows(store)
        self.told_differently: Callable[[], None] = lambda: None

    def put(self, folded: Folded) -> None:
        """Write the rows of conversations, or drop those of which nothing is left to show."""
        names = [(name,) for name in folded]
        there = [one for one in folded.values() if one is not None]
        gone = [(name,) for name, one in folded.items() if one is None]
        with self._store.transaction() as writer:
            for table in ("holders", "tags"):
                writer.executemany(f"DELETE FROM {table} WHERE conversation = ?", names)  # noqa: S608
            touches = self._touched.keep(folded)
            self._weights.mark(folded)
            self._kept.keep(folded)
            self._codes.keep(folded)
            crowds = self._crowds.of(folded)
            writer.executemany("DELETE FROM conversations WHERE id = ?", gone)
            self._write(self._rows(there, touches), crowds)

    def put_new(self, folded: Sequence[Conversation]) -> None:
        """Write the rows of conversations that have none yet."""
        with self._store.transaction():
            hostile = {one.id: one for one in folded if one.triage.hostile_by is not None}
            self._weights.mark(hostile)
            self._kept.keep_new(folded)
            self._codes.keep_new(folded)
            self._write(self._rows(folded, {}), set())

    def _rows(
        self, folded: Sequence[Conversation], touches: Mapping[ConversationId, tuple[Touch, ...]]
    ) -> list[Row]:
        if any(one.told_differently for one in folded):
            self.told_differently()
        weights = self._weights.of_all(folded)
        return [
            row_of(one, touches.get(one.id, ()), weight)
            for one, weight in zip(folded, weights, strict=True)
        ]

    def _write(self, rows: list[Row], crowds: set[bytes]) -> None:
        with self._store.transaction() as writer:
            writer.executemany(PUT, map(values_of, rows))
            self._crowds.settle(crowds.union(*map(crowd_of, rows)))
            writer.executemany("REPLACE INTO tags VALUES (?, ?)", chain(*map(tags_of, rows)))
            writer.executemany(
                "REPLACE INTO holders VALUES (?, ?, ?, ?, ?)", chain(*map(holders_of, rows))
            )
