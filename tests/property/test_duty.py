# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several desks wrote of shifts at once gives the same plan in any order."""

import itertools
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.words import COUNTER_BITS, HOUR, DeviceId, fact_id
from safeconduct.rooms.duty import Told, days, fold
from safeconduct.rooms.duty.calendar import instants_of
from safeconduct.rooms.duty.events import (
    HoursSet,
    ShiftLeft,
    ShiftTaken,
    SwapAccepted,
    SwapDropped,
    SwapOffered,
)

NOW = 1_795_143_240_000
DEVICES = [DeviceId(bytes([number]) * 16) for number in range(1, 4)]
FACTS = st.integers(0, 9).map(lambda number: fact_id(bytes([number]) * 32, 0))
HOURS = st.integers(-30, 60).map(lambda hours: NOW + hours * HOUR)
ZONES = ("Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Tbilisi")
EVENTS = st.one_of(
    st.builds(ShiftTaken, HOURS, HOURS, st.integers(0, 1)),
    st.builds(SwapOffered, FACTS, st.sampled_from(DEVICES), FACTS | st.just(b"")),
    st.builds(SwapAccepted, FACTS),
    st.builds(SwapDropped, FACTS),
    st.builds(ShiftLeft, FACTS),
    st.builds(
        HoursSet,
        st.sampled_from(ZONES),
        st.integers(0, 1439),
        st.integers(0, 1439),
        st.lists(FACTS, max_size=2).map(tuple),
    ),
)


@st.composite
def stories(draw: st.DrawFn) -> list[Told]:
    """Facts of three desks, some at the same time."""
    return [
        Told(
            fact_id(bytes([number]) * 32, 0),
            draw(st.sampled_from(DEVICES)),
            (NOW + draw(st.integers(0, 3))) << COUNTER_BITS,
            event,
        )
        for number, event in enumerate(draw(st.lists(EVENTS, max_size=10)))
    ]


@given(stories(), st.data())
def test_plan_is_one_in_any_order(told: list[Told], data: st.DataObject) -> None:
    assert fold(data.draw(st.permutations(told))) == fold(told)


@given(stories())
def test_no_swap_makes_a_shift_or_loses_one(told: list[Told]) -> None:
    without = [one for one in told if not isinstance(one.event, SwapAccepted | ShiftLeft)]
    kept = [one for one in told if not isinstance(one.event, ShiftLeft)]

    def stretches(plan: list[Told]) -> list[tuple[int, int, bool]]:
        return sorted((one.begins, one.ends, one.backup) for one in fold(plan).shifts)

    assert stretches(kept) == stretches(without)
    assert len({one.holding for one in fold(told).shifts}) == len(fold(told).shifts)


@given(stories(), st.sampled_from(ZONES), st.dates(date(2026, 11, 1), date(2027, 12, 1)))
def test_gaps_and_shifts_of_a_day_lie_in_it_and_days_follow_without_a_hole(
    told: list[Told], name: str, start: date
) -> None:
    found = days(fold(told), start, ZoneInfo(name), DEVICES)
    assert all(one.ends == two.begins for one, two in itertools.pairwise(found))
    for day in found:
        covered = [part for part, shift in day.shifts if not shift.backup]
        for gap in day.gaps:
            assert day.begins <= gap.begins < gap.ends <= day.ends
            assert all(one.ends <= gap.begins or gap.ends <= one.begins for one in covered)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_time_is_shown_at_each_instant_that_it_stands_for(said: datetime, name: str) -> None:
    said, zone = said.replace(microsecond=0), ZoneInfo(name)
    for instant in instants_of(said, zone):
        shown = datetime.fromtimestamp(instant // 1000, zone)
        assert shown.replace(tzinfo=None, fold=0) == said
