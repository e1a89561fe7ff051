# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wakes who waits for an office's log or intake to grow; a ring says only "look again".

Places to wait are few, for each office and for all: whoever comes when they are taken gets one,
and the oldest of that office, or of the one that has most, waits no longer (docs/spec/relay.md 4).
So nobody who holds a capability can fill the server by waiting, and no desk is ever refused.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

MOST_OF_AN_OFFICE: Final = 200
"""Four times the desks of a large office; each waits once."""
MOST_WAITING: Final = 500


class Place:
    """Where one call waits, in the running event loop."""

    def __init__(self) -> None:
        self._loop: Final = asyncio.get_running_loop()
        self._rung: Final = asyncio.Event()
        self.dismissed = False

    async def rung(self) -> None:
        """Wait for the next ring, or for being dismissed."""
        await self._rung.wait()
        self._rung.clear()

    def wake(self) -> None:
        """Ring; may be called from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung.set)

    def dismiss(self) -> None:
        """Let it wait no longer: somebody else needs the place."""
        self.dismissed = True
        self.wake()


class Bell:
    """One bell for all offices, each named by its number."""

    def __init__(self) -> None:
        self.most = MOST_WAITING
        """How many may wait at once, of all offices together."""
        self._lock: Final = threading.Lock()
        self._waiting: Final[dict[int, dict[Place, None]]] = {}

    def ring(self, offices: Iterable[int]) -> None:
        """Wake who waits for one of these offices."""
        with self._lock:
            places = [place for office in offices for place in self._waiting.get(office, ())]
        for place in places:
            place.wake()

    def ring_all(self) -> None:
        """Wake everybody: the relay closes."""
        self.ring(tuple(self._waiting))

    @contextmanager
    def listen(self, office: int) -> Iterator[Place]:
        """Give a place that is rung at each ring from now on, and dismissed when others need it."""
        place = Place()
        with self._lock:
            self._make_room(office)
            self._waiting.setdefault(office, {})[place] = None
        try:
            yield place
        finally:
            with self._lock:
                self._forget(office, place)

    def _make_room(self, office: int) -> None:
        if len(self._waiting.get(office, ())) >= MOST_OF_AN_OFFICE:
            self._dismiss_oldest(office)
        elif sum(map(len, self._waiting.values())) >= self.most:
            self._dismiss_oldest(max(self._waiting, key=lambda each: len(self._waiting[each])))

    def _dismiss_oldest(self, office: int) -> None:
        oldest = next(iter(self._waiting[office]))
        self._forget(office, oldest)
        oldest.dismiss()

    def _forget(self, office: int, place: Place) -> None:
        mine = self._waiting.get(office, {})
        mine.pop(place, None)
        if not mine:
            self._waiting.pop(office, None)
