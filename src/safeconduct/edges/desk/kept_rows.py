# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows that say how long what is over is kept, made from folds like those of lists.

`kept` has a row for each conversation that is over: since when its clock runs, or why it does not.
`named_files` says which conversations name a file, so that none goes that another one needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from safeconduct.edges.desk.row_values import Folded
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.words import DAY, ConversationId, Instant
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.retention import ALL, FILES, Times, What
from safeconduct.rooms.hotline.retention_due import Clock, Kept, clock_of, due

_NO_CLOCK: Final = frozenset({Kept.OPEN, Kept.UNANSWERED})
_LEFT: Final = (
    "SELECT 1 FROM named_files n WHERE n.conversation = kept.conversation "
    "AND n.blob NOT IN (SELECT blob FROM files_gone)"
)
_RUNNING: Final = (
    "SELECT conversation, since, until FROM kept WHERE why = '' AND since < ? AND until < ?"
)
_ORDER: Final = " ORDER BY max(since + ?, until), conversation LIMIT ?"


class Coming(NamedTuple):
    """What goes, and on which day."""

    conversation: ConversationId
    what: What
    due: Instant


class Standing(NamedTuple):
    """What is over and goes on no day, and why."""

    conversation: ConversationId
    why: Kept


class KeptRows:
    """What goes when, in one store."""

    def __init__(self, store: Store) -> None:
        """Look at a store's rows."""
        self._store: Final = store

    def keep(self, folded: Folded) -> None:
        """Write the rows of folded conversations, or drop them when nothing is left of one."""
        names = [(name,) for name in folded]
        with self._store.transaction() as writer:
            writer.executemany("DELETE FROM kept WHERE conversation = ?", names)
            writer.executemany("DELETE FROM named_files WHERE conversation = ?", names)
            self.keep_new(one for one in folded.values() if one is not None)

    def keep_new(self, folded: Iterable[Conversation]) -> None:
        """Write the rows of conversations that have none."""
        every = list(folded)
        files = [row for one in every for row in _files_named(one)]
        rows = [row for one in every for row in _kept(one)]
        with self._store.transaction() as writer:
            writer.executemany("INSERT OR IGNORE INTO named_files VALUES (?, ?)", files)
            writer.executemany("REPLACE INTO kept VALUES (?, ?, ?, ?)", rows)

    def coming(self, times: Times, before: Instant, most: int) -> list[Coming]:
        """Return what goes before a time, by these times of the office; the nearest first."""
        found = [
            Coming(name, what, due(clock, times, what))
            for what in (ALL, FILES)
            for name, clock in self._running(times, before, what, most)
        ]
        soon = [one for one in found if one.due <= before]
        return sorted(soon, key=lambda one: (one.due, one.conversation, one.what))[:most]

    def standing(self, most: int) -> list[Standing]:
        """Return what is over and kept without a day."""
        query = "SELECT conversation, why FROM kept WHERE why != '' ORDER BY why, since LIMIT ?"
        rows = self._store.rows(query, (most,))
        return [Standing(ConversationId(name), Kept(why)) for name, why in rows]

    def named_elsewhere(self, blob: bytes, among: frozenset[ConversationId]) -> bool:
        """Tell whether a conversation that is not among these names a file."""
        rows = self._store.rows("SELECT conversation FROM named_files WHERE blob = ?", (blob,))
        return any(name not in among for (name,) in rows)

    def all(self) -> set[tuple[Any, ...]]:
        """Return every row, for checking."""
        return {
            *self._store.rows("SELECT blob, conversation FROM named_files"),
            *self._store.rows("SELECT conversation, since, until, why FROM kept"),
        }

    def _running(
        self, times: Times, before: Instant, what: What, most: int
    ) -> Iterator[tuple[ConversationId, Clock]]:
        """Yield those whose clock runs out before a time."""
        days = times.conversation if what == ALL else _file_days(times)
        spans = days * DAY
        query = _RUNNING + ("" if what == ALL else f" AND EXISTS ({_LEFT})") + _ORDER
        for name, since, until in self._store.rows(query, (before - spans, before, spans, most)):
            yield ConversationId(name), Clock(Instant(since), Instant(until))


def files_of(conversation: Conversation) -> frozenset[bytes]:
    """Return the files that a conversation names, those too that no page shows."""
    return frozenset(file.blob for file in (*conversation.files, *conversation.spare))


def rows_of(conversation: Conversation) -> set[tuple[Any, ...]]:
    """Return the rows of a conversation, for checking."""
    return {*_files_named(conversation), *_kept(conversation)}


def _files_named(conversation: Conversation) -> list[tuple[Any, ...]]:
    return [(blob, conversation.id) for blob in files_of(conversation)]


def _kept(conversation: Conversation) -> list[tuple[Any, ...]]:
    """Return its row; none while it is open or unanswered."""
    clock = clock_of(conversation)
    why = clock.kept.value if clock.kept else ""
    row = (conversation.id, clock.since, clock.until, why)
    return [] if clock.kept in _NO_CLOCK else [row]


def _file_days(times: Times) -> int:
    return min(times.conversation, times.files)
