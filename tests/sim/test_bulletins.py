# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two desks and a threat: what one tells orders the queue of both, and what is found stays here."""

from collections.abc import Iterator
from random import Random

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import held, post
from safeconduct.edges.desk.migrations import STEPS, version_of
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.queue_rows import Sieve
from safeconduct.edges.desk.store import step_to
from safeconduct.kernel.words import DAY, HOUR, ConversationId, Instant
from safeconduct.rooms.crew.events import DeviceSuspended
from safeconduct.rooms.hotline.bulletin_decide import (
    ApprovedByAnother,
    BulletinOver,
    LookAtWords,
    NotApproved,
    NoticeLeaks,
    NoticeText,
    Telling,
)
from safeconduct.rooms.hotline.bulletins import (
    Bulletin,
    BulletinId,
    Confidence,
    Found,
    Scope,
    Threat,
)
from safeconduct.rooms.hotline.events import HotlineFact
from safeconduct.rooms.hotline.first_contact import FirstContact
from safeconduct.rooms.hotline.queue import Place
from safeconduct.rooms.hotline.triage import Danger
from tests.bench.crowd import messages
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, pass_on, settle
from tests.sim.test_removed_devices import cut, tell

WITHOUT_BULLETINS = 4
MANY, AT_ONCE = 10_000, 500
NORTH = Scope(regions=frozenset({"the north"}))
GROUP = Scope(look_for=frozenset({"Lilac Yard", "+0 55 123 45 67"}))


def telling(scope: Scope, until: Instant | None = None) -> Telling:
    """A threat."""
    return Telling(
        threat=Threat.GROUP,
        title="Lilac Yard is read by the police",
        known="Two were taken who were in it.",
        todo="Write to them: leave the group.",
        source="A member.",
        confidence=Confidence.LIKELY,
        until=until,
        scope=scope,
    )


def names(desk: Desk, show: str = "waiting") -> list[ConversationId]:
    """Who stands in a list, in its order."""
    return [row.conversation for row in desk.inbox(show=show, start=0, most=9)[0]]


def place(desk: Desk, talk: ConversationId) -> Place:
    """What a row says."""
    rows, _ = desk.inbox(show="all", start=0, most=9)
    return next(row.place for row in rows if row.conversation == talk)


def the(desk: Desk, name: BulletinId) -> Bulletin:
    """A bulletin as a desk shows it."""
    counted = desk.bulletins.find(name)
    assert counted is not None
    return counted.bulletin


@pytest.fixture
def people(stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]) -> tuple[Person, ...]:
    """Three who wrote, an hour apart: without a word of it, of the north, of the group."""
    north, group = Person(stage), Person(stage)
    stage.clock.time = stage.clock.time + HOUR
    north.write("I hide.", beside=FirstContact(region="a town in the North"))
    settle(*hands)
    stage.clock.time = stage.clock.time + HOUR
    group.write("They wrote in the lilac  yard that I should come. It was 8 (055) 123-45-67.")
    settle(*hands)
    return person, north, group


def test_a_threat_orders_the_queue_of_both_desks_until_each_was_written_to(
    stage: Rehearsal, people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    person, north, group = (one.conversation for one in people)
    first, second = hands
    assert names(first.desk) == [person, north, group]
    name = first.desk.bulletins.issue(telling(GROUP | NORTH, Instant(first.desk.now() + DAY)))
    settle(*hands)
    for hand in hands:
        assert names(hand.desk) == [group, north, person]
        assert [one.found for one in place(hand.desk, group).touched] == [Found.WORD]
        assert [one.found for one in place(hand.desk, north).touched] == [Found.REGION]
        assert place(hand.desk, person).touched == ()
        assert hand.desk.bulletins.running()[0][1:] == (2, 0)
    stage.clock.time = stage.clock.time + HOUR
    second.desk.answer(group, "Leave that group.")
    settle(*hands)
    sieve = Sieve(bulletin=name, told=True)
    for hand in hands:
        assert hand.desk.bulletins.running()[0][1:] == (2, 1)
        assert [
            r.conversation for r in hand.desk.inbox(show="all", start=0, most=9, sieve=sieve)[0]
        ] == [group]
        assert not verify_store(hand.desk.journal).findings


def test_danger_and_silence_stay_above_what_is_touched_by_region_alone(
    stage: Rehearsal, people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    person, north, group = (one.conversation for one in people)
    first, _ = hands
    first.desk.triage.judge(group, Danger.IN_DANGER)
    first.desk.triage.contact(person, Instant(first.desk.now() + HOUR), "", heard=False)
    first.desk.bulletins.issue(telling(NORTH))
    assert names(first.desk) == [group, north, person]
    stage.clock.time = stage.clock.time + 2 * HOUR
    assert names(first.desk) == [group, person, north]


def test_a_threat_wakes_whom_somebody_snoozed_and_it_touches_closely(
    people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    north, group = people[1].conversation, people[2].conversation
    for talk in (north, group):
        first.desk.triage.snooze(talk, Instant(first.desk.now() + DAY))
    name = first.desk.bulletins.issue(telling(GROUP | NORTH))
    assert names(first.desk) == [group, people[0].conversation]
    assert first.desk.inbox(show="waiting", start=0, most=0)[1] == 2
    first.desk.bulletins.end(the(first.desk, name), "It was a lie.")
    assert names(first.desk) == [people[0].conversation]


def test_a_helper_says_whom_it_touches_whatever_was_found(
    people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    person, north, group = (one.conversation for one in people)
    first, second = hands
    name = first.desk.bulletins.issue(telling(GROUP))
    settle(*hands)
    second.desk.bulletins.mark(the(second.desk, name), group, "Another yard.", touched=False)
    second.desk.bulletins.mark(the(second.desk, name), person, "She says so.", touched=True)
    settle(*hands)
    for hand in hands:
        assert place(hand.desk, group).touched == ()
        assert [one.found for one in place(hand.desk, person).touched] == [Found.BY_HAND]
        assert not verify_store(hand.desk.journal).findings
    assert names(first.desk)[0] == person
    assert north in names(first.desk)


def test_what_two_tell_at_once_both_stand_and_ending_one_of_them_ends_nothing(
    people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    name = first.desk.bulletins.issue(telling(GROUP))
    settle(*hands)
    soon = Instant(first.desk.now() + DAY)
    bulletin = the(first.desk, name)
    first.desk.bulletins.change(bulletin, telling(NORTH), "It is wider.", again=False)
    second.desk.bulletins.change(bulletin, telling(GROUP, soon), "A date.", again=False)
    first.desk.bulletins.end(the(first.desk, name), "Over.")
    settle(*hands)
    shown = [the(hand.desk, name) for hand in hands]
    assert shown[0] == shown[1]
    assert shown[0].ended is None
    assert (shown[0].scope, shown[0].until) == (GROUP | NORTH, soon)
    assert first.desk.bulletins.running()[0].touched == 2
    second.desk.bulletins.end(the(second.desk, name), "Over.")
    settle(*hands)
    assert [one.id for one in first.desk.bulletins.ended()] == [name]
    with pytest.raises(BulletinOver):
        first.desk.bulletins.mark(the(first.desk, name), people[0].conversation, "x", touched=True)
    assert place(first.desk, people[2].conversation).touched == ()


def test_a_message_that_comes_later_is_matched_and_no_other_conversation_is_looked_at(
    stage: Rehearsal, people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    first.desk.bulletins.issue(telling(GROUP))
    settle(*hands)
    looked = set[ConversationId]()
    first.desk.journal.lists.touched.looked = looked.add
    people[0].write("I was in Lilac Yard too.")
    first.sync()
    assert names(first.desk)[:2] == [people[0].conversation, people[2].conversation]
    assert looked == {people[0].conversation}
    assert stage.desks


def test_what_a_bulletin_finds_is_written_nowhere(
    people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    first.desk.bulletins.issue(telling(GROUP | NORTH))
    first.send()
    second.pull()
    assert second.desk.bulletins.running()[0].touched == 2
    query = "SELECT count(*) FROM commits WHERE device = ?"
    store = second.desk.journal.store
    written = store.value(query, (second.desk.device,))
    assert place(second.desk, people[2].conversation).touched
    second.desk.bulletins.leaks(second.desk.bulletins.running()[0].bulletin, "Stay at home.")
    assert store.value(query, (second.desk.device,)) == written
    assert second.desk.status().unsent == 0


def test_what_a_removed_device_tells_of_touches_nobody_on_any_desk(
    stage: Rehearsal, people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    first, second = (hand.desk for hand in hands)
    group = people[2].conversation
    tell(first, DeviceSuspended((cut(first, second),), "lost"))
    second.bulletins.issue(telling(GROUP))
    assert place(second, group).touched
    pass_on(stage, "second", "first", "second", "first")
    for desk in (first, second):
        assert not desk.bulletins.running()
        assert place(desk, group).touched == ()
        assert place(desk, group).pressed is None
    assert first.bulletins.running() == second.bulletins.running()
    assert not verify_store(first.journal).findings


def test_a_desk_that_comes_later_finds_the_same_of_what_it_reads_cold(
    stage: Rehearsal,
    people: tuple[Person, ...],
    hands: tuple[Hand, Hand],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = hands
    first.desk.bulletins.issue(telling(GROUP | NORTH))
    settle(*hands)
    second.desk.journal.forget()
    monkeypatch.setattr(held, "QUICK_FROM", 1)
    held.read_from_disk(second.desk.journal)
    for one in people:
        assert place(second.desk, one.conversation) == place(first.desk, one.conversation)
    assert names(second.desk) == names(first.desk)


def test_a_program_that_knows_no_bulletin_and_the_next_one_read_all_again(
    stage: Rehearsal, people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    first.desk.bulletins.issue(telling(GROUP))
    settle(*hands)
    touched = place(second.desk, people[2].conversation)
    folder, key = second.desk.journal.store.path.parent, second.desk.journal.store._key
    second.desk.stop()
    step_to(folder, key, WITHOUT_BULLETINS)
    again = stage.unlock("second")
    assert version_of(again.journal.store.reader) == len(STEPS)
    assert place(again, people[2].conversation) == touched
    assert not verify_store(again.journal).findings


def test_a_notice_goes_out_once_two_approved_it_and_holds_nothing_of_anybody(
    people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    name = first.desk.bulletins.issue(telling(GROUP))
    settle(*hands)
    code_name = first.desk.journal.lists.code_name(people[1].conversation)
    leaky = ("Call +0 99 765 43 21.", f"Ask {code_name}.", "They wrote in the lilac yard that I")
    people[0].write("My brother has the number 0 99 765 4321.")
    settle(*hands)
    for text in leaky:
        with pytest.raises(NoticeLeaks):
            first.desk.bulletins.write_notice(the(first.desk, name), notice(text))
    first.desk.bulletins.write_notice(
        the(first.desk, name), notice("Leave the group Lilac Yard.", True)
    )
    (written,) = the(first.desk, name).notices
    with pytest.raises(ApprovedByAnother):
        first.desk.bulletins.approve(the(first.desk, name), written.fact, looked=True)
    with pytest.raises(NotApproved):
        first.desk.bulletins.let_out(the(first.desk, name), written.fact)
    settle(*hands)
    second.desk.bulletins.approve(the(second.desk, name), written.fact, looked=True)
    settle(*hands)
    assert first.desk.bulletins.let_out(the(first.desk, name), written.fact).do == written.do


def test_words_that_may_be_names_are_looked_at_by_both(
    people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    name = first.desk.bulletins.issue(telling(GROUP))
    people[0].write("Vetka told me to stay at home.")
    settle(*hands)
    with pytest.raises(LookAtWords):
        first.desk.bulletins.write_notice(the(first.desk, name), notice("Nobody goes to Vetka."))
    first.desk.bulletins.write_notice(the(first.desk, name), notice("Nobody goes to Vetka.", True))
    settle(*hands)
    (written,) = the(second.desk, name).notices
    with pytest.raises(LookAtWords):
        second.desk.bulletins.approve(the(second.desk, name), written.fact, looked=False)


def notice(text: str, looked: bool = False) -> NoticeText:
    """A notice that says what to do."""
    return NoticeText("en", text, "", None, looked)


def test_among_ten_thousand_conversations_a_commit_looks_at_those_alone_that_it_touches(
    stage: Rehearsal, people: tuple[Person, ...], hands: tuple[Hand, Hand]
) -> None:
    journal = hands[0].desk.journal
    written = [post.fact(journal, one) for one in messages(Random(11), MANY, most=1)]
    for start in range(0, MANY, AT_ONCE):
        journal.write(written[start : start + AT_ONCE])
    looked, read, rows = [0], [0], journal.lists.touched
    texts = rows.texts

    def counted() -> Iterator[tuple[ConversationId, HotlineFact]]:
        for one in texts():
            read[0] += 1
            yield one

    rows.texts = counted  # type: ignore[method-assign]
    rows.looked = lambda _: looked.__setitem__(0, looked[0] + 1)
    name = hands[0].desk.bulletins.issue(telling(GROUP | NORTH))
    assert (looked, read) == ([2], [MANY + len(people)])
    hands[0].desk.answer(people[2].conversation, "Leave it.")
    assert looked[0] <= 4
    assert hands[0].desk.today().waiting[0].conversation == people[1].conversation
    hands[0].desk.bulletins.end(the(hands[0].desk, name), "Over.")
    assert (looked[0] <= 4, read) == (True, [MANY + len(people)])
    assert stage.desks
