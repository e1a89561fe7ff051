# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of the disk is free: 20 % of it is kept for text (docs/spec/relay.md 7)."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from safeconduct.kernel.ports import Clock
from safeconduct.kernel.words import SECOND

KEPT_FOR_TEXT: Final = 20
Probe = Callable[[], tuple[int, int]]
"""Returns the free and the total bytes that this relay may count on."""


def probe_of(path: Path) -> Probe:
    """Return a probe of the disk that holds a path."""

    def probe() -> tuple[int, int]:
        usage = shutil.disk_usage(path)
        return usage.free, usage.total

    return probe


class DiskWatch:
    """Knows the free share, asked at most once a second."""

    def __init__(self, probe: Probe, unused: Callable[[], int], clock: Clock) -> None:
        """`unused` tells how many bytes of the database file wait to be used again."""
        self._probe: Final = probe
        self._unused: Final = unused
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._asked = -SECOND
        self._share = 100

    def free_share(self) -> int:
        """Return how many per cent are free."""
        now = self._clock.now()
        with self._lock:
            if abs(now - self._asked) >= SECOND:
                free, total = self._probe()
                self._share = min(100, (free + self._unused()) * 100 // max(total, 1))
                self._asked = now
            return self._share

    def low(self) -> bool:
        """Tell whether attachments must wait."""
        return self.free_share() < KEPT_FOR_TEXT
