# SPDX-License-Identifier: AGPL-3.0-or-later
"""A cold sync gives the same desk as reading each commit checked, whatever stands in the log."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from safeconduct.edges.desk.api import DeskApi
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import afterwards, held
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.rooms.crew import Role
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person
from tests.sim.test_desk_guards import forged

TEXTS = ("Please help.", "Where is my son?", "They took our keys.", "Nobody opens the gate.")
"""Unlike each other: how far likeness sinks them is computed once all is read."""


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rehearsal]:
    """Every read of more than one frame is a cold one."""
    monkeypatch.setattr(held, "QUICK_FROM", 2)
    monkeypatch.setattr("safeconduct.edges.desk.engine.sync.QUICK_FROM", 2)
    with Rehearsal(tmp_path) as rehearsal:
        rehearsal.found()
        rehearsal.join()
        people = [Person(rehearsal) for _ in range(4)]
        first, second = (rehearsal.desks[name] for name in ("first", "second"))
        for person, text in zip(people, TEXTS, strict=True):
            person.write(text)
        hand = Hand(first, rehearsal.courier(first))
        hand.sync()
        Hand(second, rehearsal.courier(second)).sync()
        for person in people[:3]:
            second.claim(person.conversation)
            second.answer(person.conversation, "We are here.")
        Hand(second, rehearsal.courier(second)).sync()
        hand.sync()
        yield rehearsal


def state(desk: Desk) -> list[object]:
    rows = desk.inbox(show="all", start=0, most=100)[0]
    return [(row, desk.conversation(row.conversation)) for row in rows]


def same_as_checked(desk: Desk) -> None:
    """Hold what a cold sync made to a checked reading of the same frames."""
    while afterwards.index_some(desk.journal):
        pass
    quick = state(desk)
    assert verify_store(desk.journal).findings == ()
    desk.journal.read_again()
    assert state(desk) == quick


def test_engine_is_what_pages_ask(stage: Rehearsal) -> None:
    api: DeskApi = stage.desks["first"]
    assert api.today().waiting_total == 1


def test_cold_sync_gives_the_same_desk(stage: Rehearsal) -> None:
    late = stage.join("late")
    assert state(late) == state(stage.desks["first"])
    assert late.journal.store.value("SELECT count(*) FROM commits WHERE verified = 0") > 0
    while afterwards.verify_some(late.journal):
        pass
    assert late.journal.store.value("SELECT count(*) FROM commits WHERE verified = 0") == 0
    same_as_checked(late)


def test_cold_sync_goes_on_from_what_a_desk_has(stage: Rehearsal) -> None:
    late = stage.join("late")
    person = Person(stage)
    first = stage.desks["first"]
    for text in ("one", "two", "three"):
        person.write(text)
    hand = Hand(first, stage.courier(first))
    hand.sync()
    first.note(person.conversation, "for all")
    hand.sync()
    Hand(late, stage.courier(late)).pull()
    assert state(late) == state(first)
    same_as_checked(late)


def test_cold_sync_leaves_out_what_a_role_may_not_write(stage: Rehearsal) -> None:
    reader = stage.join("reader", frozenset({Role.ANALYST}))
    row = reader.inbox(show="all", start=0, most=1)[0][0]
    reader.note(row.conversation, "not mine to write")
    Hand(reader, stage.courier(reader)).sync()
    first = stage.desks["first"]
    Hand(first, stage.courier(first)).sync()
    late = stage.join("late")
    assert state(late) == state(first)
    assert late.journal.store.value("SELECT code FROM quarantine") == "not_allowed"


def test_forged_newest_commit_makes_a_cold_sync_read_checked(stage: Rehearsal) -> None:
    first = stage.desks["first"]
    row = first.inbox(show="all", start=0, most=1)[0][0]
    body = b"\x92\xc4\x10" + row.conversation + b"\xa2hi"
    fact = Fact(first.journal.hotline_vault, "hotline.NoteWritten", 1, body)
    forged(stage, [fact], SigningKey(b"f" * 32))
    Hand(first, stage.courier(first)).pull()
    late = stage.join("late")
    assert state(late) == state(first)
    assert late.journal.store.value("SELECT code FROM quarantine") == "bad_signature"


def test_signature_that_fails_in_the_background_makes_the_desk_read_again(
    stage: Rehearsal,
) -> None:
    late = stage.join("late")
    with late.journal.store.transaction() as writer:
        writer.execute("UPDATE commits SET at = 0 WHERE no = 2 AND verified = 0")
        writer.execute("UPDATE conversations SET preview = 'wrong'")
        frame = late.journal.log.frames(1, 1)[0]
        writer.execute("UPDATE frames SET frame = ? WHERE idx = 0", (frame[:-1] + b"x",))
    assert afterwards.verify_some(late.journal) is False


def test_desk_cut_in_the_middle_of_a_cold_sync_goes_on_without_a_relay(stage: Rehearsal) -> None:
    late = stage.join("late")
    expected = state(late)
    with late.journal.store.transaction():
        late.journal.facts.forget_opened()
        late.journal.log.keep_read_to(0)
    late.stop()
    again = stage.unlock("late")
    assert state(again) == expected


def swapped_with_rubbish(stage: Rehearsal, desk: Desk) -> None:
    """Let a relay store two frames of a push the wrong way round, and rubbish after them."""
    rows = desk.journal.store.rows("SELECT frame FROM outbox ORDER BY sequence")
    assert len(rows) == 2
    rubbish = [bytes((1, 0, 0, 0, 1)) + bytes(2_000 + i) for i in range(5)]
    stage.courier(desk).append([*(row[0] for row in reversed(rows)), *rubbish])


@pytest.mark.attack
def test_swapped_frames_and_rubbish_take_nothing_off_the_screen(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (stage.desks[name] for name in ("first", "second"))
    before, size = state(first), first.journal.log.size()
    row = before[0][0].conversation  # type: ignore[index]
    for text in ("one", "two"):
        second.note(row, text)
    swapped_with_rubbish(stage, second)
    taken: list[int] = []
    take = Journal.take

    def watched(journal: Journal, start: int, frames: Sequence[bytes]) -> None:
        assert len(state(first)) == len(before)
        taken.extend(range(start, start + len(frames)))
        take(journal, start, frames)

    monkeypatch.setattr(Journal, "take", watched)
    monkeypatch.setattr(Journal, "forget", lambda _: pytest.fail("forgot what it had read"))
    hand = Hand(first, stage.courier(first))
    with closing(hand.loops.puller):
        hand.pull()
    monkeypatch.undo()
    talk = first.conversation(row)
    assert talk is not None
    assert [note.text for note in talk.notes] == ["one", "two"]
    assert taken == list(range(size, first.journal.log.size()))
    warm = state(first)
    first.journal.read_again()
    assert state(first) == warm


def test_frame_that_waits_is_heard_when_what_it_waited_for_comes_in_a_quick_reading(
    stage: Rehearsal,
) -> None:
    first, second = (stage.desks[name] for name in ("first", "second"))
    row = first.inbox(show="all", start=0, most=1)[0][0].conversation
    for text in ("one", "two"):
        second.note(row, text)
    frames = [r[0] for r in second.journal.store.rows("SELECT frame FROM outbox ORDER BY sequence")]
    courier = stage.courier(second)
    courier.append(frames[1:])
    Hand(first, stage.courier(first)).pull()
    assert first.journal.store.value("SELECT code FROM parked") == "waits"
    courier.append([frames[0], b"\x01" + bytes(2_000)])
    Hand(first, stage.courier(first)).pull()
    talk = first.conversation(row)
    assert talk is not None
    assert [note.text for note in talk.notes] == ["one", "two"]
