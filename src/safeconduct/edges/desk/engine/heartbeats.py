# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells colleagues that this desk is on duty, and notices when one of theirs falls silent.

No clock decides that (spec/crew.md 10): a desk counts the time in which it reached the relay, and
asks how much of the log a colleague's newest heartbeat had seen.  A desk that does not reach it, or
may not write, tells nothing; whoever locks one waits for nothing.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from safeconduct.edges.desk.engine import post, reports
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.journal.heads import HEARTBEAT
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew import VERSION
from safeconduct.rooms.crew.watching import (
    GOING,
    ON_DUTY,
    Watch,
    watch,
    write_heartbeat,
)

MINUTE: Final = 60.0
FIRST: Final = MINUTE
"""Seconds at the relay after which a desk says that it is on duty."""
EVERY: Final = 15 * MINUTE
EARLIER: Final = 3 * MINUTE
"""Up to so much earlier by chance, so that no rhythm tells one device from another for days."""
PATIENCE: Final = 45 * MINUTE
LONGEST_STEP: Final = MINUTE
"""More than that did not pass between two looks: the computer slept."""
STEP: Final = 0.02


class Heartbeats:
    """When this desk tells that it is there, and who else does."""

    def __init__(self, journal: Journal, steady: Callable[[], float] = time.monotonic) -> None:
        """Begin to count; `steady` counts seconds and never goes back."""
        self._journal: Final = journal
        self._steady: Final = steady
        self._looked = steady()
        self._here = 0.0
        self._due = FIRST
        self._shown: deque[tuple[float, int]] = deque()
        self._telling: Final = threading.Lock()
        self._going = False
        self._online = False
        self.watch = Watch()

    def look(self, *, online: bool) -> None:
        """Count on, tell when it is time, and see who fell silent; raises StoreFull."""
        now = self._steady()
        passed, self._looked, self._online = now - self._looked, now, online
        if online:
            self._here += min(passed, LONGEST_STEP)
            self._note_shown()
            if self._here >= self._due:
                self._tell_on_duty()
        self._see()

    def farewell(self, seconds: float) -> None:
        """Tell that this desk goes, if it had told that it was there; wait for it to be sent.

        No longer than so many seconds; what is not sent then goes when the desk is opened again.
        """
        end = self._steady() + seconds
        with self._telling:
            self._going = True
            told = self._journal.rosters.beats.known.get(self._journal.device)
            if told is None or not told.on_duty or not self._may_tell():
                return
            self._tell(GOING)
        unsent = "SELECT 1 FROM outbox WHERE promised IS NULL LIMIT 1"
        while self._online and self._steady() < end and self._journal.store.value(unsent):
            time.sleep(STEP)

    def _note_shown(self) -> None:
        """Remember from when on the relay showed how much of the log; for as long as it matters."""
        size = self._journal.seen.size
        if not self._shown or self._shown[-1][1] != size:
            self._shown.append((self._here, size))
        while len(self._shown) > 1 and self._shown[1][0] <= self._here - PATIENCE:
            self._shown.popleft()

    def _tell_on_duty(self) -> None:
        earlier = post.by_chance(self._journal, round(EARLIER * 1000)) / 1000
        self._due = self._here + EVERY - earlier
        with self._telling:
            if not self._going and self._may_tell():
                self._tell(ON_DUTY)

    def _may_tell(self) -> bool:
        journal = self._journal
        return not journal.behind and journal.device in journal.roster.present()

    def _tell(self, says: int) -> None:
        journal = self._journal
        beat = Fact(journal.crew_vault, HEARTBEAT, VERSION, write_heartbeat(says))
        with journal.store.lock:
            if report := reports.due(journal):
                journal.write([beat, *report.facts], lambda _: report.told())
            else:
                journal.write([beat])

    def _see(self) -> None:
        journal = self._journal
        first = self._shown[0] if self._shown else (self._here, 0)
        shown = first[1] if first[0] <= self._here - PATIENCE else None
        found = watch(journal.rosters.beats.known, self._colleagues(), shown, journal.clock.now())
        if found != self.watch:
            self.watch = found
            journal.changed()

    def _colleagues(self) -> set[DeviceId]:
        journal = self._journal
        head = journal.reader.chains.head
        others = journal.roster.present() - {journal.device}
        return {device for device in others if head(device).forked_at is None}
