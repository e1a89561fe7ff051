# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows for lists, made from folds: screens read these, and nothing else writes them.

A row is made again whenever one of its conversation's facts comes; `row_of` is the whole rule, so
that `check` can hold every row to a fresh fold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from safeconduct.edges.desk.api import Passed, Row
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_facts import FactShelf
from safeconduct.kernel.words import ConversationId, DeviceId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.events import HaveSent, MessageReceived
from safeconduct.rooms.hotline.words import code_name

PREVIEW_CHARACTERS: Final = 140
_COLUMNS: Final = "id, code_name, language, waiting_since, unread, last_at, preview"
_WAITS: Final = "waiting_since IS NOT NULL"
_WAITS_NOT: Final = "waiting_since IS NULL"
_WAITING_PAGE: Final = (
    f"SELECT {_COLUMNS} FROM conversations WHERE {_WAITS} "  # noqa: S608
    "ORDER BY waiting_since, id LIMIT ? OFFSET ?"
)
_OTHERS_PAGE: Final = (
    f"SELECT {_COLUMNS} FROM conversations WHERE {_WAITS_NOT} "  # noqa: S608
    "ORDER BY last_at DESC, id LIMIT ? OFFSET ?"
)
_ORDER: Final = " ORDER BY waiting_since IS NULL, waiting_since, last_at DESC, id"


def row_of(conversation: Conversation) -> Row:
    """Return a conversation's row in lists."""
    said = [(message.arrived, message.text) for message in conversation.messages]
    said += [(answer.written, answer.text) for answer in conversation.answers]
    last_at, text = max(said, key=lambda item: item[0])
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
    )


def _passed(conversation: Conversation) -> Iterable[Passed]:
    for device in {claim.holder for claim in conversation.claims}:
        for passed in conversation.handed_to(device):
            yield Passed(passed.at, passed.fact, passed.by, device)


class Lists:
    """The rows of all conversations."""

    def __init__(self, store: Store, language: str) -> None:
        """Look at a store's rows; code names are words of the office's language."""
        self._store: Final = store
        self._facts: Final = FactShelf(store)
        self.language = language
        self.pending: Mapping[ConversationId, list[hotline.Told]] = {}
        self.told_differently: Callable[[], None] = lambda: None

    def fold(
        self, conversation: ConversationId, told: Iterable[hotline.Told]
    ) -> Conversation | None:
        """Return a conversation from its facts."""
        return hotline.fold(conversation, self.code_name(conversation), told)

    def code_name(self, conversation: ConversationId) -> str:
        """Return the name under which helpers speak of a person."""
        return code_name(conversation, self.language)

    def conversation(self, conversation: ConversationId) -> Conversation | None:
        """Return a conversation from the tables and from what a cold sync has yet to write."""
        return self.fold(conversation, self._told(conversation))

    def records(self, conversation: ConversationId, message: bytes) -> list[MessageReceived]:
        """Return everything that was recorded of one message of a conversation."""
        events = (item.event for item in self._told(conversation))
        return [e for e in events if isinstance(e, MessageReceived) and e.message == message]

    def have_sent(self, conversation: ConversationId, message: bytes) -> bool:
        """Tell whether a desk of ours has told the person that the office has her message."""
        events = (item.event for item in self._told(conversation))
        return any(isinstance(e, HaveSent) and message in e.messages for e in events)

    def _told(self, conversation: ConversationId) -> Iterable[hotline.Told]:
        pending = self.pending.get(conversation, ())
        told = {item.fact: item for item in pending}
        told.update((item.fact, item) for item in self._facts.told_of(conversation))
        return told.values()

    def refresh(self, conversations: Iterable[ConversationId]) -> None:
        """Make the rows of these conversations again."""
        with self._store.transaction():
            for conversation in conversations:
                self.put(conversation, self.conversation(conversation))

    def put(self, conversation: ConversationId, folded: Conversation | None) -> None:
        """Write the row of a folded conversation, or drop it when nothing is left to show."""
        with self._store.transaction() as writer:
            writer.execute("DELETE FROM holders WHERE conversation = ?", (conversation,))
            if folded is None:
                writer.execute("DELETE FROM conversations WHERE id = ?", (conversation,))
                return
            row = self._row_of(folded)
            writer.execute(
                "REPLACE INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)",
                _values(row),
            )
            writer.executemany("INSERT INTO holders VALUES (?, ?, ?, ?, ?)", _holders(row))

    def put_many(self, folded: Sequence[Conversation]) -> None:
        """Write the rows of conversations that have none yet, in few statements."""
        rows = [self._row_of(conversation) for conversation in folded]
        with self._store.transaction() as writer:
            writer.executemany(
                "REPLACE INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)",
                map(_values, rows),
            )
            writer.executemany(
                "REPLACE INTO holders VALUES (?, ?, ?, ?, ?)",
                (values for row in rows for values in _holders(row)),
            )

    def _row_of(self, conversation: Conversation) -> Row:
        if conversation.told_differently:
            self.told_differently()
        return row_of(conversation)

    def page(self, show: str, device: DeviceId, *, start: int, most: int) -> tuple[list[Row], int]:
        """Return rows of `waiting`, `mine` or `all`, longest waiting first, and how many exist."""
        if show == "mine":
            mine = "id IN (SELECT conversation FROM holders WHERE device = ?)"
            total: int = self._count(mine, (device,))
            query = f"SELECT {_COLUMNS} FROM conversations WHERE {mine}{_ORDER} LIMIT ? OFFSET ?"  # noqa: S608
            return self._rows(query, (device, most, start)), total
        waiting = self._count(_WAITS)
        rows = self._rows(_WAITING_PAGE, (most, start)) if start < waiting else []
        if show == "waiting":
            return rows, waiting
        if len(rows) < most:
            rows += self._rows(_OTHERS_PAGE, (most - len(rows), max(0, start - waiting)))
        return rows, waiting + self._count(_WAITS_NOT)

    def _count(self, where: str, values: tuple[Any, ...] = ()) -> int:
        query = f"SELECT count(*) FROM conversations WHERE {where}"  # noqa: S608
        return int(self._store.value(query, values))

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[Row]:
        return [self._row(row) for row in self._store.rows(query, values)]

    def all(self) -> Iterable[Row]:
        """Return every row, for checking."""
        return self._rows(f"SELECT {_COLUMNS} FROM conversations", ())  # noqa: S608

    def _row(self, row: Sequence[Any]) -> Row:
        query = "SELECT at, fact, passed_by, device FROM holders WHERE conversation = ?"
        held = self._store.rows(query, (row[0],))
        holders = tuple(sorted({DeviceId(item[3]) for item in held}))
        passed = tuple(sorted(Passed(*item) for item in held if item[2] is not None))
        waiting = None if row[3] is None else Instant(row[3])
        conversation, last_at = ConversationId(row[0]), Instant(row[5])
        said = (row[1], row[2], waiting, row[4], last_at, row[6])
        return Row(conversation, *said, holders, passed)


def _holders(row: Row) -> list[tuple[Any, ...]]:
    passed = [(row.conversation, item.to, item.fact, item.at, item.by) for item in row.passed]
    alone = set(row.holders).difference(item.to for item in row.passed)
    return passed + [(row.conversation, holder, b"", None, None) for holder in sorted(alone)]


def _values(row: Row) -> tuple[Any, ...]:
    return (
        row.conversation,
        row.code_name,
        row.language,
        row.waiting_since,
        row.unread,
        row.last_at,
        row.preview,
    )
