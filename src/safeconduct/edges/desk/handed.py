# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations that a colleague passed to this desk, until the person at it has seen that.

What was seen is kept sealed on this device alone: it says when somebody looks, and no colleague
needs to know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from safeconduct.edges.desk.api import Passed, Row
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.words import ConversationId, DeviceId
from safeconduct.rooms.hotline import Conversation, HandOver

Seen = tuple[bytes, ...]
_SEEN: Final[Codec[Seen]] = Codec(Seen, "seen")
_SEEN_OF: Final = "SELECT name, value FROM settings WHERE name IN ({marks})"


def unseen(store: Store, device: DeviceId, conversation: Conversation) -> HandOver | None:
    """Return the newest hand-over by which a device holds it and that was not seen yet."""
    standing = conversation.handed_to(device)
    seen = (store.setting(_name(conversation.id), _SEEN) or ()) if standing else ()
    return next((passed for passed in standing if passed.fact not in seen), None)


def saw(store: Store, device: DeviceId, conversation: Conversation) -> bool:
    """Keep that the person at this desk saw all that stand; tell whether any is new."""
    if unseen(store, device, conversation) is None:
        return False
    standing = tuple(passed.fact for passed in conversation.handed_to(device))
    store.put_setting(_name(conversation.id), standing)
    return True


def marked(store: Store, device: DeviceId, rows: Sequence[Row]) -> list[Row]:
    """Return rows with who passed them to this device, where that was not seen yet.

    Rows say what stands, and one look says what was seen of it: nothing is folded.
    """
    passed = {row.conversation: _to(device, row) for row in rows}
    seen = _seen(store, [name for name, standing in passed.items() if standing])
    return [
        replace(row, handed_by=_by(passed[row.conversation], seen.get(row.conversation, ())))
        for row in rows
    ]


def _to(device: DeviceId, row: Row) -> list[Passed]:
    return [passed for passed in row.passed if passed.to == device]


def _by(standing: list[Passed], seen: Seen) -> DeviceId | None:
    return next((passed.by for passed in reversed(standing) if passed.fact not in seen), None)


def _seen(store: Store, conversations: Sequence[ConversationId]) -> Mapping[ConversationId, Seen]:
    names = {_name(conversation): conversation for conversation in conversations}
    query = _SEEN_OF.format(marks=", ".join("?" * len(names)))
    rows = store.rows(query, tuple(names)) if names else []
    return {names[name]: _SEEN.decode_own(value) for name, value in rows}


def _name(conversation: ConversationId) -> str:
    return f"handed:{conversation.hex()}"
