# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands on a desk that the relay refuses: its door, and the recovery cards."""

from __future__ import annotations

from functools import partial

import pytest
from msgspec import structs

from safeconduct.edges.desk import moving, recovering
from safeconduct.edges.desk.engine import doors, removing, reopening, rotating
from safeconduct.edges.desk.engine.doors import AccessLost, Found
from safeconduct.edges.desk.engine.keys import HEEDED, NO_ID
from safeconduct.edges.desk.recovering import Use
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.wire.refusals import UnknownCapability
from safeconduct.rooms.crew import HeldKey, Standing
from safeconduct.rooms.crew.doors import Wipe
from safeconduct.rooms.crew.events import (
    SIGNED,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    Seconded,
    Signed,
    hash_of,
)
from safeconduct.rooms.crew.recovery import root_of
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, pass_on, sync
from tests.sim.test_access_epochs import Watching, epoch_of, follow, look, suspended
from tests.sim.test_attack_doors import Remembering, a_way_in, door_of, order
from tests.sim.test_new_keys import withholding
from tests.sim.test_recovery import opened
from tests.sim.test_removed_devices import cut, tell
from tests.sim.test_roster_heads import STEWARD, written


def test_command_on_a_desk_that_was_off_meanwhile_goes_on_by_its_door(
    stage: Rehearsal, person: Person
) -> None:
    first, second, third = stage.desks["first"], stage.desks["second"], stage.join("third")
    sync(stage, "third", "first")
    first.note(person.conversation, "While you were off.")
    follow(stage, first, suspended(first, second))
    carry = [partial(moving.carry, desk.journal, stage.courier(desk)) for desk in (second, third)]
    doors.let_in(third.journal, carry[1].args[1], carry[1])
    assert written(third, person) == ["While you were off."]
    assert third.journal.place.capability == first.journal.place.capability
    with pytest.raises(UnknownCapability):
        doors.let_in(second.journal, carry[0].args[1], carry[0])


def test_device_that_the_founder_alone_brought_back_finds_the_way_in(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    removal = tell(first, suspended(first, second)) + bytes(4)
    sync(stage, "first")
    assert look(stage, second) is Found.NOTHING
    follow(stage, first, DeviceReadmitted(cut(first, second), (removal,)))
    assert look(stage, second) is Found.RENEWED


def test_cards_bring_back_an_office_that_a_taken_laptop_shut_out(
    stage: Rehearsal, person: Person
) -> None:
    first, second, third = stage.desks["first"], stage.desks["second"], stage.join("third")
    first.note(person.conversation, "before")
    sync(stage, "first", "second", "third", "first")
    everybody = DeviceSuspended((cut(first, second), cut(first, third)), "")
    tell(first, everybody)
    sync(stage, "first", "first")
    courier = stage.courier(second)
    with pytest.raises(UnknownCapability):
        doors.let_in(second.journal, courier, partial(moving.carry, second.journal, courier))
    cards = opened(stage, second)
    reopening.reopen(second.journal, courier, root_of(cards.secret))
    moving.carry(second.journal, courier)
    recovering.use(second.journal, courier, cards, Use([first.device]))
    Hand(second, courier).sync()
    assert second.roster().present() == {second.device, third.device}
    assert look(stage, third) is Found.RENEWED
    sync(stage, "third", "second", "third")
    third.note(person.conversation, "after")
    sync(stage, "third", "second")
    for desk in (second, third):
        assert desk.roster().present() == {second.device, third.device}
        assert written(desk, person) == ["before", "after"]
    with pytest.raises(UnknownCapability):
        Hand(first, stage.courier(first)).pull()
    assert look(stage, first) is Found.NOTHING


def test_who_joins_at_a_desk_that_was_only_told_the_newest_keys_reads_on(
    stage: Rehearsal, person: Person
) -> None:
    first, second, other = *stage.desks.values(), stage.join("other", STEWARD)
    sync(stage, "first", "second", "other")
    rotating.ask(first.journal)
    follow(stage, first, suspended(first, second))
    sync(stage, "first", "first")
    first.note(person.conversation, "Under the new key.")
    sync(stage, "first")
    assert look(stage, other) is Found.RENEWED
    Hand(other, withholding(stage, "other")).sync()
    fourth = stage.join("fourth", by="other")
    sync(stage, "other")
    sync(stage, "fourth")
    assert written(fourth, person) == ["Under the new key."]
    assert fourth.status().troubles == ()


def test_cards_take_back_an_access_whose_key_a_taken_laptop_kept(stage: Rehearsal) -> None:
    first, taken = stage.desks["first"], stage.join("taken", STEWARD)
    sync(stage, "first", "taken", "first")
    cards, courier = opened(stage, first), stage.courier(first)
    assert recovering.controls(first.journal, courier, cards)
    reopening.reopen(taken.journal, stage.courier(taken), root_of(cards.secret))
    order(stage, taken, first, a_way_in(taken, b"nobody's key".ljust(32)))
    assert look(stage, first) is Found.RENEWED
    courier = stage.courier(first)
    tell(first, suspended(first, taken))
    with pytest.raises(AccessLost):
        removing.follow_up(first.journal, courier)
    assert not recovering.controls(first.journal, courier, cards)
    reopening.reopen(first.journal, courier, root_of(cards.secret))
    Hand(first, courier).sync()
    assert look(stage, taken) is Found.NOTHING


def test_control_key_of_the_cards_counts_over_a_false_one_of_its_epoch(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    cards, courier = opened(stage, first), stage.courier(first)
    true, journal = first.journal.keychain.control(), first.journal
    with journal.store.transaction() as writer:
        row = (b"nobody's key".ljust(32),)
        writer.execute("UPDATE held_keys SET key = ? WHERE kind = 'control'", row)
        writer.execute("DELETE FROM settings WHERE name = ?", (HEEDED,))
    journal.keychain.load()
    assert journal.keychain.control() != true
    assert recovering.controls(journal, courier, cards)
    assert journal.keychain.control() == true
    follow(stage, first, suspended(first, second))
    assert epoch_of(first) == 2


@pytest.mark.parametrize(
    "told",
    [
        HeldKey("control", NO_ID, 1_000, b"nobody's key".ljust(32)),
        HeldKey("control", NO_ID, 1, b"nobody's key".ljust(32)),
        None,
    ],
    ids=["another key", "another key of this epoch", "a later epoch"],
)
def test_control_key_that_the_relay_does_not_heed_is_left_for_the_one_that_it_does(
    stage: Rehearsal, told: HeldKey | None
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    true = first.journal.keychain.control()
    assert true is not None
    first.journal.keychain.heed(told or structs.replace(true, epoch=1_000))
    follow(stage, first, suspended(first, second))
    assert epoch_of(first) == 2
    assert look(stage, second) is Found.NOTHING


@pytest.mark.parametrize("late", [False, True])
def test_way_that_was_cut_off_while_the_cards_opened_it_is_opened_once(
    stage: Rehearsal, person: Person, *, late: bool
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    for name in ("third", "fourth"):
        follow(stage, first, suspended(first, stage.join(name)))
    root = root_of(opened(stage, second).secret)
    cut_off = Watching(stage.courier(second), 2 + 1, late=late)
    with pytest.raises(Unreachable):
        reopening.reopen(second.journal, cut_off, root)
    second.stop()
    again = stage.unlock("second")
    relay = Watching(stage.courier(again))
    reopening.reopen(again.journal, relay, root)
    assert relay.calls == ["access"]
    assert (look(stage, again), epoch_of(again)) == (Found.KNOWN, 4)


def test_other_cards_open_no_way(stage: Rehearsal) -> None:
    second = stage.desks["second"]
    before = second.journal.place
    with pytest.raises(doors.AccessLost):
        reopening.reopen(second.journal, stage.courier(second), root_of(b"t" * 32))
    assert second.journal.place == before
    assert look(stage, second) is Found.KNOWN


def test_opening_whose_answer_was_lost_shuts_nobody_out_whatever_was_written_since(
    stage: Rehearsal, person: Person
) -> None:
    first, second, third = stage.desks["first"], stage.desks["second"], stage.join("third")
    sync(stage, "third", "first", "second")
    hand = Hand(first, Watching(stage.courier(first), 1, late=True))
    first.removals.suspend(third.device, "")
    with pytest.raises(Unreachable):
        hand.send()
    first.note(person.conversation, "Said meanwhile.")
    hand.sync()
    assert first.status().unsent == 0
    assert look(stage, second) is Found.RENEWED
    sync(stage, "second")
    assert written(second, person) == ["Said meanwhile."]


def test_words_of_a_lifted_expulsion_wipe_nothing_under_another_id(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    other = stage.join("other", STEWARD)
    sync(stage, "other", "first", "second")
    fact = DeviceExpelled((cut(other, second),), "a mistake")
    removal = tell(other, fact) + bytes(4)
    back = DeviceReadmitted(cut(other, second), (removal,))
    lifted = tell(other, back) + bytes(4)
    pass_on(stage, "other", "first")
    tell(first, Seconded(lifted, hash_of(Signed(encode(back), b"", b""))))
    pass_on(stage, "first", "other", "second")
    assert second.roster().standing(second.device) is Standing.STANDING
    (body,) = [
        told.body
        for told in first.journal.facts.crew(first.journal.crew_vault)
        if told.id == removal
    ]
    signed = SIGNED.decode(body).signature
    order(stage, first, second, Wipe(b"m" * 36, encode(fact), 0, other.device, signed))
    relay = Remembering(stage.store, stage.office, second.journal.place.capability)
    relay.old = stage.courier(second).collect(door_of(second).address, 0)
    third = stage.join("third")
    follow(stage, first, suspended(first, third))
    assert doors.look(second.journal, relay) is Found.NOTHING
    assert person.conversation
