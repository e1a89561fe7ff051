# SPDX-License-Identifier: AGPL-3.0-or-later
"""She lost her words and wrote anew: two desks join her conversations and take that back."""

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import afterwards, held
from safeconduct.edges.desk.migrations import STEPS, version_of
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import step_to
from safeconduct.kernel.words import HOUR, ConversationId, Instant
from safeconduct.rooms.hotline.joining import Pair
from safeconduct.rooms.hotline.joining_decide import EarlierBeganLater, JoinedAlready, NotJoined
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.triage_decide import WhyMissing
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, settle

WITHOUT_JOINED = 3


@pytest.fixture
def anew(stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]) -> Person:
    """The same person, an hour later, with new words; both desks hold what she wrote."""
    stage.clock.time = stage.clock.time + HOUR
    again = Person(stage)
    again.write("I wrote before. The words are lost.")
    settle(*hands)
    return again


def rows(desk: Desk, show: str = "all") -> list[ConversationId]:
    """Whose rows a list shows."""
    return [row.conversation for row in desk.inbox(show=show, start=0, most=9)[0]]


def join(hand: Hand, anew: Person, person: Person) -> None:
    """Say that they are one."""
    hand.desk.joining.join(anew.conversation, person.conversation, "She knew the lilacs.")


def test_joined_they_are_one_row_and_one_page_on_every_desk(
    person: Person, anew: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    first.desk.triage.judge(person.conversation, Danger.LIFE)
    first.desk.triage.deadline(anew.conversation, Instant(first.desk.now() + HOUR), "the bus")
    waits = first.desk.inbox(show="waiting", start=0, most=9)[0][0].waiting_since
    join(first, anew, person)
    settle(*hands)
    for hand in hands:
        (row,) = hand.desk.inbox(show="all", start=0, most=9)[0]
        assert (row.conversation, row.waiting_since) == (anew.conversation, waits)
        assert row.place.danger is Danger.LIFE
        assert row.place.deadline is not None
        for person_of in (person, anew):
            talk = hand.desk.conversation(person_of.conversation)
            assert talk is not None
            assert talk.id == anew.conversation
            assert [one.text for one in talk.messages] == [
                "Please help.",
                "I wrote before. The words are lost.",
            ]
            assert [part.id for part in talk.earlier] == [person.conversation]
        assert not verify_store(hand.desk.journal).findings
    named = second.desk.search(first.desk.journal.lists.code_name(person.conversation))
    assert person.conversation in [hit.conversation for hit in named if hit.kind == "name"]


def test_answers_go_to_the_new_words_alone_and_answer_both(
    person: Person, anew: Person, hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    join(first, anew, person)
    first.desk.answer(person.conversation, "We are here.")
    settle(*hands)
    texts = [[one.text for one in of.replies() if one.kind == "answer"] for of in (person, anew)]
    assert texts == [[], ["We are here."]]
    for hand in hands:
        assert rows(hand.desk, "waiting") == []
        assert not verify_store(hand.desk.journal).findings


def test_taken_back_both_are_as_before(
    person: Person, anew: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    first.desk.claim(person.conversation)
    settle(*hands)
    before = [hand.desk.conversation(person.conversation) for hand in hands]
    join(first, anew, person)
    second.sync()
    first.sync()
    second.sync()
    pair = Pair(anew.conversation, person.conversation)
    second.desk.joining.part(person.conversation, pair)
    settle(*hands)
    assert [hand.desk.conversation(person.conversation) for hand in hands] == before
    for hand in hands:
        assert set(rows(hand.desk)) == {person.conversation, anew.conversation}
        assert not verify_store(hand.desk.journal).findings
    with pytest.raises(NotJoined):
        first.desk.joining.part(anew.conversation, pair)
    join(first, anew, person)
    assert rows(first.desk) == [anew.conversation]


def test_one_who_joins_and_one_who_parts_at_once_leave_them_apart(
    person: Person, anew: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    join(first, anew, person)
    join(second, anew, person)
    pair = Pair(anew.conversation, person.conversation)
    first.desk.joining.part(anew.conversation, pair)
    settle(*hands)
    for hand in hands:
        talk = hand.desk.conversation(anew.conversation)
        assert talk is not None
        assert not talk.parts
        assert talk.joinings[0].disputed
        assert len(rows(hand.desk)) == 2


def test_what_is_joined_is_refused_where_it_would_answer_lost_words(
    person: Person, anew: Person, hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    joining = first.desk.joining
    with pytest.raises(EarlierBeganLater):
        joining.join(person.conversation, anew.conversation, "She said so.")
    with pytest.raises(WhyMissing):
        joining.join(anew.conversation, person.conversation, " ")
    join(first, anew, person)
    with pytest.raises(JoinedAlready):
        join(first, anew, person)


@pytest.mark.parametrize("quick_from", [2, 1_000])
def test_a_new_desk_and_one_that_reads_again_show_them_joined(
    stage: Rehearsal,
    person: Person,
    anew: Person,
    quick_from: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    join(first, anew, person)
    settle(first, second)
    monkeypatch.setattr(held, "QUICK_FROM", quick_from)
    monkeypatch.setattr("safeconduct.edges.desk.engine.sync.QUICK_FROM", quick_from)
    third = stage.join("third")
    Hand(third, stage.courier(third)).sync()
    first.desk.journal.read_again()
    for desk in (third, first.desk):
        while afterwards.index_some(desk.journal):
            pass
        assert rows(desk) == [anew.conversation]
        assert not verify_store(desk.journal).findings


def test_a_store_that_an_older_program_had_shows_them_joined_again(
    stage: Rehearsal, person: Person, anew: Person, hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    join(first, anew, person)
    settle(*hands)
    desk = stage.desks["second"]
    key = desk.journal.store._key
    desk.stop()
    folder = stage.folder / "second"
    step_to(folder, key, WITHOUT_JOINED)
    step_to(folder, key, len(STEPS))
    again = stage.unlock("second")
    assert version_of(again.journal.store.reader) == len(STEPS)
    assert rows(again) == [anew.conversation]
    assert not verify_store(again.journal).findings
