# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days, gaps and times by the clocks of a zone, on the nights when clocks change."""

import itertools
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from safeconduct.kernel.words import HOUR, SECOND, DeviceId, Instant, fact_id
from safeconduct.rooms.duty.calendar import (
    Stretch,
    day_of,
    days,
    gap_at,
    hour_of,
    instants_of,
    midnight,
)
from safeconduct.rooms.duty.decide import TimeSkipped, TimeTwice, moment
from safeconduct.rooms.duty.words import Hours, Plan, Shift

BERLIN = ZoneInfo("Europe/Berlin")
HAVANA = ZoneInfo("America/Havana")  # Clocks change at midnight there.
MIRA, TIMUR = DeviceId(b"m" * 16), DeviceId(b"t" * 16)
FORWARD, BACK = date(2025, 3, 30), date(2025, 10, 26)


def utc(*said: int) -> Instant:
    """An instant by the clocks of UTC."""
    return Instant(round(datetime(*said, tzinfo=UTC).timestamp()) * SECOND)  # type: ignore[misc, arg-type]


def shift(begins: Instant, hours: int, holder: DeviceId = MIRA, *, backup: bool = False) -> Shift:
    """Somebody's shift."""
    name = fact_id(bytes(24) + begins.to_bytes(8, "big"), hours)
    return Shift(name, begins, Instant(begins + hours * HOUR), backup, holder)


def plan(*shifts: Shift, begins: int = 0, ends: int = 0) -> Plan:
    """A plan by the clocks of Berlin."""
    return Plan(Hours("Europe/Berlin", begins, ends), shifts, ())


def test_time_that_comes_twice_is_two_instants_and_one_that_is_left_out_is_none() -> None:
    assert instants_of(datetime(2025, 10, 26, 2, 30), BERLIN) == (  # noqa: DTZ001
        utc(2025, 10, 26, 0, 30),
        utc(2025, 10, 26, 1, 30),
    )
    assert instants_of(datetime(2025, 3, 30, 2, 30), BERLIN) == ()  # noqa: DTZ001
    assert instants_of(datetime(2025, 6, 1, 2, 30), BERLIN) == (utc(2025, 6, 1, 0, 30),)  # noqa: DTZ001


def test_time_that_comes_twice_is_asked_about_and_one_that_is_left_out_is_refused() -> None:
    twice = datetime(2025, 10, 26, 2, 30)  # noqa: DTZ001
    with pytest.raises(TimeTwice):
        moment(twice, BERLIN)
    first, second = (moment(twice, BERLIN, later=later) for later in (False, True))
    assert second - first == HOUR
    with pytest.raises(TimeSkipped):
        moment(datetime(2025, 3, 30, 2, 0), BERLIN, later=True)  # noqa: DTZ001


def test_days_on_which_clocks_change_are_an_hour_shorter_or_longer() -> None:
    forward = days(plan(), FORWARD, BERLIN, ())
    back = days(plan(), BACK, BERLIN, ())
    assert [day.turned for day in forward[:2]] == [-HOUR, 0]
    assert [day.turned for day in back[:2]] == [HOUR, 0]
    assert all(one.ends == two.begins for one, two in itertools.pairwise(back))


def test_day_begins_after_a_midnight_that_is_left_out() -> None:
    day = date(2025, 3, 9)
    assert instants_of(datetime(2025, 3, 9), HAVANA) == ()  # noqa: DTZ001
    assert midnight(day, HAVANA) == utc(2025, 3, 9, 5, 0)
    assert day_of(midnight(day, HAVANA), HAVANA) == day


def test_shifts_that_cover_a_long_night_leave_no_gap_and_one_too_short_leaves_the_hour() -> None:
    begins = midnight(BACK, BERLIN)
    whole = plan(shift(begins, 12), shift(Instant(begins + 12 * HOUR), 13))
    assert days(whole, BACK, BERLIN, {MIRA})[0].gaps == ()
    short = plan(shift(begins, 24))
    missing = days(short, BACK, BERLIN, {MIRA})[0].gaps
    assert missing == (Stretch(Instant(begins + 24 * HOUR), midnight(date(2025, 10, 27), BERLIN)),)


def test_nobody_from_ten_to_midnight_is_one_gap_in_each_of_two_days() -> None:
    night = plan(begins=22 * 60, ends=6 * 60)
    first, second, *_ = days(night, date(2025, 6, 1), BERLIN, ())
    assert [(hour_of(gap.begins, BERLIN), gap.ends - gap.begins) for gap in first.gaps] == [
        (0, 6 * HOUR),
        (22, 2 * HOUR),
    ]
    assert first.gaps[1].ends == second.gaps[0].begins


def test_backup_and_whoever_was_removed_close_no_gap() -> None:
    begins = midnight(date(2025, 6, 1), BERLIN)
    backup = plan(shift(begins, 24, backup=True))
    assert len(days(backup, date(2025, 6, 1), BERLIN, {MIRA})[0].gaps) == 1
    removed = plan(shift(begins, 24, TIMUR))
    assert days(removed, date(2025, 6, 1), BERLIN, {TIMUR})[0].gaps == ()
    gone = days(removed, date(2025, 6, 1), BERLIN, {MIRA})[0]
    assert (len(gone.gaps), gone.shifts) == (1, ())


def test_gap_at_night_is_known_while_it_lasts_and_not_where_nobody_has_to_be() -> None:
    night = plan(shift(utc(2025, 6, 1, 20), 4), begins=22 * 60, ends=6 * 60)
    assert gap_at(night, utc(2025, 6, 1, 21), BERLIN, {MIRA}) is None
    gap = gap_at(night, utc(2025, 6, 2, 1), BERLIN, {MIRA})
    assert gap == Stretch(utc(2025, 6, 2, 0), utc(2025, 6, 2, 4))
    assert gap_at(night, utc(2025, 6, 2, 5), BERLIN, {MIRA}) is None
