# SPDX-License-Identifier: AGPL-3.0-or-later
"""The nouns of duty: hours, shift, offer, plan (spec/duty.md 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant

if TYPE_CHECKING:
    from collections.abc import Collection

SHIFT_MOST: Final = DAY
"""No longer is one shift, in milliseconds."""
AHEAD_MOST: Final = 60 * DAY
"""So far ahead a shift may begin."""
COUNTS_FOR: Final = AHEAD_MOST + 2 * DAY
"""A shift that begins later after its fact was written was put there by a clock that is wrong."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody has to be on duty, each day by the clocks of a zone.

    Minutes of the day; equal ones mean round the clock.  `stood` are the facts that say so, and
    `disputed` that two say it differently.
    """

    zone: str = "UTC"
    begins: int = 0
    ends: int = 0
    stood: tuple[FactId, ...] = ()
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is on duty from when to when, and by which fact they have it."""

    holding: FactId
    begins: Instant
    ends: Instant
    backup: bool
    holder: DeviceId

    def holds_at(self, now: Instant) -> bool:
        """Tell whether it runs."""
        return self.begins <= now < self.ends


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody offers a shift to a colleague, for one of theirs or for none."""

    fact: FactId
    mine: Shift
    to: DeviceId
    theirs: Shift | None


@dataclass(frozen=True, slots=True)
class Plan:
    """All shifts that stand, the first to begin first, and what is offered."""

    hours: Hours
    shifts: tuple[Shift, ...]
    offers: tuple[Offer, ...]

    def shift(self, holding: FactId) -> Shift | None:
        """Return the shift that somebody has by this fact."""
        return next((one for one in self.shifts if one.holding == holding), None)

    def offer(self, fact: FactId) -> Offer | None:
        """Return what was offered by this fact and still can be taken."""
        return next((one for one in self.offers if one.fact == fact), None)

    def on(self, now: Instant, present: Collection[DeviceId], *, backup: bool) -> list[Shift]:
        """Return the shifts that run now of devices that belong to the office."""
        return [
            one
            for one in self.shifts
            if one.holds_at(now) and one.backup == backup and one.holder in present
        ]


NO_HOURS: Final = Hours()
