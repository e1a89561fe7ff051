# SPDX-License-Identifier: AGPL-3.0-or-later
"""When we must hear of a person, and whom it concerns once that time has passed (spec/triage.md 4).

The times stand in one table of data, `TIMES`; the page of settings shows it to the office.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from safeconduct.kernel.words import DAY, HOUR, MINUTE, Instant
from safeconduct.rooms.hotline.triage import AHEAD_MOST, CLOCKS_APART, Danger, Triage


class Times(NamedTuple):
    """For one level of danger, in milliseconds."""

    word: int
    """From the last word either way until the next is due, where nobody set a time."""
    duty: int
    """From then until everyone on duty is named, not the holder alone."""
    stewards: int
    """From then until the stewards are named too."""


TIMES: Final[dict[Danger, Times]] = {
    Danger.LIFE: Times(word=2 * HOUR, duty=10 * MINUTE, stewards=30 * MINUTE),
    Danger.IN_DANGER: Times(word=8 * HOUR, duty=30 * MINUTE, stewards=2 * HOUR),
    Danger.AT_RISK: Times(word=DAY, duty=2 * HOUR, stewards=6 * HOUR),
    Danger.UNJUDGED: Times(word=DAY, duty=2 * HOUR, stewards=12 * HOUR),
    Danger.NONE_KNOWN: Times(word=7 * DAY, duty=DAY, stewards=3 * DAY),
}
"""What the office goes by.  No published figure exists: these are ours, to be judged in use."""


class Step(Enum):
    """Whom a silence concerns by now; each step has those before it, too."""

    HOLDER = "holder"
    DUTY = "duty"
    STEWARDS = "stewards"


def due(triage: Triage, *, last_word: Instant, last_arrived: Instant) -> Instant | None:
    """Return by when we must hear of the person; None when that is over.

    A time that a helper set stands until the person writes at it or later.
    """
    if triage.over:
        return None
    if triage.contact is not None and last_arrived < triage.contact.to:
        return triage.contact.to
    return Instant(last_word + TIMES[triage.rank].word)


def step(rank: Danger, due: Instant, now: Instant, *, held: bool) -> Step | None:
    """Return how far a silence has gone up; None while nothing is due.

    What no true clock put off so far concerns everybody.
    """
    if due > now + AHEAD_MOST + CLOCKS_APART:
        return Step.STEWARDS
    if now < due:
        return None
    late, times = now - due, TIMES[rank]
    if late >= times.stewards:
        return Step.STEWARDS
    return Step.DUTY if late >= times.duty or not held else Step.HOLDER
