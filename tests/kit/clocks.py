# SPDX-License-Identifier: AGPL-3.0-or-later
"""A clock that stands still until it is moved, and an Rng that gives the same bytes each run."""

import hashlib

from safeconduct.kernel.words import Instant

NOON: int = 1_795_000_000_000
"""Some midday in November 2026."""


class FixedClock:
    """Implements `Clock`; the test moves it, also backwards."""

    def __init__(self, now: int = NOON) -> None:
        """Stand at an instant."""
        self._now = now

    def now(self) -> Instant:
        """Return where the clock stands."""
        return Instant(self._now)

    def move(self, milliseconds: int) -> None:
        """Go on, or back."""
        self._now += milliseconds


class SeededRng:
    """Implements `Rng`; two with the same seed give the same bytes, however they are asked."""

    def __init__(self, seed: str | int = 0) -> None:
        """Start a stream of bytes."""
        self._seed = f"safeconduct/tests/{seed}".encode()
        self._drawn = 0

    def bytes(self, count: int) -> bytes:
        """Return the next bytes."""
        self._drawn += 1
        return hashlib.shake_256(self._seed + self._drawn.to_bytes(8, "big")).digest(count)
