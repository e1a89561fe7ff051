# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two desks share a shift plan: swaps, removals, waits, and what a wrong desk writes into it."""

from datetime import UTC, datetime

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.words import HOUR, MINUTE, DeviceId, Instant
from safeconduct.rooms import duty
from safeconduct.rooms.duty.events import HoursSet
from safeconduct.rooms.hotline.triage import Danger
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, sync


def local(at: int) -> datetime:
    """What clocks of UTC show at the next whole minute."""
    minute = -(-at // MINUTE) * MINUTE
    return datetime.fromtimestamp(minute / 1000, UTC).replace(tzinfo=None)


def holders(desk: Desk) -> list[DeviceId]:
    """Who has the shifts, in their order."""
    return [one.holder for one in desk.duty.plan().shifts]


def take(desk: Desk, hours: int, length: int = 4) -> None:
    """Take a shift that begins so many hours from now."""
    desk.duty.take(local(desk.now() + hours * HOUR), length, later=None, backup=False)


def test_swap_on_two_desks_is_one_plan_and_survives_a_start(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    take(first.desk, 0)
    take(second.desk, 8)
    for hand in (first, second, first):
        hand.sync()
    mine, theirs = first.desk.duty.plan().shifts
    first.desk.duty.offer(mine.holding, second.desk.device, theirs.holding)
    first.sync()
    second.sync()
    (offer,) = second.desk.duty.plan().offers
    second.desk.duty.accept(offer.fact)
    second.sync()
    first.sync()
    assert holders(first.desk) == holders(second.desk) == [second.desk.device, first.desk.device]
    assert first.desk.duty.plan() == second.desk.duty.plan()
    second.desk.stop()
    again = stage.unlock("second")
    assert again.duty.plan() == first.desk.duty.plan()
    assert not verify_store(again.journal).findings


def test_frames_that_are_read_anew_give_the_same_plan(hands: tuple[Hand, Hand]) -> None:
    first, second = hands
    for at in range(3):
        take(first.desk, 6 * at)
        first.sync()
    second.sync()
    before = second.desk.duty.plan()
    assert len(before.shifts) == 3
    second.desk.journal.read_again()
    assert second.desk.duty.plan() == before
    assert not verify_store(second.desk.journal).findings


def test_shifts_of_a_removed_device_are_gaps_on_every_desk(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    take(second.desk, 0)
    second.sync()
    first.sync()
    stage.clock.time = Instant(stage.clock.time + HOUR)
    assert first.desk.duty.now_on().gap is None
    assert [one.holder for one in first.desk.duty.now_on().duty] == [second.desk.device]
    first.desk.removals.suspend(second.desk.device, "the laptop was taken")
    now = first.desk.duty.now_on()
    assert now.gap is not None
    assert now.duty == []


def test_hours_that_an_operator_writes_count_on_no_desk(hands: tuple[Hand, Hand]) -> None:
    first, second = hands
    journal = second.desk.journal
    event = HoursSet("Europe/Berlin", 480, 481, ())
    fact = Fact(journal.hotline_vault, duty.kind_of(event), duty.VERSION, duty.write_fact(event))
    assert not second.desk.duty.may_set_hours()
    journal.write([fact])
    second.sync()
    first.sync()
    for hand in hands:
        assert hand.desk.duty.plan().hours.stood == ()


def test_waits_are_counted_from_the_facts_alike_on_two_desks(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, _second = hands
    first.desk.triage.judge(person.conversation, Danger.IN_DANGER)
    stage.clock.time = Instant(stage.clock.time + 9 * MINUTE)
    first.desk.answer(person.conversation, "Go to the neighbour.")
    calm = Person(stage)
    calm.write("A question.")
    stage.clock.time = Instant(stage.clock.time + 3 * HOUR)
    sync(stage, "first", "second", "first")
    for hand in hands:
        waits, letters, cut = hand.desk.duty._book.waits(Instant(0))
        took = sorted(one.answered - one.since for one in letters if one.answered is not None)
        assert (len(letters), took) == (2, [0, 3 * HOUR])
        found = sorted((one.flagged, one.answered is None) for one in waits)
        assert (found, cut) == ([(False, True), (True, False)], False)
        everything = hand.desk.duty.answer_times().hours[0]
        assert (everything.flagged.waits, everything.others.waits) == (1, 1)
