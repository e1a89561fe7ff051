# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two desks order their work: what one sets the other shows, and a silence nobody can overlook."""

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.migrations import STEPS, version_of
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.queue_rows import EVERYTHING, Sieve
from safeconduct.edges.desk.store import step_to
from safeconduct.kernel.words import DAY, HOUR, ConversationId, Instant
from safeconduct.rooms.hotline.first_contact import FirstContact
from safeconduct.rooms.hotline.queue import Place, State
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.triage_decide import LostByAnother
from tests.sim.courier import Rehearsal, submit
from tests.sim.steps import Hand, Person

WITHOUT_PLACES = 2


def names(desk: Desk, show: str, sieve: Sieve = EVERYTHING) -> list[ConversationId]:
    """Who stands in a list, in its order."""
    return [row.conversation for row in desk.inbox(show=show, start=0, most=9, sieve=sieve)[0]]


def place(desk: Desk, talk: ConversationId) -> Place:
    """What a row says."""
    rows, _ = desk.inbox(show="all", start=0, most=9)
    return next(row.place for row in rows if row.conversation == talk)


def test_what_one_desk_sets_orders_the_queue_of_another(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    other = Person(stage)
    stage.clock.time = stage.clock.time + HOUR
    other.write("Me too.")
    first.sync()
    talk, late = person.conversation, other.conversation
    assert names(first.desk, "waiting") == [talk, late]
    first.desk.triage.judge(late, Danger.LIFE)
    first.desk.triage.tag(late, "minor, passport")
    first.desk.triage.deadline(late, Instant(first.desk.now() + HOUR), "the bus")
    first.sync()
    second.sync()
    assert names(second.desk, "waiting") == [late, talk]
    assert names(second.desk, "waiting", Sieve(tag="minor")) == [late]
    assert names(second.desk, "all", Sieve(danger=Danger.UNJUDGED)) == [talk]
    assert place(second.desk, late) == place(first.desk, late)
    assert second.desk.triage.tags() == ["minor", "passport"]
    assert not verify_store(second.desk.journal).findings


def test_two_desks_that_judge_at_once_show_the_higher_danger(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    first.desk.triage.judge(person.conversation, Danger.IN_DANGER)
    second.desk.triage.judge(person.conversation, Danger.NONE_KNOWN)
    for hand in (first, second, first):
        hand.sync()
    for hand in hands:
        assert place(hand.desk, person.conversation).danger is Danger.IN_DANGER


def test_a_snoozed_conversation_wakes_when_the_person_writes(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    talk = person.conversation
    first.desk.triage.snooze(talk, Instant(first.desk.now() + DAY))
    today = first.desk.today()
    assert (names(first.desk, "waiting"), names(first.desk, "snoozed")) == ([], [talk])
    assert (today.waiting, today.waiting_total, today.snoozed_total) == ((), 0, 1)
    person.write("Are you there?")
    first.sync()
    assert (names(first.desk, "waiting"), names(first.desk, "snoozed")) == ([talk], [])


def test_a_desk_that_was_off_when_the_time_passed_shows_the_silence_at_once(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    talk = person.conversation
    soon = Instant(first.desk.now() + HOUR)
    first.desk.answer(talk, "Write at eight.", next_contact=soon)
    first.sync()
    second.sync()
    assert place(second.desk, talk).due == soon
    assert second.desk.today().silent_total == 0
    second.desk.stop()
    stage.clock.time = soon + HOUR
    again = stage.unlock("second")
    today = again.today()
    assert [row.conversation for row in today.silent] == [talk]
    again.triage.contact(talk, Instant(again.now() + DAY), "her sister called", heard=True)
    assert again.today().silent_total == 0
    assert not verify_store(again.journal).findings


def test_lost_contact_needs_somebody_else_and_ends_when_the_person_writes(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    talk = person.conversation
    first.desk.answer(talk, "Where are you?")
    first.desk.triage.lost(talk, "the phone is off since Friday")
    folded = first.desk.conversation(talk)
    assert folded is not None
    assert folded.triage.lost is not None
    with pytest.raises(LostByAnother):
        first.desk.triage.second(talk, folded.triage.lost.fact)
    assert not first.desk.triage.may_second(talk)
    first.sync()
    second.sync()
    second.desk.triage.second(talk, folded.triage.lost.fact)
    second.sync()
    first.sync()
    assert place(first.desk, talk).state is State.LOST
    assert names(first.desk, "closed") == [talk]
    person.write("I am alive.")
    first.sync()
    assert place(first.desk, talk).state is State.OPEN
    assert place(first.desk, talk).due is not None


def from_the_version_before(stage: Rehearsal, name: str) -> Desk:
    """Close a desk, bring its tables back to the version before, and open it with this one."""
    desk = stage.desks[name]
    key = desk.journal.store._key
    desk.stop()
    step_to(stage.folder / name, key, WITHOUT_PLACES)
    return stage.unlock(name)


def test_a_store_of_the_version_before_opens_with_its_rows_placed(
    stage: Rehearsal, person: Person
) -> None:
    again = from_the_version_before(stage, "second")
    assert version_of(again.journal.store.reader) == len(STEPS)
    row = again.inbox(show="all", start=0, most=1)[0][0]
    assert row.conversation == person.conversation
    assert row.place == Place(due=Instant(row.last_at + DAY))
    assert not verify_store(again.journal).findings


def test_a_store_of_the_version_before_shows_who_is_in_danger_as_the_facts_in_it_say(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    told = Person(stage)
    item = told.item("Please help.", beside=FirstContact(danger_today="yes"))
    submit(stage.store, stage.office, item)
    first.sync()
    first.desk.triage.judge(person.conversation, Danger.LIFE)
    first.desk.triage.tag(person.conversation, "minor")
    again = from_the_version_before(stage, "first")
    assert names(again, "waiting") == [person.conversation, told.conversation]
    assert place(again, person.conversation).danger is Danger.LIFE
    assert place(again, person.conversation).tags == ("minor",)
    assert place(again, told.conversation).says_danger
    assert not verify_store(again.journal).findings
