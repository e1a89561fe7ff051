# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague's device, or the relay, against what people wrote: it is read by all as she wrote it.

The second desk stands for an informer's: it holds every key of the hotline and says what it likes.
"""

from __future__ import annotations

import shutil

import msgspec
import pytest

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.canon import encode
from safeconduct.kernel.ports import ItemState
from safeconduct.kernel.sync import RelayForked, RelayRolledBack, RelayWithholds
from safeconduct.kernel.words import DAY, HOUR, MINUTE
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.first_contact import FirstContact
from safeconduct.rooms.hotline.letters import message_id
from tests.sim.courier import Rehearsal, submit
from tests.sim.hostile import Listening, Rewinding, Shifting
from tests.sim.steps import Hand, Person


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
    tell(informer, record(person, b"f" * 32, sealing_key=b"no key"))
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
def test_record_without_what_she_told_beside_does_not_hide_that_she_is_in_danger(
    stage: Rehearsal,
) -> None:
    honest, informer = hands(stage)
    person = Person(stage)
    item = person.item("Please help.", beside=FirstContact(danger_today="yes"))
    submit(stage.store, stage.office, item)
    tell(informer, record(person, message_id(item)))
    honest.sync()
    told = talk(honest.desk, person).contact
    assert told == FirstContact(danger_today="yes")
    assert "told_differently" in troubles(honest.desk)


def drop(stage: Rehearsal, after: int) -> None:
    """Let time pass, and the relay drop what is due."""
    stage.clock.time += after
    stage.store.sweep()


@pytest.mark.attack
def test_message_that_an_informer_takes_is_read_by_colleagues(stage: Rehearsal) -> None:
    honest, _ = hands(stage)
    person = Person(stage)
    person.write("Please help.")
    stage.courier(stage.desks["second"]).taken([0])
    drop(stage, 3 * DAY - 1)
    honest.sync()
    assert [message.text for message in talk(honest.desk, person).messages] == ["Please help."]
    assert [reply.kind for reply in person.replies()] == ["have"]


@pytest.mark.attack
def test_message_thrown_away_before_anybody_recorded_it_is_told(stage: Rehearsal) -> None:
    honest, _ = hands(stage)
    Person(stage).write("Please help.")
    stage.courier(stage.desks["second"]).taken([0])
    drop(stage, 4 * DAY)
    honest.sync()
    assert "dropped_unread" not in troubles(honest.desk)  # A record may still be on its way.
    stage.clock.time += 3 * MINUTE
    honest.sync()
    assert "dropped_unread" in troubles(honest.desk)


def test_message_that_was_recorded_before_it_was_dropped_is_no_trouble(stage: Rehearsal) -> None:
    honest, away = hands(stage)
    people = [Person(stage) for _ in range(3)]
    for person in people:
        person.write("Please help.")
    honest.sync()
    stage.clock.time += HOUR
    honest.sync()
    drop(stage, 4 * DAY)
    assert [item.state for item in stage.courier(honest.desk).items(0, 1 << 20)] == [2, 2, 2]
    for hand in (away, Hand(new := stage.join("third"), stage.courier(new))):
        hand.sync()
        assert hand.desk.journal.store.value("SELECT count(*) FROM dropped") == 3
        stage.clock.time += 3 * MINUTE
        hand.sync()
        assert hand.desk.journal.store.value("SELECT count(*) FROM dropped") == 0
        assert troubles(hand.desk) == set()
        assert hand.loops.puller.intake.confirmed.size == 3


@pytest.mark.attack
def test_item_beyond_the_place_that_was_asked_for_is_not_taken(stage: Rehearsal) -> None:
    liar = Shifting(stage.courier(stage.desks["first"]), lambda item: item._replace(at=1 << 62))
    honest = Hand(stage.desks["first"], liar)
    person = Person(stage)
    person.write("Please help.")
    with pytest.raises(RelayWithholds):
        honest.pull()
    assert "relay_withholds" in troubles(honest.desk)
    liar.change = lambda item: item
    honest.sync()
    assert talk(honest.desk, person).messages


@pytest.mark.parametrize("state", [ItemState.WAITS, ItemState.DROPPED])
def test_intake_other_than_the_relay_signed_for_is_named_a_lie(
    stage: Rehearsal, state: ItemState
) -> None:
    person, other = Person(stage), Person(stage)
    person.write("Please help.")
    false = other.item("Something else.") if state is ItemState.WAITS else bytes(32)
    liar = Shifting(
        stage.courier(stage.desks["first"]), lambda item: item._replace(state=state, body=false)
    )
    honest = Hand(stage.desks["first"], liar)
    for _ in range(2):
        with pytest.raises(RelayForked):
            honest.pull()
    assert "relay_forked" in troubles(honest.desk)
    liar.change = lambda item: item
    honest.sync()
    assert talk(honest.desk, person).messages
    assert honest.loops.puller.intake.confirmed.size == 1


def test_intake_that_shrank_is_named_a_lie(stage: Rehearsal) -> None:
    desk = stage.desks["first"]
    relay = Rewinding(stage.store, stage.office, desk.journal.place.capability)
    honest = Hand(desk, relay)
    Person(stage).write("one")
    before = relay.checkpoint("intake")
    Person(stage).write("two")
    honest.sync()
    relay.note = before
    with pytest.raises(RelayRolledBack):
        honest.pull()
    assert "relay_rolled_back" in troubles(desk)
    relay.note = b""
    honest.sync()
    assert desk.today().waiting_total == 2


def test_intake_is_followed_on_after_a_start(stage: Rehearsal) -> None:
    first, _ = hands(stage)
    for text in ("one", "two", "three"):
        Person(stage).write(text)
        first.sync()
    stage.desks.pop("first").stop()
    again = stage.unlock("first")
    Person(stage).write("four")
    hand = Hand(again, stage.courier(again))
    hand.sync()
    assert again.today().waiting_total == 4
    assert hand.loops.puller.intake.confirmed.size == 4


@pytest.mark.attack
def test_device_that_has_itself_suspended_takes_no_message_with_it(stage: Rehearsal) -> None:
    stage.desks.pop("second").stop()
    shutil.copytree(stage.folder / "second", stage.folder / "copy")
    person = Person(stage)
    person.write("Please help.")
    informer = Hand(stage.unlock("second"), stage.courier(stage.desks["second"]))
    informer.sync()
    honest = Hand(stage.desks["first"], stage.courier(stage.desks["first"]))
    honest.sync()
    assert talk(honest.desk, person).messages
    twin = stage.unlock("copy")
    other = record(Person(stage), b"o" * 32)
    tell(Hand(twin, stage.courier(twin)), other)
    honest.sync()
    assert [message.text for message in talk(honest.desk, person).messages] == ["Please help."]


@pytest.mark.attack
def test_relay_is_not_told_in_one_breath_whose_message_it_was(stage: Rehearsal) -> None:
    listening = Listening(stage.courier(stage.desks["first"]))
    honest = Hand(stage.desks["first"], listening)
    people = [Person(stage) for _ in range(8)]
    for person in people:
        person.write("Please help.")
    honest.sync()
    assert len(listening.ends) == 8
    assert listening.taken_now == []
    stage.clock.time += HOUR
    honest.send()
    assert listening.taken_now == list(range(8))


@pytest.mark.attack
def test_end_of_a_letter_does_not_tell_when_it_was_written(stage: Rehearsal) -> None:
    listening = Listening(stage.courier(stage.desks["first"]))
    honest = Hand(stage.desks["first"], listening)
    person = Person(stage)
    person.write("Please help.")
    honest.sync()
    honest.desk.answer(person.conversation, "We are here.")
    honest.send()
    assert len(listening.ends) == 2
    assert [end % DAY for end in listening.ends] == [0, 0]


@pytest.mark.attack
def test_time_that_the_relay_invents_is_not_written_down(stage: Rehearsal) -> None:
    honest, _ = hands(stage)
    person = Person(stage)
    stage.clock.time += 1000 * DAY
    person.write("Please help.")
    stage.clock.time -= 1000 * DAY
    honest.sync()
    (message,) = talk(honest.desk, person).messages
    (written,) = honest.desk.journal.lists.records(person.conversation, message.id)
    assert written.arrived == message.arrived == stage.clock.now()
