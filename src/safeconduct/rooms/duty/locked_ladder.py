# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a process without keys calls, and whom: the steps of `escalation` over what it was handed.

It knows times and no alarm, so all that is due at once is one ladder.  A desk that is open, or that
was locked later, knows more: what fell due before its sign is its to see to.  What no proved sign
says counts for nothing, so a server can have it call too often and never too little; how often has
an end.
Pure: times, signs and what a server of calls took are handed in.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from safeconduct.kernel.words import MINUTE, Instant
from safeconduct.rooms.duty.answer_times import FLAGGED_WITHIN
from safeconduct.rooms.duty.escalation import AFTER, AGAIN, STEPS, called
from safeconduct.rooms.duty.locked import LockedCalls
from safeconduct.rooms.duty.signs import SLOT, Day, own, proves, slot_of, start_of

NEWS_AFTER: Final = FLAGGED_WITHIN
"""So long something new waits for somebody to open a desk: who wrote may be in danger."""
TURN: Final = 3 * MINUTE
"""So long each rank waits for the one before it; longer than any pause between two looks."""
CALLS_MOST: Final = 16
"""However long nobody comes and whatever a server says, one locked desk calls no more often."""
TRIES_MOST: Final = 32
TRIES_DOUBLE_MOST: Final = 5


class Signs(NamedTuple):
    """The newest slots of which there are proved signs; -1 where there is none."""

    open: int = -1
    watches: int = -1
    called: int = -1


def read_signs(day: Day | None, slot: int, items: list[bytes]) -> Signs:
    """Return what lies in the box of a slot; what nothing proves is passed over."""
    if day is None:
        return Signs()
    watches = own(day.watches, slot)
    return Signs(
        slot if any(proves(day.open, slot, item) for item in items) else -1,
        slot if watches in items else -1,
        slot if any(proves(one, slot, item) for one in day.ranks for item in items) else -1,
    )


class Ladder:
    """What is due, how far calls have gone, and whom to call next."""

    def __init__(self, calls: LockedCalls) -> None:
        """Begin with what was handed over."""
        self._calls: Final = calls
        self._begins = {Instant(one) for one in calls.begins}
        self._news: Instant | None = None
        self._told_of_news = False
        self._open = self._watches = Instant(0)
        self._counted = -1
        self._made = self._count = self._tries = self._failed = 0
        self._first: Instant | None = None
        self._again = Instant(0)

    @property
    def outdated(self) -> bool:
        """Whether a desk was open since: another one that was locked later knows more."""
        return self._open > self._calls.locked

    @property
    def spent(self) -> bool:
        """Whether it may call no more."""
        return self._count >= CALLS_MOST or self._tries >= TRIES_MOST

    def news(self, now: Instant) -> None:
        """Something new came, the server says; it says so once."""
        if not self._told_of_news:
            self._news, self._told_of_news = now, True

    def hear(self, signs: Signs) -> None:
        """Take what signs say; one of the slot in which this desk was locked may be its own."""
        if start_of(signs.open) > max(self._open, self._calls.locked):
            self._open = start_of(signs.open)
            self._leave(self._open)
        self._watches = max(self._watches, start_of(signs.watches))
        if self.outdated:
            self._leave(self._watches)
        if signs.called > self._counted and (due := self._due_at()) is not None:
            began = start_of(signs.called)
            if began + SLOT > due:
                self._counted = signs.called
                self._step(max(due, began))

    def look(self, now: Instant) -> set[str]:
        """Return the topics to call now; none where nobody is to be called from here."""
        due = self._due_at()
        if due is None or self.spent or self._held(now):
            return set()
        if now < max(due + self._calls.rank * TURN, self._again):
            return set()
        return called(self._made, self._calls.rings(now))

    def tried(self, now: Instant, *, taken: bool) -> None:
        """Note that those were called, or that the server of calls did not take it."""
        self._tries += not taken
        self._failed = 0 if taken else self._failed + 1
        pause = MINUTE << min(self._failed, TRIES_DOUBLE_MOST) >> 1
        self._again = Instant(now if taken else now + pause)
        if taken:
            self._count += 1
            self._counted = max(self._counted, slot_of(now))  # Its own sign is no step more.
            self._step(now)

    def _step(self, at: Instant) -> None:
        self._first = at if self._first is None else self._first
        self._made += 1

    def _due_at(self) -> Instant | None:
        """Return when the next step is due; None where nothing is."""
        if self._first is not None:
            over = max(0, self._made - (STEPS - 1))
            return Instant(self._first + AFTER[min(self._made, STEPS - 1)] + AGAIN * over)
        news = {self._news + NEWS_AFTER} if self._news is not None else set()
        return min((Instant(one) for one in self._begins | news), default=None)

    def _held(self, now: Instant) -> bool:
        """Tell whether some desk that knows more was there lately."""
        lately = now - 2 * SLOT
        return self._open > lately or (self.outdated and self._watches > lately)

    def _leave(self, at: Instant) -> None:
        """Leave to another desk what was due when it was there, and calls that had begun."""
        self._begins -= {one for one in self._begins if one <= at}
        if self._news is not None and self._news <= at:
            self._news = None
        if self._first is not None and self._first <= at:
            self._first, self._made = None, 0
