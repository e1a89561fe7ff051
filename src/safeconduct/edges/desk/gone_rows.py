# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this desk destroyed, and the blank that stands in place of each fact of it.

Of a conversation that went this keeps its id, when and by which rule, the ids of its messages, and
how far each device's chain was covered: what of it is read again later is blanked in the same
transaction, and what comes after that is new (spec/retention.md 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from safeconduct.edges.desk import search
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.words import BlobId, ConversationId, DeviceId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.imported import AnswerImported, ContactImported
from safeconduct.rooms.hotline.pieces import Piece
from safeconduct.rooms.hotline.retention import RetentionDue

BLANK: Final = "hotline.Blank"
"""Stands as the kind of an entry whose body was destroyed; no fact is ever written of it."""
_KEPT_KIND: Final = f"hotline.{RetentionDue.__name__}"
_COVERED: Final = (
    "SELECT e.no, e.kind, e.version, e.body FROM entries e "
    'JOIN commits c ON c.no = e."commit" '
    "JOIN gone_to g ON g.conversation = e.conversation AND g.device = c.device "
    "WHERE e.conversation = ? AND c.sequence <= g.sequence AND e.kind != ?"
)


class Gone(NamedTuple):
    """What went: which conversation, whether all of it, when, and by a rule of how many days."""

    conversation: ConversationId
    what: str
    at: Instant
    days: int


Covered = Mapping[tuple[bytes, DeviceId], int]
"""Up to which number of a device's chain what it wrote of a conversation is destroyed."""


def _ids_of(fact: object) -> tuple[bytes, ...]:
    """Return the ids by which a letter or an item of a file is known when it comes again."""
    if isinstance(fact, MessageReceived | ContactImported):
        return (fact.message,)
    return (fact.answer,) if isinstance(fact, AnswerImported) else ()


class GoneRows:
    """What was destroyed, in one store."""

    def __init__(self, store: Store) -> None:
        """Look at a store's rows."""
        self._store: Final = store

    def cover(self, names: Iterable[ConversationId], heads: Iterable[tuple[bytes, int]]) -> None:
        """Have everything of conversations blanked that stands in these chains up to here."""
        rows = [(name, device, sequence) for name in names for device, sequence in heads]
        query = (
            "INSERT INTO gone_to VALUES (?, ?, ?) ON CONFLICT (conversation, device) "
            "DO UPDATE SET sequence = max(sequence, excluded.sequence)"
        )
        with self._store.transaction() as writer:
            writer.executemany(query, rows)

    def covered(self) -> Covered:
        """Return how far each chain is covered, for whoever reads many frames at once."""
        rows = self._store.rows("SELECT conversation, device, sequence FROM gone_to")
        return {(name, DeviceId(device)): sequence for name, device, sequence in rows}

    def sweep(self, names: Iterable[ConversationId]) -> None:
        """Blank what is covered of these conversations, inside the caller's transaction."""
        query = "SELECT DISTINCT conversation FROM gone_to WHERE conversation IN ({names})"
        for (name,) in self._store.rows_of(query, names):
            self._blank(self._store.rows(_COVERED, (name, _KEPT_KIND)))

    def _blank(self, rows: list[tuple[Any, ...]]) -> None:
        numbers = [row[0] for row in rows]
        facts = [hotline.parse_fact(*row[1:]) for row in rows]
        messages = [(one.message,) for one in facts if isinstance(one, Piece)]
        letters = [(id_,) for one in facts for id_ in _ids_of(one)]
        query = (
            "UPDATE entries SET kind = ?, version = 0, conversation = NULL, body = x'' WHERE no = ?"
        )
        with self._store.transaction() as writer:
            writer.executemany("INSERT OR IGNORE INTO gone_messages VALUES (?)", letters)
            writer.executemany("DELETE FROM alike WHERE message = ?", messages)
            search.forget(self._store, numbers)
            writer.executemany(query, [(BLANK, number) for number in numbers])

    def took(self, fact: bytes, outcome: str, gone: Iterable[Gone]) -> None:
        """Note what a fact led to: what went, or that it counts for nothing."""
        rows = [(fact, outcome, *one) for one in gone]
        with self._store.transaction() as writer:
            writer.executemany("REPLACE INTO gone VALUES (?, ?, ?, ?, ?, ?)", rows)

    def drop_file(self, blob: bytes, now: Instant, *, at_relay: bool) -> None:
        """Destroy what this desk keeps of a file; a steward's has the relay drop it, too."""
        with self._store.transaction() as writer:
            writer.execute("INSERT OR IGNORE INTO files_gone VALUES (?, ?)", (blob, now))
            writer.execute("DELETE FROM upload_chunks WHERE blob = ?", (blob,))
            writer.execute("DELETE FROM uploads WHERE blob = ?", (blob,))
            if at_relay:
                writer.execute("INSERT OR IGNORE INTO files_to_drop VALUES (?)", (blob,))

    def when_file_went(self, blob: BlobId) -> Instant | None:
        """Return when a file was destroyed here; None while it was not."""
        found = self._store.value("SELECT at FROM files_gone WHERE blob = ?", (blob,))
        return None if found is None else Instant(found)

    def messages(self) -> frozenset[bytes]:
        """Return every message and item that was recorded, and destroyed since."""
        return frozenset(row[0] for row in self._store.rows("SELECT message FROM gone_messages"))

    def had(self, messages: set[bytes]) -> set[bytes]:
        """Return those of these messages that were recorded, and destroyed since."""
        query = "SELECT 1 FROM gone_messages WHERE message = ?"
        return {one for one in messages if self._store.value(query, (one,)) is not None}

    def went(self, conversation: ConversationId, message: bytes) -> bool:
        """Tell whether a message was destroyed, and with the conversation that it belongs to."""
        query = (
            "SELECT 1 FROM gone_to WHERE conversation = ? "
            "AND EXISTS (SELECT 1 FROM gone_messages WHERE message = ?) LIMIT 1"
        )
        return self._store.value(query, (conversation, message)) is not None

    def all(self, most: int) -> list[Gone]:
        """Return what went, the last first."""
        query = (
            "SELECT conversation, what, max(at), days FROM gone WHERE outcome = 'done' "
            "GROUP BY fact, conversation ORDER BY at DESC, conversation LIMIT ?"
        )
        rows = self._store.rows(query, (most,))
        return [Gone(ConversationId(row[0]), row[1], Instant(row[2]), row[3]) for row in rows]
