# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Today and other lists of conversations show at this desk, beside what rows say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from safeconduct.edges.desk import drafts, handed, line_book, standing
from safeconduct.edges.desk.api import Row, Status, Today
from safeconduct.edges.desk.engine.journal import Journal

ROWS_ON_TODAY: Final = 20
SILENT_ON_TODAY: Final = 5


def marked(journal: Journal, rows: Sequence[Row]) -> list[Row]:
    """Return rows with what this desk alone knows of them."""
    rows = line_book.marked(journal, drafts.marked(journal.store, rows))
    return standing.with_unsent(journal.store, handed.marked(journal.store, journal.device, rows))


def today(journal: Journal, status: Status) -> Today:
    """Return who is silent, who waits, and what this desk holds; each conversation once below."""
    page, own = journal.lists.page, journal.device
    silent, silent_total = page("silent", own, start=0, most=SILENT_ON_TODAY)
    waiting, total = page("waiting", own, start=0, most=ROWS_ON_TODAY)
    held, held_total = page("mine", own, start=0, most=2 * ROWS_ON_TODAY)
    _, snoozed = page("snoozed", own, start=0, most=0)
    _, hostile = page("hostile", own, start=0, most=0)
    _, behind = page("behind", own, start=0, most=0)
    shown = {row.conversation for row in waiting}
    mine = [row for row in held if row.conversation not in shown][:ROWS_ON_TODAY]
    return Today(
        waiting=tuple(marked(journal, waiting)),
        waiting_total=total,
        mine=tuple(marked(journal, mine)),
        mine_total=held_total,
        status=status,
        silent=tuple(silent),
        silent_total=silent_total,
        snoozed_total=snoozed,
        hostile_total=hostile,
        behind_total=behind,
    )
