# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague's device, or the relay, against what people wrote: it is read by all as she wrote it.

The second desk stands for an informer's: it holds every key of the hotline and says what it likes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from safeconduct.edges.desk import engine_post as post
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.canon import encode
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.letters import message_id
from tests.sim.courier import Rehearsal, submit
from tests.sim.steps import Hand, Person


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Rehearsal]:
    with Rehearsal(tmp_path) as rehearsal:
        rehearsal.found()
        rehearsal.join()
        yield rehearsal


def hands(stage: Rehearsal) -> tuple[Hand, Hand]:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    return first, second


def record(person: Person, message: bytes, **said: object) -> MessageReceived:
    """What a desk that opened a letter of hers records of it, or something else."""
    true = MessageReceived(
        conversation=person.conversation,
        message=message,
        address=person.address,
        sealing_key=person.key.public.raw,
        voice=person.voice,
        arrived=person.stage.clock.now(),
        language="en",
        text="Please help.",
        files=(),
        via="page",
        extras=encode({}),
        intake_epoch=1,
    )
    return msgspec.structs.replace(true, **said)


def tell(hand: Hand, event: MessageReceived) -> None:
    """Let a desk write and send a record."""
    hand.desk.journal.write([post.fact(hand.desk.journal, event)])
    hand.send()


def troubles(desk: Desk) -> set[str]:
    return {trouble.code for trouble in desk.status().troubles}


def talk(desk: Desk, person: Person) -> Conversation:
    folded = desk.conversation(person.conversation)
    assert folded is not None
    return folded


@pytest.mark.attack
def test_false_first_record_turns_no_answer_away(stage: Rehearsal) -> None:
    honest, informer = hands(stage)
    person, thief = Person(stage), Person(stage)
    person.write("Please help.")
    honest.sync()
    box = {"address": thief.address, "sealing_key": thief.key.public.raw}
    tell(informer, record(person, b"f" * 32, arrived=0, **box))
    honest.sync()
    honest.desk.answer(person.conversation, "We are here.")
    honest.send()
    assert "We are here." in [reply.text for reply in person.replies()]
    assert honest.desk.status().unsent == 0
    assert [answer.sent for answer in talk(honest.desk, person).answers] == [True]


def test_records_that_contradict_each_other_are_told(stage: Rehearsal) -> None:
    honest, informer = hands(stage)
    person = Person(stage)
    person.write("Please help.")
    honest.sync()
    assert "told_differently" not in troubles(honest.desk)
    tell(informer, record(person, b"f" * 32, address=b"a" * 32))
    honest.sync()
    assert talk(honest.desk, person).told_differently
    assert "told_differently" in troubles(honest.desk)


@pytest.mark.attack
def test_record_with_a_key_that_cannot_seal_counts_nowhere(stage: Rehearsal) -> None:
    honest, informer = hands(stage)
    person = Person(stage)
    tell(informer, record(person, b"f" * 32, sealing_key=bytes(1216)))
    honest.sync()
    assert honest.desk.conversation(person.conversation) is None
    assert honest.desk.journal.store.value("SELECT code FROM quarantine") == "bad_key"


@pytest.mark.attack
def test_false_record_of_a_letter_does_not_hide_what_she_wrote(stage: Rehearsal) -> None:
    honest, informer = hands(stage)
    person = Person(stage)
    item = person.item("They found me.")
    submit(stage.store, stage.office, item)
    tell(informer, record(person, message_id(item), text="All is well."))
    honest.sync()
    texts = {message.text for message in talk(honest.desk, person).messages}
    assert texts == {"They found me.", "All is well."}
    assert "told_differently" in troubles(honest.desk)


@pytest.mark.attack
def test_time_that_the_relay_invents_is_not_written_down(stage: Rehearsal) -> None:
    honest, _ = hands(stage)
    person = Person(stage)
    stage.clock.time += 1000 * 86_400_000
    person.write("Please help.")
    stage.clock.time -= 1000 * 86_400_000
    honest.sync()
    (message,) = talk(honest.desk, person).messages
    assert message.arrived == stage.clock.now()
