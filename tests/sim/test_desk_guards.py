# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a whole desk does with colleagues' devices that misbehave, and with meetings that fail."""

import shutil
from dataclasses import replace

import pytest

from safeconduct.edges.desk.engine.pen import StoreIsBehind
from safeconduct.edges.desk.inviting import Inviter, InviteShared, InviteVoid
from safeconduct.edges.desk.joining import Joiner, NotYet
from safeconduct.kernel.journal import Fact, Pen, write
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import NameTaken, NotASteward
from safeconduct.rooms.crew.join import reveal
from tests.sim.courier import HELPER, PASSPHRASE, Rehearsal
from tests.sim.steps import Hand, Person


def hand(stage: Rehearsal, name: str) -> Hand:
    desk = stage.desks[name]
    return Hand(desk, stage.courier(desk))


def codes(stage: Rehearsal, name: str) -> set[str]:
    return {trouble.code for trouble in stage.desks[name].status().troubles}


def notes(stage: Rehearsal, name: str, person: Person) -> list[str]:
    folded = stage.desks[name].conversation(person.conversation)
    assert folded is not None
    return [note.text for note in folded.notes]


def test_device_that_signs_a_number_twice_is_suspended_on_every_desk(stage: Rehearsal) -> None:
    person = Person(stage)
    person.write("Please help.")
    for name in ("first", "second", "first"):
        hand(stage, name).sync()
    stage.desks["second"].stop()
    shutil.copytree(stage.folder / "second", stage.folder / "copy")
    stage.join("third")
    for name, text in (("second", "one"), ("copy", "two")):
        desk = stage.unlock(name)
        desk.note(person.conversation, text)
        hand(stage, name).send()
        desk.stop()
        stage.desks.pop(name)
    for name in ("first", "third"):
        hand(stage, name).pull()
        assert "device_forked" in codes(stage, name)
        assert notes(stage, name, person) == []
    twin = stage.unlock("copy")
    hand(stage, "copy").pull()
    with pytest.raises(StoreIsBehind):
        twin.note(person.conversation, "three")
    late = stage.join("fourth")
    assert [note.text for note in late.conversation(person.conversation).notes] == []  # type: ignore[union-attr]


def forged(stage: Rehearsal, facts: list[Fact], signing: SigningKey) -> None:
    """Append a commit in the second device's name, made with the office's keys by somebody else."""
    first, second = stage.desks["first"].journal, stage.desks["second"].journal
    pen: Pen = replace(second.pen, heads=first.rosters.heads.newest())
    keys = replace(first._keys(), signing=signing)
    _, frame, _ = write(facts, pen, keys, now=stage.clock.now(), rng=stage.world.rng)
    stage.courier(stage.desks["first"]).append([frame])


def test_commit_in_anothers_name_neither_counts_nor_suspends(stage: Rehearsal) -> None:
    person = Person(stage)
    person.write("Please help.")
    hand(stage, "second").sync()
    hand(stage, "first").sync()
    vault = stage.desks["first"].journal.hotline_vault
    fact = Fact(vault, "hotline.NoteWritten", 1, b"\x92\xc4\x10" + person.conversation + b"\xa2hi")
    forged(stage, [fact], SigningKey(b"f" * 32))
    hand(stage, "first").pull()
    assert notes(stage, "first", person) == []
    stage.desks["second"].note(person.conversation, "genuine")
    hand(stage, "second").sync()
    hand(stage, "first").sync()
    assert notes(stage, "first", person) == ["genuine"]
    assert codes(stage, "first") == set()
    code = stage.desks["first"].journal.store.value("SELECT code FROM quarantine")
    assert code == "bad_signature"
    late = stage.join("late")
    assert [note.text for note in late.conversation(person.conversation).notes] == ["genuine"]  # type: ignore[union-attr]


def test_entry_that_is_bad_hides_none_after_it_also_after_a_start(stage: Rehearsal) -> None:
    person = Person(stage)
    person.write("Please help.")
    for name in ("first", "second"):
        hand(stage, name).sync()
    second = stage.desks["second"]
    bad = Fact(
        second.journal.hotline_vault, "hotline.NoteWritten", -1, b"no entry has this version"
    )
    second.journal.write([bad])
    hand(stage, "second").send()
    hand(stage, "first").pull()
    store = stage.desks["first"].journal.store
    assert store.value("SELECT code FROM quarantine") == "malformed"
    stage.desks.pop("first").stop()
    stage.unlock("first")
    second.note(person.conversation, "after")
    hand(stage, "second").send()
    hand(stage, "first").pull()
    assert notes(stage, "first", person) == ["after"]


def test_what_a_role_may_not_write_is_kept_and_folded_by_nobody(stage: Rehearsal) -> None:
    person = Person(stage)
    person.write("Please help.")
    hand(stage, "first").sync()
    reader = stage.join("reader", frozenset({Role.ANALYST}))
    reader.note(person.conversation, "not mine to write")
    Hand(reader, stage.courier(reader)).sync()
    hand(stage, "first").sync()
    assert notes(stage, "first", person) == []
    store = stage.desks["first"].journal.store
    assert store.value("SELECT code FROM quarantine") == "not_allowed"


def test_hotline_fact_in_another_vault_counts_for_nobody(stage: Rehearsal) -> None:
    person = Person(stage)
    person.write("Please help.")
    hand(stage, "second").sync()
    journal = stage.desks["second"].journal
    body = b"\x92\xc4\x10" + person.conversation + b"\xa2hi"
    journal.write([Fact(journal.crew_vault, "hotline.NoteWritten", 1, body)])
    hand(stage, "second").sync()
    hand(stage, "first").sync()
    assert notes(stage, "first", person) == []


def test_reading_again_from_frames_gives_the_same_desk(stage: Rehearsal) -> None:
    people = [Person(stage), Person(stage)]
    for person in people:
        person.write("Please help.")
    for name in ("first", "second", "first"):
        hand(stage, name).sync()
    desk = stage.desks["second"]
    desk.claim(people[0].conversation)
    desk.note(people[1].conversation, "unsent")
    before = [desk.conversation(person.conversation) for person in people]
    rows = desk.inbox(show="all", start=0, most=9)
    desk.journal.read_again()
    assert [desk.conversation(person.conversation) for person in people] == before
    assert desk.inbox(show="all", start=0, most=9) == rows
    desk.note(people[1].conversation, "goes on")
    hand(stage, "second").sync()
    hand(stage, "first").sync()
    assert notes(stage, "first", people[1]) == ["unsent", "goes on"]


# --- meetings


def meet(stage: Rehearsal) -> tuple[Inviter, Joiner]:
    first = stage.desks["first"]
    inviter = Inviter(first.journal, stage.courier(first), stage.meeting())
    joiner = Joiner(inviter.invite(), "newcomer", stage.way(), stage.world)
    joiner.promise()
    return inviter, joiner


def test_somebody_in_the_middle_shows_in_the_words(stage: Rehearsal) -> None:
    inviter, joiner = meet(stage)
    inviter.look()
    joiner.look()
    other = Joiner(inviter.invite(), "newcomer", stage.way(), stage.world)
    other._meeting.put(other._boxes[1], reveal(other._card, other._nonce))
    words = inviter.look()
    assert words == joiner.look()
    assert words != other.look()


@pytest.mark.attack
def test_second_promise_in_a_meeting_ends_it(stage: Rehearsal) -> None:
    inviter, joiner = meet(stage)
    thief = Joiner(inviter.invite(), "newcomer", stage.way(), stage.world)
    thief.promise()
    with pytest.raises(InviteShared):
        inviter.look()
    inviter, joiner = meet(stage)
    inviter.look()
    joiner.look()
    late = Joiner(inviter.invite(), "newcomer", stage.way(), stage.world)
    late.promise()
    with pytest.raises(InviteShared):
        inviter.look()
    with pytest.raises(NotYet):
        inviter.admit("Bo", HELPER)


def test_reveal_that_was_not_promised_is_passed_over(stage: Rehearsal) -> None:
    inviter, joiner = meet(stage)
    meeting, boxes = stage.meeting(), joiner._boxes
    meeting.put(boxes[0], reveal(joiner._card, b"n" * 32))
    assert joiner.look() is None
    inviter.look()
    assert joiner.look() is not None


def test_invite_is_void_after_an_hour_and_after_three_refusals(stage: Rehearsal) -> None:
    inviter, _ = meet(stage)
    inviter.refuse()
    inviter.refuse()
    with pytest.raises(InviteVoid):
        inviter.refuse()
    with pytest.raises(InviteVoid):
        inviter.look()
    inviter, _ = meet(stage)
    stage.clock.time += 3_600_001
    with pytest.raises(InviteVoid):
        inviter.look()


def test_nobody_is_admitted_without_compared_words(stage: Rehearsal) -> None:
    inviter, joiner = meet(stage)
    with pytest.raises(NotYet):
        inviter.admit("Bo", HELPER)
    with pytest.raises(NotYet):
        joiner.finish(stage.folder / "newcomer", PASSPHRASE)


def test_helper_cannot_admit_and_names_are_not_taken_twice(stage: Rehearsal) -> None:
    second = stage.desks["second"]
    inviter = Inviter(second.journal, stage.courier(second), stage.meeting())
    joiner = Joiner(inviter.invite(), "newcomer", stage.way(), stage.world)
    joiner.promise()
    inviter.look()
    joiner.look()
    inviter.look()
    with pytest.raises(NotASteward):
        inviter.admit("Bo", HELPER)
    with pytest.raises(NameTaken):
        stage.join("first")


def test_helpers_desk_is_given_no_stewards_keys(stage: Rehearsal) -> None:
    kinds = {key.kind for key in stage.desks["second"].journal.keychain.all()}
    assert kinds == {"office", "vault", "intake"}
