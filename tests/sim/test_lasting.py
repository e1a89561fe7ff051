# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters in doors last for as long as a steward's desk is opened now and then."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.engine import drawing
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import DAY
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, pass_on, sync
from tests.sim.test_access_epochs import Cut, Watching, epoch_of, follow, look, suspended
from tests.sim.test_removing import waiting
from tests.sim.test_roster_heads import STEWARD
from tests.sim.test_taking_over import try_once


@pytest.fixture
def third(stage: Rehearsal, person: Person) -> Desk:
    """A third desk that is off from now on, while access is renewed once."""
    third, gone = stage.join("third"), stage.join("gone")
    sync(stage, "first", "second", "third", "gone", "first")
    first = stage.desks["first"]
    follow(stage, first, suspended(first, gone))
    assert look(stage, stage.desks["second"]) is Found.RENEWED
    return third


def live(stage: Rehearsal, days: int, *names: str) -> None:
    """Let desks be opened once in three days, for so long."""
    for _ in range(days // 3):
        stage.clock.time += 3 * DAY
        for name in names:
            assert try_once(stage, stage.desks[name])


def test_device_that_was_off_for_three_months_finds_its_way_in(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    live(stage, 93, "first", "second")
    assert epoch_of(stage.desks["first"]) == 2
    assert look(stage, third) is Found.RENEWED
    third.note(person.conversation, "Back from the hills.")
    assert try_once(stage, third)
    assert look(stage, stage.desks["gone"]) is Found.NOTHING


def test_device_that_was_expelled_is_told_to_wipe_after_three_months(
    stage: Rehearsal, person: Person
) -> None:
    first, second, other = *stage.desks.values(), stage.join("other", STEWARD)
    sync(stage, "first", "second", "other", "first")
    other.removals.expel(second.device, "")
    pass_on(stage, "other", "first")
    first.removals.second(waiting(first))
    for desk in (first, other, first, other):
        assert try_once(stage, desk)
    live(stage, 93, "first", "other")
    assert look(stage, second) is Found.WIPE


def test_rounds_are_few_and_go_to_all_doors_alike(stage: Rehearsal, third: Desk) -> None:
    first, posted = stage.desks["first"], []
    for _ in range(90):
        stage.clock.time += DAY
        relay = Watching(stage.courier(first))
        Hand(first, relay).sync()
        assert set(relay.calls) <= {"post"}
        posted += relay.posted
    assert 3 <= len(posted) <= 6
    assert {len(letters) for letters in posted} == {4}
    assert len({tuple(address for address, _, _ in letters) for letters in posted}) == 1
    assert len({len(item) for letters in posted for _, _, item in letters}) == 1
    assert len({len({expires for _, expires, _ in letters}) for letters in posted}) == 1


def test_two_stewards_write_no_more_than_one(stage: Rehearsal, person: Person) -> None:
    first, other, gone = stage.desks["first"], stage.join("other", STEWARD), stage.join("gone")
    sync(stage, "first", "other", "gone", "first")
    follow(stage, first, suspended(first, gone))
    rounds = 0
    for _ in range(90):
        stage.clock.time += DAY
        for desk in (other, first):
            relay = Watching(stage.courier(desk))
            hand = Hand(desk, relay)
            hand.loops.admitted(hand.sync)
            rounds += len(relay.posted)
    assert rounds <= 6


def test_nothing_is_written_where_no_access_was_ever_renewed(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    relay = Watching(stage.courier(first))
    for _ in range(20):
        stage.clock.time += 3 * DAY
        Hand(first, relay).sync()
    assert relay.posted == []


@pytest.mark.parametrize("at", range(1, 6))
def test_renewing_goes_on_whatever_was_not_kept(
    stage: Rehearsal, third: Desk, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stage.desks["first"]
    left, keep = [at], first.journal.store.put_setting

    def put(name: str, value: object) -> None:
        left[0] -= name in {"follow_up", "followed", "doors_looked_at", "doors_renewed"}
        if not left[0]:
            raise Cut
        keep(name, value)

    stage.clock.time += 25 * DAY
    monkeypatch.setattr(first.journal.store, "put_setting", put)
    with pytest.raises(Cut):
        Hand(first, stage.courier(first)).sync()
    first.stop()
    again = stage.unlock("first")
    live(stage, 9, "first")
    assert not drawing.under_way(again.journal)
    stage.clock.time += 10 * DAY
    assert look(stage, third) is Found.RENEWED
