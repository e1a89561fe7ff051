# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls phones after a desk was locked: a process without keys, by what it was handed (duty.md 6).

It reads signs before it calls, so that it keeps quiet while a desk is open, or one that was locked
later watches; what is not proved counts for nothing, and so does a server that does not answer.
Fail-open: where nothing can be read it calls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import Instant
from safeconduct.rooms.duty.locked_ladder import Ladder, Signs, read_signs
from safeconduct.rooms.duty.signs import Last, address_of, own, slot_of

if TYPE_CHECKING:
    from safeconduct.edges.desk.meeting import Meeting
    from safeconduct.edges.desk.pager import Pager
    from safeconduct.rooms.duty.locked import LockedCalls


class Clock:
    """The time by two clocks, of which the one is believed that says that more has passed.

    A steady clock stands still while a computer sleeps, and the one on the wall can be set back.
    """

    def __init__(
        self, calls: LockedCalls, wall: Callable[[], float], steady: Callable[[], float]
    ) -> None:
        """Begin at the moment of locking; both count seconds."""
        self._locked: Final = calls.locked
        self._wall: Final = wall
        self._steady: Final = steady
        self._began: Final = steady()

    def now(self) -> Instant:
        """Return the time in milliseconds since 1970."""
        passed = self._locked + round((self._steady() - self._began) * 1000)
        return Instant(max(passed, round(self._wall() * 1000)))


class LockedCaller:
    """Looks now and then, and calls."""

    def __init__(self, calls: LockedCalls, board: Meeting, pager: Pager, clock: Clock) -> None:
        """Call by what was handed over; signs are read and shown on a board."""
        self._calls: Final = calls
        self._board: Final = board
        self._pager: Final = pager
        self._clock: Final = clock
        self._ladder: Final = Ladder(calls)
        self._shown = -1
        self.ended = False

    def look(self, *, news: bool) -> None:
        """Make the call that is due, where one is; `news` says that something new has come."""
        now = self._clock.now()
        if news:
            self._ladder.news(now)
        slot = slot_of(now)
        for at in (slot - 1, slot):
            self._ladder.hear(self._signs(at))
        topics = self._ladder.look(now)
        if topics:
            taken = [self._pager.call(self._calls.address, topic) for topic in sorted(topics)]
            self._ladder.tried(now, taken=any(taken))
            if any(taken) and (day := self._calls.day(slot)) is not None:
                self._show(slot, day.called)
        self._watch(slot)
        # What is due by a clock that was just set ahead is called for once before the end.
        self.ended = self._ladder.spent or now >= self._calls.until

    def _watch(self, slot: int) -> None:
        """Show once in each slot that this desk watches, unless others know more by now."""
        day = self._calls.day(slot)
        if day is not None and slot != self._shown and not self._ladder.outdated:
            self._shown = slot if self._show(slot, day.watches) else self._shown

    def _signs(self, slot: int) -> Signs:
        day = self._calls.day(slot)
        if day is None:
            return Signs()
        try:
            return read_signs(day, slot, self._board.collect(address_of(day.board, slot)))
        except SafeconductError:
            return Signs()

    def _show(self, slot: int, last: Last) -> bool:
        day, sign = self._calls.day(slot), own(last, slot)
        if day is None or sign is None:
            return False
        try:
            self._board.put(address_of(day.board, slot), sign)
        except SafeconductError:
            return False
        return True
