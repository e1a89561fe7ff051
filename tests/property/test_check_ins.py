# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check-ins stand alike in whatever order their facts came; turns never change the number."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.wire.timers import CHANGED, STEP, TIMERS, TimerSeen, TimersKept
from safeconduct.kernel.words import MINUTE, Instant
from safeconduct.rooms.passage.watch import check_in_decide as decide
from safeconduct.rooms.passage.watch.check_in_facts import CheckInFact
from safeconduct.rooms.passage.watch.check_in_timers import secret_of, turn, wanted
from safeconduct.rooms.passage.watch.check_ins import dangers_of, fold_check_ins
from tests.kit.check_ins import DUE, DURESS, FIRST, LATER, NOW, RIGHT, Desks
from tests.kit.clocks import SeededRng

SECRET = secret_of(bytes(32), bytes(16))


def act(desks: Desks, chance: Random) -> None:
    """Do something that a helper may do, some of it without having heard the newest."""
    known = desks.one(chance.randrange(3))
    if known.ended:
        return
    at = NOW + chance.randrange(60) * MINUTE
    word = chance.choice((RIGHT, DURESS, "another"))
    moved = decide.move(known, Instant(DUE + chance.randrange(60) * MINUTE), NOW)
    facts: tuple[CheckInFact, ...] = (moved, decide.hear(known, word))
    for fact in chance.sample(facts, chance.randint(1, 2)):
        desks.tell(fact, at)
    if chance.random() < 0.1:
        desks.tell(decide.end(known), at)


def told(seed: int) -> Desks:
    """Three check-ins with which helpers did something."""
    chance, desks = Random(seed), Desks()
    for number in range(3):
        desks.set(number, DUE + number * MINUTE)
    for _ in range(chance.randrange(12)):
        act(desks, chance)
    return desks


@given(st.integers(0, 1 << 30), st.integers(0, 1 << 30))
def test_order_of_facts_decides_nothing(seed: int, order: int) -> None:
    desks = told(seed)
    mixed = Random(order).sample(desks.told, len(desks.told))
    assert fold_check_ins(mixed + mixed[:3]) == desks.all()


@given(st.integers(0, 1 << 30))
def test_another_word_is_an_alarm_until_the_end(seed: int) -> None:
    desks = told(seed)
    for one in desks.all():
        if not one.ended:
            desks.tell(decide.hear(one, DURESS))
    found = [dangers_of(one, LATER) for one in desks.all()]
    assert all(alarms or one.ended for one, alarms in zip(desks.all(), found, strict=True))


@given(st.integers(0, 1 << 30))
def test_turn_keeps_the_number_and_every_timer_that_is_wanted(seed: int) -> None:
    desks, rng, chance = told(seed), SeededRng(seed), Random(seed)
    kept = TimersKept(0, NOW, [])
    for _ in range(8):
        want = wanted([SECRET], desks.all(), {FIRST: "11" * 16}, Instant(kept.now))
        made = turn(kept, want, SECRET, rng)
        assert (len(made.gone), len(made.new)) in {(0, TIMERS), (CHANGED, CHANGED)}
        stay = [one for one in kept.timers if one.id not in made.gone]
        assert not set(made.gone) & {one.id for one in want.timers}
        kept = TimersKept(
            made.turn, kept.now + STEP, stay + [TimerSeen(one.id, one.due, 0) for one in made.new]
        )
        assert len({one.id for one in kept.timers}) == TIMERS
        act(desks, chance)
