# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a desk stands with its relay, and which answers are still on their way."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.api import Row, Status, Trouble
from safeconduct.edges.desk.engine import files_again
from safeconduct.edges.desk.store import StoreFull
from safeconduct.kernel.words import ConversationId, Instant
from safeconduct.rooms.crew.watching import Watch

if TYPE_CHECKING:
    from safeconduct.edges.desk.engine.loops import Loops
    from safeconduct.edges.desk.store import Store

DAY_FULL: Final = "day_full"
FILES_LACKING: Final = "files_lacking"
_CODE_NAME: Final = "SELECT code_name FROM conversations WHERE id = ?"
_TROUBLES: Final = "SELECT code, since FROM troubles ORDER BY since DESC"
_REFUSED: Final = (
    "SELECT CASE WHEN refusal = 'expired' THEN refusal ELSE 'letter_refused' END AS code, "
    "min(refused) FROM letters WHERE refused IS NOT NULL GROUP BY code ORDER BY code"
)
"""Shown for as long as the server does not take a letter; nobody has to remember to end it."""
_KEPT_WAITING: Final = (
    "SELECT DISTINCT c.id, c.code_name FROM letters l "
    "JOIN conversations c ON c.id = l.conversation "
    "WHERE l.refused IS NOT NULL AND (l.refusal IS 'expired') = ? ORDER BY c.code_name"
)
_WRITTEN: Final = "hotline.AnswerWritten"
_SENT: Final = "hotline.AnswerSent"
_OWN: Final = "SELECT DISTINCT conversation FROM letters WHERE answer != x''"
_MORE_WRITTEN_THAN_SENT: Final = (
    'SELECT e.conversation FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation IN ({marks}) AND e.kind IN (?, ?) AND c.state = 0 "
    "GROUP BY e.conversation, c.device HAVING sum(e.kind = ?) > sum(e.kind = ?)"
)


def status(store: Store, loops: Loops | None, full: Instant | None) -> Status:
    """Return how this desk stands with the relay; `full` is since when its disk keeps nothing."""
    answers = store.value("SELECT count(DISTINCT answer) FROM letters WHERE answer != x''")
    frames = store.value("SELECT count(*) FROM outbox WHERE promised IS NULL")
    refused = [
        Trouble(code, Instant(since), _kept_waiting(store, code))
        for code, since in store.rows(_REFUSED)
    ]
    disk = [] if full is None else [Trouble(StoreFull.code, full)]
    used_up = loops.full_until if loops else None
    if used_up is not None:
        refused.append(Trouble(DAY_FULL, used_up, until=used_up))
    refused += _files_lacking(store)
    others = [Trouble(code, Instant(since)) for code, since in store.rows(_TROUBLES)]
    return Status(
        online=loops is not None and loops.online,
        last_contact=loops.last_contact if loops else None,
        unsent=frames + answers,
        catching_up=loops.puller.catching_up if loops else 0,
        troubles=(*disk, *refused, *others),
        answers=answers,
        watch=loops.heartbeats.watch if loops else Watch(),
    )


def _files_lacking(store: Store) -> list[Trouble]:
    """Return that files are nowhere since the office has another server, for as long as it is so.

    Of conversations that this desk has alone: it asks for no other file.
    """
    found = files_again.lacking(store)
    if found is None:
        return []
    names = [(talk, store.value(_CODE_NAME, (talk,))) for talk in found.conversations]
    about = tuple((talk, name) for talk, name in names if name is not None)
    return [Trouble(FILES_LACKING, found.since, about, count=found.files)]


def keep_trouble(store: Store, code: str, now: Instant) -> bool:
    """Keep what is wrong, as far as the disk keeps anything; tell whether it is new."""
    if store.value("SELECT 1 FROM troubles WHERE code = ?", (code,)):
        return False
    with suppress(StoreFull), store.transaction() as writer:
        writer.execute("INSERT OR IGNORE INTO troubles VALUES (?, ?)", (code, now))
    return True


def _kept_waiting(store: Store, code: str) -> tuple[tuple[ConversationId, str], ...]:
    """Return the conversations of refused letters, so that a helper sees who waits."""
    rows = store.rows(_KEPT_WAITING, (code == "expired",))
    return tuple((ConversationId(row[0]), row[1]) for row in rows)


def with_unsent(store: Store, rows: Sequence[Row]) -> list[Row]:
    """Mark the rows with an answer, of this desk or another, that the relay does not have yet."""
    answered = [row.conversation for row in rows if row.waiting_since is None]
    on_their_way = _on_their_way(store, answered) if answered else frozenset[ConversationId]()
    return [replace(row, unsent=row.conversation in on_their_way) for row in rows]


def _on_their_way(store: Store, conversations: list[ConversationId]) -> frozenset[ConversationId]:
    own = store.rows(_OWN)
    query = _MORE_WRITTEN_THAN_SENT.format(marks=", ".join("?" * len(conversations)))
    of_all = store.rows(query, (*conversations, _WRITTEN, _SENT, _WRITTEN, _SENT))
    return frozenset(ConversationId(row[0]) for row in (*own, *of_all))
