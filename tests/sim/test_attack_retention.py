# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody inside wants evidence gone before its time: none of it goes on another's desk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safeconduct.edges.desk.engine import post
from safeconduct.kernel.words import DAY, Instant
from safeconduct.rooms.crew.watching import ON_DUTY
from safeconduct.rooms.hotline.retention import RetentionDue
from safeconduct.rooms.hotline.triage_facts import ConversationClosed
from tests.kit.relay import SetClock
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person
from tests.sim.test_retention import GONE_BY, begin, end, pass_days, sync_all

pytestmark = pytest.mark.attack


def test_what_is_told_before_its_time_counts_at_no_time(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, turned = hands
    begin(stage, hands)
    end(turned.desk, person.conversation)
    early = RetentionDue(person.conversation, (), "all")
    turned.desk.journal.write([post.fact(turned.desk.journal, early)])
    sync_all(hands)
    until = Instant(first.desk.now() + 300 * DAY)
    first.desk.retention.extend(person.conversation, until, "a trial")
    sync_all(hands)
    pass_days(stage, hands, GONE_BY)
    assert first.desk.conversation(person.conversation) is not None


def test_a_closing_that_bears_an_old_time_lets_nothing_go_sooner(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, turned = hands
    begin(stage, hands)
    first.desk.answer(person.conversation, "Where are you?")
    sync_all(hands)
    pass_days(stage, hands, 100)
    journal, clock = turned.desk.journal, turned.desk.journal.clock
    journal.clock = SetClock(clock.now() - 99 * DAY)  # type: ignore[misc]
    journal.pen = replace(journal.pen, hlc=0)
    folded = turned.desk.conversation(person.conversation)
    assert folded is not None
    stood = folded.triage.standing.contact
    closed = ConversationClosed(person.conversation, "she arrived", 1, stood)
    journal.write([post.fact(journal, closed)])
    journal.clock = clock  # type: ignore[misc]
    turned.loops.heartbeats._tell(ON_DUTY)
    now = RetentionDue(person.conversation, (), "all")
    journal.write([post.fact(journal, now)])
    sync_all(hands)
    pass_days(stage, hands, 1)
    talk = first.desk.conversation(person.conversation)
    assert talk is not None
    assert talk.triage.closed is not None


def test_a_file_that_another_conversation_needs_goes_with_none(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, turned = hands
    begin(stage, hands)
    file = person.send_file(b"a burnt house")
    other = Person(stage)
    other.write("The same picture.", file)
    sync_all(hands)
    end(turned.desk, other.conversation)
    sync_all(hands)
    pass_days(stage, hands, GONE_BY)
    assert first.desk.conversation(other.conversation) is None
    assert first.desk.retention.file_went(file.blob) is None
