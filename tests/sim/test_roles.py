# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stewards at their desks give a colleague a role, use it, and take it back (spec/crew.md 1, 4)."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.engine import page_key
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.office import Desk
from safeconduct.rooms.crew import HeldKey, Role, Standing
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.removing import NothingToSecond, SecondIsAnother
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, pass_on, sync
from tests.sim.test_access_epochs import dropped, epoch_of, look
from tests.sim.test_removing import waiting
from tests.sim.test_roster_heads import STEWARD

OPERATOR = frozenset({Role.OPERATOR})


@pytest.fixture
def third(stage: Rehearsal, person: Person) -> Desk:
    """A second steward's desk; that of `second` is an operator's."""
    third = stage.join("third", STEWARD)
    sync(stage, "third", "first", "second")
    assert person.conversation
    return third


def control(desk: Desk) -> bytes | None:
    """The newest control seed that a desk holds."""
    held = desk.journal.keychain.control()
    return held.key if held else None


def roles(stage: Rehearsal, of: Desk) -> set[frozenset[Role]]:
    """What a device is on each desk."""
    return {desk.roster().roles(of.device) for desk in stage.desks.values()}


def raise_(stage: Rehearsal, desk: Desk, *, by: str, second: str) -> None:
    """Make a device a steward's: one asks, another signs, and it finds its letter."""
    stage.desks[by].removals.change_roles(desk.device, STEWARD)
    sync(stage, by, second)
    stage.desks[second].removals.second(waiting(stage.desks[second]))
    sync(stage, second)
    assert look(stage, desk) is Found.RENEWED
    assert look(stage, stage.desks[by]) is Found.RENEWED


def lower(stage: Rehearsal, desk: Desk, *, by: str, second: str) -> None:
    """Take the role steward: suspend, ask, sign."""
    one, other = stage.desks[by], stage.desks[second]
    one.removals.suspend(desk.device, "")
    one.removals.change_roles(desk.device, OPERATOR)
    pass_on(stage, by, second)
    other.removals.second(waiting(other))
    pass_on(stage, second, by)


def test_role_that_one_asks_for_counts_on_every_desk_when_another_signed(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    with pytest.raises(NotASteward):
        second.removals.change_roles(second.device, STEWARD)
    third.removals.change_roles(second.device, frozenset({Role.LEGAL, Role.OPERATOR}))
    sync(stage, "third", "first", "second")
    fact = waiting(first)
    assert roles(stage, second) == {OPERATOR}
    assert first.removals.quarantined(start=0, most=9)[1] == 0
    with pytest.raises(SecondIsAnother):
        third.removals.second(fact)
    first.removals.second(fact)
    with pytest.raises(NothingToSecond):
        first.removals.second(fact)
    sync(stage, "first", "second", "third")
    assert roles(stage, second) == {frozenset({Role.LEGAL, Role.OPERATOR})}
    assert epoch_of(first) == epoch_of(third) == 1


def test_colleague_who_is_made_a_steward_is_given_what_a_steward_needs(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    before = control(first)
    assert control(second) is None
    raise_(stage, second, by="third", second="first")
    sync(stage, "second", "third")
    assert epoch_of(first) == epoch_of(second) == 2
    assert control(first) == control(second) == before
    assert dropped(stage) == set()
    second.removals.suspend(third.device, "lost")
    sync(stage, "second")
    assert look(stage, third) is Found.NOTHING
    assert look(stage, first) is Found.RENEWED
    sync(stage, "first")
    assert first.roster().standing(third.device) is Standing.SUSPENDED
    assert not second.status().troubles


def test_stewards_made_by_two_are_given_the_key_that_signs_for_the_page(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    seed = page_key.seed_of(first.journal)
    assert seed
    assert page_key.seed_of(second.journal) == b""
    raise_(stage, second, by="third", second="first")
    assert page_key.seed_of(second.journal) == page_key.seed_of(third.journal) == seed
    second.stop()
    assert page_key.seed_of(stage.unlock("second").journal) == seed


def test_key_for_the_page_that_is_not_the_offices_is_not_kept(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    seed = page_key.seed_of(first.journal)
    page_key.keep(second.journal, [b"s" * 64, b""])
    assert page_key.seed_of(second.journal) == b""
    second.journal.keychain.add([HeldKey(page_key.KIND, NO_ID, 1, b"s" * 64)])
    assert page_key.seed_of(second.journal) == b""
    raise_(stage, second, by="third", second="first")
    assert third.journal.keychain.control()
    assert page_key.seed_of(second.journal) == seed


def test_steward_who_signs_before_the_own_letter_came_is_not_alarmed_and_gives_the_seed_later(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    fourth = stage.join("fourth")
    first.removals.change_roles(second.device, STEWARD)
    pass_on(stage, "first", "third")
    third.removals.second(waiting(third))
    pass_on(stage, "third", "first", "second", "fourth")
    first.removals.change_roles(fourth.device, STEWARD)
    pass_on(stage, "first", "second")
    second.removals.second(waiting(second))
    sync(stage, "second")
    assert control(second) is None
    assert not second.status().troubles
    sync(stage, "third")
    assert look(stage, second) is Found.RENEWED
    sync(stage, "second")
    assert epoch_of(second) == 3
    assert look(stage, fourth) is Found.RENEWED
    assert control(fourth) == control(second)


def test_steward_whose_role_was_taken_comes_back_without_what_stewards_hold(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    raise_(stage, second, by="third", second="first")
    sync(stage, "second", "third", "first")
    lower(stage, second, by="third", second="first")
    sync(stage, "third", "first")
    first.removals.readmit(second.device)
    sync(stage, "first")
    look(stage, third)
    sync(stage, "third")
    third.removals.second(waiting(third))
    sync(stage, "third")
    look(stage, first)
    assert look(stage, second) is Found.RENEWED
    sync(stage, "second", "first", "third")
    assert roles(stage, second) == {OPERATOR}
    assert control(first) == control(third)
    assert control(second) != control(first)
    with pytest.raises(NotASteward):
        second.removals.suspend(first.device, "")


def test_second_who_signs_after_the_device_is_back_ends_what_its_letter_brought(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    raise_(stage, second, by="third", second="first")
    sync(stage, "second", "third", "first")
    first.removals.suspend(second.device, "")
    first.removals.change_roles(second.device, OPERATOR)
    sync(stage, "first")
    look(stage, third)
    sync(stage, "third")
    (asked,) = third.roster().pending
    first.removals.readmit(second.device)
    sync(stage, "first", "third")
    (back,) = set(third.roster().pending) - {asked}
    third.removals.second(asked)
    third.removals.second(back)
    held = control(first)
    sync(stage, "third")
    assert control(third) != held
    assert look(stage, second) is look(stage, first) is Found.RENEWED
    assert control(first) == control(third) != control(second)


def test_newcomer_invited_as_third_steward_is_one_when_a_second_signed(
    stage: Rehearsal, third: Desk
) -> None:
    first = stage.desks["first"]
    fourth = stage.join("fourth", STEWARD, by="third")
    sync(stage, "third", "first", "fourth")
    kinds = {key.kind for key in fourth.journal.keychain.all()}
    assert kinds.isdisjoint({"control", "intake-sign"})
    assert fourth.roster().roles(fourth.device) == OPERATOR
    first.removals.second(waiting(first))
    sync(stage, "first")
    assert look(stage, fourth) is look(stage, third) is Found.RENEWED
    sync(stage, "fourth", "third")
    assert {desk.roster().roles(fourth.device) for desk in (first, third, fourth)} == {STEWARD}
    assert control(fourth) == control(first)


def test_desk_that_is_cut_off_after_it_signed_does_what_follows_when_it_is_opened(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third.removals.change_roles(second.device, STEWARD)
    third.stop()
    asking = stage.unlock("third")
    assert [pending.devices for pending in asking.roster().pending.values()] == [(second.device,)]
    sync(stage, "third", "first")
    first.removals.second(waiting(first))
    first.stop()
    stage.unlock("first")
    sync(stage, "first", "first")
    assert epoch_of(stage.desks["first"]) == 2
    assert look(stage, second) is Found.RENEWED
    assert control(second) == control(stage.desks["first"])
