# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts written at once by several desks fold to one state in any order."""

from functools import cache
from operator import ne

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.words import DeviceId, fact_id
from safeconduct.rooms import crew, hotline
from safeconduct.rooms.hotline.avoided import AvoidedWordsSet
from safeconduct.rooms.hotline.by_hand import AnswerNoted, ContactNoted
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
from safeconduct.rooms.hotline.flags import FlagEnded, FlagFact, FlagRaised, ScriptStepTicked
from safeconduct.rooms.hotline.letters import conversation_of
from safeconduct.rooms.hotline.looks import LookAsked, LookGiven, LookWithdrawn
from safeconduct.rooms.hotline.retention import (
    RetentionExtended,
    RetentionHeld,
    RetentionHoldEnded,
)
from safeconduct.rooms.hotline.transcripts import TranscriptWritten
from safeconduct.rooms.hotline.triage_facts import (
    ContactLost,
    ContactLostSeconded,
    ConversationClosed,
    ConversationSnoozed,
    DangerSet,
    DeadlineSet,
    HostileMarked,
    NextContactSet,
    TagsSet,
    TriageFact,
)
from safeconduct.rooms.hotline.vetting_facts import (
    ContradictionPinned,
    ContradictionSettled,
    GateClosed,
    GateOpened,
    GateSeconded,
    GuardedNoteWithdrawn,
    GuardedNoteWritten,
    Passage,
    VettingFact,
    VettingItemAnswered,
)
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


TIMES = st.integers(0, 3).map(lambda number: number and NOON + number)
TRIAGE: st.SearchStrategy[TriageFact] = st.one_of(
    st.builds(DangerSet, st.just(ID), st.integers(0, 4), st.lists(IDS).map(tuple), REPLACED),
    st.builds(DeadlineSet, st.just(ID), TIMES, st.just("why"), REPLACED),
    st.builds(TagsSet, st.just(ID), st.sampled_from([(), ("a",), ("a", "b")]), REPLACED),
    st.builds(ConversationSnoozed, st.just(ID), TIMES, st.lists(IDS).map(tuple), REPLACED),
    st.builds(NextContactSet, st.just(ID), TIMES, st.integers(0, 1), st.just("why"), REPLACED),
    st.builds(ContactLost, st.just(ID), st.just("why"), st.integers(0, 3), REPLACED),
    st.builds(ContactLostSeconded, st.just(ID), FACTS),
    st.builds(HostileMarked, st.just(ID), st.integers(0, 1), REPLACED),
    st.builds(ConversationClosed, st.just(ID), st.just("why"), st.integers(0, 3), REPLACED),
)
FLAGS: st.SearchStrategy[FlagFact] = st.one_of(
    st.builds(FlagRaised, st.just(ID), st.sampled_from(["minor", "suicide"]), st.just("why")),
    st.builds(FlagEnded, st.just(ID), REPLACED, st.just("why")),
    st.builds(
        ScriptStepTicked,
        *(st.just(ID), FACTS, st.sampled_from(["ask", "call"])),
        *(st.integers(0, 1), st.integers(1, 2), REPLACED),
    ),
)
GATES = st.integers(1, 3)
PASSAGES = st.builds(Passage, IDS, st.sampled_from(["one", "none"]))
VETTING: st.SearchStrategy[VettingFact] = st.one_of(
    st.builds(
        VettingItemAnswered,
        *(st.just(ID), st.sampled_from(["met", "there"]), st.sampled_from(["no", "open", "yes"])),
        *(st.just("why"), st.integers(1, 2), REPLACED),
    ),
    st.builds(GateOpened, st.just(ID), GATES, *map(st.just, ("why", ("met",), ())), REPLACED),
    st.builds(GateSeconded, st.just(ID), FACTS, st.just("why")),
    st.builds(GateClosed, st.just(ID), st.just("why")),
    st.builds(ContradictionPinned, st.just(ID), PASSAGES, PASSAGES, st.just("why")),
    st.builds(ContradictionSettled, st.just(ID), FACTS, st.just("why")),
    st.builds(GuardedNoteWritten, st.just(ID), GATES, st.just("the mill"), st.just(("mill",))),
    st.builds(GuardedNoteWithdrawn, st.just(ID), FACTS, st.just("why")),
)
WORDS = st.sampled_from([(), ("a",), ("a", "b")])
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
    st.builds(LookAsked, *map(st.just, (ID, b"", "fine?", "draft", 0))),
    st.builds(LookGiven, st.just(ID), FACTS, st.sampled_from(["fine", "takes"]), st.just("")),
    st.builds(LookWithdrawn, st.just(ID), FACTS),
    st.builds(
        ContactNoted,
        *(st.just(ID), IDS, st.sampled_from(["call", "behalf"]), st.integers(NOON, NOON + 3)),
        *map(st.just, ("ru", "", "A sister", "one", b"")),
    ),
    st.builds(
        AnswerNoted,
        *(st.just(ID), st.just(b"n" * 16), st.just(NOON), st.just("told")),
        st.lists(IDS, max_size=2).map(tuple),
    ),
    TRIAGE,
    FLAGS,
    VETTING,
    st.builds(AvoidedWordsSet, st.just(ID), WORDS, REPLACED),
    st.builds(TranscriptWritten, st.just(ID), IDS, st.just("heard"), REPLACED),
    st.builds(RetentionExtended, st.just(ID), st.integers(NOON, NOON + 3), st.just("why")),
    st.builds(RetentionHeld, st.just(ID), st.just("a court")),
    st.builds(RetentionHoldEnded, st.just(ID), FACTS.map(lambda one: (one,)), st.just("over")),
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


@given(st.lists(VETTING, max_size=8), st.data())
def test_vetting_is_one_in_any_order_and_shows_nothing_below_a_gate(
    events: list[VettingFact], data: st.DataObject
) -> None:
    first = received(bytes(32), NOON, "one", VOICE)
    told = [
        hotline.Told(fact_id(bytes([number]) * 32, 0), data.draw(DEVICES), NOON << 16, event)
        for number, event in enumerate([first, *events])
    ]
    folded = hotline.fold(ID, "name", told, ne)
    assert hotline.fold(ID, "name", data.draw(st.permutations(told)), ne) == folded
    assert folded is not None
    gate = folded.vetting.gate
    assert all((one.text is None) == (one.gate > gate) for one in folded.vetting.guarded)
    more = [*told, hotline.Told(fact_id(b"c" * 32, 0), told[0].device, 1, GateClosed(ID, "no"))]
    closed = hotline.fold(ID, "name", more, ne)
    assert closed is not None
    assert closed.vetting.gate == 0


@given(stories())
def test_no_fact_but_an_answer_takes_a_message_off_the_queue(told: list[hotline.Told]) -> None:
    conversation = hotline.fold(ID, "name", told)
    if conversation is None:
        return
    answered = {
        message
        for item in told
        if isinstance(item.event, AnswerWritten | AnswerNoted)
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
    shown = [(message.id, message.text) for message in messages if message.by_hand is None]
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
