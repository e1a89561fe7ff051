# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations as facts make them, and what helpers may do with them."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.words import DAY, DeviceId, Instant, end_of_day, fact_id
from safeconduct.rooms.hotline import (
    Conversation,
    Told,
    claim,
    fold,
    hand_over,
    kind_of,
    parse_fact,
    read,
    release,
    write_answer,
    write_fact,
    write_note,
)
from safeconduct.rooms.hotline.decide import (
    ANSWER_FILE_MOST,
    TEXT_MOST,
    FileTooLarge,
    NotAMember,
    NothingWritten,
    TextTooLong,
)
from safeconduct.rooms.hotline.events import (
    AnswerSent,
    ConversationFact,
    IntakeKeyOpened,
    MessageReceived,
)
from safeconduct.rooms.hotline.letters import conversation_of
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.words import code_name
from tests.kit.clocks import NOON

VOICE = b"v" * 32
ID = conversation_of(VOICE)
ONE, TWO = DeviceId(b"1" * 16), DeviceId(b"2" * 16)
END = end_of_day(NOON + 31 * DAY)


class Story:
    """Facts in the order in which they were written, by whom and when."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def tell(self, event: ConversationFact, device: DeviceId = ONE, *, ms: int = 0) -> Told:
        """Add a fact; each at its own time unless one is given."""
        number = len(self.told)
        at = (ms or NOON + 1000 * (number + 1)) << 16
        told = Told(fact_id(bytes([number + 1]) * 32, 0), device, at, event)
        self.told.append(told)
        return told

    def now(self) -> Conversation:
        """The conversation that they make."""
        conversation = fold(ID, "quiet river", self.told)
        assert conversation is not None
        return conversation


def message(
    number: int, *, arrived: int = NOON, voice: bytes = VOICE, text: str = "", box: int = 1
) -> MessageReceived:
    """A message from the person."""
    return MessageReceived(
        conversation=ID,
        message=bytes([number]) * 32,
        address=bytes([box]) * 32,
        sealing_key=bytes([box]),
        voice=voice,
        arrived=arrived + number,
        language="ru",
        text=text or f"message {number}",
        files=(),
        via="page",
        extras=b"\x80",
        intake_epoch=1,
    )


def test_nothing_is_no_conversation() -> None:
    assert fold(ID, "", []) is None


def test_a_message_two_desks_recorded_is_one() -> None:
    story = Story()
    story.tell(message(1), ONE)
    story.tell(message(1, arrived=NOON - 50), TWO)
    (only,) = story.now().messages
    assert only.arrived == NOON - 49


def test_a_colleague_who_tells_a_message_differently_does_not_take_it_away() -> None:
    for order in permutations(
        [message(1, text="help"), message(1, text="all is well", arrived=0), message(1)]
    ):
        story = Story()
        for event in order:
            story.tell(event)
        texts = [told.text for told in story.now().messages]
        assert texts == ["all is well", "help", "message 1"]


def test_no_record_takes_the_place_of_her_box() -> None:
    story = Story()
    story.tell(message(2, box=5))
    assert not story.now().told_differently
    story.tell(message(1, box=4, arrived=0), TWO)
    assert [box.address for box in story.now().mailboxes] == [bytes([4]) * 32, bytes([5]) * 32]
    assert story.now().told_differently
    assert [told.text for told in story.now().messages] == ["message 1", "message 2"]


def test_a_message_told_in_two_ways_is_marked() -> None:
    story = Story()
    story.tell(message(1))
    story.tell(message(1, arrived=0), TWO)
    assert not story.now().told_differently
    story.tell(message(1, text="all is well"), TWO)
    assert story.now().told_differently


def test_a_message_said_to_come_by_two_ways_is_marked() -> None:
    story = Story()
    story.tell(message(1))
    assert not story.now().told_differently
    story.tell(replace(message(1), via="counter"), TWO)
    assert [told.via for told in story.now().messages] == ["counter", "page"]
    assert story.now().told_differently


def test_nothing_arrives_after_it_was_recorded() -> None:
    story = Story()
    told = story.tell(message(1, arrived=1 << 62))
    assert story.now().waiting_since == told.at == NOON + 1000
    story.tell(message(1))
    assert story.now().waiting_since == NOON + 1


def test_a_desk_with_a_fast_clock_does_not_make_her_wait_longer() -> None:
    story = Story()
    story.tell(message(1), ms=NOON + 100 * DAY)
    assert story.now().waiting_since == NOON + 1


def test_an_answer_under_a_colleagues_number_is_another_one() -> None:
    story = Story()
    story.tell(message(1))
    for device, text in ((ONE, "one"), (TWO, "two")):
        story.tell(write_answer(story.now(), b"a" * 16, text, (), Instant(NOON)), device)
    story.tell(AnswerSent(ID, b"a" * 16, END), TWO)
    assert [(told.text, told.sent) for told in story.now().answers] == [
        ("one", False),
        ("two", True),
    ]


def test_a_message_of_another_voice_is_not_of_this_conversation() -> None:
    story = Story()
    story.tell(message(2))
    story.tell(message(1, voice=b"w" * 32, box=2))
    assert len(story.now().mailboxes) == 1
    assert len(story.now().messages) == 1


def test_a_message_waits_until_an_answer_names_it() -> None:
    story = Story()
    story.tell(message(1))
    story.tell(message(2))
    assert story.now().waiting_since == NOON + 1
    story.tell(write_answer(story.now(), b"a" * 16, "we come", (), Instant(NOON)))
    assert story.now().waiting_since is None
    story.tell(message(3))
    assert story.now().waiting_since == NOON + 3
    assert [told.id for told in story.now().waiting] == [bytes([3]) * 32]
    assert write_answer(story.now(), b"b" * 16, "soon", (), Instant(NOON)).answers == (
        bytes([3]) * 32,
    )


def test_a_colleagues_fast_clock_hides_no_message() -> None:
    story = Story()
    story.tell(message(1))
    story.tell(
        write_answer(story.now(), b"a" * 16, "answer", (), Instant(NOON)), ms=NOON + 400 * DAY
    )
    story.tell(message(2))
    assert story.now().waiting_since == NOON + 2


def test_a_message_is_read_once_by_each_desk() -> None:
    story = Story()
    story.tell(message(1))
    assert story.now().unread == 1
    fact = read(story.now(), ONE)
    assert fact is not None
    story.tell(fact, ONE)
    assert read(story.now(), ONE) is None
    assert read(story.now(), TWO) is not None
    assert story.now().unread == 0
    assert story.now().messages[0].read_by == (ONE,)


def test_an_answer_is_sent_once_the_relay_has_it() -> None:
    story = Story()
    story.tell(message(1))
    answer = write_answer(story.now(), b"a" * 16, "answer", (), Instant(NOON))
    story.tell(answer, TWO)
    written = end_of_day(NOON + 30 * DAY)
    assert [(told.sent, told.expires) for told in story.now().answers] == [(False, written)]
    story.tell(AnswerSent(ID, b"a" * 16, END), ONE)
    assert [told.sent for told in story.now().answers] == [False]
    story.tell(AnswerSent(ID, b"a" * 16, END), TWO)
    (told,) = story.now().answers
    assert (told.sent, told.by, told.expires) == (True, TWO, END)


def test_a_claim_ends_those_it_saw_and_two_at_once_both_stand() -> None:
    story = Story()
    story.tell(message(1))
    before = story.now()
    story.tell(claim(before), ONE)
    story.tell(claim(before), TWO)
    assert {held.holder for held in story.now().claims} == {ONE, TWO}
    story.tell(claim(story.now()), TWO)
    assert [held.holder for held in story.now().claims] == [TWO]
    story.tell(release(story.now()), ONE)
    assert story.now().claims == ()


def test_a_release_does_not_end_a_claim_it_never_saw() -> None:
    story = Story()
    story.tell(message(1))
    story.tell(claim(story.now()), ONE)
    stale = release(story.now())
    story.tell(claim(story.now()), TWO)
    story.tell(stale, ONE)
    assert [held.holder for held in story.now().claims] == [TWO]


def test_a_conversation_is_handed_to_a_member_with_a_word() -> None:
    story = Story()
    story.tell(message(1))
    story.tell(claim(story.now()), ONE)
    story.tell(hand_over(story.now(), TWO, "she is at the station", frozenset({ONE, TWO})), ONE)
    (held,) = story.now().claims
    assert (held.holder, held.note) == (TWO, "she is at the station")
    with pytest.raises(NotAMember):
        hand_over(story.now(), DeviceId(b"3" * 16), "", frozenset({ONE, TWO}))


def test_the_words_of_a_hand_over_outlive_the_claim() -> None:
    story = Story()
    story.tell(message(1))
    story.tell(hand_over(story.now(), TWO, "she is at the station", frozenset({ONE, TWO})), ONE)
    (passed,) = story.now().handed_to(TWO)
    assert (passed.by, passed.to, passed.text) == (ONE, TWO, "she is at the station")
    assert story.now().handed_to(ONE) == ()
    for event in (claim(story.now()), release(story.now())):
        story.tell(event, TWO)
        assert story.now().handovers == (passed,)
        assert story.now().handed_to(TWO) == ()


def test_of_hand_overs_that_stand_the_newest_comes_first() -> None:
    story = Story()
    story.tell(message(1))
    before = story.now()
    for by, words in ((ONE, "first"), (TWO, "second")):
        story.tell(hand_over(before, TWO, words, frozenset({ONE, TWO})), by)
    assert [passed.text for passed in story.now().handed_to(TWO)] == ["second", "first"]
    story.tell(hand_over(story.now(), TWO, "third", frozenset({ONE, TWO})), ONE)
    assert [passed.text for passed in story.now().handed_to(TWO)] == ["third"]


def test_notes_are_kept_in_order() -> None:
    story = Story()
    story.tell(message(1))
    story.tell(write_note(story.now(), "one"))
    story.tell(write_note(story.now(), "two"), TWO)
    assert [(note.text, note.by) for note in story.now().notes] == [("one", ONE), ("two", TWO)]


def test_the_same_facts_make_one_conversation_in_any_order() -> None:
    story = Story()
    story.tell(message(1))
    story.tell(claim(story.now()), ONE)
    story.tell(write_answer(story.now(), b"a" * 16, "answer", (), Instant(NOON)), TWO)
    story.tell(message(1, arrived=NOON - 5), TWO)
    story.tell(write_note(story.now(), "note"))
    folds = [fold(ID, "x", order) for order in permutations(story.told)]
    assert all(told == folds[0] for told in folds)


def test_what_does_not_fit_is_refused_before_it_is_kept() -> None:
    story = Story()
    story.tell(message(1))
    now = story.now()
    long = "я" * (TEXT_MOST // 2 + 1)
    with pytest.raises(NothingWritten):
        write_answer(now, b"a" * 16, " \n", (), Instant(NOON))
    with pytest.raises(NothingWritten):
        write_note(now, "\t")
    with pytest.raises(TextTooLong) as refused:
        write_answer(now, b"a" * 16, long, (), Instant(NOON))
    assert refused.value.most == TEXT_MOST
    with pytest.raises(TextTooLong):
        write_note(now, long)
    with pytest.raises(TextTooLong):
        hand_over(now, ONE, long, frozenset({ONE}))
    large = SealedFile(b"b" * 32, b"k" * 32, "film", ANSWER_FILE_MOST + 1, "video/mp4")
    with pytest.raises(FileTooLarge):
        write_answer(now, b"a" * 16, "", (large,), Instant(NOON))
    small = SealedFile(b"b" * 32, b"k" * 32, "ticket", ANSWER_FILE_MOST, "application/pdf")
    assert write_answer(now, b"a" * 16, "", (small,), Instant(NOON)).files == (small,)


def test_facts_come_back_and_newer_ones_are_left_alone() -> None:
    fact = message(1)
    assert kind_of(fact) == "hotline.MessageReceived"
    assert parse_fact(kind_of(fact), 1, write_fact(fact)) == fact
    key = IntakeKeyOpened(2, b"certificate", b"p" * 32)
    assert parse_fact(kind_of(key), 1, write_fact(key)) == key
    assert parse_fact(kind_of(fact), 2, b"anything") is None
    assert parse_fact("hotline.Later", 1, b"anything") is None
    with pytest.raises(Malformed):
        parse_fact(kind_of(fact), 1, b"anything")


def test_every_desk_says_the_same_name() -> None:
    assert code_name(ID, "en") == code_name(ID, "en")
    assert len(code_name(ID, "ru").split()) == 2
    assert code_name(ID, "en") != code_name(conversation_of(b"w" * 32), "en")
