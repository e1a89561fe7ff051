# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk has still to do or to tell that would be lost if it were packed now.

A packed store holds none of it (spec/crew.md 12).  Work that no other desk would do holds the
packing up; reports of what somebody looked at are written with the fact that the trip begins.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import (
    drawing,
    files_again,
    keys_again,
    moved_letters,
    new_root,
    openings,
    post,
    readings,
    rotating,
    searches,
    tracing,
)
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.journal import Fact

_WAITS: Final = (
    "SELECT (SELECT count(*) FROM outbox WHERE promised IS NULL) + "
    "(SELECT count(*) FROM letters WHERE after > 0) + (SELECT count(*) FROM uploads) + "
    "(SELECT count(*) FROM settings WHERE name IN (?, ?, ?))"
)


def holds_up(journal: Journal) -> bool:
    """Tell whether something is under way that no other desk would do.

    Files that a new server lacks, and that are not here either, hold nothing up.
    """
    files = journal.store.setting(files_again.NAME, files_again.FILES_AGAIN)
    return bool(
        journal.store.value(_WAITS, (keys_again.NAME, moved_letters.DUE, new_root.NAME))
        or (files and files.to_ask)
        or drawing.under_way(journal)
        or rotating.asked(journal)
        or tracing.is_to_end(journal)
    )


def reports(journal: Journal, *, hotline: bool) -> list[Fact]:
    """Return, as facts, what was looked at and searched here and not told yet; of today too.

    Of case files always; of conversations, with `hotline`, where their vault is left.
    """
    told = readings.waiting(journal)
    if hotline:
        told += [post.fact(journal, one) for one in openings.waiting(journal)]
        told += [post.fact(journal, one) for one in searches.waiting(journal)]
    return told
