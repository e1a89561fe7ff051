# SPDX-License-Identifier: AGPL-3.0-or-later
"""Stewards at their desks remove a device, second, bring it back, and adopt what it wrote."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from safeconduct.edges.desk import check
from safeconduct.edges.desk.engine import drawing
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import BadSignature, Refused
from safeconduct.kernel.words import FactId
from safeconduct.rooms.crew import Role, Standing
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.removing import (
    AlreadyRemoved,
    NothingToAdopt,
    NothingToSecond,
    NotRemoved,
)
from safeconduct.rooms.crew.taking_back import AskedByAnother
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, pass_on, sync
from tests.sim.test_access_epochs import look
from tests.sim.test_desk_guards import notes
from tests.sim.test_roster_heads import STEWARD

ALL = ("first", "second", "third", "first", "second")


@pytest.fixture
def third(stage: Rehearsal, person: Person) -> Desk:
    """A second steward's desk; that of `second` is an operator's."""
    third = stage.join("third", STEWARD)
    pass_on(stage, "third", "first", "second")
    assert person.conversation
    return third


def standings(stage: Rehearsal, of: str) -> set[Standing | None]:
    """How a device stands on each desk but its own, which reads nothing under newer keys."""
    device = stage.desks[of].device
    others = [desk for name, desk in stage.desks.items() if name != of]
    return {desk.roster().standing(device) for desk in others}


def waiting(desk: Desk) -> FactId:
    """The one thing that waits for a second steward."""
    (fact,) = desk.roster().pending
    return fact


def test_suspended_at_one_desk_a_device_writes_nothing_that_counts_on_any(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    second.note(person.conversation, "before")
    pass_on(stage, "second", "first")
    second.note(person.conversation, "not read here yet")
    first.removals.suspend(second.device, "Taken at the station.")
    second.note(person.conversation, "after")
    pass_on(stage, *ALL, "third")
    assert standings(stage, "second") == {Standing.SUSPENDED}
    for name in ("first", "second", "third"):
        assert notes(stage, name, person) == ["before"]
    (said,) = third.roster().removals.values()
    assert (said.by, said.reason) == (first.device, "Taken at the station.")
    assert third.removals.when(said.by, said.sequence) == stage.clock.now()


def test_two_presses_at_once_write_one_suspension(stage: Rehearsal, third: Desk) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    refused: list[type[Refused]] = []

    def press() -> None:
        try:
            first.removals.suspend(second.device, "")
        except Refused as error:
            refused.append(type(error))

    hands = [threading.Thread(target=press) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert refused == [AlreadyRemoved] * 3
    assert len(first.roster().removals) == 1
    assert third.roster().removals == {}


def test_suspension_is_there_after_the_desk_is_cut_off_and_opened_again(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    first.removals.suspend(second.device, "lost")
    first.stop()
    again = stage.unlock("first")
    assert again.roster().standing(second.device) is Standing.SUSPENDED
    pass_on(stage, "first", "third")
    assert third.roster().standing(second.device) is Standing.SUSPENDED
    assert check.verify_store(again.journal).findings == ()


def test_suspension_by_one_alone_renews_the_keys_that_its_device_had(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    had = {*second.journal.keychain.vaults}, {*second.journal.keychain.office}
    first.removals.suspend(second.device, "")
    sync(stage, "first")
    sync(stage, "first")
    keys = first.journal.keychain
    renewed = {where.vault for where in keys.vaults.keys() - had[0]}
    assert renewed == {where.vault for where in had[0]}
    assert max(keys.office) > max(had[1])
    assert {*second.journal.keychain.vaults} == had[0]


def test_expulsion_that_one_asks_and_another_signs_holds_on_every_desk(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third.removals.expel(second.device, "He works for them.")
    pass_on(stage, "third", "first", "second")
    assert standings(stage, "second") == {Standing.SUSPENDED}
    fact = waiting(first)
    with pytest.raises(NotASteward):
        second.removals.second(fact)
    first.removals.second(fact)
    with pytest.raises(NothingToSecond):
        first.removals.second(fact)
    pass_on(stage, *ALL, "third")
    assert standings(stage, "second") == {Standing.EXPELLED}
    assert third.roster().removals[fact].seconds == (first.device,)


def test_what_one_steward_asked_and_took_back_waits_on_no_desk(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third.removals.expel(second.device, "")
    pass_on(stage, "third", "first")
    fact = waiting(first)
    with pytest.raises(AskedByAnother):
        first.removals.take_back(fact)
    third.removals.take_back(fact)
    third.stop()
    assert stage.unlock("third").roster().pending == {}
    pass_on(stage, "third", "first")
    with pytest.raises(NothingToSecond):
        first.removals.second(fact)
    assert first.roster().standing(second.device) is Standing.SUSPENDED
    assert check.verify_store(first.journal).findings == ()


def test_second_and_take_back_at_once_make_one_roster_on_all_desks(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    roles = frozenset({Role.LEGAL, Role.OPERATOR})
    third.removals.change_roles(second.device, roles)
    pass_on(stage, "third", "first")
    fact = waiting(first)
    first.removals.second(fact)
    third.removals.take_back(fact)
    pass_on(stage, *ALL, "third", "first")
    for name in ("first", "second", "third"):
        roster = stage.desks[name].roster()
        assert roster.roles(second.device) == roles
        assert roster.pending == {}


def test_device_that_two_bring_back_is_heard_again_from_then_on(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    first.removals.suspend(second.device, "")
    second.note(person.conversation, "while out")
    pass_on(stage, "second", *ALL, "third")
    sync(stage, "first")
    assert look(stage, second) is Found.NOTHING
    assert look(stage, third) is Found.RENEWED
    sync(stage, "third")
    third.removals.readmit(second.device)
    pass_on(stage, "third", "first")
    first.removals.second(waiting(first))
    with pytest.raises(NotRemoved):
        first.removals.readmit(second.device)
    sync(stage, "first", "first")
    assert look(stage, second) is Found.RENEWED
    sync(stage, "second")
    second.note(person.conversation, "back")
    sync(stage, "second", "first", "third")
    assert standings(stage, "second") == {Standing.STANDING}
    assert second.roster().standing(second.device) is Standing.STANDING
    for name in ("first", "second", "third"):
        assert notes(stage, name, person) == ["back"]


def test_quarantine_names_writer_time_and_reason_and_what_is_adopted_counts(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    first.removals.suspend(second.device, "")
    for text in ("she is at her aunt's", "go to the square"):
        stage.clock.time += 60_000
        second.note(person.conversation, text)
    written = stage.clock.now()
    pass_on(stage, "second", "first", "third")
    newest, older = third.removals.quarantined(start=0, most=9)[0]
    assert (newest.by, newest.at, newest.code) == (second.device, written, "beyond_cut")
    assert (newest.pieces[0].text, newest.pieces[0].conversation) == (
        "go to the square",
        person.conversation,
    )
    third.removals.adopt(older.commit)
    with pytest.raises(NothingToAdopt):
        third.removals.adopt(older.commit)
    left, total = third.removals.quarantined(start=0, most=9)
    assert ([one.commit for one in left], total) == ([newest.commit], 1)
    pass_on(stage, "third", *ALL)
    for name in ("first", "third"):
        assert notes(stage, name, person) == ["she is at her aunt's"]


def test_change_to_the_crew_beyond_a_cut_is_shown_and_never_adopted(
    stage: Rehearsal, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    first.removals.suspend(third.device, "taken")
    third.removals.suspend(second.device, "under force")
    pass_on(stage, "third", "first")
    aside, _ = first.removals.quarantined(start=0, most=9)
    assert {shown.by for shown in aside} == {third.device}
    assert "crew.DeviceSuspended" in {shown.pieces[0].kind for shown in aside}
    for shown in aside:  # New keys, which followed from it, among them.
        assert not shown.adoptable
        with pytest.raises(NothingToAdopt):
            first.removals.adopt(shown.commit)


def test_list_of_what_a_device_could_read_puts_first_whom_it_dealt_with(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    stage.clock.time += 60_000
    other = Person(stage)
    other.write("Another one.")
    pass_on(stage, "first", "second", "third")
    second.note(person.conversation, "hers")
    pass_on(stage, "second", "first")
    read = first.removals.could_read(second.device)
    assert [vault.kind for vault in read.vaults] == ["office", "crew", "hotline"]
    assert {vault.until for vault in read.vaults} == {None}
    admitted = stage.clock.now() - 60_000
    assert {vault.since for vault in read.vaults} == {admitted}
    assert [talk.conversation for talk in read.handled] == [person.conversation]
    assert [talk.conversation for talk in read.others] == [other.conversation]
    founder = third.removals.could_read(first.device)
    assert [vault.kind for vault in founder.vaults] == ["office", "crew", "hotline"]


def test_what_cannot_be_followed_up_keeps_no_words_back(
    stage: Rehearsal, person: Person, third: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, courier = stage.desks["first"], stage.courier(stage.desks["first"])

    def refuse(*_: object) -> None:
        raise BadSignature("access")

    monkeypatch.setattr(courier, "drop_parcels", refuse)
    hand = Hand(first, courier)
    first.removals.suspend(third.device, "")
    for _ in range(3):
        with suppress(BadSignature):
            hand.sync()
    assert drawing.under_way(first.journal)
    first.note(person.conversation, "goes all the same")
    with pytest.raises(BadSignature):
        hand.send()
    assert first.status().unsent == 0
