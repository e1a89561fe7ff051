# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is over goes when its time has come, on every desk, and nothing else ever does."""

from __future__ import annotations

import gc

import pytest

from safeconduct.edges.desk.attachments import FileDestroyed
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import afterwards, held
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import DAY, BlobId, ConversationId, Instant
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.watching import ON_DUTY
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.retention import Times
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person

TIMES = Times(60, 40, 14)
GONE_BY = TIMES.replies + TIMES.conversation + 3
"""Days after which a conversation is gone that ended with an answer now."""

Hands = tuple[Hand, Hand]


def pass_days(stage: Rehearsal, hands: Hands, days: int) -> None:
    """Let days pass, at whose end both desks were on duty, and sync."""
    stage.clock.time = stage.clock.time + days * DAY
    for hand in hands:
        hand.loops.heartbeats._tell(ON_DUTY)
    sync_all(hands)


def sync_all(hands: Hands) -> None:
    """Let every desk read what every other wrote."""
    for hand in (*hands, *hands, *hands):
        hand.sync()


def end(desk: Desk, talk: ConversationId) -> None:
    """Answer and close."""
    desk.answer(talk, "You are safe now.")
    desk.triage.close(talk, "she arrived")


def begin(stage: Rehearsal, hands: Hands) -> None:
    """Set the office's times, and let them count."""
    hands[0].desk.retention.set_times(TIMES)
    sync_all(hands)
    pass_days(stage, hands, 15)


def told(desk: Desk) -> list[str]:
    """Every text that the store of a desk still holds in clear, drafts and words too."""
    rows = desk.journal.store.rows("SELECT body FROM entries UNION SELECT value FROM settings")
    return [bytes(row[0]).decode("utf-8", "replace") for row in rows]


def holds(desk: Desk, text: str) -> bool:
    """Whether a text stands anywhere in a desk's tables, and whether it finds it."""
    return any(text in one for one in told(desk)) or bool(desk.search(text))


def folded(talk: ConversationId) -> list[Conversation]:
    """What of a conversation stands in memory."""
    gc.collect()
    some = (one for one in gc.get_objects() if type(one) is Conversation)
    return [one for one in some if one.id == talk]


def test_a_conversation_that_is_over_goes_on_every_desk(
    stage: Rehearsal, person: Person, hands: Hands
) -> None:
    first, second = hands
    talk = person.conversation
    begin(stage, hands)
    end(second.desk, talk)
    first.desk.keep_draft(talk, "note", "what a strange draft")
    first.desk.by_hand.keep_draft(talk, first.desk.by_hand.fresh(), "a strange call")
    sync_all(hands)
    pass_days(stage, hands, GONE_BY - 10)
    (coming, *_) = first.desk.retention.coming(Instant(first.desk.now() + 14 * DAY), 9)
    assert coming.conversation == talk
    assert holds(first.desk, "Please")
    pass_days(stage, hands, 10)
    for desk in (first.desk, second.desk):
        assert desk.conversation(talk) is None
        assert not any(holds(desk, one) for one in ("Please", "safe now", "arrived", "strange"))
        (gone,) = desk.retention.gone(9)
        assert (gone.conversation, gone.files, gone.days) == (talk, False, TIMES.conversation)
        assert not verify_store(desk.journal).findings


def test_what_was_destroyed_stays_folded_in_no_memory(
    stage: Rehearsal, person: Person, hands: Hands
) -> None:
    talk = person.conversation
    begin(stage, hands)
    end(hands[1].desk, talk)
    sync_all(hands)
    assert folded(talk)
    pass_days(stage, hands, GONE_BY)
    assert hands[0].desk.conversation(talk) is None
    assert not folded(talk)


def test_nothing_goes_before_a_steward_has_set_times(
    stage: Rehearsal, person: Person, hands: Hands
) -> None:
    end(hands[0].desk, person.conversation)
    pass_days(stage, hands, 5_000)
    assert hands[0].desk.conversation(person.conversation) is not None
    with pytest.raises(NotASteward):
        hands[1].desk.retention.set_times(TIMES)
    hands[0].desk.retention.set_times(TIMES)
    sync_all(hands)
    pass_days(stage, hands, 13)
    assert hands[0].desk.conversation(person.conversation) is not None
    pass_days(stage, hands, 2)
    assert hands[0].desk.conversation(person.conversation) is None


def test_what_is_open_or_unanswered_or_in_danger_or_held_stays(
    stage: Rehearsal, person: Person, hands: Hands
) -> None:
    first, second = hands
    begin(stage, hands)
    waits, held = Person(stage), Person(stage)
    for one in (waits, held):
        one.write("Another one.")
    sync_all(hands)
    second.desk.answer(person.conversation, "Where are you?")  # Open: nobody closed it.
    end(first.desk, held.conversation)
    first.desk.retention.hold(held.conversation, "a court has it")
    sync_all(hands)
    pass_days(stage, hands, 4_000)
    for one in (person, waits, held):
        assert first.desk.conversation(one.conversation) is not None
    first.desk.retention.end_hold(held.conversation, "the court is done")
    sync_all(hands)
    pass_days(stage, hands, 6)
    assert first.desk.conversation(held.conversation) is not None
    pass_days(stage, hands, 3)
    assert first.desk.conversation(held.conversation) is None


def test_the_later_of_two_extensions_holds_and_is_named(
    stage: Rehearsal, person: Person, hands: Hands
) -> None:
    first, second = hands
    begin(stage, hands)
    end(first.desk, person.conversation)
    sync_all(hands)
    now = first.desk.now()
    first.desk.retention.extend(person.conversation, Instant(now + 200 * DAY), "her lawyer asked")
    second.desk.retention.extend(person.conversation, Instant(now + 300 * DAY), "a trial")
    sync_all(hands)
    pass_days(stage, hands, 250)
    talk = first.desk.conversation(person.conversation)
    assert talk is not None
    assert [one.reason for one in talk.keeping.extensions] == ["a trial", "her lawyer asked"]
    pass_days(stage, hands, 52)
    assert first.desk.conversation(person.conversation) is None


def test_a_desk_that_was_off_destroys_too_and_keeps_what_came_since(
    stage: Rehearsal, person: Person, hands: Hands
) -> None:
    first, second = hands
    third = Hand(stage.join("third"), stage.courier(stage.desks["first"]))
    third.sync()
    begin(stage, hands)
    third.sync()
    end(first.desk, person.conversation)
    sync_all(hands)
    third.sync()
    pass_days(stage, hands, GONE_BY)
    assert first.desk.conversation(person.conversation) is None
    person.write("It is me again.")
    sync_all(hands)
    for hand in (third, third):
        hand.sync()
    sync_all(hands)
    for desk in (first.desk, second.desk, third.desk):
        talk = desk.conversation(person.conversation)
        assert talk is not None
        assert [one.text for one in talk.messages] == ["It is me again."]
        assert talk.waiting
        assert not holds(desk, "Please")
        desk.journal.read_again()
        again = desk.conversation(person.conversation)
        assert again is not None
        assert again.messages == talk.messages
        assert not holds(desk, "Please")


def test_a_file_goes_sooner_here_and_at_the_server(
    stage: Rehearsal, person: Person, hands: Hands
) -> None:
    first, _ = hands
    begin(stage, hands)
    blob = BlobId(person.send_file(b"evidence" * 400_000).blob)
    sync_all(hands)
    end(first.desk, person.conversation)
    sync_all(hands)
    pass_days(stage, hands, TIMES.replies + TIMES.files + 3)
    talk = first.desk.conversation(person.conversation)
    assert talk is not None
    assert first.desk.retention.file_went(blob) is not None
    with pytest.raises(FileDestroyed):
        first.desk.file_bytes(person.conversation, blob)
    stage.clock.time = stage.clock.time + 5 * DAY
    stage.store.sweep()
    with pytest.raises(NotFound):
        stage.courier(first.desk).chunk(blob, 0)
    assert not verify_store(first.desk.journal).findings


def test_what_went_does_not_come_back_when_many_frames_are_read_at_once(
    stage: Rehearsal, person: Person, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = hands[0].desk
    begin(stage, hands)
    end(desk, person.conversation)
    sync_all(hands)
    pass_days(stage, hands, GONE_BY)
    person.write("It is me again.")
    sync_all(hands)
    expected = desk.conversation(person.conversation)
    assert expected is not None
    monkeypatch.setattr(held, "QUICK_FROM", 2)
    desk.journal.forget()
    held.read_from_disk(desk.journal)
    again = desk.conversation(person.conversation)
    assert again is not None
    assert again.messages == expected.messages
    assert not any(holds(desk, one) for one in ("Please", "safe now", "arrived"))
    while afterwards.index_some(desk.journal):
        pass
    assert not verify_store(desk.journal).findings
