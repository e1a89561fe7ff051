# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts written at once by several desks fold to one state in any order."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.words import DeviceId, fact_id
from safeconduct.rooms import crew, hotline
from safeconduct.rooms.hotline.events import (
    AnswerSent,
    AnswerWritten,
    ConversationClaimed,
    ConversationFact,
    ConversationHandedOver,
    ConversationReleased,
    MessageRead,
    MessageReceived,
    NoteWritten,
)
from safeconduct.rooms.hotline.letters import conversation_of
from tests.kit.builders import build_device, build_office, found
from tests.kit.clocks import NOON

VOICE = b"v" * 32
ID = conversation_of(VOICE)
IDS = st.sampled_from([bytes([number]) * 32 for number in range(1, 4)])
DEVICES = st.sampled_from([DeviceId(bytes([number]) * 16) for number in range(1, 4)])
FACTS = st.integers(0, 9).map(lambda number: fact_id(bytes([number]) * 32, 0))
REPLACED = st.lists(FACTS, max_size=3).map(tuple)


def received(message: bytes, arrived: int, text: str, voice: bytes) -> MessageReceived:
    """A message as some desk recorded it."""
    return MessageReceived(
        ID, message, message, message, voice, arrived, "ru", text, (), "page", b"\x80", 1
    )


EVENTS: st.SearchStrategy[ConversationFact] = st.one_of(
    st.builds(
        received,
        IDS,
        st.integers(NOON, NOON + 3),
        st.sampled_from(["one", "two"]),
        st.sampled_from([VOICE, VOICE, b"w" * 32]),
    ),
    st.builds(MessageRead, st.just(ID), st.lists(IDS, max_size=2).map(tuple)),
    st.builds(
        AnswerWritten,
        st.just(ID),
        st.sampled_from([b"a" * 16, b"b" * 16]),
        st.just("answer"),
        st.just(()),
        st.just(NOON),
        st.lists(IDS, max_size=2).map(tuple),
    ),
    st.builds(
        AnswerSent,
        st.just(ID),
        st.sampled_from([b"a" * 16, b"b" * 16]),
        st.sampled_from([NOON, NOON + 1]),
    ),
    st.builds(ConversationClaimed, st.just(ID), REPLACED),
    st.builds(ConversationHandedOver, st.just(ID), DEVICES, st.just("note"), REPLACED),
    st.builds(ConversationReleased, st.just(ID), REPLACED),
    st.builds(NoteWritten, st.just(ID), st.just("note")),
)


@st.composite
def stories(draw: st.DrawFn) -> list[hotline.Told]:
    """Facts of several desks, some at the same time."""
    events = draw(st.lists(EVENTS, max_size=10))
    return [
        hotline.Told(
            fact_id(bytes([number]) * 32, 0),
            draw(DEVICES),
            draw(st.integers(NOON, NOON + 3)) << 16,
            event,
        )
        for number, event in enumerate(events)
    ]


@given(stories(), st.data())
def test_a_conversation_is_one_in_any_order(told: list[hotline.Told], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(told))
    assert hotline.fold(ID, "name", shuffled) == hotline.fold(ID, "name", told)


@given(stories())
def test_no_fact_but_an_answer_takes_a_message_off_the_queue(told: list[hotline.Told]) -> None:
    conversation = hotline.fold(ID, "name", told)
    if conversation is None:
        return
    answered = {
        message
        for item in told
        if isinstance(item.event, AnswerWritten)
        for message in item.event.answers
    }
    waiting = {message.id for message in conversation.messages} - answered
    assert {message.id for message in conversation.waiting} == waiting
    assert (conversation.waiting_since is None) == (not waiting)


@given(stories())
def test_every_message_of_her_voice_is_shown_once(told: list[hotline.Told]) -> None:
    conversation = hotline.fold(ID, "name", told)
    hers = {
        (item.event.message, item.event.text)
        for item in told
        if isinstance(item.event, MessageReceived) and item.event.voice == VOICE
    }
    messages = conversation.messages if conversation else ()
    shown = [(message.id, message.text) for message in messages]
    assert sorted(shown) == sorted(hers)


@cache
def roster_facts() -> tuple[crew.Told, ...]:
    """An office where two stewards admit at once, one of them the same device twice."""
    office = build_office(devices=4, seed="folds")
    told = found(office)[:1]
    founder, second, third, fourth = office.devices
    steward, operator = (crew.Role.STEWARD.value,), (crew.Role.OPERATOR.value,)
    card = second.known.card
    told.append(office.write_crew(founder, crew.DeviceAdmitted(card, "b", steward)))
    told.append(office.write_crew(founder, crew.DeviceAdmitted(third.known.card, "c", operator)))
    told.append(office.write_crew(second, crew.DeviceAdmitted(third.known.card, "c", steward)))
    told.append(office.write_crew(second, crew.DeviceAdmitted(fourth.known.card, "d", operator)))
    told.append(office.write_crew(second, crew.EpochOpened(office.hotline, 1, b"p" * 32, ())))
    told.append(office.write_crew(founder, crew.EpochOpened(office.hotline, 1, b"q" * 32, ())))
    stranger = build_device(office.id, "stranger", office.rng)
    told.append(office.write_crew(stranger, crew.DeviceAdmitted(stranger.known.card, "x", steward)))
    told.append(crew.Told(told[1].commit[::-1], founder.id, "crew.Later", b"\xc0"))  # type: ignore[arg-type]
    return tuple(told)


@given(st.data())
def test_a_roster_is_one_in_any_order(data: st.DataObject) -> None:
    told = roster_facts()
    office = build_office(devices=4, seed="folds").id
    some = data.draw(st.permutations(told))[: data.draw(st.integers(0, len(told)))]
    assert crew.fold(office, some) == crew.fold(office, sorted(some, key=lambda t: t.commit))


def test_the_roster_of_these_facts_has_somebody() -> None:
    roster = crew.fold(build_office(devices=4, seed="folds").id, roster_facts())
    assert len(roster.members) == 4
    assert len(roster.parcels) == 2
