# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device signs one number twice: what stays, and that every desk makes the same of one log."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from safeconduct.edges.desk.engine import held
from safeconduct.edges.desk.engine.post import fact
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import FIRST, Fact, Pen, write
from safeconduct.kernel.words import CommitId
from safeconduct.rooms.crew import DeviceAdmitted, Role, write_fact
from safeconduct.rooms.hotline.events import NoteWritten
from tests.kit.builders import build_device
from tests.kit.clocks import SeededRng
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_desk_guards import codes, notes
from tests.sim.test_roster_heads import STEWARD, admit


def sign_again(stage: Rehearsal, name: str, sequence: int, facts: list[Fact]) -> bytes:
    """Sign another commit with a number that a desk used, as a thief of its keys would."""
    journal = stage.desks[name].journal
    before = journal.facts.commit_at(journal.device, sequence - 1) or FIRST
    pen = Pen(journal.office, journal.device, sequence - 1, CommitId(before), journal.pen.hlc)
    if sequence > 1:
        heads = journal.rosters.heads.newest(journal.pen.heads)
        pen = replace(pen, heads=heads, counts=journal.pen.counts)
    keys = journal._keys()
    return write(facts, pen, keys, now=stage.clock.now(), rng=stage.world.rng)[1]


def note_of(stage: Rehearsal, person: Person, text: str) -> Fact:
    return fact(stage.desks["first"].journal, NoteWritten(person.conversation, text))


def picture(desk: Desk) -> tuple[object, ...]:
    """Everything that a fork may change, as one desk has it."""
    journal = desk.journal
    commits = journal.store.rows(
        "SELECT id, state FROM commits WHERE at IS NOT NULL ORDER BY device, sequence, id"
    )
    roster = desk.roster()
    rows = desk.inbox(show="all", start=0, most=100)[0]
    talks = [(row, desk.conversation(row.conversation)) for row in rows]
    return roster, commits, sorted(journal.rosters.heads.newest()), talks


def same_however_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold a desk to what it makes of the same log in other ways."""
    found = picture(desk)
    desk.journal.read_again()
    assert picture(desk) == found
    with monkeypatch.context() as quick:
        quick.setattr(held, "QUICK_FROM", 2)
        desk.journal.forget()
        held.read_from_disk(desk.journal)
        assert picture(desk) == found
    desk.journal.forget()
    for at, frame in enumerate(desk.journal.log.frames(0, 1_000)):
        desk.journal.take(at, [frame])
        desk.journal.load()  # As if it had been closed after each.
    assert picture(desk) == found


def forked_at_the_founding(stage: Rehearsal, person: Person) -> Person:
    """Let a thief sign the founder's first number anew; return who writes after that."""
    stage.join("late")
    sync(stage, "first", "second", "late")
    rival = sign_again(stage, "first", 1, [note_of(stage, person, "a thief's")])
    stage.courier(stage.desks["first"]).append([rival])
    other = Person(stage)
    other.write("And me.")
    return other


@pytest.mark.attack
def test_fork_at_the_founding_takes_the_office_from_nobody(
    stage: Rehearsal, person: Person
) -> None:
    other = forked_at_the_founding(stage, person)
    before = stage.desks["second"].roster()
    sync(stage, "second", "late", "first")
    assert len(before.members) == 3
    for name in list(stage.desks):  # Locked for the night: a roster in memory shows nothing.
        stage.desks.pop(name).stop()
        assert stage.unlock(name).roster() == before
    stage.desks["second"].answer(other.conversation, "We are here.")
    sync(stage, "second")
    assert [r.text for r in other.replies() if r.kind == "answer"] == ["We are here."]


def test_office_whose_founder_forked_at_the_founding_works_on(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = forked_at_the_founding(stage, person)
    sync(stage, "second", "late", "first")
    first, second, late = (stage.desks[name] for name in ("first", "second", "late"))
    for desk in (first, second, late):
        assert len(desk.inbox(show="all", start=0, most=9)[0]) == 2
    assert "device_forked" in codes(stage, "second")
    second.answer(other.conversation, "We are here.")
    second.answer(person.conversation, "For you too.")
    sync(stage, "second", "late", "first")
    assert [r.text for r in other.replies() if r.kind == "answer"] == ["We are here."]
    assert [r.text for r in person.replies() if r.kind == "answer"] == ["For you too."]
    assert picture(second) == picture(late) == picture(first)
    for desk in (second, late, first):
        same_however_read(desk, monkeypatch)


def test_backup_of_a_founder_takes_no_colleague_away(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The honest case: an old copy was written on offline, and came back."""
    third = stage.join("third", STEWARD)
    sync(stage, "first", "third")
    stage.desks.pop("first").stop()
    shutil.copytree(stage.folder / "first", stage.folder / "backup")
    first = stage.unlock("first")
    friend = stage.join("friend")
    friend.note(person.conversation, "by whom it admitted")
    first.note(person.conversation, "by the founder")
    sync(stage, "friend", "first", "second", "third")
    backup = stage.unlock("backup")
    backup.note(person.conversation, "from the backup")
    Hand(backup, stage.courier(backup)).send()
    names = ("third", "friend", "second", "first")
    sync(stage, *names)
    for name in names:
        desk = stage.desks[name]
        assert friend.device in desk.roster().members
        assert notes(stage, name, person) == ["by whom it admitted"]
        assert picture(desk) == picture(third)
        same_however_read(desk, monkeypatch)
    Hand(backup, stage.courier(backup)).pull()
    assert picture(backup) == picture(third)


def test_what_a_device_tells_of_the_crew_after_a_rival_counts_nowhere(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.join("third", STEWARD)
    sync(stage, "first", "third", "second")
    stage.desks.pop("third").stop()
    shutil.copytree(stage.folder / "third", stage.folder / "twin")
    third, twin = stage.unlock("third"), stage.unlock("twin")
    twin.note(person.conversation, "another branch")
    Hand(twin, stage.courier(twin)).send()
    sync(stage, "second")
    friend = admit(stage, third)
    Hand(third, stage.courier(third)).send()
    sync(stage, "first", "second")
    late = stage.join("late")
    for desk in (stage.desks["first"], stage.desks["second"], late):
        assert friend not in desk.roster().members
        assert third.device in desk.roster().members
    sync(stage, "third", "first", "second", "late")
    assert friend not in third.roster().members, "nor on the desk that wrote it"
    pictures = [picture(desk) for desk in (stage.desks["first"], late, third)]
    assert pictures[0] == pictures[1] == pictures[2]
    same_however_read(late, monkeypatch)
    stage.desks.pop("third").stop()
    assert picture(stage.unlock("third")) == pictures[0]


@pytest.mark.parametrize("at_once", [True, False])
def test_branch_that_came_first_stands_whoever_wrote_it(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch, *, at_once: bool
) -> None:
    """A thief who is quicker than the founder keeps whom they admitted, until they are removed."""
    first, second = stage.desks["first"], stage.desks["second"]
    stage.join("third", STEWARD)
    sync(stage, "first", "second", "third")
    journal = first.journal
    new = build_device(stage.office, "thief", SeededRng("thief"))
    told = DeviceAdmitted(new.known.card, "a thief", (Role.OPERATOR.value,))
    body = write_fact(told, stage.office, first.device, journal.secrets.signing_key())
    where = journal.pen.sequence + 1
    theirs = sign_again(
        stage, "first", where, [Fact(journal.crew_vault, "crew.DeviceAdmitted", 1, body)]
    )
    friend = admit(stage, first)
    stage.courier(first).append([theirs])
    if not at_once:
        sync(stage, "second")
    Hand(first, stage.courier(first)).send()
    sync(stage, "second", "third", "first")
    for desk in (second, stage.desks["third"], first):
        assert new.id in desk.roster().members
        assert friend not in desk.roster().members
        assert picture(desk) == picture(second)
        same_however_read(desk, monkeypatch)


def test_suspended_device_takes_no_part_in_a_quick_reading(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.desks.pop("second").stop()
    shutil.copytree(stage.folder / "second", stage.folder / "twin")
    second, twin = stage.unlock("second"), stage.unlock("twin")
    second.note(person.conversation, "one branch")
    sync(stage, "second", "first")
    twin.note(person.conversation, "another")
    Hand(twin, stage.courier(twin)).send()
    sync(stage, "first")
    monkeypatch.setattr("safeconduct.edges.desk.engine.sync.QUICK_FROM", 2)
    for text in ("goes on", "and on"):
        second.note(person.conversation, text)
    Hand(second, stage.courier(second)).send()
    sync(stage, "first")
    assert notes(stage, "first", person) == []
