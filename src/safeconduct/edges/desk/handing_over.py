# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk hands to the process without keys as it locks, from what is in memory.

Locking waits for nothing, so nothing is asked or computed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.edges.desk.locked_watch import errand_of, write_errand
from safeconduct.kernel.words import Instant
from safeconduct.rooms.duty.locked import end_of

if TYPE_CHECKING:
    from safeconduct.edges.desk.engine.journal import Journal
    from safeconduct.edges.desk.engine.loops import Loops
    from safeconduct.rooms.duty.locked import LockedCalls


def errand(
    journal: Journal,
    loops: Loops | None,
    handed: tuple[int, LockedCalls] | None,
    *,
    shows: bool,
) -> str:
    """Return an errand as a line; empty where nothing is to be done.

    `handed` says whom to call, and after how many letters that was made: what was read since is in
    no list of times, so it counts as new.
    """
    if loops is None or not (shows or handed):
        return ""
    calls, letters, place = None, loops.puller.read_to, journal.place
    until = end_of(journal.clock.now())
    if handed is not None:
        letters, calls = handed
        until = Instant(calls.until)
    way = place.relay_url, place.office, place.capability
    return write_errand(errand_of(way, intake=letters, until=until, shows=shows, calls=calls))
