# SPDX-License-Identifier: AGPL-3.0-or-later
"""Second looks: whom they wait for, and what may be said of them."""

from itertools import permutations

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.words import HOUR, DeviceId, FactId, Instant
from safeconduct.rooms.hotline import parse_fact, write_fact
from safeconduct.rooms.hotline.decide import NotAMember, NothingWritten, TextTooLong
from safeconduct.rooms.hotline.events import ConversationClaimed
from safeconduct.rooms.hotline.looks import Look, LookAsked, LookGiven, LookWithdrawn, waits_for
from safeconduct.rooms.hotline.looks_decide import (
    QUESTION_MOST,
    NothingToLookAt,
    NotYourLook,
    OwnLook,
    Question,
    ask,
    give,
    read_by_answering,
    withdraw,
)
from safeconduct.rooms.hotline.triage import AHEAD_MOST
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead, TimeTooFar
from tests.kit.clocks import NOON
from tests.unit.rooms.hotline.test_conversation import ID, ONE, TWO, Story, message

NOW = Instant(NOON)
THREE = DeviceId(b"3" * 16)
ALL = frozenset({ONE, TWO, THREE})


def asked(to: bytes = b"", **more: Instant) -> tuple[Story, FactId]:
    """A conversation in which ONE asked."""
    story = Story()
    story.tell(message(1))
    told = story.tell(ask(story.now(), Question("Too much?", to, "Come.", **more), ALL, NOW))
    return story, told.fact


def look(story: Story) -> Look:
    """The one request."""
    (found,) = story.now().looks
    return found


def waits(story: Story, device: DeviceId, present: frozenset[DeviceId] = ALL) -> bool:
    """Whether it waits for somebody with one device."""
    return waits_for(look(story), frozenset({device}), present)


def test_a_request_waits_for_whom_it_asks_and_for_nobody_once_it_was_given_or_withdrawn() -> None:
    story, fact = asked(TWO)
    assert [waits(story, one) for one in (ONE, TWO, THREE)] == [False, True, False]
    open_one, _ = asked()
    assert [waits(open_one, one) for one in (ONE, TWO, THREE)] == [False, True, True]
    for event, by in ((LookGiven(ID, fact, "fine", ""), THREE), (LookWithdrawn(ID, fact), ONE)):
        story, _ = asked(TWO)
        story.tell(event, by)
        assert not waits(story, TWO)


def test_nothing_waits_for_who_was_removed_and_nothing_that_they_asked() -> None:
    story, _ = asked(TWO)
    assert waits(story, THREE, ALL - {TWO})
    assert not waits(story, TWO, ALL - {ONE})


def test_nobody_looks_for_themselves_and_nobody_else_withdraws() -> None:
    story, fact = asked(TWO)
    story.tell(LookGiven(ID, fact, "fine", ""), ONE)
    story.tell(LookWithdrawn(ID, fact), TWO)
    assert look(story).open
    assert look(story).given == ()


def test_the_same_facts_give_the_same_looks_in_any_order() -> None:
    story, fact = asked(TWO)
    story.tell(LookGiven(ID, fact, "change", "Leave it out."), TWO)
    story.tell(LookGiven(ID, fact, "fine", ""), THREE)
    expected = story.now().looks
    assert [one.verdict for one in expected[0].given] == ["change", "fine"]
    for order in permutations(story.told):
        again = Story()
        again.told = list(order)
        assert again.now().looks == expected


def test_who_takes_it_over_holds_it_and_the_draft_goes_along() -> None:
    story, fact = asked(TWO)
    assert look(story).draft == "Come."
    given, claimed = give(story.now(), fact, "takes", "", another=True)
    assert isinstance(given, LookGiven)
    assert isinstance(claimed, ConversationClaimed)
    assert len(give(story.now(), fact, "fine", "", another=True)) == 1


def test_who_answers_has_read_what_came_back_and_nothing_else() -> None:
    story, fact = asked(TWO)
    assert read_by_answering(story.now(), ONE) == []
    story.tell(LookGiven(ID, fact, "fine", ""), TWO)
    assert read_by_answering(story.now(), TWO) == []
    assert read_by_answering(story.now(), ONE) == [LookWithdrawn(ID, fact)]


def test_what_cannot_be_is_refused() -> None:
    story, fact = asked(TWO)
    talk = story.now()
    with pytest.raises(NothingWritten):
        ask(talk, Question(" "), ALL, NOW)
    with pytest.raises(TextTooLong):
        ask(talk, Question("x" * (QUESTION_MOST + 1)), ALL, NOW)
    with pytest.raises(NotAMember):
        ask(talk, Question("Too much?", b"9" * 16), ALL, NOW)
    with pytest.raises(TimeNotAhead):
        ask(talk, Question("Too much?", by=NOW), ALL, NOW)
    with pytest.raises(TimeTooFar):
        ask(talk, Question("Too much?", by=Instant(NOON + AHEAD_MOST + HOUR)), ALL, NOW)
    with pytest.raises(OwnLook):
        give(talk, fact, "fine", "", another=False)
    with pytest.raises(NothingWritten):
        give(talk, fact, "change", " ", another=True)
    with pytest.raises(NotYourLook):
        withdraw(talk, fact, TWO)
    with pytest.raises(NothingToLookAt):
        give(talk, FactId(bytes(36)), "fine", "", another=True)
    story.tell(withdraw(talk, fact, ONE))
    for act in (
        lambda: withdraw(story.now(), fact, ONE),
        lambda: give(story.now(), fact, "fine", "", another=True),
    ):
        with pytest.raises(NothingToLookAt):
            act()


def test_facts_are_written_as_they_are_read_and_no_other_verdict_is_known() -> None:
    fact = LookAsked(ID, TWO, "Too much?", "Come.", NOON)
    assert parse_fact("hotline.LookAsked", 1, write_fact(fact)) == fact
    for kind, fields in (
        ("hotline.LookGiven", [ID, b"f" * 36, "maybe", ""]),
        ("hotline.LookAsked", [ID, b"x" * 17, "q", "", 0]),
    ):
        with pytest.raises(Malformed):
            parse_fact(kind, 1, encode(fields))
