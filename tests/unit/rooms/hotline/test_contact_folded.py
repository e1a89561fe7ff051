# SPDX-License-Identifier: AGPL-3.0-or-later
"""What she told beside her messages, as a conversation has it."""

from itertools import permutations
from typing import Any

from msgspec.structs import replace

from safeconduct.kernel.canon import encode
from safeconduct.kernel.words import HOUR, Instant
from safeconduct.rooms.hotline.decide import read
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.first_contact import FirstContact, write_contact
from safeconduct.rooms.hotline.queue import Place, order_key, place_of
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.triage_decide import judge
from tests.kit.clocks import NOON
from tests.unit.rooms.hotline.test_conversation import TWO, Story, message

NOW = Instant(NOON)


def told_beside(number: int, **answers: Any) -> MessageReceived:  # noqa: ANN401  (each its own)
    """A message with what she told beside it."""
    extras = encode(write_contact(FirstContact(**answers)))
    return replace(message(number), extras=extras)


def test_what_she_told_last_stands_and_every_word_of_hers_counts() -> None:
    story = Story()
    story.tell(told_beside(2, danger_today="no", not_alone_word="maple"))
    story.tell(message(3))
    assert story.now().contact == FirstContact(danger_today="no", not_alone_word="maple")
    story.tell(told_beside(1, danger_today="yes", region="north", not_alone_word="lilac"))
    now = story.now()
    assert now.contact == FirstContact(danger_today="no", region="north", not_alone_word="maple")
    named = [now.not_alone_words(one) for one in now.messages]
    assert named == [(), ("lilac",), ("lilac", "maple")]


def test_a_colleagues_record_does_not_take_her_out_of_danger() -> None:
    for order in permutations([told_beside(1, danger_today="yes"), message(1)]):
        story = Story()
        for event in order:
            story.tell(event)
        story.tell(told_beside(1, danger_today="no"), TWO)
        told = story.now().contact
        assert told is not None
        assert told.danger_today == "yes"
        assert story.now().told_differently


def judged(story: Story, level: Danger, *, hours: int = 0) -> None:
    """A helper reads everything and judges, by a clock that is so many hours ahead."""
    ms = NOON + hours * HOUR if hours else 0
    if (seen := read(story.now(), TWO)) is not None:
        story.tell(seen, TWO, ms=ms)
    story.tell(judge(story.now(), level, TWO), TWO, ms=ms)


def test_her_word_that_she_is_in_danger_holds_until_somebody_judges_who_read_it() -> None:
    story = Story()
    story.tell(told_beside(1, danger_today="yes"))
    assert place_of(story.now()) == Place(
        danger=Danger.IN_DANGER, says_danger=True, due=place_of(story.now()).due
    )
    story.tell(told_beside(2, danger_today="no"))
    assert story.now().triage.says_danger
    judged(story, Danger.AT_RISK)
    assert story.now().triage.rank is Danger.AT_RISK
    assert not story.now().triage.says_danger
    story.tell(told_beside(3, danger_today="yes"))
    assert story.now().triage.rank is Danger.IN_DANGER


def test_who_was_judged_to_be_in_danger_stands_before_who_says_so() -> None:
    said, found = Story(), Story()
    said.tell(told_beside(1, danger_today="yes"))
    found.tell(message(1))
    judged(found, Danger.IN_DANGER)
    flood, known = (place_of(story.now()) for story in (said, found))
    assert order_key(known, Instant(NOON + 9), b"2", NOW) < order_key(flood, NOW, b"1", NOW)


def test_who_judges_without_having_read_her_word_does_not_take_it_away() -> None:
    story = Story()
    story.tell(message(1))
    before = story.now()
    story.tell(told_beside(2, danger_today="yes"))
    story.tell(judge(before, Danger.NONE_KNOWN, TWO), TWO)
    assert story.now().triage.rank is Danger.IN_DANGER
    story.tell(judge(story.now(), Danger.NONE_KNOWN, TWO), TWO)
    assert story.now().triage.rank is Danger.IN_DANGER


def test_no_clock_takes_away_her_word_that_she_is_in_danger() -> None:
    story = Story()
    story.tell(message(1))
    judged(story, Danger.AT_RISK, hours=1 << 16)
    told = told_beside(2, danger_today="yes")
    story.tell(told)
    for arrived in (0, 1, NOON):
        story.tell(replace(told, arrived=arrived), TWO)
        assert story.now().triage.rank is Danger.IN_DANGER
