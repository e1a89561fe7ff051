# SPDX-License-Identifier: AGPL-3.0-or-later
"""Counts of waits by hour: the target, the middle one, and what is too little to say."""

from datetime import UTC

from safeconduct.kernel.words import HOUR, MINUTE, Instant
from safeconduct.rooms.duty.answer_times import FEWEST, Count, Hour, Wait, by_hour

NOW = Instant(1_795_143_240_000)
START = Instant(NOW - 6 * HOUR)


def counted(waits: list[Wait]) -> Hour:
    """All hours together."""
    return by_hour(waits, [], NOW, UTC)[0]


def waits(*minutes: int | None, flagged: bool = False, since: Instant = START) -> list[Wait]:
    """Waits that took so many minutes; None was not answered."""
    return [
        Wait(since, None if one is None else Instant(since + one * MINUTE), flagged)
        for one in minutes
    ]


def test_share_within_the_target_and_the_middle_one_stand_beside_how_many() -> None:
    others = counted(waits(1, 30, 119, 120, 121, 300)).others
    assert others == Count(6, 119 * MINUTE, 4)
    assert others.share == 66
    flagged = counted(waits(1, 9, 10, 11, 12, flagged=True)).flagged
    assert flagged == Count(5, 10 * MINUTE, 3)


def test_who_still_waits_counts_once_the_target_has_passed() -> None:
    late = waits(None, None, None) + waits(1, 2)
    assert counted(late).others == Count(5, None, 2)
    fresh = waits(None, since=Instant(NOW - HOUR))
    assert counted(late + fresh).others.waits == 5
    assert counted(waits(None, flagged=True, since=Instant(NOW - 11 * MINUTE))).flagged.waits == 1


def test_of_fewer_than_five_nothing_but_their_number_is_said() -> None:
    few = counted(waits(*[1] * (FEWEST - 1))).others
    assert few == Count(FEWEST - 1, None, None)
    assert few.share is None


def test_share_is_never_rounded_up_to_the_whole() -> None:
    assert counted(waits(*[1] * 999, 500)).others.share == 99


def test_waits_stand_in_the_hour_in_which_the_person_wrote() -> None:
    hours = by_hour(waits(1, 2, 3, 4, 5) + waits(1, since=NOW), [], NOW, UTC)
    assert [one.hour for one in hours[:3]] == [None, 0, 1]
    assert {one.hour: one.others.waits for one in hours[1:] if one.others.waits} == {20: 5, 2: 1}


def test_clock_that_is_wrong_makes_no_wait_shorter_than_nothing() -> None:
    assert counted(waits(*[-5] * 5)).others == Count(5, 0, 5)
