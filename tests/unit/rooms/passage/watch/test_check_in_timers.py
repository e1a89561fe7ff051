# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which timers desks want, and that a turn looks alike whatever they stand for."""

from __future__ import annotations

import hashlib

import pytest

from safeconduct.kernel.wire.timers import (
    CALLS_MOST,
    CHANGED,
    FURTHEST,
    STEP,
    TIMERS,
    TimerSeen,
    TimersKept,
    TimerTurn,
    rounded,
)
from safeconduct.kernel.words import DAY, HOUR, MINUTE, Instant
from safeconduct.rooms.passage.watch import check_in_decide as decide
from safeconduct.rooms.passage.watch.check_in_facts import GRACE_MOST, CheckInMoved, Danger
from safeconduct.rooms.passage.watch.check_in_timers import (
    DUMMY_FROM,
    DUMMY_NEAR,
    DUMMY_TO,
    PAST,
    REAL_MOST,
    Wanted,
    missing,
    secret_of,
    token_of,
    turn,
    uncalled,
    wanted,
)
from tests.kit.check_ins import DUE, FIRST, LATER, NOW, RIGHT, SECOND, THIRD, Desks
from tests.kit.clocks import SeededRng

SECRET = secret_of(bytes(32), bytes(16))
TOPICS = {FIRST: "", SECOND: "22" * 16, THIRD: "33" * 16}
NOTHING = Wanted((), frozenset())


def want(desks: Desks) -> Wanted:
    return wanted([SECRET], desks.all(), TOPICS, NOW)


def after(kept: TimersKept, made: TimerTurn) -> TimersKept:
    """What the relay has then, five minutes later."""
    stay = [one for one in kept.timers if one.id not in made.gone]
    new = [TimerSeen(one.id, one.due, 0) for one in made.new]
    return TimersKept(made.turn, kept.now + STEP, sorted(stay + new, key=lambda one: one.id))


def first(desks: Desks, rng: SeededRng) -> TimersKept:
    empty = TimersKept(0, NOW, [])
    return after(empty, turn(empty, want(desks), SECRET, rng))


def test_timer_calls_at_the_end_of_the_grace_whoever_comes_first_and_has_a_topic() -> None:
    desks = Desks()
    check_in = desks.set()
    (timer,) = want(desks).timers
    assert (timer.due, timer.topic.hex()) == (rounded(LATER), TOPICS[SECOND])
    assert timer.cancel_hash == hashlib.sha256(token_of(SECRET, check_in, check_in.timer)).digest()


def test_no_timer_without_a_topic_nor_once_it_is_over_or_seen_to() -> None:
    for fact in (
        decide.end,
        lambda one: decide.hear(one, RIGHT),
        lambda one: decide.see_to(one, Danger.SILENCE, LATER),
    ):
        desks = Desks()
        before = want_of_one(desks)
        desks.tell(fact(desks.one()), LATER)
        found = wanted([SECRET], desks.all(), TOPICS, LATER)
        assert found.timers == ()
        assert before <= found.ours
    assert want(Desks()) == NOTHING
    desks = Desks()
    desks.set(called=(FIRST,))
    assert want(desks).timers == ()


def want_of_one(desks: Desks) -> set[bytes]:
    desks.set()
    return {one.id for one in want(desks).timers}


def test_moved_check_in_has_another_timer_and_another_token() -> None:
    desks = Desks()
    before = want_of_one(desks)
    token = token_of(SECRET, desks.one(), desks.one().timer)
    desks.move(DUE + HOUR)
    after_it = {one.id for one in want(desks).timers}
    assert not before & after_it
    assert want(desks).ours > before | after_it
    assert token != token_of(SECRET, desks.one(), desks.one().timer)


def test_turn_brings_what_is_missing_and_takes_what_is_over_first() -> None:
    desks, rng = Desks(), SeededRng()
    for number in range(1, 7):
        desks.set(number)
    kept = first(desks, rng)
    assert missing(kept, want(desks)) == frozenset()
    over = {one.id for one in want(desks).timers[:3]}
    for one in desks.all():
        if {timer.id for timer in wanted([SECRET], [one], TOPICS, NOW).timers} & over:
            desks.tell(decide.end(one))
    desks.set(9, DUE - HOUR)
    made = turn(kept, want(desks), SECRET, rng)
    assert over < set(made.gone)
    assert missing(after(kept, made), want(desks)) == frozenset()


def test_turn_never_takes_a_timer_that_is_wanted() -> None:
    desks, rng = Desks(), SeededRng(3)
    for number in range(REAL_MOST + 10):
        desks.set(number, DUE + number * MINUTE)
    kept = first(desks, rng)
    for _ in range(20):
        made = turn(kept, want(desks), SECRET, rng)
        assert not {one.id for one in want(desks).timers} & set(made.gone)
        kept = after(kept, made)
    assert missing(kept, want(desks)) == frozenset()
    assert len(want(desks).timers) == REAL_MOST


def test_turns_change_as_much_with_check_ins_as_without() -> None:
    rng, busy, idle = SeededRng(1), Desks(), Desks()
    for number in range(12):
        busy.set(number)
    keeps = {desks: first(desks, rng) for desks in (busy, idle)}
    for each in range(12):
        if each % 2:
            busy.move(DUE + each * HOUR, number=each)
        else:
            busy.hear(RIGHT, number=each)
        made = {desks: turn(keeps[desks], want(desks), SECRET, rng) for desks in keeps}
        keeps = {desks: after(keeps[desks], one) for desks, one in made.items()}
        assert {(len(one.gone), len(one.new)) for one in made.values()} == {(CHANGED, CHANGED)}
        assert {len(one.timers) for one in keeps.values()} == {TIMERS}


def test_dummies_fall_due_as_late_as_check_ins_and_under_topics_of_nobody() -> None:
    kept = TimersKept(0, NOW + 1, [])
    made = turn(kept, NOTHING, SECRET, SeededRng(2))
    dues = {one.due for one in made.new}
    assert rounded(NOW + DUMMY_FROM) <= min(dues) <= max(dues) <= rounded(NOW + 1 + DUMMY_TO)
    assert len(dues) > TIMERS // 2
    assert 4 < len([due for due in dues if due <= NOW + DUMMY_NEAR]) < TIMERS // 2
    assert max(dues) > NOW + 5 * DAY
    assert DUMMY_TO == decide.FURTHEST + GRACE_MOST * MINUTE
    topics = {one.topic.hex() for one in made.new}
    assert len(topics) <= 16
    assert not topics & set(TOPICS.values())


def test_timers_under_a_key_that_was_renewed_leave_first_and_new_ones_come() -> None:
    desks, rng = Desks(), SeededRng(4)
    desks.set()
    kept = first(desks, rng)
    before, newer = want(desks).timers[0].id, secret_of(bytes([1]) * 32, bytes(16))
    renewed = wanted([newer, SECRET], desks.all(), TOPICS, NOW)
    made = turn(kept, renewed, newer, rng)
    assert before in made.gone
    assert missing(after(kept, made), renewed) == frozenset()


@pytest.mark.attack
def test_due_that_no_relay_takes_keeps_no_other_timer_back() -> None:
    desks, rng = Desks(), SeededRng(5)
    desks.set(1)
    far = desks.set(2)
    desks.tell(CheckInMoved(far.id, NOW + 8 * DAY, far.stood), NOW + DAY)  # By a clock a day ahead.
    made = turn(TimersKept(0, NOW, []), want(desks), SECRET, rng)
    assert max(one.due for one in made.new) <= NOW + FURTHEST
    kept = after(TimersKept(0, NOW, []), made)
    assert missing(kept, want(desks)) == frozenset()
    assert len(want(desks).timers) == 2


def test_timer_is_brought_under_another_id_where_its_topic_is_another() -> None:
    desks, rng = Desks(), SeededRng(6)
    desks.set()
    kept = first(desks, rng)
    other = wanted([SECRET], desks.all(), TOPICS | {SECOND: "44" * 16}, NOW)
    assert missing(kept, other) == {one.id for one in other.timers}
    made = turn(kept, other, SECRET, rng)
    assert [one.topic.hex() for one in made.new if one.id == other.timers[0].id] == ["44" * 16]


def test_timers_whose_calls_were_all_made_leave_their_places_to_others() -> None:
    desks = Desks()
    for number in range(REAL_MOST):
        desks.set(number)
    assert len(want(desks).timers) == REAL_MOST
    desks.set(99, LATER + 3 * HOUR)
    late = wanted([SECRET], desks.all(), TOPICS, Instant(LATER + PAST + STEP))
    assert late.timers[0].due == rounded(LATER + 3 * HOUR + 15 * MINUTE)
    assert len(late.timers) == REAL_MOST


def test_timer_that_should_have_called_tells_that_none_does() -> None:
    timer = TimerSeen(bytes(16), NOW, 0)
    for seen, after_it, late in (
        (timer, 5 * MINUTE, False),
        (timer, 6 * MINUTE, True),
        (TimerSeen(bytes(16), NOW, CALLS_MOST), HOUR, False),
    ):
        assert uncalled(TimersKept(0, NOW + after_it, [seen])) == ({seen.id} if late else set())


def test_dummies_call_about_a_hundred_times_a_day() -> None:
    rng, calls = SeededRng(7), 0
    kept = after(empty := TimersKept(0, NOW, []), turn(empty, NOTHING, SECRET, rng))
    for _ in range(5 * DAY // STEP):
        late = [one for one in kept.timers if one.due <= kept.now and one.calls < CALLS_MOST]
        calls += len(late)
        again = [TimerSeen(one.id, kept.now + 2 * STEP, one.calls + 1) for one in late]
        stay = [one for one in kept.timers if one not in late]
        kept = TimersKept(kept.turn, kept.now, stay + again)
        kept = after(kept, turn(kept, NOTHING, SECRET, rng))
    assert 60 < calls / 5 < 140


def test_timer_that_called_before_its_time_is_brought_anew() -> None:
    desks, rng = Desks(), SeededRng(8)
    desks.set()
    kept = first(desks, rng)
    (timer,) = want(desks).timers
    others = [one for one in kept.timers if one.id != timer.id]
    kept = TimersKept(kept.turn, kept.now, [TimerSeen(timer.id, NOW + 90 * DAY, 1), *others])
    made = turn(kept, want(desks), SECRET, rng)
    assert timer.id in made.gone
    kept = after(kept, made)
    assert timer in turn(kept, want(desks), SECRET, rng).new
