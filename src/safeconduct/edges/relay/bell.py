# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wakes who waits for an office's log or intake to grow; a ring says only "look again"."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final


class Bell:
    """One bell for all offices, each named by its number."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._waiting: Final[dict[int, set[Callable[[], None]]]] = {}

    def ring(self, offices: Iterable[int]) -> None:
        """Wake who waits for one of these offices."""
        with self._lock:
            wakes = [wake for office in offices for wake in self._waiting.get(office, ())]
        for wake in wakes:
            wake()

    def ring_all(self) -> None:
        """Wake everybody: the relay closes."""
        self.ring(tuple(self._waiting))

    @contextmanager
    def listen(self, office: int) -> Iterator[threading.Event]:
        """Give an event that is set at each ring from now on."""
        event = threading.Event()
        with self._kept(office, event.set):
            yield event

    @contextmanager
    def listen_async(self, office: int) -> Iterator[asyncio.Event]:
        """Give an event of the running loop that is set at each ring from now on."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

        with self._kept(office, wake):
            yield event

    @contextmanager
    def _kept(self, office: int, wake: Callable[[], None]) -> Iterator[None]:
        with self._lock:
            self._waiting.setdefault(office, set()).add(wake)
        try:
            yield
        finally:
            with self._lock:
                self._waiting[office].discard(wake)
                if not self._waiting[office]:
                    del self._waiting[office]
