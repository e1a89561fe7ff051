# SPDX-License-Identifier: AGPL-3.0-or-later
"""Danger, deadlines, tags, snoozes, next contacts: what stands, and what helpers may set."""

import pytest

from safeconduct.kernel.errors import Malformed, Refused
from safeconduct.kernel.words import DAY, HOUR, DeviceId, FactId, Instant, MessageId
from safeconduct.rooms.hotline import parse_fact, silence, triage_decide, write_answer, write_fact
from safeconduct.rooms.hotline.queue import Place, State, hidden, place_of, silent
from safeconduct.rooms.hotline.reasons import Why, reasons
from safeconduct.rooms.hotline.silence import TIMES, Step, step
from safeconduct.rooms.hotline.triage import (
    AHEAD_MOST,
    REASON_MOST,
    SNOOZE_MOST,
    TAG_MOST,
    TAGS_MOST,
    Danger,
    Triage,
)
from safeconduct.rooms.hotline.triage_decide import (
    AnswerFirst,
    LostByAnother,
    NothingLost,
    SilentFirst,
    TagsTooLong,
    TimeNotAhead,
    TimeTooFar,
    WhyMissing,
    WhyTooLong,
)
from safeconduct.rooms.hotline.triage_facts import (
    ContactLostSeconded,
    ConversationClosed,
    ConversationSnoozed,
    DangerSet,
    DeadlineSet,
    NextContactSet,
    TagsSet,
)
from tests.kit.clocks import NOON as START
from tests.unit.rooms.hotline.test_conversation import ID, ONE, TWO, Story, message

NOON = Instant(START)
LATER = Instant(NOON + DAY)
SOON = Instant(NOON + HOUR)
HERS = (MessageId(b"m" * 32),)


def answered() -> Story:
    """A conversation in which nothing waits."""
    story = Story()
    story.tell(message(1))
    story.tell(write_answer(story.now(), b"a" * 16, "yes", (), SOON))
    return story


def test_the_higher_of_two_dangers_that_were_set_at_once_is_shown() -> None:
    story = Story()
    story.tell(message(1))
    before = story.now()
    story.tell(triage_decide.judge(before, Danger.LIFE, TWO), TWO)
    story.tell(triage_decide.judge(before, Danger.NONE_KNOWN, ONE), ONE)
    triage = story.now().triage
    assert (triage.danger, triage.danger_by) == (Danger.LIFE, (TWO,))
    assert triage.disputed == {"danger"}
    story.tell(triage_decide.judge(story.now(), Danger.AT_RISK, ONE), ONE)
    assert story.now().triage.danger is Danger.AT_RISK
    assert not story.now().triage.disputed


def test_what_the_person_says_of_today_raises_and_never_lowers() -> None:
    assert Triage(danger=Danger.NONE_KNOWN, in_danger=HERS).rank is Danger.IN_DANGER
    assert Triage(danger=Danger.LIFE, in_danger=HERS).rank is Danger.LIFE
    place = Place(danger=Danger.IN_DANGER, says_danger=True)
    assert reasons(place, NOON)[0].why is Why.SAYS_DANGER


def test_the_earlier_of_two_deadlines_stands_and_taking_one_away_takes_no_other() -> None:
    story = Story()
    story.tell(message(1))
    before = story.now()
    story.tell(triage_decide.set_deadline(before, LATER, "bus", NOON))
    story.tell(triage_decide.set_deadline(before, SOON, "they come", NOON), TWO)
    story.tell(triage_decide.set_deadline(before, None, "", NOON), TWO)
    deadline = story.now().triage.deadline
    assert deadline is not None
    assert (deadline.to, deadline.reason, deadline.by) == (SOON, "they come", TWO)
    story.tell(triage_decide.set_deadline(story.now(), None, "", NOON))
    assert story.now().triage.deadline is None


def test_tags_of_two_who_wrote_at_once_are_all_kept() -> None:
    story = Story()
    story.tell(message(1))
    before = story.now()
    story.tell(triage_decide.set_tags(before, " minor,  two   children,minor,"))
    story.tell(triage_decide.set_tags(before, "passport"))
    assert story.now().triage.tags == ("minor", "passport", "two children")
    story.tell(triage_decide.set_tags(story.now(), ""))
    assert story.now().triage.tags == ()


def test_a_snooze_ends_when_the_person_writes_or_somebody_wakes_it() -> None:
    story = Story()
    story.tell(message(1))
    story.tell(triage_decide.snooze(story.now(), LATER, NOON))
    asleep = place_of(story.now())
    assert hidden(asleep, SOON)
    assert not hidden(asleep, LATER)
    assert reasons(asleep, SOON)[-1].why is Why.SNOOZED
    story.tell(message(2))
    assert place_of(story.now()).snoozed_until is None
    story.tell(triage_decide.snooze(story.now(), LATER, NOON))
    assert place_of(story.now()).snoozed_until == LATER
    story.tell(triage_decide.snooze(story.now(), None, NOON))
    assert place_of(story.now()).snoozed_until is None


def test_a_snooze_hides_nobody_in_danger() -> None:
    for danger in Danger:
        asleep = Place(danger=danger, snoozed_until=LATER)
        assert hidden(asleep, NOON) == (danger < Danger.IN_DANGER)
        assert reasons(asleep, NOON)[-1].why is Why.SNOOZED


def test_nothing_is_put_off_for_long_whatever_its_fact_says() -> None:
    story = answered()
    told = story.tell(NextContactSet(ID, 1 << 62, 0, "", ()))
    story.tell(ConversationSnoozed(ID, 1 << 62, (), ()))
    triage = story.now().triage
    assert triage.contact is not None
    assert triage.contact.to == told.at + AHEAD_MOST
    assert triage.snooze is not None
    assert triage.snooze.to <= told.at + SNOOZE_MOST + 1000


def test_every_open_conversation_has_a_next_contact_time_by_its_danger() -> None:
    for danger in Danger:
        story = answered()
        story.tell(DangerSet(ID, danger.value, (), ()))
        talk = story.now()
        assert place_of(talk).due == talk.answers[-1].written + TIMES[danger].word


def test_a_time_that_was_set_stands_until_the_person_writes_at_it_or_later() -> None:
    story = answered()
    story.tell(triage_decide.set_contact(story.now(), LATER, "", NOON))
    assert place_of(story.now()).due == LATER
    story.tell(message(2))
    assert place_of(story.now()).due == LATER
    story.tell(message(3, arrived=LATER), ms=LATER + HOUR)
    assert place_of(story.now()).due == LATER + 3 + TIMES[Danger.UNJUDGED].word


def test_the_earlier_of_two_next_contacts_stands() -> None:
    story = answered()
    before = story.now()
    story.tell(triage_decide.set_contact(before, LATER, "", NOON))
    story.tell(triage_decide.set_contact(before, SOON, "", NOON), TWO)
    assert place_of(story.now()).due == SOON


def test_a_silence_goes_up_from_the_holder_to_everyone_on_duty_to_stewards() -> None:
    for danger, times in TIMES.items():
        assert step(danger, NOON, Instant(NOON - 1), held=True) is None
        assert step(danger, NOON, NOON, held=True) is Step.HOLDER
        assert step(danger, NOON, NOON, held=False) is Step.DUTY
        assert step(danger, NOON, Instant(NOON + times.duty), held=True) is Step.DUTY
        assert step(danger, NOON, Instant(NOON + times.stewards), held=True) is Step.STEWARDS


def test_more_danger_is_never_waited_for_longer() -> None:
    for less, more in zip(sorted(Danger)[:-1], sorted(Danger)[1:], strict=True):
        assert all(a >= b for a, b in zip(TIMES[less], TIMES[more], strict=True))


def test_a_lost_contact_counts_when_another_device_says_so_too() -> None:
    story = answered()
    lost = story.tell(triage_decide.say_lost(story.now(), "no phone"))
    assert place_of(story.now()).state is State.LOST_SAID
    assert place_of(story.now()).due is not None
    story.tell(ContactLostSeconded(ID, lost.fact), ONE)
    assert place_of(story.now()).state is State.LOST_SAID
    story.tell(triage_decide.second_lost(story.now(), lost.fact, another=True), TWO)
    assert place_of(story.now()).state is State.LOST
    assert place_of(story.now()).due is None


@pytest.mark.parametrize("how", ["lost", "closed"])
def test_what_was_over_is_open_again_when_the_person_writes_or_a_time_is_set(how: str) -> None:
    def over() -> Story:
        story = answered()
        if how == "closed":
            story.tell(triage_decide.close(story.now(), "arrived", NOON))
        else:
            lost = story.tell(triage_decide.say_lost(story.now(), "gone"))
            story.tell(ContactLostSeconded(ID, lost.fact), TWO)
        assert place_of(story.now()).due is None
        return story

    story = over()
    story.tell(message(2))
    assert place_of(story.now()).due is not None
    story.tell(write_answer(story.now(), b"b" * 16, "yes", (), LATER))
    assert place_of(story.now()).due is not None
    story = over()
    with pytest.raises(WhyMissing):
        triage_decide.set_contact(story.now(), LATER, " ", NOON)
    story.tell(triage_decide.set_contact(story.now(), LATER, "she called", NOON))
    assert place_of(story.now()).due == LATER


def test_a_time_set_at_the_same_time_wins_over_a_lost_contact() -> None:
    story = answered()
    before = story.now()
    lost = story.tell(triage_decide.say_lost(before, "gone"))
    story.tell(triage_decide.set_contact(before, LATER, "", NOON), TWO)
    story.tell(ContactLostSeconded(ID, lost.fact), TWO)
    assert place_of(story.now()).due == LATER


def test_what_is_silent_takes_a_reason_and_is_not_just_closed() -> None:
    story = answered()
    story.tell(triage_decide.set_contact(story.now(), SOON, "", NOON))
    talk = story.now()
    assert silent(place_of(talk), SOON)
    with pytest.raises(WhyMissing):
        triage_decide.set_contact(talk, LATER, "", SOON)
    with pytest.raises(SilentFirst):
        triage_decide.close(talk, "done", SOON)
    story.tell(triage_decide.judge(talk, Danger.NONE_KNOWN, ONE))
    assert triage_decide.close(story.now(), "done", SOON).messages == 1


def test_nothing_is_closed_or_lost_while_a_message_waits() -> None:
    story = Story()
    story.tell(message(1))
    with pytest.raises(AnswerFirst):
        triage_decide.close(story.now(), "done", NOON)
    with pytest.raises(AnswerFirst):
        triage_decide.say_lost(story.now(), "gone")


def test_who_seconds_is_somebody_else_and_there_is_something_to_second() -> None:
    story = answered()
    nothing = FactId(bytes(36))
    with pytest.raises(NothingLost):
        triage_decide.second_lost(story.now(), nothing, another=True)
    lost = story.tell(triage_decide.say_lost(story.now(), "gone"))
    with pytest.raises(LostByAnother):
        triage_decide.second_lost(story.now(), lost.fact, another=False)


def test_times_reasons_and_tags_have_limits() -> None:
    talk = answered().now()
    far = Instant(NOON + AHEAD_MOST + 1)
    refused: list[tuple[type[Refused], object]] = [
        (TimeNotAhead, lambda: triage_decide.set_deadline(talk, NOON, "why", NOON)),
        (TimeTooFar, lambda: triage_decide.set_deadline(talk, far, "why", NOON)),
        (WhyMissing, lambda: triage_decide.set_deadline(talk, LATER, "", NOON)),
        (WhyTooLong, lambda: triage_decide.set_deadline(talk, LATER, "w" * 401, NOON)),
        (TimeTooFar, lambda: triage_decide.snooze(talk, Instant(NOON + SNOOZE_MOST + 1), NOON)),
        (TimeNotAhead, lambda: triage_decide.contact_with_answer(talk, NOON, NOON)),
        (WhyMissing, lambda: triage_decide.set_contact(talk, LATER, "", NOON, heard=True)),
        (TagsTooLong, lambda: triage_decide.set_tags(talk, "t" * 61)),
        (TagsTooLong, lambda: triage_decide.set_tags(talk, ",".join(map(str, range(21))))),
    ]
    for kind, call in refused:
        with pytest.raises(kind):
            call()  # type: ignore[operator]


def test_bodies_of_other_levels_and_too_many_tags_do_not_parse() -> None:
    assert parse_fact("hotline.DangerSet", 1, write_fact(DangerSet(ID, 4, (), ()))) is not None
    for event in (
        DangerSet(ID, 5, (), ()),
        NextContactSet(ID, 1, 2, "", ()),
        TagsSet(ID, ("t",) * (TAGS_MOST + 1), ()),
    ):
        with pytest.raises(Malformed):
            parse_fact(f"hotline.{type(event).__name__}", 1, write_fact(event))


def test_reasons_stand_in_the_order_of_their_weight() -> None:
    place = Place(
        danger=Danger.AT_RISK, deadline=LATER, deadline_reason="bus", due=SOON, due_reason="call"
    )
    said = [(one.why, one.text) for one in reasons(place, SOON)]
    assert said == [(Why.AT_RISK, ""), (Why.DEADLINE, "bus"), (Why.SILENT, "call")]
    assert reasons(place, LATER)[1].why is Why.DEADLINE_PASSED


def test_a_deadline_without_a_time_is_none() -> None:
    story = answered()
    story.tell(DeadlineSet(ID, 0, "", ()), DeviceId(b"3" * 16))
    assert story.now().triage.deadline is None
    assert silence.due(Triage(), last_word=NOON, last_arrived=NOON) == NOON + DAY


def test_who_says_to_know_messages_that_are_yet_to_come_closes_nothing() -> None:
    story = answered()
    story.tell(ConversationClosed(ID, "done", (1 << 32) - 1, ()))
    assert place_of(story.now()).state is State.OPEN
    story.tell(message(2))
    story.tell(write_answer(story.now(), b"b" * 16, "where are you?", (), LATER))
    assert place_of(story.now()).due is not None


def test_what_a_changed_desk_writes_at_length_is_cut_to_what_lists_hold() -> None:
    story = answered()
    story.tell(DeadlineSet(ID, LATER, "w" * 100_000, ()))
    story.tell(NextContactSet(ID, LATER, 0, "w" * 100_000, ()))
    story.tell(TagsSet(ID, ("t" * 100_000,), ()))
    place = place_of(story.now())
    assert (len(place.deadline_reason), len(place.due_reason)) == (REASON_MOST, REASON_MOST)
    assert [len(tag) for tag in place.tags] == [TAG_MOST]
