# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much memory processes take on while something happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

from tests.kit.browsers import Browser


class Watch:
    """The most memory that was held, against what was held in the beginning."""

    def __init__(self, measure: Callable[[], int]) -> None:
        """Take the first measure."""
        self._measure = measure
        self.first = self.most = self.last = measure()

    def look(self) -> None:
        """Take one more measure."""
        self.last = self._measure()
        self.most = max(self.most, self.last)

    @property
    def growth(self) -> int:
        """How many bytes were added since the beginning, at most."""
        return self.most - self.first


def own_memory(page: Browser) -> Callable[[], int]:
    """Measure what a browser's processes hold of their own, together."""
    root = page.processes()[0]

    def measure() -> int:
        total = 0
        for process in (root, *root.children(recursive=True)):
            try:
                total += process.memory_full_info().uss
            except psutil.NoSuchProcess:
                continue
        return total

    return measure


def resident(pid: int) -> Callable[[], int]:
    """Measure what one process holds in memory, shared or not."""
    process = psutil.Process(pid)
    return lambda: int(process.memory_info().rss)


@contextmanager
def watched(measure: Callable[[], int], *, every: float = 0.5) -> Iterator[Watch]:
    """Measure every so many seconds, and once more at the end."""
    watch, done = Watch(measure), threading.Event()

    def look() -> None:
        while not done.wait(every):
            watch.look()

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        done.set()
        thread.join()
    watch.look()
