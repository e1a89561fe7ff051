# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody began to write in a conversation and has not sent: sealed, on this device alone.

No draft is a fact: colleagues never hear of it.  Sending drops it in the transaction that keeps
what was sent, so that no kill in between can show a sent text as unsent.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.api import Drafts
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.words import ConversationId

_DRAFTS: Final[Codec[Drafts]] = Codec(Drafts, "drafts")
NOTHING: Final = Drafts("", "", "")


def read(store: Store, conversation: ConversationId) -> Drafts:
    """Return what was begun in a conversation."""
    return store.setting(_name(conversation), _DRAFTS) or NOTHING


def keep(store: Store, conversation: ConversationId, kind: str, text: str) -> None:
    """Keep a draft of a kind, or drop it when there is no text; durable on return.

    Raises:
        StoreFull: nothing was kept.
    """
    with store.transaction() as writer:
        before = read(store, conversation)
        after = before._replace(**{kind: text})
        if after == NOTHING != before:
            writer.execute("DELETE FROM settings WHERE name = ?", (_name(conversation),))
        elif after != before:
            store.put_setting(_name(conversation), after)


def _name(conversation: ConversationId) -> str:
    return f"draft:{conversation.hex()}"
