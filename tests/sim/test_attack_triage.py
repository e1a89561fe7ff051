# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague's changed desk tries to put somebody out of sight."""

import pytest

from safeconduct.edges.desk.engine import post
from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.hotline.events import AnswerWritten, HotlineFact
from safeconduct.rooms.hotline.first_contact import FirstContact
from safeconduct.rooms.hotline.triage import AHEAD_MOST, Danger
from safeconduct.rooms.hotline.triage_facts import (
    ContactLostSeconded,
    ConversationSnoozed,
    DangerSet,
    NextContactSet,
)
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person

pytestmark = pytest.mark.attack


def writes(hand: Hand, event: HotlineFact) -> None:
    """Write a fact that no page of ours would write."""
    hand.desk.journal.write([post.fact(hand.desk.journal, event)])
    hand.sync()


def test_nobody_ends_the_alarm_alone_by_seconding_oneself(stage: Rehearsal, person: Person) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    talk = person.conversation
    second.desk.answer(talk, "Where are you?")
    second.desk.triage.lost(talk, "gone")
    folded = second.desk.conversation(talk)
    assert folded is not None
    assert folded.triage.lost is not None
    writes(second, ContactLostSeconded(talk, folded.triage.lost.fact))
    first.sync()
    assert first.desk.inbox(show="closed", start=0, most=0)[1] == 0


def test_a_snooze_hides_no_message_that_it_did_not_know(stage: Rehearsal, person: Person) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    until = Instant(second.desk.now() + HOUR)
    writes(second, ConversationSnoozed(person.conversation, until, (), ()))
    first.sync()
    assert first.desk.today().waiting_total == 1


def test_no_next_contact_is_put_off_for_longer_than_90_days(
    stage: Rehearsal, person: Person
) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    late = second.desk.now() + AHEAD_MOST + DAY
    writes(second, NextContactSet(person.conversation, late, 0, "", ()))
    first.sync()
    stage.clock.time = stage.clock.time + AHEAD_MOST + HOUR
    assert first.desk.today().silent_total == 1


def test_a_clock_that_is_years_ahead_takes_no_word_of_danger_away(
    stage: Rehearsal, person: Person
) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    now = stage.clock.time
    stage.clock.time = now + 3650 * DAY
    writes(second, DangerSet(person.conversation, Danger.NONE_KNOWN, (), ()))
    stage.clock.time = now
    person.write("They are at the door.", beside=FirstContact(danger_today="yes"))
    first.sync()
    assert first.desk.today().waiting[0].place.danger is Danger.IN_DANGER


def test_a_clock_that_is_years_ahead_ends_no_alarm(stage: Rehearsal, person: Person) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    other = Person(stage)
    other.write("Me too.")
    now = stage.clock.time
    second.sync()
    stage.clock.time = now + 3650 * DAY
    writes(second, NextContactSet(person.conversation, 1 << 62, 0, "", ()))
    writes(second, AnswerWritten(other.conversation, b"a" * 16, "Yes.", (), now, ()))
    stage.clock.time = now
    first.sync()
    silent = {row.conversation for row in first.desk.today().silent}
    assert silent == {person.conversation, other.conversation}
