# SPDX-License-Identifier: AGPL-3.0-or-later
"""Says when this computer's clock and the server's are far apart.

One of the two is wrong, and a desk cannot know which; no right and no order hangs on either
(spec/journal.md 4), but people read times.  What is said is taken back once both agree.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine.journal import CLOCK_DIFFERS, Journal
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import MINUTE, Instant

APART: Final = 10 * MINUTE
AGAIN: Final = 10 * MINUTE
CLOCK_OFF: Final = "clock_off"


def came(now: Instant, due: int, wait: int) -> bool:
    """Tell whether a time came that was put off by a wait of so many milliseconds at most.

    One that is further off is from before a clock was set back: to be early does no harm.
    """
    return not now < due <= now + wait


class ClockWatch:
    """Compares the clocks now and then, and at once when this one has jumped."""

    def __init__(self, journal: Journal, courier: Courier) -> None:
        """Compare with the relay of a courier."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._last: Instant | None = None

    def look(self) -> None:
        """Compare, unless that was done a moment ago; raises Unreachable."""
        journal = self._journal
        asked = journal.clock.now()
        if self._last is not None and abs(asked - self._last) < AGAIN:
            return
        try:
            theirs = self._courier.now()
        except NotFound:
            return  # An office that has published nothing yet.
        heard = self._last = journal.clock.now()
        if asked - APART <= theirs <= heard + APART:
            self._take_back()
        else:
            journal.trouble(CLOCK_OFF)

    def _take_back(self) -> None:
        """Forget that the clocks differed, a colleague's too: it may have been this one."""
        journal = self._journal
        if journal.store.value("SELECT 1 FROM troubles WHERE code = ?", (CLOCK_OFF,)) is None:
            return
        with journal.store.transaction() as writer:
            both = (CLOCK_OFF, CLOCK_DIFFERS)
            writer.execute("DELETE FROM troubles WHERE code IN (?, ?)", both)
        journal.changed()
