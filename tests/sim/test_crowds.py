# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows that say nearly the same stand as one: who is its face, who stands apart, who is counted."""

from __future__ import annotations

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.queue_rows import Sieve
from safeconduct.edges.desk.rows_api import Row
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.hotline.first_contact import FirstContact
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person
from tests.sim.test_likeness import HERS, INSULT, queue, write


def rows(hand: Hand) -> list[Row]:
    """The rows of those who wait."""
    return list(hand.desk.inbox(show="waiting", start=0, most=99)[0])


def shown(hand: Hand) -> list[tuple[ConversationId, int]]:
    """Whose rows these are, and how many stand behind each."""
    return [(row.conversation, row.behind) for row in rows(hand)]


def crowd(hand: Hand, face: int = 0) -> list[ConversationId]:
    """Whom the list behind a row has."""
    sieve = Sieve(crowd=rows(hand)[face].place.crowd)
    found, total = hand.desk.inbox(show="all", start=0, most=99, sieve=sieve)
    assert total == len(found)
    return [row.conversation for row in found]


def test_many_that_say_the_same_are_one_row_with_a_count_on_every_desk(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    same = [write(stage, INSULT) for _ in range(2)]
    first.sync()
    same += [write(stage, INSULT) for _ in range(3)]
    other = write(stage, "I am at the station with one bag and my sister, where can we sleep?")
    for hand in (second, first, second):
        hand.sync()
    for hand in hands:
        assert shown(hand) == [(same[0], 4), (other, 0)]
        assert crowd(hand) == same
        assert hand.desk.today().behind_total == 4
        assert not verify_store(hand.desk.journal).findings


def test_who_tells_more_beside_the_same_words_has_a_row_of_her_own(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0]
    flood = [write(stage, HERS) for _ in range(3)]
    in_danger = write(stage, HERS, danger=True)
    person = Person(stage)
    person.write(HERS, beside=FirstContact(region="the hills"))
    flood.append(write(stage, HERS))
    first.sync()
    faces = dict(shown(first))
    assert faces == {flood[0]: 3, in_danger: 0, person.conversation: 0}
    first.desk.triage.mark_hostile(flood[0], hostile=True)
    first.sync()
    assert set(queue(first, "hostile")) == set(flood)
    assert set(queue(first)) == {in_danger, person.conversation}


def test_whom_a_helper_takes_care_of_steps_out_and_the_next_is_the_face(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0]
    same = [write(stage, HERS) for _ in range(4)]
    first.sync()
    first.desk.claim(same[0])
    first.desk.claim(same[2])
    assert shown(first) == [(same[0], 0), (same[2], 0), (same[1], 1)]
    first.desk.release(same[2])
    assert not verify_store(first.desk.journal).findings


def test_nobody_stands_behind_another_for_short_words_that_no_helper_marked(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0]
    short = [write(stage, "Please help me") for _ in range(4)]
    first.sync()
    assert shown(first) == [(one, 0) for one in short]
    first.desk.triage.mark_hostile(short[0], hostile=True)
    first.sync()
    assert shown(first) == [(short[1], 2)]


def test_one_press_marks_a_crowd_and_never_the_first_that_said_it(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0]
    hers, *copies = [write(stage, HERS) for _ in range(4)]
    in_danger = [write(stage, HERS, danger=True) for _ in range(2)]
    first.sync()
    face = rows(first)[0].place.crowd
    assert first.desk.triage.mark_crowd(face, crowd(first)) == 1
    first.sync()
    assert set(queue(first, "hostile")) == set(copies)
    assert shown(first) == [(hers, 0), (in_danger[0], 1)]
    seen = crowd(first, 1)
    assert first.desk.triage.mark_crowd(rows(first)[1].place.crowd, seen) == 2
    assert shown(first) == [(hers, 0)]
    assert not verify_store(first.desk.journal).findings


def test_who_stands_behind_another_falls_silent_like_everybody(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0]
    same = [write(stage, HERS) for _ in range(3)]
    first.sync()
    stage.clock.time += 3 * 24 * 3_600_000
    assert set(queue(first, "silent")) == set(same)
