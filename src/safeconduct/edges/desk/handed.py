# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations that a colleague passed to this desk, until the person at it has seen that.

What was seen is kept sealed on this device alone: it says when somebody looks, and no colleague
needs to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from safeconduct.edges.desk.api import Row
from safeconduct.edges.desk.projections import Lists
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.words import ConversationId, DeviceId
from safeconduct.rooms.hotline import Conversation, HandOver

_FACT: Final[Codec[bytes]] = Codec(bytes, "fact")
_PASSED: Final = (
    "SELECT DISTINCT conversation FROM entries WHERE conversation IN ({marks}) "
    "AND kind = 'hotline.ConversationHandedOver'"
)


def unseen(store: Store, device: DeviceId, conversation: Conversation) -> HandOver | None:
    """Return the hand-over by which a device holds it, if that was not seen yet."""
    passed = conversation.handed_to(device)
    if passed is None or store.setting(_name(conversation.id), _FACT) == passed.fact:
        return None
    return passed


def saw(store: Store, device: DeviceId, conversation: Conversation) -> bool:
    """Keep that the person at this desk saw it; tell whether that is new."""
    passed = unseen(store, device, conversation)
    if passed is None:
        return False
    store.put_setting(_name(conversation.id), bytes(passed.fact))
    return True


def marked(store: Store, lists: Lists, device: DeviceId, rows: Sequence[Row]) -> list[Row]:
    """Return rows with who passed them to this device, where that was not seen yet."""
    held = [row.conversation for row in rows if device in row.holders]
    passed = _passed(store, held) if held else frozenset[ConversationId]()
    return [
        replace(row, handed_by=_by(store, lists, device, row.conversation))
        if row.conversation in passed
        else row
        for row in rows
    ]


def _passed(store: Store, conversations: Sequence[ConversationId]) -> frozenset[ConversationId]:
    """Return those that were ever passed on, so that few are folded."""
    query = _PASSED.format(marks=", ".join("?" * len(conversations)))
    return frozenset(ConversationId(row[0]) for row in store.rows(query, tuple(conversations)))


def _by(
    store: Store, lists: Lists, device: DeviceId, conversation: ConversationId
) -> DeviceId | None:
    folded = lists.conversation(conversation)
    passed = unseen(store, device, folded) if folded else None
    return passed.by if passed else None


def _name(conversation: ConversationId) -> str:
    return f"handed:{conversation.hex()}"
