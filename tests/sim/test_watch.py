# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody is to be heard of: by desks, and by the relay when their laptops are off or taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.watch_api import RelayKeeps
from safeconduct.kernel.errors import Malformed, Unreachable
from safeconduct.kernel.wire.timers import TIMERS
from safeconduct.kernel.words import HOUR, Instant
from safeconduct.rooms.passage.watch.check_in_facts import Danger, Verdict
from tests.kit.phones import phones
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand
from tests.sim.watching import DURESS, RIGHT, Watchers


@pytest.fixture
def office(stage: Rehearsal, hands: tuple[Hand, Hand]) -> Iterator[Watchers]:
    with phones() as server:
        office = Watchers(stage, hands, server)
        yield office
        for hand in hands:
            hand.desk.duty.calls.pager.close()


def test_laptops_are_off_and_the_relay_calls_who_is_named(office: Watchers) -> None:
    office.expect(called=(office.second.device, office.first.device))
    assert office.minutes(10, office.first) == 2
    assert office.first.check_ins.watched()[0].kept
    for hand in office.hands:  # The laptops are taken.
        hand.desk.stop()
    office.pass_minutes(120)
    assert office.relay_calls() == []
    office.pass_minutes(10)
    assert office.relay_calls() == [office.names[1]]
    office.pass_minutes(15)
    assert office.relay_calls() == [office.names[1]]


def test_word_in_time_is_judged_and_nobody_is_called(office: Watchers) -> None:
    check_in = office.expect()
    office.minutes(10, office.first)
    office.share()
    assert office.second.check_ins.hear(check_in.id, RIGHT) is Verdict.RIGHT
    assert office.minutes(10, office.second) == 2
    assert office.timer_of(check_in) not in office.timers()
    office.pass_minutes(24 * 60)
    assert office.relay_calls() == []


def test_token_puts_the_call_off_and_a_desk_that_judged_the_word_takes_it_away(
    office: Watchers,
) -> None:
    check_in = office.expect()
    office.minutes(10, office.first)
    name = office.timer_of(check_in)
    office.pass_minutes(120)
    office.show_token(check_in, name)
    office.pass_minutes(25)
    assert office.relay_calls() == []
    office.pass_minutes(15)  # No desk judged the word that came with it.
    assert office.relay_calls() == [office.names[0]]
    office.first.check_ins.hear(check_in.id, RIGHT)
    office.minutes(10, office.first)
    office.pass_minutes(60)
    assert office.relay_calls() == []


def test_both_desks_watch_the_same_list(office: Watchers) -> None:
    check_in = office.expect()
    office.share()
    for late, dangers in ((121, []), (16, [Danger.SILENCE])):
        office.pass_minutes(late)
        for desk in (office.first, office.second):
            (one,) = desk.check_ins.watched()
            assert one.check_in == check_in
            assert [alarm.danger for alarm, _, _ in one.alarms] == dangers
            assert one.late != bool(dangers)
    office.second.check_ins.see_to(check_in.id, Danger.SILENCE)
    office.share()
    (((alarm, names, everyone),),) = (one.alarms for one in office.first.check_ins.watched())
    assert alarm.seen is not None
    assert (alarm.seen.by, names, everyone) == (office.second.device, (), False)
    for desk in (office.first, office.second):
        assert not verify_store(desk.journal).findings


@pytest.mark.parametrize(("word", "danger"), [("branch", Danger.WRONG), (DURESS, Danger.DURESS)])
def test_another_word_calls_by_name_at_once_and_keeps_the_timer(
    office: Watchers, word: str, danger: Danger
) -> None:
    check_in = office.expect(called=(office.second.device,))
    office.minutes(10, office.first)
    assert office.first.check_ins.hear(check_in.id, word).value == danger.value
    office.minutes(10, office.first)
    assert office.timer_of(check_in) in office.timers()
    for _ in range(5):
        office.pass_minutes(1)
        office.first.duty.calls.look()
    assert office.called() == [office.names[1]]
    office.first.check_ins.see_to(check_in.id, danger)
    office.pass_minutes(30)
    office.first.duty.calls.look()
    assert office.called() == [office.names[1]]


def test_moved_check_in_calls_at_the_other_time(office: Watchers) -> None:
    check_in = office.expect()
    office.minutes(10, office.first)
    office.first.check_ins.move(check_in.id, Instant(check_in.due + 3 * HOUR))
    office.minutes(10, office.first)
    office.pass_minutes(180)
    assert office.relay_calls() == []
    office.pass_minutes(150)
    assert office.relay_calls() == [office.names[0]]


def test_relay_that_does_not_answer_is_named(office: Watchers) -> None:
    class Silent(StoreCourier):
        def timers(self) -> bytes:
            raise Unreachable

    courier = office.stage.courier(office.first)
    silent = Silent(courier.store, courier.office, courier._capability)
    assert office.first.check_ins.relay_keeps() is RelayKeeps.NOT_YET
    office.minutes(10, office.first)
    assert office.first.check_ins.relay_keeps() is RelayKeeps.KEEPS
    for _ in range(20):
        with suppress(Unreachable):
            office.minutes(1, office.first, courier=silent)
    assert office.first.check_ins.relay_keeps() is RelayKeeps.SILENT
    office.minutes(6, office.first)
    assert office.first.check_ins.relay_keeps() is RelayKeeps.KEEPS


def test_timer_that_somebody_took_away_is_named_and_brought_again(office: Watchers) -> None:
    check_in = office.expect()
    office.minutes(10, office.first)
    name = office.timer_of(check_in)
    office.pass_minutes(5)
    office.take_away(name, number=1)
    office.minutes(10, office.first)
    assert office.first.check_ins.relay_keeps() is RelayKeeps.LOST
    assert name in office.timers()
    assert len(office.timers()) == TIMERS


def test_relay_that_refuses_what_desks_write_is_named(office: Watchers) -> None:
    class Refusing(StoreCourier):
        def turn(self, body: bytes) -> None:
            raise Malformed(str(len(body)))

    courier = office.stage.courier(office.first)
    refusing = Refusing(courier.store, courier.office, courier._capability)
    for _ in range(20):
        with suppress(Malformed):
            office.minutes(1, office.first, courier=refusing)
    assert office.first.check_ins.relay_keeps() is RelayKeeps.SILENT


def test_relay_whose_pager_takes_no_call_is_named(office: Watchers) -> None:
    check_in = office.expect()
    office.minutes(10, office.first)
    office.pass_minutes(150)
    office.server.answers = 429
    office.minutes(10, office.first)
    assert office.first.check_ins.relay_keeps() is RelayKeeps.MUTE
    office.server.answers = 200
    office.minutes(12, office.first)
    assert office.first.check_ins.relay_keeps() is RelayKeeps.KEEPS
    assert office.timers()[office.timer_of(check_in)][1]


def test_check_in_that_is_moved_each_day_stands_for_longer_than_facts_are_looked_at(
    office: Watchers,
) -> None:
    check_in = office.expect(hours=24)
    for _ in range(70):
        office.pass_minutes(24 * 60)
        office.first.check_ins.move(check_in.id, Instant(office.first.now() + 24 * HOUR))
    assert [one.check_in.id for one in office.first.check_ins.watched()] == [check_in.id]
    assert office.minutes(10, office.first) == 2
    assert office.first.check_ins.watched()[0].kept


def test_relay_without_a_pager_is_named(stage: Rehearsal, hands: tuple[Hand, Hand]) -> None:
    desk = hands[0].desk
    for _ in range(10):
        stage.clock.time = Instant(stage.clock.time + 60_000)
        assert not desk.check_ins.keep(stage.courier(desk))
    assert desk.check_ins.relay_keeps() is RelayKeeps.NO_PAGER
    assert desk.check_ins.callable() == set()


def test_of_two_desks_one_writes_each_turn(office: Watchers) -> None:
    assert office.minutes(30, office.first, office.second) in {6, 7}  # As many as began.
    assert len(office.timers()) == TIMERS
