# SPDX-License-Identifier: AGPL-3.0-or-later
"""Another steward's desk does what follows a removal or a new role, where the first one died."""

from __future__ import annotations

from contextlib import suppress

import pytest

from safeconduct.edges.desk.engine import drawing, overdue
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.engine.keys import HEEDED
from safeconduct.edges.desk.engine.told import counted
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.wire.refusals import UnknownCapability
from safeconduct.kernel.words import DAY
from safeconduct.rooms.crew import Role, Standing
from safeconduct.rooms.crew.events import DoorsWritten
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, pass_on, sync
from tests.sim.test_access_epochs import Cut, Watching, epoch_of, look
from tests.sim.test_removing import waiting
from tests.sim.test_roster_heads import STEWARD, written

STEPS = frozenset({"shut_out", "follow_up", "place", HEEDED, "followed", "awaited"})
"""What is kept between the steps of taking over."""
LONG = overdue.WAIT + overdue.SPREAD


@pytest.fixture
def other(stage: Rehearsal, person: Person) -> Desk:
    """A second steward's desk, beside that of a third who is a helper; all know of each other."""
    other = stage.join("other", STEWARD)
    stage.join("third")
    sync(stage, "first", "second", "third", "other", "first")
    return other


def try_once(stage: Rehearsal, desk: Desk) -> bool:
    """Sync as the loops do; False while the relay refuses this desk."""
    hand = Hand(desk, stage.courier(desk))
    try:
        for step in (hand.send, hand.pull, hand.send, hand.pull, hand.send):
            hand.loops.admitted(step)
    except UnknownCapability:
        return False
    return True


def die_before_letters(stage: Rehearsal) -> None:
    """Let the first desk open the next epoch, and stop before a letter lies in any door."""
    first = stage.desks["first"]
    with pytest.raises(Unreachable):
        Hand(first, Watching(stage.courier(first), 2)).sync()
    assert drawing.under_way(first.journal)
    first.stop()


def told_of(desk: Desk) -> list[DoorsWritten]:
    """What a desk says that it followed, in its log."""
    return [
        claim.fact
        for claim in counted(desk.journal, DoorsWritten)
        if isinstance(claim.fact, DoorsWritten)
    ]


def test_removal_whose_desk_never_came_to_it_is_followed_by_another_after_a_wait(
    stage: Rehearsal, other: Desk
) -> None:
    first, second, third = (stage.desks[name] for name in ("first", "second", "third"))
    first.removals.suspend(second.device, "")
    pass_on(stage, "first")
    first.stop()
    assert try_once(stage, other)
    assert epoch_of(other) == 1
    stage.clock.time += LONG
    for _ in range(2):
        assert try_once(stage, other)
    assert epoch_of(other) == 2
    assert look(stage, second) is Found.NOTHING
    assert look(stage, third) is Found.RENEWED
    keys = other.journal.keychain
    assert max(keys.office) > max(second.journal.keychain.office)
    (told,) = told_of(other)
    assert {act.device for act in told.followed} == {second.device}
    stage.clock.time += LONG
    assert try_once(stage, other)
    assert epoch_of(other) == 2


def test_desk_that_died_between_opening_and_letters_leaves_nobody_outside(
    stage: Rehearsal, person: Person, other: Desk
) -> None:
    first, second, third = (stage.desks[name] for name in ("first", "second", "third"))
    first.removals.suspend(second.device, "")
    die_before_letters(stage)
    for desk in (other, third):
        assert not try_once(stage, desk)
    stage.clock.time += LONG
    assert not try_once(stage, third)
    for _ in range(2):
        assert try_once(stage, other)
    assert epoch_of(other) == 3
    assert look(stage, second) is Found.NOTHING
    third.note(person.conversation, "In again.")
    assert try_once(stage, third)
    assert try_once(stage, other)
    assert written(other, person) == ["In again."]
    assert other.roster().standing(second.device) is Standing.SUSPENDED
    (told,) = told_of(other)
    assert {act.device for act in told.followed} == {second.device}


def test_desk_that_comes_back_finds_that_it_was_followed_and_does_it_no_more(
    stage: Rehearsal, person: Person, other: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    first.removals.suspend(second.device, "")
    die_before_letters(stage)
    assert not try_once(stage, other)
    stage.clock.time += LONG
    for _ in range(2):
        assert try_once(stage, other)
    again = stage.unlock("first")
    for _ in range(2):
        assert try_once(stage, again)
    stage.clock.time += LONG
    for desk in (again, other, again):
        assert try_once(stage, desk)
    assert epoch_of(again) == epoch_of(other) == 3
    assert not drawing.under_way(again.journal)
    assert look(stage, second) is Found.NOTHING


def test_two_desks_that_take_over_at_once_leave_everybody_with_one_way_in(
    stage: Rehearsal, person: Person, other: Desk
) -> None:
    first, second, third = (stage.desks[name] for name in ("first", "second", "third"))
    fourth = stage.join("fourth", STEWARD)
    sync(stage, "fourth", "other")
    other.removals.second(waiting(other))
    for desk in (other, first, second, third, fourth, other, first):
        assert try_once(stage, desk)
    first.removals.suspend(second.device, "")
    die_before_letters(stage)
    hands = [Hand(desk, stage.courier(desk)) for desk in (other, fourth)]
    for hand in hands:
        with pytest.raises(UnknownCapability):
            hand.loops.admitted(hand.pull)
    stage.clock.time += LONG
    for hand in hands:
        with suppress(UnknownCapability):
            hand.loops.admitted(hand.pull)
    for _ in range(3):
        for hand in hands:
            with suppress(UnknownCapability):
                hand.loops.admitted(hand.sync)
    assert other.journal.place.capability == fourth.journal.place.capability
    assert look(stage, second) is Found.NOTHING
    assert look(stage, third) is Found.RENEWED


def test_new_steward_is_given_the_control_seed_by_another_desk_than_the_one_that_died(
    stage: Rehearsal, person: Person, other: Desk
) -> None:
    first, third = stage.desks["first"], stage.desks["third"]
    first.removals.change_roles(third.device, frozenset({Role.OPERATOR, Role.STEWARD}))
    pass_on(stage, "first", "other")
    other.removals.second(waiting(other))
    pass_on(stage, "other", "first", "third")
    other.stop()
    assert third.journal.keychain.control() is None
    assert try_once(stage, first)
    stage.clock.time += LONG
    for _ in range(2):
        assert try_once(stage, first)
    assert look(stage, third) is Found.RENEWED
    assert third.journal.keychain.control() == first.journal.keychain.control()


@pytest.mark.parametrize("at", range(1, 10))
def test_taking_over_goes_on_whatever_was_not_kept(
    stage: Rehearsal, other: Desk, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, third = stage.desks["second"], stage.desks["third"]
    stage.desks["first"].removals.suspend(second.device, "")
    die_before_letters(stage)
    assert not try_once(stage, other)
    stage.clock.time += LONG
    left, keep = [at], other.journal.store.put_setting

    def put(name: str, value: object) -> None:
        left[0] -= name in STEPS
        if not left[0]:
            raise Cut
        keep(name, value)

    monkeypatch.setattr(other.journal.store, "put_setting", put)
    with suppress(Cut):
        for _ in range(2):
            assert try_once(stage, other)
    other.stop()
    again = stage.unlock("other")
    for _ in range(3):
        stage.clock.time += DAY
        try_once(stage, again)
    assert look(stage, again) is Found.KNOWN
    assert look(stage, third) is Found.RENEWED
    assert look(stage, second) is Found.NOTHING
    assert not drawing.under_way(again.journal)
