# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk does when a colleague cites roster heads: good ones, old ones, made-up ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

import pytest

from safeconduct.edges.desk.engine import held
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.words import DeviceId, OfficeId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import DeviceAdmitted, Role, Roster, Told, write_fact
from tests.kit.builders import build_device
from tests.kit.clocks import SeededRng
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_desk_guards import codes, notes

STEWARD = frozenset({Role.STEWARD, Role.OPERATOR})


def cited(desk: Desk) -> tuple[bytes, ...]:
    heads = desk.journal.rosters.heads
    return heads.newest(desk.journal.pen.heads)


def remove(stage: Rehearsal, name: str) -> None:
    """Write a removal, of a kind that this version keeps and does not fold."""
    journal = stage.desks[name].journal
    journal.write([Fact(journal.crew_vault, "crew.DeviceSuspended", 1, b"\xc0")])


def citing(monkeypatch: pytest.MonkeyPatch, desk: Desk, heads: tuple[bytes, ...]) -> None:
    """Let a desk lie about what it knows of the roster."""
    found = desk.journal.rosters.heads
    monkeypatch.setattr(type(found), "newest", lambda self, more: heads if self is found else more)


def test_colleague_who_hides_a_removal_by_citing_old_heads_is_named(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = stage.desks["second"]
    before = cited(second)
    remove(stage, "first")
    sync(stage, "first", "second")
    assert cited(second) != before
    second.note(person.conversation, "knows of it")
    with monkeypatch.context() as lying:
        citing(lying, second, before)
        for text in ("says that it does not", "and again"):
            second.note(person.conversation, text)
    sync(stage, "second", "first")
    assert "heads_went_back" in codes(stage, "first")
    assert notes(stage, "first", person) == ["knows of it"]
    store = stage.desks["first"].journal.store
    accused = store.rows("SELECT DISTINCT device FROM commits WHERE state = 1")
    assert accused == [(second.device,)]
    second.note(person.conversation, "honest again")
    sync(stage, "second", "first")
    assert notes(stage, "first", person) == ["knows of it", "honest again"]
    monkeypatch.setattr(held, "QUICK_FROM", 2)
    monkeypatch.setattr("safeconduct.edges.desk.engine.sync.QUICK_FROM", 2)
    late = stage.join("late")
    assert written(late, person) == ["knows of it", "honest again"]
    assert late.journal.store.rows("SELECT DISTINCT code FROM quarantine") == [("heads_went_back",)]


def written(desk: Desk, person: Person) -> list[str]:
    folded = desk.conversation(person.conversation)
    assert folded is not None
    return [note.text for note in folded.notes]


def test_made_up_head_stalls_its_own_chain_alone_and_is_named(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = stage.desks["second"]
    with monkeypatch.context() as lying:
        citing(lying, second, (b"m" * 32,))
        second.note(person.conversation, "made up")
    second.note(person.conversation, "after it")
    stage.desks["first"].note(person.conversation, "ours")
    sync(stage, "second", "first")
    assert "head_unknown" in codes(stage, "first")
    assert notes(stage, "first", person) == ["ours"]
    assert stage.desks["first"].journal.store.rows("SELECT code FROM parked ORDER BY idx") == [
        ("head_unknown",),
        ("waits",),
    ]
    again = stage.desks["first"]
    again.stop()
    assert written(stage.unlock("first"), person) == ["ours"]
    late = stage.join("late")
    assert written(late, person) == ["ours"]


def test_what_cites_a_fact_that_comes_later_in_the_log_waits_for_it(
    stage: Rehearsal, person: Person
) -> None:
    """A relay that was founded anew from several desks may hold the log in another order."""
    first, second = stage.desks["first"], stage.desks["second"]
    stage.join("third")
    sync(stage, "third")
    remove(stage, "first")
    sync(stage, "first", "second")
    second.note(person.conversation, "knows of it")
    sync(stage, "second", "first")
    journal = stage.desks["third"].journal
    known, size = journal.log.size(), first.journal.log.size()
    frames = first.journal.log.frames(known, size - known)
    journal.log.add(known, frames[::-1])
    journal.take(known, frames[::-1])
    assert notes(stage, "third", person) == ["knows of it"]
    assert journal.rosters.heads.newest() == first.journal.rosters.heads.newest()
    assert journal.store.value("SELECT count(*) FROM quarantine") == 0


def test_two_stewards_at_once_make_two_heads_and_the_next_fact_joins_them(
    stage: Rehearsal, person: Person
) -> None:
    stage.join("third", STEWARD)
    sync(stage, "first", "third", "second")
    remove(stage, "first")
    remove(stage, "third")
    sync(stage, "first", "third", "first", "second")
    second = stage.desks["second"]
    assert len(cited(second)) == 2
    second.note(person.conversation, "after both")
    sync(stage, "second")
    remove(stage, "third")
    sync(stage, "third", "first", "second")
    assert len(cited(second)) == 1
    second.note(person.conversation, "after all")
    sync(stage, "second", "first", "third")
    for name in ("first", "third"):
        assert notes(stage, name, person) == ["after both", "after all"]
        assert codes(stage, name) == set()


def test_facts_of_a_steward_that_forked_are_cited_still(stage: Rehearsal, person: Person) -> None:
    """Whoever cited a fact before it learned of the fork must not seem to go back."""
    stage.join("third", STEWARD)
    sync(stage, "first", "third", "second")
    stage.desks["third"].stop()
    shutil.copytree(stage.folder / "third", stage.folder / "twin")
    stage.unlock("third")
    remove(stage, "third")
    sync(stage, "third", "second")
    second = stage.desks["second"]
    second.note(person.conversation, "before the fork was known")
    sync(stage, "second")
    twin = stage.unlock("twin")
    twin.note(person.conversation, "another branch")
    Hand(twin, stage.courier(twin)).send()
    sync(stage, "second")
    second.note(person.conversation, "after it was known")
    sync(stage, "second", "first")
    late = stage.join("late")
    for desk in (stage.desks["first"], late):
        assert set(written(desk, person)) == {
            "before the fork was known",
            "after it was known",
        }
    assert "heads_went_back" not in codes(stage, "first") | codes(stage, "late")


def admit(stage: Rehearsal, by: Desk) -> DeviceId:
    """Let a steward's desk admit a device; return who it is."""
    new = build_device(stage.office, "friend", SeededRng("friend"))
    fact = DeviceAdmitted(new.known.card, "a friend", (Role.OPERATOR.value,))
    body = write_fact(fact, stage.office, by.device, by.journal.secrets.signing_key())
    by.journal.write([Fact(by.journal.crew_vault, "crew.DeviceAdmitted", 1, body)])
    return new.id


def test_store_of_a_program_that_looked_at_no_heads_is_read_again(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    first.note(person.conversation, "unsent")
    before = first.journal.rosters.heads.newest()
    with first.journal.store.transaction() as writer:
        writer.execute("DELETE FROM settings WHERE name = 'heads'")
    first.stop()
    again = stage.unlock("first")
    assert again.journal.rosters.heads.newest() == before
    assert notes(stage, "first", person) == ["unsent"]
    again.note(person.conversation, "goes on")
    sync(stage, "first", "second")
    assert notes(stage, "second", person) == ["unsent", "goes on"]


def test_roster_facts_of_who_may_not_write_them_are_set_aside_and_fold_nothing(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, first = stage.desks["second"], stage.desks["first"]
    new = build_device(stage.office, "new desk", SeededRng("new"))
    fact = DeviceAdmitted(new.known.card, "somebody", (Role.STEWARD.value,))
    body = write_fact(fact, stage.office, second.device, second.journal.secrets.signing_key())
    vault = second.journal.crew_vault
    second.journal.write([Fact(vault, "crew.DeviceAdmitted", 1, body)])
    Hand(second, stage.courier(second)).send()
    folds: list[object] = []
    folding = crew.fold

    def fold(office: OfficeId, told: Iterable[Told]) -> Roster:
        folds.append(office)
        return folding(office, told)

    monkeypatch.setattr(crew, "fold", fold)
    Hand(first, stage.courier(first)).pull()
    monkeypatch.undo()
    assert folds == []
    assert first.journal.store.rows("SELECT code FROM quarantine") == [("not_allowed",)]
    stage.join("third")
    assert len(first.roster().members) == 3
    assert len(stage.desks["third"].roster().members) == 3


def test_honest_log_with_changes_to_the_roster_is_read_quickly(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.join("third", STEWARD)
    remove(stage, "first")
    remove(stage, "third")
    sync(stage, "first", "third", "second")
    for name in ("first", "third", "second"):
        stage.desks[name].note(person.conversation, name)
        sync(stage, name)
    remove(stage, "third")
    sync(stage, "third", "first", "second")
    monkeypatch.setattr(held, "QUICK_FROM", 2)
    monkeypatch.setattr("safeconduct.edges.desk.engine.sync.QUICK_FROM", 2)
    monkeypatch.setattr(Journal, "read_again", lambda _: pytest.fail("read a second time"))
    late = stage.join("late")
    first = stage.desks["first"]
    assert sorted(written(late, person)) == ["first", "second", "third"]
    for desk in (first, late):
        state = desk.journal.rosters.heads.state()
        assert len(state.nodes) == 7
    ours, theirs = (desk.journal.rosters.heads.newest() for desk in (first, late))
    sync(stage, "first")
    assert ours == theirs == first.journal.rosters.heads.newest()
