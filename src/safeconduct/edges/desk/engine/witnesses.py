# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long ago something was, by clocks that whoever sits at this desk cannot set.

Each desk cites in its commits how much of the log it had seen, and writes its own time beside it.
Where a colleague's desk cited that much a week before its newest commit, by its own clock, the week
passed for them too.  Another device of the same person is no colleague's: persons are compared by
the names with which their devices were admitted.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store_facts import COUNTS

_NEWEST: Final = (
    f"SELECT hlc FROM commits WHERE device = ? AND state = {COUNTS} "  # noqa: S608
    "ORDER BY sequence DESC LIMIT 1"
)
_BEFORE: Final = (
    f"SELECT seen_size FROM commits WHERE device = ? AND state = {COUNTS} AND hlc <= ? "  # noqa: S608
    "ORDER BY sequence DESC LIMIT 1"
)
_INSTANT_BITS: Final = 16


def seen_before(journal: Journal, milliseconds: int) -> int:
    """Return how much of the log colleagues had seen that long ago; 0 when no clock says so.

    A colleague's time may have followed this desk's by a day at most (spec/journal.md 4).
    """
    store, members = journal.store, journal.roster.members
    own = members[journal.device].person
    found = 0
    for device, member in members.items():
        if member.person == own:
            continue
        newest = store.value(_NEWEST, (device,)) or 0
        before = newest - (milliseconds << _INSTANT_BITS)
        found = max(found, store.value(_BEFORE, (device, before)) or 0)
    return found
