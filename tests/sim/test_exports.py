# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations leave the office by one's own hand or by two, reported first (spec/crew.md 14)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safeconduct.edges.desk import check
from safeconduct.edges.desk.exports import OF_EACH
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import StoreFull
from safeconduct.edges.desk.verified import StillChecking
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY, ConversationId, FactId
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.exports import (
    ALONE_MOST,
    LASTS,
    NeedsASecond,
    NoExportFromHere,
    NothingToExport,
    NotSignedYet,
    SayWhyAndForWhom,
    Stage,
    TooManyToExport,
)
from safeconduct.rooms.crew.removing import NothingToSecond, SecondIsAnother
from safeconduct.rooms.crew.taking_back import AskedByAnother, NothingToTakeBack
from tests.kit.age_files import open_age
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, pass_on
from tests.sim.test_roster_heads import STEWARD

MARKER = "wormwood and a bridge"
WHY = {"reason": "The court asks for it.", "recipient": "the lawyer"}


@pytest.fixture
def third(stage: Rehearsal, person: Person) -> Desk:
    """A second steward's desk; that of `second` is an operator's."""
    third = stage.join("third", STEWARD)
    pass_on(stage, "third", "first", "second")
    assert person.conversation
    return third


def ask(desk: Desk, person: Person) -> FactId:
    """Ask for one person's conversation."""
    return desk.exports.ask([person.conversation], **WHY)


def stage_of(desk: Desk, fact: FactId) -> Stage:
    """How far an export has come, as a desk sees it."""
    (found,) = [one for one in desk.exports.asked() if one.fact == fact]
    return found.stage


def test_one_conversation_of_ones_own_is_taken_along_at_once_and_reported_first(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    second.claim(person.conversation)
    second.note(person.conversation, "for colleagues")
    content = json.loads(second.exports.make_alone(person.conversation, ""))
    assert (content["format"], content["version"]) == ("safeconduct-export", 1)
    (talk,) = content["conversations"]
    assert talk["id"] == person.conversation.hex()
    assert talk["notes"][0]["text"] == "for colleagues"
    assert talk["notes"][0]["by"] == "colleague-1"
    pass_on(stage, "second", "first")
    reported, _ = first.audit.reported(person.conversation, start=0, most=9)
    kinds = [(one.kind, one.device) for one in reported]
    assert ("hotline.ConversationsExported", second.device) in kinds
    assert check.verify_store(first.journal).findings == ()


def test_file_names_no_colleague_and_holds_no_key(stage: Rehearsal, person: Person) -> None:
    second = stage.desks["second"]
    second.claim(person.conversation)
    second.answer(person.conversation, "We are here.")
    content = second.exports.make_alone(person.conversation, "")
    for member in second.roster().members.values():
        assert member.person.encode() not in content
        assert member.device.id.hex().encode() not in content
    talk = second.conversation(person.conversation)
    assert talk is not None
    for secret in (talk.voice, *(box.sealing_key for box in talk.mailboxes)):
        assert secret.hex().encode() not in content


def test_sealed_file_opens_with_its_words_alone(stage: Rehearsal, person: Person) -> None:
    second = stage.desks["second"]
    second.claim(person.conversation)
    words = second.exports.words("ru")
    sealed = second.exports.make_alone(person.conversation, words)
    assert b"Please" not in sealed
    opened = open_age(sealed, words)
    assert json.loads(opened)["conversations"][0]["id"] == person.conversation.hex()


def test_what_one_does_not_hold_and_a_fourth_in_a_week_take_two(
    stage: Rehearsal, person: Person
) -> None:
    second = stage.desks["second"]
    with pytest.raises(NeedsASecond):
        second.exports.make_alone(person.conversation, "")
    second.claim(person.conversation)
    for _ in range(ALONE_MOST):
        second.exports.make_alone(person.conversation, "")
    assert not second.exports.alone(person.conversation)
    with pytest.raises(NeedsASecond):
        second.exports.make_alone(person.conversation, "")
    stage.clock.time += 7 * DAY
    assert not second.exports.alone(person.conversation)  # Nobody else has said so yet.


def test_helper_asks_a_steward_signs_and_only_then_the_asking_desk_makes_the_file(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    fact = ask(second, person)
    with pytest.raises(NotSignedYet):
        second.exports.make(fact, "")
    pass_on(stage, "second", "first", "third")
    (waiting,) = first.exports.waiting()
    assert (waiting.reason, waiting.recipient) == tuple(WHY.values())
    first.exports.second(fact)
    with pytest.raises(NothingToSecond):
        first.exports.second(fact)
    pass_on(stage, "first", "second", "third")
    assert stage_of(second, fact) is stage_of(third, fact) is Stage.SIGNED
    with pytest.raises(NotSignedYet):
        first.exports.make(fact, "")
    assert json.loads(second.exports.make(fact, ""))["conversations"]
    pass_on(stage, "second", "third")
    assert [one.made for one in third.exports.asked()] == [1]


def test_who_asked_is_no_second_and_no_helper_signs(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    fact = ask(first, person)
    with pytest.raises(SecondIsAnother):
        first.exports.second(fact)
    pass_on(stage, "first", "second", "third")
    with pytest.raises(NotASteward):
        second.exports.second(fact)
    third.exports.second(fact)
    pass_on(stage, "third", "first")
    assert first.exports.make(fact, "")


def test_who_has_two_stewards_devices_needs_somebody_else_all_the_same(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first = stage.desks["first"]
    own = stage.join("own", STEWARD, person=first.roster().members[first.device].person)
    pass_on(stage, "own", "third", "own")
    third.removals.second(*third.roster().pending)
    pass_on(stage, "third", "first", "own")
    fact = ask(own, person)
    pass_on(stage, "own", "first", "third")
    with pytest.raises(SecondIsAnother):
        first.exports.second(fact)
    third.exports.second(fact)
    pass_on(stage, "third", "own")
    assert own.exports.make(fact, "")


def test_one_person_with_all_stewards_devices_needs_nobody(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    own = stage.join("own", STEWARD, person=first.roster().members[first.device].person)
    pass_on(stage, "own", "first")
    assert own.exports.make(ask(own, person), "")


def test_second_and_take_back_at_once_export_nothing(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    fact = ask(second, person)
    pass_on(stage, "second", "first", "third")
    with pytest.raises(AskedByAnother):
        third.exports.take_back(fact)
    first.exports.second(fact)
    second.exports.take_back(fact)
    pass_on(stage, "first", "second", "third", "first")
    assert {stage_of(desk, fact) for desk in (first, second, third)} == {Stage.TAKEN_BACK}
    with pytest.raises(NotSignedYet):
        second.exports.make(fact, "")
    with pytest.raises(NothingToTakeBack):
        second.exports.take_back(fact)
    for desk in (first, second, third):
        assert check.verify_store(desk.journal).findings == ()
        loaded, roster = desk.journal.rosters.load(), desk.roster()
        assert loaded.quarantined == roster.quarantined == {}
        assert (loaded.members, loaded.pending) == (roster.members, roster.pending)


def test_what_was_signed_lapses_and_a_removed_device_exports_nothing(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    fact = ask(second, person)
    pass_on(stage, "second", "first")
    first.exports.second(fact)
    pass_on(stage, "first", "second")
    stage.clock.time += LASTS
    with pytest.raises(NotSignedYet):
        second.exports.make(fact, "")
    second.claim(person.conversation)
    third.removals.suspend(second.device, "")
    pass_on(stage, "third", "second")
    with pytest.raises(NoExportFromHere):
        second.exports.make_alone(person.conversation, "")
    with pytest.raises(NoExportFromHere):
        ask(second, person)


def test_bad_questions_are_refused_and_nothing_is_written(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    second, somebody = stage.desks["second"], [person.conversation]
    too_many = [ConversationId(n.to_bytes(16, "big")) for n in range(1_001)]
    cases: tuple[tuple[type[Refused], list[ConversationId], dict[str, str]], ...] = (
        (NothingToExport, [], WHY),
        (TooManyToExport, too_many, WHY),
        (SayWhyAndForWhom, somebody, WHY | {"reason": " \n"}),
        (SayWhyAndForWhom, somebody, WHY | {"recipient": "x" * 201}),
    )
    for refusal, some, why in cases:
        with pytest.raises(refusal):
            second.exports.ask(some, **why)
    assert second.exports.asked() == []
    assert third.device


def test_nothing_is_exported_while_signatures_are_checked(stage: Rehearsal, person: Person) -> None:
    second = stage.desks["second"]
    second.claim(person.conversation)
    with second.journal.store.transaction() as writer:
        writer.execute("UPDATE commits SET verified = 0 WHERE no = 2")
    for _ in range(2):
        with pytest.raises(StillChecking):
            second.exports.make_alone(person.conversation, "")
    with second.journal.store.transaction() as writer:
        writer.execute("UPDATE commits SET verified = 1")
    assert second.exports.make_alone(person.conversation, "")


def test_report_is_durable_before_the_file_is_given(stage: Rehearsal, person: Person) -> None:
    second = stage.desks["second"]
    second.claim(person.conversation)
    assert second.exports.make_alone(person.conversation, "")
    second.stop()
    again = stage.unlock("second")
    reported, _ = again.audit.reported(person.conversation, start=0, most=9)
    assert "hotline.ConversationsExported" in [one.kind for one in reported]


def test_where_the_report_cannot_be_kept_no_file_is_made(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = stage.desks["second"]
    second.claim(person.conversation)

    def full(*_: object) -> None:
        raise StoreFull

    with monkeypatch.context() as patched:
        patched.setattr(second.journal, "write", full)
        with pytest.raises(StoreFull):
            second.exports.make_alone(person.conversation, "")
    assert second.exports.alone(person.conversation)
    assert second.exports.make_alone(person.conversation, "")


def test_making_a_file_leaves_nothing_of_it_on_the_disk(
    stage: Rehearsal, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, aside = stage.desks["second"], tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    second.claim(person.conversation)
    second.note(person.conversation, MARKER)
    words = second.exports.words("en")
    plain = second.exports.make_alone(person.conversation, "")
    assert MARKER.encode() in plain
    assert second.exports.make_alone(person.conversation, words)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        held = path.read_bytes()
        assert MARKER.encode() not in held
        assert words.encode() not in held
    assert list(aside.iterdir()) == []


def test_list_of_what_a_device_did_names_what_it_asked_for_and_took_out(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    fact = ask(second, person)
    pass_on(stage, "second", "first")
    first.exports.second(fact)
    pass_on(stage, "first", "second")
    second.exports.make(fact, "")
    pass_on(stage, "second", "third")
    deeds, _ = third.audit.deeds(second.device, start=0, most=2)
    assert [deed.kind for deed in deeds] == ["hotline.ConversationsExported", "crew.ExportAsked"]
    for deed in deeds:
        assert [where for where, _ in deed.talks] == [person.conversation]
        assert deed.counts


def test_one_device_floods_nobody_with_questions(
    stage: Rehearsal, person: Person, third: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    for _ in range(OF_EACH + 3):
        ask(second, person)
    pass_on(stage, "second", "first")
    assert len(first.exports.waiting()) == OF_EACH
    assert third.exports.waiting() == []
