# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a row of a list is in the tables: its columns, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from safeconduct.edges.desk.crowds import BEHIND
from safeconduct.edges.desk.rows_api import Row
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.hotline import Conversation

Folded = Mapping[ConversationId, Conversation | None]
"""Conversations by their names; None where nothing is left to show."""

_SAID: Final = "id, code_name, language, waiting_since, unread, last_at, preview"
_PLACE: Final = (
    "danger, says_danger, deadline, deadline_reason, due, due_reason, "
    "snoozed_until, snoozed_by, state, flags, alike, others, same_as_hostile, hostile_by, "
    "said_hostile_by, judged_by, crowd, imported"
)
_URGED: Final = "pressed, urged, wide"
"""What a row says of the bulletins that touch it, for its place alone."""
_LINE: Final = "line_kind, line_key, of_line, rings, rings_key"
OF_LINE: Final = 5
"""So many columns at the end tell of the line, and of a call by one."""
COLUMNS: Final = f"{_SAID}, {_PLACE}, {_LINE}"
PUT: Final = f"REPLACE INTO conversations ({COLUMNS}, {_URGED}) VALUES ({', '.join('?' * 33)})"  # noqa: S608


def values_of(row: Row) -> tuple[Any, ...]:
    """Return the values of `PUT`; one of a crowd stands behind until the crowd is settled."""
    place = row.place
    return (
        *(row.conversation, row.code_name, row.language, row.waiting_since, row.unread),
        *(row.last_at, row.preview),
        *(place.danger.value, place.says_danger, place.deadline, place.deadline_reason),
        *(place.due, place.due_reason, place.snoozed_until, place.snoozed_by, place.state.value),
        " ".join(flag.value for flag in place.flags),
        *(place.alike + BEHIND if place.crowd else place.alike, place.others),
        *(place.same_as_hostile, place.hostile_by, place.said_hostile_by, place.judged_by),
        *(place.crowd or None, place.imported),
        *((row.line.kind, row.line.key, row.line.itself) if row.line else ("", b"", 0)),
        *(row.rings or (None, None)),
        *(place.pressed, place.urged, place.wide),
    )


def crowd_of(row: Row) -> set[bytes]:
    """Return the crowd in which it stands, if any."""
    return {row.place.crowd} - {b""}


def holders_of(row: Row) -> list[tuple[Any, ...]]:
    """Return the rows that say who holds it."""
    passed = [(row.conversation, item.to, item.fact, item.at, item.by) for item in row.passed]
    alone = set(row.holders).difference(item.to for item in row.passed)
    return passed + [(row.conversation, holder, b"", None, None) for holder in sorted(alone)]


def tags_of(row: Row) -> list[tuple[Any, ...]]:
    """Return the rows that say its tags."""
    return [(tag, row.conversation) for tag in row.place.tags]
