# SPDX-License-Identifier: AGPL-3.0-or-later
"""A tracing epoch whose desk dies, loses a race, is too late, or goes elsewhere."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.engine import reopening
from safeconduct.edges.desk.engine.keys import HEEDED
from safeconduct.edges.desk.engine.wished import wanted
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.asking_facts import TakenBack
from safeconduct.rooms.crew.events import hash_of
from safeconduct.rooms.crew.recovery import root_of
from safeconduct.rooms.crew.taking_back import NothingToTakeBack
from safeconduct.rooms.crew.tracing import SayWhy, TracesAlready
from safeconduct.rooms.crew.tracing_facts import TracingOpened
from tests.kit.moves import elsewhere
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, pass_on
from tests.sim.test_access_epochs import Cut, Watching, epoch_of
from tests.sim.test_removed_devices import tell
from tests.sim.test_roster_heads import STEWARD
from tests.sim.test_taking_over import LONG, die_before_letters, try_once
from tests.sim.test_tracing import WHY, come_in, known_to_relay, office_of_four, told, trace, ways


@pytest.fixture
def other(stage: Rehearsal, person: Person) -> Desk:
    """A second steward's desk, beside that of a third who is a helper; all know of each other."""
    return office_of_four(stage)


def test_letters_have_one_length_whether_they_trace_or_not(stage: Rehearsal, other: Desk) -> None:
    first = stage.desks["first"]
    posted = []
    for ends in (False, True):
        if ends:
            first.tracing.end()
        else:
            first.tracing.open(WHY)
        relay = Watching(stage.courier(first))
        Hand(first, relay).sync()
        posted += relay.posted
    assert {len(item) for letters in posted for _, _, item in letters} == {17_522}
    assert {len(letters) for letters in posted} == {4}


def test_wish_of_a_desk_that_died_before_it_began_is_followed_by_another(
    stage: Rehearsal, other: Desk
) -> None:
    first = stage.desks["first"]
    first.tracing.open(WHY)
    pass_on(stage, "first")
    first.stop()
    assert try_once(stage, other)
    wish = other.tracing.wish()
    assert wish is not None
    assert (wish.by, wish.reason, wish.mine) == (first.device, WHY, False)
    stage.clock.time += LONG
    come_in(stage, "other", "third", "other")
    assert told(stage.desks["third"]) == ("Ada", WHY)
    assert other.tracing.wish() is None
    again = stage.unlock("first")
    come_in(stage, "first")
    assert told(again) == ("Ada", WHY)
    assert epoch_of(again) == 2
    assert not again.tracing.void()


def test_desk_that_died_between_opening_and_letters_leaves_nobody_outside(
    stage: Rehearsal, person: Person, other: Desk
) -> None:
    stage.desks["first"].tracing.open(WHY)
    die_before_letters(stage)
    assert known_to_relay(stage) == 8
    assert not try_once(stage, other)
    stage.clock.time += LONG
    come_in(stage, "other", "third")
    assert known_to_relay(stage) == 1
    assert told(stage.desks["third"]) is None
    again = stage.unlock("first")
    come_in(stage, "first", "other", "first")
    assert epoch_of(again) == epoch_of(other) == 3
    for desk in (again, other):
        assert desk.tracing.running() is None
        assert desk.tracing.wish() is None


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2], ids=["opening", "letters"])
def test_it_is_taken_up_where_a_cut_line_left_it(
    stage: Rehearsal, other: Desk, at: int, late: bool
) -> None:
    first = stage.desks["first"]
    first.tracing.open(WHY)
    courier = Watching(stage.courier(first), at, late=late)
    with pytest.raises(Unreachable):
        Hand(first, courier).sync()
    first.stop()
    stage.unlock("first")
    come_in(stage, "first", *stage.desks)
    assert epoch_of(stage.desks["first"]) == 2
    assert len(set(ways(stage))) == 4
    assert told(stage.desks["third"]) == ("Ada", WHY)


STEPS = frozenset({"follow_up", "followed", "place", "access_way", HEEDED, "tracing_end"})


@pytest.mark.parametrize("at", range(1, 9))
@pytest.mark.parametrize("ends", [False, True], ids=["opening", "ending"])
def test_it_is_taken_up_whatever_was_not_kept(
    stage: Rehearsal, other: Desk, at: int, ends: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stage.desks["first"]
    if ends:
        trace(stage)
        first.tracing.end()
    else:
        first.tracing.open(WHY)
    left, keep = [at], first.journal.store.put_setting

    def put(name: str, value: object) -> None:
        left[0] -= name in STEPS
        if not left[0]:
            raise Cut
        keep(name, value)

    monkeypatch.setattr(first.journal.store, "put_setting", put)
    with pytest.raises(Cut):
        Hand(first, stage.courier(first)).sync()
    first.stop()
    stage.unlock("first")
    come_in(stage, "first", *stage.desks)
    assert epoch_of(stage.desks["first"]) == 2 + ends
    assert len(set(ways(stage))) == (1 if ends else 4)
    assert (told(stage.desks["third"]) is None) == ends


def test_wish_that_lost_its_number_to_a_removal_is_void_and_says_so(
    stage: Rehearsal, other: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    first.tracing.open(WHY)
    other.removals.suspend(second.device, "")
    come_in(stage, "other")
    come_in(stage, "first", "other", "third")
    assert told(first) is told(other) is None
    assert first.tracing.void()
    assert not other.tracing.void()
    assert first.tracing.wish() is None
    stage.clock.time += LONG
    come_in(stage, "first", "other", "first")
    assert epoch_of(first) == 2
    del stage.desks["second"]
    trace(stage)
    assert not first.tracing.void()
    assert told(other) == ("Ada", WHY)


def test_wish_is_taken_back_before_it_begins_and_nobody_follows_it(
    stage: Rehearsal, other: Desk
) -> None:
    first = stage.desks["first"]
    first.tracing.open(WHY)
    with pytest.raises(TracesAlready):
        first.tracing.open(WHY)
    first.tracing.take_back()
    with pytest.raises(NothingToTakeBack):
        first.tracing.take_back()
    come_in(stage, "first", "other")
    stage.clock.time += LONG
    come_in(stage, "first", "other", "first")
    assert epoch_of(first) == epoch_of(other) == 1
    assert first.tracing.wish() is other.tracing.wish() is None
    assert not first.tracing.void()


def test_who_takes_it_back_once_it_began_does_not_take_their_name_from_it(
    stage: Rehearsal, other: Desk
) -> None:
    trace(stage)
    first = stage.desks["first"]
    with pytest.raises(NothingToTakeBack):
        first.tracing.take_back()
    (claim,) = wanted(first.journal)
    tell(first, TakenBack(claim.id, hash_of(claim.signed)))
    come_in(stage, "first", *stage.desks)
    assert wanted(other.journal) == []
    for desk in stage.desks.values():
        assert told(desk) == ("Ada", WHY)


def test_of_two_stewards_who_want_it_at_once_one_opens_it(stage: Rehearsal, other: Desk) -> None:
    stage.desks["first"].tracing.open(WHY)
    other.tracing.open("The same.")
    come_in(stage, "other")
    come_in(stage, "first", *stage.desks)
    assert {epoch_of(stage.desks["first"]), epoch_of(other)} == {2}
    for desk in stage.desks.values():
        assert told(desk) == ("Bo other", "The same.")
        assert desk.tracing.wish() is None


def test_wish_of_who_is_no_steward_is_followed_by_nobody(stage: Rehearsal, other: Desk) -> None:
    third = stage.desks["third"]
    tell(third, TracingOpened(2, WHY))
    come_in(stage, "third", "first", "other")
    stage.clock.time += LONG
    come_in(stage, "first", "other")
    assert epoch_of(stage.desks["first"]) == 1
    assert other.tracing.wish() is None
    assert told(other) is None


def test_it_takes_a_reason_and_is_not_opened_twice(stage: Rehearsal, other: Desk) -> None:
    with pytest.raises(SayWhy):
        other.tracing.open("  ")
    trace(stage)
    with pytest.raises(TracesAlready):
        other.tracing.open(WHY)


def test_steward_raised_meanwhile_ends_it_and_reads_nothing_before(
    stage: Rehearsal, other: Desk
) -> None:
    trace(stage)
    first, third = stage.desks["first"], stage.desks["third"]
    first.removals.change_roles(third.device, STEWARD)
    come_in(stage, "first", "other")
    (fact,) = other.roster().pending
    other.removals.second(fact)
    come_in(stage, "other", *stage.desks)
    assert Role.STEWARD in third.roster().roles(third.device)
    assert len(set(ways(stage))) == 1
    assert told(third) is None


def test_it_is_not_taken_along_to_another_server(stage: Rehearsal, other: Desk) -> None:
    trace(stage)
    with elsewhere(stage) as there:
        text = there.found()
        assert told(stage.desks["first"]) is None
        there.follow("third", text)
        third = stage.desks["third"]
        assert third.journal.place.capability == stage.desks["first"].journal.place.capability
        assert told(third) is None
        Hand(third, there.courier(third)).sync()
        assert told(third) is None


def test_who_joins_after_cards_ended_it_does_not_think_that_it_runs(
    stage: Rehearsal, other: Desk
) -> None:
    trace(stage)
    first = stage.desks["first"]
    root = root_of(stage.recovery_secret)
    reopening.reopen(first.journal, stage.courier(first), root)
    reopening.let_letters_follow(first.journal, root)
    come_in(stage, "first", *stage.desks)
    stage.join("new")
    come_in(stage, "new", "first", "new")
    for desk in stage.desks.values():
        assert told(desk) is None
