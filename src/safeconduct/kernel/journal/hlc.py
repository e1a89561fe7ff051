# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hybrid logical time: order what happened without trusting any clock (spec/journal.md 4).

Kulkarni et al., "Logical Physical Clocks", 2014.  A time is `milliseconds << 16 | counter`.
Rights never hang on this clock.
"""

from __future__ import annotations

from safeconduct.kernel.words import COUNTER_BITS, DAY, Instant, instant_of

__all__ = ["follow", "instant_of", "tick"]


def tick(newest: int, now: Instant) -> int:
    """Return a time greater than every accepted one, at the wall clock where that is later."""
    return max(newest + 1, now << COUNTER_BITS)


def follow(newest: int, heard: int, now: Instant) -> int:
    """Return the newest accepted time after hearing a colleague's.

    A time more than a day ahead of our own clock is kept in its commit but not followed, so that
    one laptop with a wrong clock cannot drag the office's time into the future.
    """
    if instant_of(heard) > now + DAY:
        return newest
    return max(newest, heard)
