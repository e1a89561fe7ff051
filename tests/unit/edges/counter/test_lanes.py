# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who makes way at the counter when somebody waits and no lane is free."""

from safeconduct.edges.counter.lanes import (
    ANSWERING,
    GIVE_WAY_SECONDS,
    LARGE,
    MOVED,
    WHOLE,
    Lane,
    first_to_go,
)

SPARED = 5.0
NOW = 100.0


def lane(*marks: bytes, taken: float = 0.0, moved: int = 0) -> Lane:
    """A lane that told this much."""
    made = Lane(taken)
    for mark in (*marks, *[MOVED] * moved):
        made.hear(mark, taken)
    return made


def first(*lanes: Lane) -> Lane | None:
    """Who goes first now."""
    return first_to_go(lanes, NOW, SPARED)


def test_who_asks_much_goes_before_who_only_brings_text() -> None:
    text, file = lane(moved=1), lane(LARGE, moved=1000)
    assert first(text, file) is file


def test_among_equals_the_slowest_goes_first() -> None:
    slow, fast = lane(moved=50), lane(moved=51)
    late = lane(moved=50, taken=50)
    assert first(fast, late, slow) is slow


def test_who_has_just_come_is_spared() -> None:
    new, old = lane(LARGE, taken=NOW - SPARED + 1), lane(moved=1000)
    assert first(new, old) is old
    assert first(new) is None


def test_nobody_goes_while_the_work_is_ours() -> None:
    assert first(lane(LARGE, WHOLE)) is None


def test_who_takes_an_answer_slowly_goes_too() -> None:
    file = lane(LARGE, WHOLE, ANSWERING, moved=5)
    assert first(lane(LARGE, moved=10), file) is file


def test_one_goes_at_a_time_and_is_ended_when_it_does_not() -> None:
    asked, other = lane(), lane()
    asked.ask(NOW)
    assert first(asked, other) is None
    assert not asked.overdue(NOW + GIVE_WAY_SECONDS, 1000)
    assert asked.overdue(NOW + GIVE_WAY_SECONDS + 1, 1000)


def test_nobody_outlives_the_longest_life() -> None:
    assert not lane(WHOLE).overdue(1000, 1000)
    assert lane(WHOLE).overdue(1001, 1000)
