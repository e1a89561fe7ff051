# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's real clock and randomness."""

from __future__ import annotations

import secrets
import time

from safeconduct.kernel.words import Instant


class SystemClock:
    """The machine's wall clock; it may be wrong, and rights never hang on it."""

    def now(self) -> Instant:
        """Return milliseconds since 1970."""
        return Instant(time.time_ns() // 1_000_000)


class SystemRng:
    """The operating system's random bytes."""

    def bytes(self, count: int) -> bytes:
        """Return fresh random bytes."""
        return secrets.token_bytes(count)
