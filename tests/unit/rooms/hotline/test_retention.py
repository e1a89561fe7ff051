# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's times, extensions and holds: in doubt the longer time holds."""

from __future__ import annotations

import itertools

import pytest

from safeconduct.kernel.words import DAY, DeviceId, FactId, Instant, fact_id
from safeconduct.rooms.hotline import retention_decide
from safeconduct.rooms.hotline.retention import (
    ALL,
    EXTENDED_MOST,
    FILES,
    KEPT_LEAST,
    REMIND,
    WAIT,
    Keeping,
    Policy,
    RetentionExtended,
    RetentionFact,
    RetentionHeld,
    RetentionHoldEnded,
    RetentionSet,
    Said,
    Times,
    TimesTold,
    fold_keeping,
)
from safeconduct.rooms.hotline.retention_decide import DaysOutOfBounds, FilesOutliveConversation
from safeconduct.rooms.hotline.retention_due import Clock, due

ADA, BO = DeviceId(b"a" * 16), DeviceId(b"b" * 16)
ID = b"c" * 16
START = 1_000 * DAY
LONG, SHORT = Times(400, 200, 30), Times(100, 50, 7)


def fact(number: int) -> FactId:
    """The id of a fact."""
    return fact_id(number.to_bytes(32, "big"), 0)


def told(number: int, times: Times, at: int, *replaced: int, by: DeviceId = ADA) -> TimesTold:
    """A setting."""
    event = RetentionSet(*times, tuple(map(fact, replaced)))
    return TimesTold(fact(number), by, Instant(at), event)


def test_nothing_holds_before_the_first_setting_was_seen_for_two_weeks() -> None:
    assert Policy().at(Instant(START)) is None
    policy = Policy((told(1, SHORT, START),))
    assert policy.at(Instant(START + REMIND - 1)) is None
    assert policy.at(Instant(START + REMIND)) == SHORT
    assert policy.coming(Instant(START)) == (SHORT, START + REMIND)
    assert policy.coming(Instant(START + REMIND)) is None


def test_a_shorter_time_waits_for_a_week_and_a_longer_one_does_not() -> None:
    later = START + 100 * DAY
    policy = Policy((told(1, LONG, START), told(2, SHORT, later, 1)))
    assert policy.at(Instant(later + WAIT - 1)) == LONG
    assert policy.coming(Instant(later)) == (SHORT, later + WAIT)
    assert policy.at(Instant(later + WAIT)) == SHORT
    back = Policy((told(1, SHORT, START), told(2, LONG, later, 1)))
    assert back.at(Instant(later)) == LONG


def test_of_two_settings_made_at_once_the_longer_of_each_time_holds_in_any_order() -> None:
    one, two = told(2, Times(100, 90, 30), START, 1), told(3, Times(300, 60, 7), START, 1, by=BO)
    first = told(1, Times(40, 40, 20), START - 50 * DAY)
    for said in itertools.permutations((first, one, two)):
        policy = Policy(said)
        assert policy.at(Instant(START + 30 * DAY)) == Times(300, 90, 30)
        assert {item.device for item in policy.standing} == {ADA, BO}


def test_times_have_bounds_and_files_go_no_later_than_their_conversation() -> None:
    policy = Policy((told(1, LONG, START),))
    assert retention_decide.set_times(policy, SHORT).replaces == (fact(1),)
    for wrong in (Times(KEPT_LEAST - 1, 31, 7), Times(4_000, 31, 7), Times(99, 31, 6)):
        with pytest.raises(DaysOutOfBounds):
            retention_decide.set_times(policy, wrong)
    with pytest.raises(FilesOutliveConversation):
        retention_decide.set_times(policy, Times(100, 101, 7))


def keeping(*events: tuple[int, DeviceId, RetentionFact]) -> Keeping:
    """What stands of facts at these times, the same in any order."""
    said = [
        Said(fact(number), by, Instant(at), event) for number, (at, by, event) in enumerate(events)
    ]
    found = {fold_keeping(some, Instant(START)) for some in itertools.permutations(said)}
    (only,) = found
    return only


def test_the_extension_that_reaches_furthest_holds_and_none_reaches_beyond_a_year() -> None:
    found = keeping(
        (START, ADA, RetentionExtended(ID, START + 5 * DAY, "soon")),
        (START, BO, RetentionExtended(ID, START + 10_000 * DAY, "for ever")),
    )
    assert [one.by for one in found.extensions] == [BO, ADA]
    assert found.until == START + EXTENDED_MOST


def test_a_hold_stands_until_it_is_ended_and_its_end_counts_a_week_later() -> None:
    held = (START, ADA, RetentionHeld(ID, "a court"))
    assert keeping(held).open_holds == (fact(0),)
    found = keeping(held, (START + DAY, BO, RetentionHoldEnded(ID, (fact(0),), "over")))
    assert not found.open_holds
    assert found.until == START + DAY + WAIT
    backdated = keeping(held, (1, BO, RetentionHoldEnded(ID, (fact(0),), "over")))
    assert backdated.until == START + WAIT


def test_files_go_sooner_and_nothing_before_what_keeps_it() -> None:
    clock = Clock(Instant(START), Instant(0))
    assert due(clock, SHORT, ALL) == START + 100 * DAY
    assert due(clock, SHORT, FILES) == START + 50 * DAY
    kept = Clock(Instant(START), Instant(START + 500 * DAY))
    assert due(kept, SHORT, FILES) == START + 500 * DAY
