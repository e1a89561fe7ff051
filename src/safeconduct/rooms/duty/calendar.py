# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days and hours by the clocks of a zone, and where nobody is on duty (spec/duty.md 3).

Whoever calls brings the zone: a room reads no disk.  A shift is two instants, so that no change of
the clocks moves it; only what a person types and reads goes by the zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.words import DAY, SECOND, Instant
from safeconduct.rooms.duty.words import Hours, Plan, Shift

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from safeconduct.kernel.words import DeviceId

DAYS_SHOWN: Final = 14
_ONE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one instant to another."""

    begins: Instant
    ends: Instant


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a zone: what of each shift lies in it, and where nobody is on duty."""

    begins: Instant
    ends: Instant
    shifts: tuple[tuple[Stretch, Shift], ...]
    gaps: tuple[Stretch, ...]

    @property
    def pieces(self) -> list[tuple[Stretch, Shift | None]]:
        """Shifts, and gaps as None, in the order of the day."""
        gaps: list[tuple[Stretch, Shift | None]] = [(gap, None) for gap in self.gaps]
        return sorted([*gaps, *self.shifts], key=lambda one: (one[0].begins, one[1] is not None))

    @property
    def turned(self) -> int:
        """By how many milliseconds the day is longer than others, because the clocks change."""
        return self.ends - self.begins - DAY


def instants_of(said: datetime, zone: tzinfo) -> tuple[Instant, ...]:
    """Return when clocks of a zone show a time: once, twice (clocks go back), or never."""
    found = set[Instant]()
    for fold in (0, 1):
        there = said.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if there.astimezone(zone).replace(tzinfo=None, fold=0) == said:
            found.add(_instant(there))
    return tuple(sorted(found))


def day_of(now: Instant, zone: tzinfo) -> date:
    """Return which day it is in a zone."""
    return _local(now, zone).date()


def hour_of(now: Instant, zone: tzinfo) -> int:
    """Return which hour of the day clocks of a zone show."""
    return _local(now, zone).hour


def midnight(day: date, zone: tzinfo) -> Instant:
    """Return when a day of a zone begins; where midnight is left out, the first moment after."""
    return _at(day, 0, zone)[0]


def days(plan: Plan, start: date, zone: tzinfo, present: Collection[DeviceId]) -> list[Day]:
    """Return two weeks of a plan; only shifts of devices that belong to the office count."""
    shifts = [one for one in plan.shifts if one.holder in present]
    found = []
    for offset in range(DAYS_SHOWN):
        day = start + offset * _ONE
        whole = Stretch(midnight(day, zone), midnight(day + _ONE, zone))
        within = [(part, one) for one in shifts if (part := _cut(_of(one), whole)) is not None]
        gaps = [part for gap in _gaps(plan, day, zone, shifts) if (part := _cut(gap, whole))]
        found.append(Day(whole.begins, whole.ends, tuple(within), tuple(gaps)))
    return found


def gap_at(plan: Plan, now: Instant, zone: tzinfo, present: Collection[DeviceId]) -> Stretch | None:
    """Return the gap in which we are; None where somebody is on duty, or nobody has to be.

    It is looked at no further than the plan is shown.
    """
    shifts = [one for one in plan.shifts if one.holder in present]
    found = _gaps(plan, day_of(now, zone), zone, shifts, DAYS_SHOWN)
    return next((one for one in found if one.begins <= now < one.ends), None)


def _gaps(
    plan: Plan, day: date, zone: tzinfo, shifts: Iterable[Shift], after: int = 1
) -> list[Stretch]:
    """Return where nobody is on duty and somebody has to be, from a day before to some after."""
    needed = [_needed(plan.hours, day + at * _ONE, zone) for at in range(-1, after + 1)]
    covered = [_of(one) for one in shifts if not one.backup]
    return [gap for part in _joined(needed) for gap in _without(part, covered)]


def _needed(hours: Hours, day: date, zone: tzinfo) -> Stretch:
    """Return when somebody has to be on duty; where a time comes twice, from first to last."""
    if hours.begins == hours.ends:
        return Stretch(midnight(day, zone), midnight(day + _ONE, zone))
    over = day + _ONE if hours.ends < hours.begins else day
    return Stretch(_at(day, hours.begins, zone)[0], _at(over, hours.ends, zone)[-1])


def _joined(parts: Iterable[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for part in sorted(parts, key=lambda one: (one.begins, one.ends)):
        if found and part.begins <= found[-1].ends:
            found[-1] = Stretch(found[-1].begins, max(found[-1].ends, part.ends))
        else:
            found.append(part)
    return found


def _without(part: Stretch, covered: Iterable[Stretch]) -> list[Stretch]:
    gaps, at = list[Stretch](), part.begins
    for one in _joined(covered):
        if one.begins > at:
            gaps.append(Stretch(at, min(one.begins, part.ends)))
        at = max(at, one.ends)
        if at >= part.ends:
            break
    else:
        gaps.append(Stretch(at, part.ends))
    return [gap for gap in gaps if gap.begins < gap.ends]


def _cut(part: Stretch, whole: Stretch) -> Stretch | None:
    begins, ends = max(part.begins, whole.begins), min(part.ends, whole.ends)
    return Stretch(begins, ends) if begins < ends else None


def _of(shift: Shift) -> Stretch:
    return Stretch(shift.begins, shift.ends)


def _at(day: date, minute: int, zone: tzinfo) -> tuple[Instant, ...]:
    """Return when clocks show a minute of a day; one that is left out is the moment they change."""
    said = datetime.combine(day, time(minute // 60, minute % 60))
    found = instants_of(said, zone)
    while not found:
        said += timedelta(minutes=1)
        found = instants_of(said, zone)
    return found


def _local(instant: Instant, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(instant / SECOND, UTC).astimezone(zone)


def _instant(moment: datetime) -> Instant:
    return Instant(round(moment.timestamp()) * SECOND)
