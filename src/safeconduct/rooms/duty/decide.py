# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking, leaving and swapping shifts: plan and command to facts, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId, FactId, Instant
from safeconduct.rooms.duty.calendar import instants_of
from safeconduct.rooms.duty.events import (
    HoursSet,
    ShiftLeft,
    ShiftTaken,
    SwapAccepted,
    SwapDropped,
    SwapOffered,
)
from safeconduct.rooms.duty.words import AHEAD_MOST, SHIFT_MOST, Offer, Plan, Shift

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, tzinfo


class Own(NamedTuple):
    """The device that acts, and when."""

    device: DeviceId
    now: Instant


class Wanted(NamedTuple):
    """To whom a shift is offered, and for which of theirs; None asks for none."""

    to: DeviceId
    theirs: FactId | None


class TimeSkipped(Refused):
    """Clocks never show this time: they are put forward over it."""

    code = "time_skipped"


class TimeTwice(Refused):
    """Clocks show this time twice: they are put back over it, and nobody said which is meant."""

    code = "time_twice"


class ShiftLength(Refused):
    """A shift is longer than nothing and no longer than a day."""

    code = "shift_length"


class ShiftPassed(Refused):
    """It is over already."""

    code = "shift_passed"


class ShiftTooFar(Refused):
    """So far ahead nobody takes a shift."""

    code = "shift_too_far"


class ShiftTwice(Refused):
    """This device has a shift at that time."""

    code = "shift_twice"


class NotYourShift(Refused):
    """This device does not have this shift, or no more."""

    code = "not_your_shift"


class NoSuchOffer(Refused):
    """This is offered no more: somebody took it, took it back, or has the shift no longer."""

    code = "no_such_offer"


class NobodyToSwapWith(Refused):
    """Whoever this would be offered to cannot take it."""

    code = "nobody_to_swap_with"


def moment(said: datetime, zone: tzinfo, *, later: bool | None = None) -> Instant:
    """Return when clocks of a zone show a time; `later` says which where they show it twice.

    Raises:
        TimeSkipped, TimeTwice: see there.
    """
    found = instants_of(said, zone)
    if not found:
        raise TimeSkipped
    if len(found) > 1 and later is None:
        raise TimeTwice
    return found[-1] if later else found[0]


def set_hours(plan: Plan, zone: str, begins: int, ends: int) -> HoursSet:
    """Say when somebody has to be on duty; minutes of the day by the clocks of a zone."""
    return HoursSet(zone, begins, ends, plan.hours.stood)


def take(plan: Plan, own: Own, stretch: tuple[Instant, Instant], *, backup: bool) -> ShiftTaken:
    """Take a shift.

    Raises:
        ShiftLength, ShiftPassed, ShiftTooFar, ShiftTwice: see there.
    """
    begins, ends = stretch
    if not 0 < ends - begins <= SHIFT_MOST:
        raise ShiftLength
    if ends <= own.now:
        raise ShiftPassed
    if begins > own.now + AHEAD_MOST:
        raise ShiftTooFar
    if any(one.begins < ends and begins < one.ends for one in _of(plan, own.device)):
        raise ShiftTwice
    return ShiftTaken(begins, ends, int(backup))


def leave(plan: Plan, own: Own, holding: FactId) -> ShiftLeft:
    """Give up a shift of this device; a gap is shown where nobody else has the time.

    Raises:
        NotYourShift, ShiftPassed: see there.
    """
    return ShiftLeft(_own(plan, own, holding).holding)


def offer(
    plan: Plan,
    own: Own,
    holding: FactId,
    wanted: Wanted,
    colleagues: Collection[DeviceId],
) -> SwapOffered:
    """Offer a shift to a colleague, for one of theirs or for none.

    Raises:
        NotYourShift, ShiftPassed: see there.
        NobodyToSwapWith: it is nobody who could take it, or the shift asked for is not theirs.
    """
    mine = _own(plan, own, holding)
    if wanted.to == own.device or wanted.to not in colleagues:
        raise NobodyToSwapWith
    if wanted.theirs is not None:
        other = plan.shift(wanted.theirs)
        if other is None or other.holder != wanted.to or other.ends <= own.now:
            raise NobodyToSwapWith
    return SwapOffered(mine.holding, wanted.to, wanted.theirs or b"")


def accept(plan: Plan, own: Own, fact: FactId) -> SwapAccepted:
    """Take what was offered to this device.

    Raises:
        NoSuchOffer, ShiftPassed, ShiftTwice: see there.
    """
    found = _offer(plan, fact)
    if found.to != own.device:
        raise NoSuchOffer
    mine = found.mine
    if mine.ends <= own.now or (found.theirs is not None and found.theirs.ends <= own.now):
        raise ShiftPassed
    gives = found.theirs.holding if found.theirs else None
    others = [one for one in _of(plan, own.device) if one.holding != gives]
    if any(one.begins < mine.ends and mine.begins < one.ends for one in others):
        raise ShiftTwice
    return SwapAccepted(found.fact)


def drop(plan: Plan, own: Own, fact: FactId) -> SwapDropped:
    """Take back an offer of this device, or decline one that was made to it.

    Raises:
        NoSuchOffer: see there.
    """
    found = _offer(plan, fact)
    if own.device not in {found.to, found.mine.holder}:
        raise NoSuchOffer
    return SwapDropped(found.fact)


def _own(plan: Plan, own: Own, holding: FactId) -> Shift:
    found = plan.shift(holding)
    if found is None or found.holder != own.device:
        raise NotYourShift
    if found.ends <= own.now:
        raise ShiftPassed
    return found


def _offer(plan: Plan, fact: FactId) -> Offer:
    found = plan.offer(fact)
    if found is None:
        raise NoSuchOffer
    return found


def _of(plan: Plan, device: DeviceId) -> list[Shift]:
    return [one for one in plan.shifts if one.holder == device]
