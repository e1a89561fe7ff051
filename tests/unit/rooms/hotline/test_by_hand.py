# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts that helpers typed in, as facts make them and as the queue has them."""

from itertools import permutations
from typing import Any

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed, Refused
from safeconduct.kernel.words import DAY, HOUR, MINUTE, ConversationId, Instant
from safeconduct.rooms.hotline import Conversation, Told, fold, parse_fact, write_answer, write_fact
from safeconduct.rooms.hotline.by_hand import AnswerNoted, ContactNoted, begun_by, check_noted
from safeconduct.rooms.hotline.by_hand_decide import (
    LINE_MOST,
    HappenedTooLongAgo,
    LineTooLong,
    NotHappenedYet,
    ToldThen,
    Typed,
    answered_by,
    note_answer,
    note_contact,
)
from safeconduct.rooms.hotline.decide import TEXT_MOST, NoBox, NothingWritten, TextTooLong
from safeconduct.rooms.hotline.events import ConversationFact
from safeconduct.rooms.hotline.first_contact import FirstContact
from safeconduct.rooms.hotline.fold import began_of, fold_joined
from safeconduct.rooms.hotline.joining import Pair, answered
from safeconduct.rooms.hotline.joining_decide import EarlierBeganLater, HasNoBox, join
from safeconduct.rooms.hotline.queue import place_of
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.clocks import NOON
from tests.unit.rooms.hotline.test_conversation import ID, ONE, TWO, Story, message

NOW = Instant(NOON)
CALL = begun_by(b"f" * 32)


def typed(**more: Any) -> Typed:  # noqa: ANN401  (each its own)
    """A call, as a helper types it in."""
    ordinary: dict[str, Any] = {"way": "call", "happened": NOW, "text": "He was taken."}
    return Typed(**(ordinary | more))


def noted(number: int, where: ConversationId = CALL, **more: Any) -> ContactNoted:  # noqa: ANN401
    """The fact of a call."""
    return note_contact(where, bytes([number]) * 32, typed(**more), Instant(NOON + DAY))


class CallStory(Story):
    """Facts of a conversation that a call began."""

    def now(self) -> Conversation:
        """The conversation that they make."""
        conversation = fold(CALL, "quiet river", self.told)
        assert conversation is not None
        return conversation


def call(*events: ConversationFact) -> Conversation:
    """What such facts make."""
    story = CallStory()
    for event in events:
        story.tell(event)
    return story.now()


def test_a_call_is_a_conversation_that_waits_and_has_no_box() -> None:
    beside = FirstContact(danger_today="yes", region="north")
    talk = call(noted(1, beside=beside, language="ru", speaker="A sister", languages="Turkish"))
    (message_of,) = talk.messages
    assert (talk.mailboxes, talk.voice, talk.language) == ((), b"", "ru")
    assert talk.waiting_since == NOON
    assert message_of.by_hand is not None
    assert (message_of.by_hand.speaker, message_of.by_hand.by) == ("A sister", ONE)
    assert message_of.read_by == (ONE,)
    assert place_of(talk).danger is Danger.IN_DANGER
    with pytest.raises(NoBox):
        write_answer(talk, b"a" * 16, "We come.", (), NOW)


def test_when_it_was_and_when_it_was_written_down_stay_apart() -> None:
    story = CallStory()
    story.tell(noted(1, happened=Instant(NOON - HOUR)), ms=NOON + HOUR)
    (one,) = story.now().messages
    assert one.by_hand is not None
    assert (one.arrived, one.by_hand.noted) == (NOON - HOUR, NOON + HOUR)
    story.tell(noted(2, happened=Instant(NOON + DAY)), ms=NOON + 2 * HOUR)
    assert story.now().messages[-1].arrived == NOON + 2 * HOUR


def test_what_she_was_told_by_another_way_takes_what_was_read_off_the_queue() -> None:
    story = CallStory()
    story.tell(noted(1))
    story.tell(noted(2, happened=Instant(NOON + HOUR)), ms=NOON + HOUR)
    then = ToldThen("Stay there.", Instant(NOON + MINUTE), Instant(NOON + 2 * HOUR))
    assert answered_by(story.now(), then, TWO) == frozenset()
    fact = note_answer(CALL, b"a" * 16, then, answered_by(story.now(), then, ONE))
    story.tell(fact, ms=NOON + 2 * HOUR)
    talk = story.now()
    assert [one.id for one in talk.waiting] == [b"\x02" * 32]
    (answer,) = talk.answers
    assert (answer.written, answer.noted) == (NOON + MINUTE, NOON + 2 * HOUR)


def test_a_call_in_a_conversation_with_words_leaves_her_box_and_voice_alone() -> None:
    call_of = noted(2, ID, happened=Instant(NOON - HOUR), language="tr")
    events: list[ConversationFact] = [message(1), call_of]
    for order in permutations(events):
        story = Story()
        for event in order:
            story.tell(event)
        talk = story.now()
        assert [one.by_hand is not None for one in talk.messages] == [True, False]
        assert talk.mailboxes
        assert talk.voice == message(1).voice
        assert not talk.told_differently


def test_what_others_say_of_her_ends_no_silence_and_places_no_answer() -> None:
    beside = FirstContact(answer_how="At home, in the evening.", danger_today="yes")
    story = Story()
    story.tell(message(1))
    before = story.now().heard
    late = Instant(NOON + HOUR)
    story.tell(noted(2, ID, way="behalf", happened=late, beside=beside), ms=late)
    assert story.now().heard == before
    assert story.now().contact is None
    assert story.now().triage.says_danger
    story.tell(noted(3, ID, way="call", happened=late), ms=late)
    assert story.now().heard == late
    assert call(noted(1, way="organisation")).heard == NOON


def test_a_call_takes_no_letter_away_that_has_its_name() -> None:
    story = Story()
    story.tell(noted(1, ID, text="Hello."))
    story.tell(message(1, text="Hello."))
    assert len(story.now().messages) == 2
    assert story.now().told_differently


def test_whoever_wrote_by_the_page_is_answered_whatever_was_typed_in_when() -> None:
    written = Story()
    written.tell(message(1))
    later = call(noted(2, happened=Instant(NOON + HOUR)))
    told = [*written.told, Told(b"j" * 36, ONE, 9 << 60, join(written.now(), later, "Her voice."))]  # type: ignore[arg-type]
    with pytest.raises(HasNoBox):
        join(later, written.now(), "Her voice.")
    for pairs in ([Pair(ID, CALL)], [Pair(CALL, ID)]):
        assert answered(began_of([written.now(), later]), pairs) == ID
    names = {ID: "quiet river", CALL: "amber hill"}
    both = [*told, Told(b"c" * 36, TWO, (NOON + DAY) << 16, noted(2))]  # type: ignore[arg-type]
    talk = fold_joined(ID, names, both)
    assert talk is not None
    assert [part.boxed for part in talk.earlier] == [False]
    assert talk.mailboxes == written.now().mailboxes


def test_of_two_calls_the_one_that_began_later_is_answered() -> None:
    other = begun_by(b"g" * 32)
    first, second = fold(CALL, "a", [_told(noted(1))]), fold(other, "b", [_told(later(other))])
    assert first is not None
    assert second is not None
    assert answered(began_of([first, second]), [Pair(other, CALL)]) == other
    with pytest.raises(EarlierBeganLater):
        join(first, second, "Her voice.")


def later(where: ConversationId) -> ContactNoted:
    """A call of an hour later."""
    return noted(2, where, happened=Instant(NOON + HOUR))


def _told(event: ContactNoted) -> Told:
    return Told(event.message + b"\0\0\0\0", ONE, (NOON + DAY) << 16, event)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"text": " \n"}, NothingWritten),
        ({"text": "x" * (TEXT_MOST + 1)}, TextTooLong),
        ({"speaker": "x" * (LINE_MOST + 1)}, LineTooLong),
        ({"languages": "x" * (LINE_MOST + 1)}, LineTooLong),
        ({"language": "x" * 36}, LineTooLong),
        ({"happened": Instant(NOON + HOUR)}, NotHappenedYet),
        ({"happened": Instant(NOON - 400 * DAY)}, HappenedTooLongAgo),
        ({"happened": Instant(-1)}, HappenedTooLongAgo),
    ],
)
def test_what_cannot_have_been_is_refused(more: dict[str, Any], refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        note_contact(CALL, b"m" * 32, typed(**more), NOW)


def test_an_answer_without_words_is_refused_and_read_by_nobody() -> None:
    with pytest.raises(NothingWritten):
        note_answer(CALL, b"a" * 16, ToldThen(" ", NOW, NOW), ())
    with pytest.raises(Malformed):
        check_noted(AnswerNoted(CALL, b"a" * 16, NOON, " ", ()))


def test_facts_are_written_as_they_are_read_and_no_other_way_is_known() -> None:
    fact = noted(1, speaker="A sister")
    assert parse_fact("hotline.ContactNoted", 1, write_fact(fact)) == fact
    fields = [CALL, b"m" * 32, "dream", NOON, "", "", "", "x", b""]
    with pytest.raises(Malformed):
        parse_fact("hotline.ContactNoted", 1, encode(fields))
