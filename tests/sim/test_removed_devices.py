# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a removed device wrote, on desks that read it before and after the removal."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import check
from safeconduct.edges.desk.engine import aside, held, post
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.people import People
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.words import CommitId
from safeconduct.rooms.crew import Standing, kind_of, write_fact
from safeconduct.rooms.crew.events import CommitAdopted, CrewFact, Cut, DeviceSuspended
from safeconduct.rooms.hotline.decide import NotAMember
from safeconduct.rooms.hotline.events import LettersSetAside
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, pass_on
from tests.sim.test_desk_guards import notes
from tests.sim.test_roster_heads import STEWARD, written


def tell(desk: Desk, *facts: CrewFact) -> CommitId:
    """Let a desk write roster facts in one act."""
    journal = desk.journal
    key = journal.secrets.signing_key()
    bodies = [(kind_of(fact), write_fact(fact, journal.office, desk.device, key)) for fact in facts]
    return journal.write([Fact(journal.crew_vault, kind, 1, body) for kind, body in bodies])


def cut(by: Desk, device: Desk) -> Cut:
    """A cut after a device's newest commit that a desk has read."""
    head = by.journal.reader.chains.head(device.device)
    return Cut(device.device, head.sequence, head.commit)


def refused(desk: Desk) -> list[str]:
    return [row[0] for row in desk.journal.store.rows("SELECT code FROM quarantine ORDER BY no")]


def found(desk: Desk, word: str) -> int:
    return len(desk.search(word))


def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "QUICK_FROM", 2)
    monkeypatch.setattr("safeconduct.edges.desk.engine.sync.QUICK_FROM", 2)


def test_what_a_suspended_device_writes_on_counts_on_no_desk(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    second.note(person.conversation, "before")
    pass_on(stage, "second", "first", "third")
    tell(first, DeviceSuspended((cut(first, second),), "lost"))
    second.note(person.conversation, "beyond")
    pass_on(stage, "first", "second", "third", "first", "second")
    for name in ("first", "second", "third"):
        assert notes(stage, name, person) == ["before"]
        assert stage.desks[name].roster().standing(second.device) is Standing.SUSPENDED
    assert refused(first) == refused(third) == ["beyond_cut"]
    quickly(monkeypatch)
    late = stage.join("late")
    assert written(late, person) == ["before"]
    assert refused(late) == ["beyond_cut"]


def test_nothing_is_handed_over_to_a_device_that_was_removed(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    pass_on(stage, "first", "second", "third")
    tell(first, DeviceSuspended((cut(first, second),), "lost"))
    pass_on(stage, "first", "third")
    for desk, other in ((first, third), (third, first)):
        people = People(desk.roster(), desk.device, "en")
        assert [member.device.id for member in people.colleagues()] == [other.device]
        assert second.device in [member.device.id for member in people.everyone()]
        with pytest.raises(NotAMember):
            desk.hand_over(person.conversation, second.device, "Please.")
        desk.hand_over(person.conversation, other.device, "Please.")


@pytest.fixture
def taken_back(stage: Rehearsal, person: Person) -> Desk:
    """The first desk, that read three notes of the second and then cut off two of them."""
    first, second = stage.desks["first"], stage.desks["second"]
    second.note(person.conversation, "before")
    pass_on(stage, "second", "first")
    early = cut(first, second)
    second.note(person.conversation, "umbrella")
    second.note(person.conversation, "parasol")
    pass_on(stage, "second", "first")
    assert notes(stage, "first", person) == ["before", "umbrella", "parasol"]
    assert [found(first, word) for word in ("umbrella", "parasol")] == [1, 1]
    tell(first, DeviceSuspended((early,), "lost"))
    return first


def test_what_was_read_before_its_removal_is_taken_back(
    stage: Rehearsal, person: Person, taken_back: Desk
) -> None:
    assert notes(stage, "first", person) == ["before"]
    assert [found(taken_back, word) for word in ("umbrella", "parasol")] == [0, 0]
    assert refused(taken_back) == ["beyond_cut", "beyond_cut"]
    assert check.verify_store(taken_back.journal).findings == ()
    taken_back.stop()
    again = stage.unlock("first")
    assert notes(stage, "first", person) == ["before"]
    again.journal.read_again()
    assert notes(stage, "first", person) == ["before"]
    assert refused(again) == ["beyond_cut", "beyond_cut"]


def test_what_an_older_program_read_is_judged_by_its_cuts_at_the_next_start(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    second.note(person.conversation, "umbrella")
    pass_on(stage, "second", "first")
    with monkeypatch.context() as older:
        older.setattr("safeconduct.edges.desk.engine.journal.rejudge", lambda *_: set())
        tell(first, DeviceSuspended((Cut(second.device, 0, bytes(32)),), "lost"))
    assert notes(stage, "first", person) == ["umbrella"]
    with first.journal.store.transaction() as writer:
        writer.execute("DELETE FROM settings WHERE name = 'cuts_heeded'")
    first.stop()
    stage.unlock("first")
    assert notes(stage, "first", person) == []


def test_what_a_steward_adopts_counts_on_every_desk_and_twice_is_once(
    stage: Rehearsal, person: Person, taken_back: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = stage.desks["second"].device
    newest = taken_back.journal.reader.chains.head(second).sequence
    wanted = taken_back.journal.facts.commit_at(second, newest - 1)
    assert wanted is not None
    for entries in ((0,), (0, 7)):
        tell(taken_back, CommitAdopted(wanted, entries))
        assert notes(stage, "first", person) == ["before", "umbrella"]
    assert [found(taken_back, word) for word in ("umbrella", "parasol")] == [1, 0]
    assert refused(taken_back) == ["beyond_cut"]
    assert check.verify_store(taken_back.journal).findings == ()
    pass_on(stage, "first", "second")
    assert notes(stage, "second", person) == ["before", "umbrella"]
    quickly(monkeypatch)
    assert written(stage.join("late"), person) == ["before", "umbrella"]


def test_letters_that_a_removed_device_set_aside_are_not_taken_for_seen(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    fact = LettersSetAside((b"m" * 32,))
    second.journal.write([post.fact(second.journal, fact)])
    pass_on(stage, "second", "first")
    assert aside.set_aside(first.journal) == {b"m" * 32}
    tell(first, DeviceSuspended((Cut(second.device, 0, bytes(32)),), "lost"))
    assert aside.set_aside(first.journal) == set()


def test_removal_that_falls_gives_back_what_it_took(stage: Rehearsal, person: Person) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third", STEWARD)
    second.note(person.conversation, "hers")
    pass_on(stage, "second", "first", "third")
    before = cut(first, third)
    tell(third, DeviceSuspended((Cut(second.device, 0, bytes(32)),), "out of spite"))
    pass_on(stage, "third", "first", "second")
    assert notes(stage, "first", person) == []
    tell(first, DeviceSuspended((before,), "taken"))
    pass_on(stage, "first", "second", "third")
    for name in ("first", "second", "third"):
        assert notes(stage, name, person) == ["hers"]
        assert refused(stage.desks[name])[-1:] in ([], ["beyond_cut"])
        assert check.verify_store(stage.desks[name].journal).findings == ()


def test_cut_that_names_a_commit_that_comes_later_is_folded_when_it_comes(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    third = stage.join("third")
    pass_on(stage, "third", "first", "second")
    second.note(person.conversation, "told in time")
    pass_on(stage, "second", "first")
    tell(first, DeviceSuspended((cut(first, second),), "lost"))
    pass_on(stage, "first")
    journal = third.journal
    known, size = journal.log.size(), first.journal.log.size()
    frames = first.journal.log.frames(known, size - known)
    journal.log.add(known, frames[::-1])
    journal.take(known, frames[::-1])
    assert third.roster().awaited == frozenset()
    assert notes(stage, "third", person) == ["told in time"]


@pytest.mark.parametrize("quick", [False, True])
def test_desk_that_judges_all_again_at_its_start_is_heard_on(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch, *, quick: bool
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    first.note(person.conversation, "one")
    tell(first, DeviceSuspended((cut(first, second),), "lost"))
    second.note(person.conversation, "beyond")
    third = stage.join("third")
    pass_on(stage, "second", "first", "third")
    first.stop()
    if quick:
        quickly(monkeypatch)
    again = stage.unlock("first")
    again.note(person.conversation, "two")
    tell(again, DeviceSuspended((cut(again, third),), "lost"))
    pass_on(stage, "first", "third")
    assert notes(stage, "first", person) == notes(stage, "third", person) == ["one", "two"]
    assert third.roster().standing(third.device) is Standing.SUSPENDED
    assert refused(again) == refused(third) == ["beyond_cut"]


def test_desk_that_was_cut_off_while_it_judged_all_again_is_heard_on(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    first.note(person.conversation, "one")
    pass_on(stage, "first", "second")
    journal = first.journal
    journal.forget()
    journal.take(0, journal.log.frames(0, journal.log.size() - 1))
    first.stop()
    stage.unlock("first").note(person.conversation, "two")
    pass_on(stage, "first", "second")
    assert notes(stage, "second", person) == ["one", "two"]
