# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters that do not open, kept with their code for whoever looks into it.

What no key and no newer program can open is let go at the relay like a message, once its bytes
lie here and a signed fact says so; else rubbish would count as unread for ever and make
everybody's next letter dearer.
When no more fits here, nothing more is kept and nothing more is let go: the relay keeps it.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.errors import (
    BadKey,
    CannotOpen,
    Malformed,
    NotCanonical,
    SafeconductError,
)
from safeconduct.kernel.ports import IntakeItem, ItemState
from safeconduct.kernel.words import DeviceId, MessageId
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.events import LettersSetAside
from safeconduct.rooms.hotline.letters import message_id

ASIDE_MOST: Final = 256 << 20
"""Bytes that a desk keeps: a thousand of the largest letters, or some 60,000 of the smallest."""
HELD: Final = "aside_bytes"
SET_ASIDE: Final = (
    "SELECT c.id, c.device, c.sequence, e.slot, e.vault, e.kind, e.version, e.body "
    'FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation IS NULL AND e.kind = 'hotline.LettersSetAside' AND c.state = 0"
)
HOPELESS: Final = (BadKey, CannotOpen, Malformed, NotCanonical)
"""Not for want of a key or of a newer program, either of which may come."""


def keep(journal: Journal, item: IntakeItem, message: MessageId, error: SafeconductError) -> bool:
    """Keep an item that did not open; False when nothing will open it, so that it may be let go."""
    journal.trouble("letter_aside")
    kept = _kept(journal, item, message, error.code)
    return not (kept and isinstance(error, HOPELESS))


def let_go(journal: Journal, items: list[IntakeItem]) -> None:
    """Let the relay drop what nothing will open, once colleagues can read that it was no loss.

    Its id is all that is left then, and looks like that of a message that nobody recorded.
    """
    if not items:
        return
    told = set_aside(journal)
    fresh = tuple(one for item in items if (one := message_id(item.body)) not in told)
    waiting = [item.at for item in items if item.state is ItemState.WAITS]
    if fresh:
        fact = post.fact(journal, LettersSetAside(fresh))
        journal.write([fact], lambda after: post.take_later(journal, waiting, after=after))
    else:
        post.take_later(journal, waiting)


def set_aside(journal: Journal) -> set[bytes]:
    """Return which letters some desk of ours kept aside and signed for, for good."""
    rows = journal.store.rows(SET_ASIDE)
    judge = journal.judge
    facts = [
        hotline.parse_fact(kind, version, body)
        for commit, device, sequence, slot, vault, kind, version, body in rows
        if not judge.refusal(At(commit, DeviceId(device), sequence), slot, kind, vault)
    ]
    return {one for fact in facts if isinstance(fact, LettersSetAside) for one in fact.messages}


def take_out(journal: Journal, item: IntakeItem, message: MessageId) -> None:
    """Keep an item no longer, because it is read now; inside the transaction that does."""
    with journal.store.transaction() as writer:
        writer.execute("DELETE FROM aside WHERE message = ?", (message,))
        held = journal.store.setting(HELD, NUMBER) or 0
        journal.store.put_setting(HELD, max(0, held - len(item.body)))


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
