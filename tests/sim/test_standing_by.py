# SPDX-License-Identifier: AGPL-3.0-or-later
"""In a surge one desk records, the others stand by, and nobody waits for one that is silent."""

from __future__ import annotations

from safeconduct.edges.desk.engine.standing_by import LONGEST, PATIENCE, TWICE_FROM, StandingBy
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person

RECORDS = "SELECT count(*) FROM entries WHERE kind = 'hotline.MessageReceived'"


class Seconds:
    """A clock that only goes on, by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def ordered(hands: tuple[Hand, Hand]) -> tuple[Hand, Hand]:
    """Both hands, the one with the lower id first."""
    low, high = sorted(hands, key=lambda hand: hand.desk.device)
    return low, high


def surge(stage: Rehearsal, hands: tuple[Hand, Hand], count: int) -> tuple[Hand, Hand, Seconds]:
    """Let both desks record the same messages."""
    low, high = ordered(hands)
    seconds = Seconds()
    for hand in (low, high):
        hand.loops.puller.standing_by = StandingBy(hand.desk.journal, seconds)  # type: ignore[misc]
    for number in range(count):
        Person(stage).write(f"Please help {number}")
    for hand in (low, high):
        hand.pull()
    for hand in (low, high, low, high):
        hand.sync()
    return low, high, seconds


def waits(hand: Hand) -> bool:
    """Whether a desk has yet to read something that came."""
    return hand.loops.puller.standing_by.waits


def records(hand: Hand) -> int:
    """How many records of messages a desk holds."""
    return int(hand.desk.journal.store.value(RECORDS))


def test_the_desk_with_the_higher_id_stands_by_and_reads_later(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    low, high, seconds = surge(stage, hands, TWICE_FROM)
    assert not low.loops.puller.standing_by.stands_by
    assert high.loops.puller.standing_by.stands_by
    before = records(high)
    Person(stage).write("Help me.")
    high.sync()
    assert records(high) == before
    assert waits(high)
    low.sync()
    high.sync()
    assert records(high) == before + 1
    seconds.now += LONGEST + 0.1
    high.loops.puller.standing_by._heard = seconds.now
    high.sync()
    assert records(high) == before + 1
    assert not waits(high)
    assert high.loops.puller.intake.confirmed.size == TWICE_FROM + 1


def test_a_colleague_who_falls_silent_is_not_waited_for(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    _, high, seconds = surge(stage, hands, TWICE_FROM)
    before = records(high)
    Person(stage).write("Help me.")
    high.sync()
    seconds.now += PATIENCE + 0.1
    high.sync()
    assert records(high) == before + 1
    assert not high.loops.puller.standing_by.stands_by


def test_nobody_stands_by_when_few_write(stage: Rehearsal, hands: tuple[Hand, Hand]) -> None:
    _, high, _ = surge(stage, hands, TWICE_FROM - 1)
    assert not high.loops.puller.standing_by.stands_by


def test_a_desk_that_was_off_reads_at_once(stage: Rehearsal, hands: tuple[Hand, Hand]) -> None:
    low, high, _ = surge(stage, hands, TWICE_FROM)
    name = next(name for name, desk in stage.desks.items() if desk is high.desk)
    stage.desks[name].stop()
    again = Hand(desk := stage.unlock(name), stage.courier(desk))
    Person(stage).write("Help me.")
    before = records(low)
    again.sync()
    assert records(again) == before + 1
