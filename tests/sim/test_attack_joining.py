# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody found the words that were lost, and a turned colleague joins a stranger's conversation.

Both want what is written for her.
"""

import pytest

from safeconduct.edges.desk.engine import post
from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.hotline.joining import ConversationsJoined
from safeconduct.rooms.hotline.joining_decide import AskWhoJoined
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, settle

pytestmark = pytest.mark.attack


@pytest.fixture
def other(stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]) -> Person:
    """Who writes with other words, an hour later; both desks hold it."""
    stage.clock.time = stage.clock.time + HOUR
    other = Person(stage)
    other.write("I wrote before. The words are lost.")
    settle(*hands)
    return other


def answers(person: Person) -> list[str]:
    """What somebody reads who has these words."""
    return [one.text for one in person.replies() if one.kind == "answer"]


def test_who_found_the_old_words_is_not_answered_by_writing_with_them(
    stage: Rehearsal, person: Person, other: Person, hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    first.desk.joining.join(other.conversation, person.conversation, "She knew the lilacs.")
    stage.clock.time = stage.clock.time + HOUR
    person.write("It is me. Where do we meet?")
    settle(*hands)
    first.desk.answer(person.conversation, "At the bridge.")
    settle(*hands)
    assert answers(person) == []
    assert answers(other) == ["At the bridge."]


def test_who_writes_with_the_old_words_ends_no_silence(
    stage: Rehearsal, person: Person, other: Person, hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    first.desk.joining.join(other.conversation, person.conversation, "She knew the lilacs.")
    due = Instant(first.desk.now() + HOUR)
    first.desk.answer(other.conversation, "Write by ten.", next_contact=due)
    stage.clock.time = stage.clock.time + DAY
    person.write("All is well.")
    settle(*hands)
    assert first.desk.today().silent_total == 1


def test_no_answer_goes_to_a_strangers_box_by_a_colleagues_joining_alone(
    person: Person, other: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    first.desk.claim(person.conversation)
    settle(*hands)
    joined = ConversationsJoined(other.conversation, person.conversation, 1, "", ())
    second.desk.journal.write([post.fact(second.desk.journal, joined)])
    settle(second, first)
    with pytest.raises(AskWhoJoined):
        first.desk.answer(person.conversation, "At the bridge.")
    settle(*hands)
    assert answers(other) == []
