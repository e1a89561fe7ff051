# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters that do not open, kept with their code for whoever looks into it.

What no key and no newer program can open is let go at the relay like a message, once its bytes
lie here; else rubbish would count as unread for ever and make everybody's next letter dearer.
When no more fits here, nothing more is kept and nothing more is let go: the relay keeps it.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.errors import (
    BadKey,
    CannotOpen,
    Malformed,
    NotCanonical,
    SafeconductError,
)
from safeconduct.kernel.ports import IntakeItem, ItemState
from safeconduct.kernel.words import MessageId

ASIDE_MOST: Final = 256 << 20
"""Bytes that a desk keeps: a thousand of the largest letters, or some 60,000 of the smallest."""
HELD: Final = "aside_bytes"
HOPELESS: Final = (BadKey, CannotOpen, Malformed, NotCanonical)
"""Not for want of a key or of a newer program, either of which may come."""


def keep(journal: Journal, item: IntakeItem, message: MessageId, error: SafeconductError) -> None:
    """Keep an item that did not open, and let go of it at the relay when nothing will open it."""
    journal.trouble("letter_aside")
    if not _kept(journal, item, message, error.code):
        return
    if isinstance(error, HOPELESS) and item.state is ItemState.WAITS:
        post.take_later(journal, [item.at])


def _kept(journal: Journal, item: IntakeItem, message: MessageId, code: str) -> bool:
    """Keep an item's bytes once; False when there is no room for them."""
    if journal.store.value("SELECT 1 FROM aside WHERE message = ?", (message,)):
        return True
    held = (journal.store.setting(HELD, NUMBER) or 0) + len(item.body)
    if held > ASIDE_MOST:
        return False
    row = (message, item.at, item.arrived, item.body, code, journal.clock.now())
    with journal.store.transaction() as writer:
        writer.execute("INSERT INTO aside VALUES (?, ?, ?, ?, ?, ?)", row)
        journal.store.put_setting(HELD, held)
    return True
