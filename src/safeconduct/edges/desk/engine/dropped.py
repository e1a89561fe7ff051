# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the relay let go before this desk read it: whether anybody recorded it, and whether in time.

A relay keeps what was taken for three days (docs/spec/relay.md 4), so an honest one never shows a
dropped item that is younger.  Fail-open: one that does is named and read on, since nothing is won
by missing what it still hands over.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine.aside import set_aside
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.ports import Courier, IntakeItem, ItemState
from safeconduct.kernel.words import DAY, MINUTE, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.events import MessageReceived

GRACE: Final = 3 * DAY
PATIENCE: Final = 2 * MINUTE
"""So long a colleague has to say what they did with a letter."""
ASKED: Final = "intake_asked"
JUDGED_AT_ONCE: Final = 200_000
RECORDS_AT_ONCE: Final = 5_000
RECORDS: Final = (
    'SELECT e.no, e.kind, e.version, e.body FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.kind = 'hotline.MessageReceived' AND e.conversation IS NOT NULL "
    "AND e.no > ? AND c.state = 0 ORDER BY e.no LIMIT ?"
)


def note(journal: Journal, courier: Courier, items: list[IntakeItem]) -> None:
    """Remember what was dropped before this desk saw it, and name a relay that was too early."""
    gone = [item for item in items if item.state is ItemState.DROPPED]
    if not gone:
        return
    if _by_its_own_word(gone, courier.now()) or _since_we_asked(journal, gone):
        tell_anew(journal, "dropped_early")
    rows = [(item.at, item.body, journal.clock.now()) for item in gone]
    with journal.store.transaction() as writer:
        writer.executemany("INSERT OR IGNORE INTO dropped VALUES (?, ?, ?)", rows)


def note_asked(journal: Journal, asked: Instant) -> None:
    """Remember when the intake was still as long as it was confirmed now."""
    journal.store.put_setting(ASKED, asked)


def tell_losses(journal: Journal) -> None:
    """Say so when an item was dropped that nobody recorded, once colleagues had time to tell.

    Called after the log was read, so that a record which is there has been read.
    """
    rows = journal.store.rows(
        "SELECT idx, message FROM dropped WHERE since < ? ORDER BY idx LIMIT ?",
        (journal.clock.now() - PATIENCE, JUDGED_AT_ONCE),
    )
    if not rows:
        return
    if _unrecorded(journal, {message for _, message in rows}):
        tell_anew(journal, "dropped_unread")
    with journal.store.transaction() as writer:
        writer.executemany("DELETE FROM dropped WHERE idx = ?", [(row[0],) for row in rows])


def tell_anew(journal: Journal, code: str) -> None:
    """Raise a trouble as of now, so that each loss is seen and none hides behind an older one."""
    with journal.store.transaction() as writer:
        writer.execute("DELETE FROM troubles WHERE code = ?", (code,))
    journal.trouble(code)


def _by_its_own_word(gone: list[IntakeItem], relay_now: Instant) -> bool:
    """Tell whether the relay says itself that an item came less than three days ago."""
    return any(item.arrived + GRACE > relay_now for item in gone)


def _since_we_asked(journal: Journal, gone: list[IntakeItem]) -> bool:
    """Tell whether an item came after this desk last asked, and that was not three days ago.

    By this desk's clock alone; where that went back since, nothing is said.
    """
    asked = journal.store.setting(ASKED, NUMBER)
    if asked is None or gone[-1].at < journal.log.watch("intake").confirmed.size:
        return False
    return asked <= journal.clock.now() < asked + GRACE


def _unrecorded(journal: Journal, messages: set[bytes]) -> set[bytes]:
    """Return those of these messages of which no record counts, nor word of rubbish."""
    messages, number = messages - set_aside(journal), 0
    messages -= journal.lists.gone.had(messages)
    while messages:
        rows = journal.store.rows(RECORDS, (number, RECORDS_AT_ONCE))
        if not rows:
            break
        number = rows[-1][0]
        for _, kind, version, body in rows:
            event = hotline.parse_fact(kind, version, body)
            if isinstance(event, MessageReceived):
                messages.discard(event.message)
    return messages
