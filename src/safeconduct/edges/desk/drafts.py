# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody began to write in a conversation and has not sent: sealed, on this device alone.

No draft is a fact: colleagues never hear of it.  Sending drops it in the transaction that keeps
what was sent, so that no kill in between can show a sent text as unsent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from safeconduct.edges.desk.api import Drafts, Row
from safeconduct.edges.desk.draft_names import draft_name
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.words import ConversationId

_DRAFTS: Final[Codec[Drafts]] = Codec(Drafts, "drafts")
NOTHING: Final = Drafts("", "", "")
_BEGUN: Final = "SELECT name FROM settings WHERE name >= 'draft:' AND name < 'draft;'"


def read(store: Store, conversation: ConversationId) -> Drafts:
    """Return what was begun in a conversation."""
    return store.setting(draft_name(conversation), _DRAFTS) or NOTHING


def keep(store: Store, conversation: ConversationId, kind: str, text: str) -> bool:
    """Keep a draft of a kind, or drop it when there is no text; durable on return.

    Tells whether it began or ended, which pages show.

    Raises:
        StoreFull: nothing was kept.
    """
    with store.transaction():
        before = read(store, conversation)
        after = before._replace(**{kind: text})
        if after == NOTHING != before:
            store.drop_settings(draft_name(conversation))
        elif after != before:
            store.put_setting(draft_name(conversation), after)
    return bool(text) != bool(getattr(before, kind))


def marked(store: Store, rows: Sequence[Row]) -> list[Row]:
    """Return rows with whether something is begun in each; one look for all of them."""
    begun = {row[0] for row in store.rows(_BEGUN)} if rows else set[str]()
    return [replace(row, draft=draft_name(row.conversation) in begun) for row in rows]
