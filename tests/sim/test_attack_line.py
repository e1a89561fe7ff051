# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague's device against a person's place in the line: nobody is put last or answered away.

The second desk stands for an informer's, as in `test_attack_intake`.
"""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.engine import post
from safeconduct.kernel.words import DAY, Instant
from safeconduct.rooms.hotline.events import AnswerSent, AnswerWritten, HotlineFact
from safeconduct.rooms.hotline.letters import message_id
from tests.sim.courier import Rehearsal, submit
from tests.sim.steps import Hand, Person
from tests.sim.test_attack_intake import hands, record, talk, tell, troubles

NEVER = 1 << 62


def write(hand: Hand, fact: HotlineFact) -> None:
    """Let a desk write and send a fact that its own screens would not make."""
    hand.desk.journal.write([post.fact(hand.desk.journal, fact)])
    hand.send()


def waiting_since(hand: Hand, person: Person) -> Instant | None:
    """Since when the list says that she waits."""
    (row,) = [r for r in hand.desk.today().waiting if r.conversation == person.conversation]
    return row.waiting_since


@pytest.mark.attack
def test_record_with_a_late_time_does_not_make_her_wait_longer(stage: Rehearsal) -> None:
    honest, informer = hands(stage)
    person, came = Person(stage), stage.clock.now()
    item = person.item("Please help.")
    submit(stage.store, stage.office, item)
    stage.clock.time += 10 * DAY
    tell(informer, record(person, message_id(item), arrived=NEVER))
    stage.clock.time -= 10 * DAY
    honest.sync()
    assert waiting_since(honest, person) == came
    assert len(talk(honest.desk, person).messages) == 1


@pytest.mark.attack
def test_record_of_a_message_to_come_does_not_put_her_last(stage: Rehearsal) -> None:
    honest, informer = hands(stage)
    person = Person(stage)
    tell(informer, record(person, b"m" * 32, arrived=NEVER))
    honest.sync()
    assert waiting_since(honest, person) == stage.clock.now()


@pytest.mark.attack
def test_record_that_says_another_way_does_not_hide_hers(stage: Rehearsal) -> None:
    honest, informer = hands(stage)
    person = Person(stage)
    item = person.item("Please help.")
    submit(stage.store, stage.office, item)
    tell(informer, record(person, message_id(item), via="counter"))
    honest.sync()
    assert {told.via for told in talk(honest.desk, person).messages} == {"page", "counter"}
    assert "told_differently" in troubles(honest.desk)


@pytest.mark.attack
def test_answer_that_says_nothing_takes_nobody_off_the_line(stage: Rehearsal) -> None:
    honest, informer = hands(stage)
    person = Person(stage)
    person.write("Please help.")
    honest.sync()
    informer.sync()
    (message,) = talk(informer.desk, person).messages
    for text in ("", " \n"):
        empty = AnswerWritten(person.conversation, b"a" * 16, text, (), NEVER, (message.id,))
        write(informer, empty)
    honest.sync()
    assert waiting_since(honest, person) == message.arrived
    assert talk(honest.desk, person).answers == ()
    codes = honest.desk.journal.store.rows("SELECT code FROM quarantine")
    assert [code for (code,) in codes] == ["malformed", "malformed"]


@pytest.mark.attack
def test_colleague_does_not_say_that_an_answer_left_which_waits(stage: Rehearsal) -> None:
    honest, informer = hands(stage)
    person = Person(stage)
    person.write("Please help.")
    honest.sync()
    honest.desk.answer(person.conversation, "We are here.")
    frames = honest.desk.journal.store.rows("SELECT frame FROM outbox ORDER BY sequence")
    stage.courier(honest.desk).append([row[0] for row in frames])
    informer.sync()
    (answer,) = talk(informer.desk, person).answers
    write(informer, AnswerSent(person.conversation, answer.id, answer.expires))
    honest.pull()
    assert [told.sent for told in talk(honest.desk, person).answers] == [False]
    assert [row.unsent for row in honest.desk.inbox(show="all", start=0, most=9)[0]] == [True]
    honest.send()
    informer.sync()
    assert [told.sent for told in talk(informer.desk, person).answers] == [True]
