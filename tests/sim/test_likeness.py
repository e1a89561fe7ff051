# SPDX-License-Identifier: AGPL-3.0-or-later
"""A flood in the queue of two desks: what it sinks, what a helper puts away, what comes back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from safeconduct.edges.desk.check import verify_store
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.crew.events import DeviceSuspended
from safeconduct.rooms.hotline.first_contact import FirstContact
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.triage_decide import MarkedByAnother
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person
from tests.sim.test_attack_intake import record, tell
from tests.sim.test_removed_devices import cut
from tests.sim.test_removed_devices import tell as sign

HERS = (
    "My uncle locked me in the shed behind the mill and took my papers. The carpenter's wife gave "
    "me this phone until noon. I can walk to the river but not as far as the border."
)
INSULT = (
    "You sold your own people for foreign money and we will come to every one of your houses, "
    "wait for us at night and do not sleep, traitors and sick dogs that you are."
)


def write(stage: Rehearsal, text: str, *, danger: bool = False) -> ConversationId:
    """Somebody new writes."""
    person = Person(stage)
    person.write(text, beside=FirstContact(danger_today="yes") if danger else None)
    stage.clock.time += 1_000
    return person.conversation


def queue(hand: Hand, show: str = "waiting") -> list[ConversationId]:
    """Whom a list shows, in order; of who waits those too that stand behind others, at the end."""
    shows = (show, "behind") if show == "waiting" else (show,)
    found = [row for one in shows for row in hand.desk.inbox(show=one, start=0, most=99)[0]]
    return [row.conversation for row in found]


def test_copies_stand_below_who_wrote_later(stage: Rehearsal, hands: tuple[Hand, Hand]) -> None:
    hers, *copies = [write(stage, HERS) for _ in range(3)]
    other = write(stage, "I am at the station with one bag and my sister, where can we sleep?")
    hands[0].sync()
    assert queue(hands[0]) == [hers, other, *copies]
    row = hands[0].desk.inbox(show="behind", start=0, most=1)[0][0]
    assert (row.place.others, row.place.alike > 0) == (1, True)


def test_desks_that_read_in_another_order_show_the_same_queue(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    for turn in range(3):
        for _ in range(2):
            write(stage, HERS)
        write(stage, INSULT, danger=turn == 1)
        hand = hands[turn % 2]
        hand.pull()  # It records what it reads, and the other hears of it later.
    for hand in (second, first, second, first):
        hand.sync()
    assert queue(first) == queue(second)
    assert len(queue(first)) == 9
    assert not verify_store(first.desk.journal).findings


def test_a_mark_puts_it_and_later_copies_away_and_is_taken_back(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    insults = [write(stage, INSULT) for _ in range(3)]
    first.sync()
    first.desk.triage.mark_hostile(insults[0], hostile=True)
    insults.append(write(stage, INSULT))
    first.sync()
    second.sync()
    assert queue(second) == []
    assert set(queue(second, "hostile")) == set(insults)
    assert second.desk.today().hostile_total == 4
    assert queue(second, "silent") == []
    second.desk.triage.mark_hostile(insults[0], hostile=False)
    second.sync()
    first.sync()
    assert set(queue(first)) == set(insults)
    assert queue(first, "hostile") == []
    assert not verify_store(first.desk.journal).findings


def test_a_helper_who_answers_brings_a_copy_back(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0]
    hers, again = write(stage, HERS), write(stage, HERS)
    first.sync()
    first.desk.triage.mark_hostile(hers, hostile=True)
    first.sync()
    assert set(queue(first, "hostile")) == {hers, again}
    first.desk.note(again, "This is a real person, I spoke with them.")
    assert queue(first) == [again]


def test_who_writes_something_of_her_own_rises(stage: Rehearsal, hands: tuple[Hand, Hand]) -> None:
    write(stage, HERS)
    person = Person(stage)
    person.write(HERS)
    stage.clock.time += 1_000
    other = write(stage, "I am at the station with one bag and my sister, where can we sleep?")
    hands[0].sync()
    assert queue(hands[0])[-1] == person.conversation
    person.write("The baker saw my brother at the bridge, so I moved to the empty school.")
    hands[0].sync()
    assert queue(hands[0]).index(person.conversation) < queue(hands[0]).index(other)


def test_a_store_that_is_opened_again_weighs_on(stage: Rehearsal, hands: tuple[Hand, Hand]) -> None:
    hers = write(stage, HERS)
    hands[0].sync()
    stage.desks["first"].stop()
    again = Hand(desk := stage.unlock("first"), stage.courier(desk))
    copy = write(stage, HERS)
    again.sync()
    assert queue(again) == [hers, copy]
    assert again.desk.inbox(show="behind", start=0, most=1)[0][0].place.alike


def test_frames_that_are_read_again_weigh_the_same(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    for text in (HERS, INSULT, HERS, INSULT, HERS):
        write(stage, text)
    hands[0].sync()
    before = hands[0].desk.inbox(show="waiting", start=0, most=99)
    hands[0].desk.journal.read_again()
    hands[0].sync()
    assert hands[0].desk.inbox(show="waiting", start=0, most=99) == before


@pytest.mark.parametrize("marked", [False, True])
def test_the_sender_learns_nothing(
    stage: Rehearsal, hands: tuple[Hand, Hand], marked: bool
) -> None:
    first = hands[0]
    person, copier = Person(stage), Person(stage)
    for one in (person, copier):
        one.write(INSULT)
        stage.clock.time += 1_000
    first.sync()
    if marked:
        first.desk.triage.mark_hostile(person.conversation, hostile=True)
    copier.write(INSULT)
    first.sync()
    kinds = [[reply.kind for reply in one.replies()] for one in (person, copier)]
    assert kinds == [["have"], ["have", "have"]]


def test_a_plea_that_an_insult_holds_is_not_put_away_with_it(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0]
    plea = "My son is in the army, please help"
    mocks = "Please help my son is in the army, ha ha, we know where your traitors sleep tonight"
    insult = write(stage, mocks)
    first.sync()
    first.desk.triage.mark_hostile(insult, hostile=True)
    later = [write(stage, plea), write(stage, f"{plea}, near the mill at the river")]
    first.sync()
    assert set(queue(first)) == {*later}
    assert queue(first, "hostile") == [insult]


def test_an_insult_that_holds_a_plea_leaves_who_says_it_again_in_the_queue(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0]
    hers = write(stage, HERS)
    insult = write(stage, HERS + " Ha ha, nobody will help you, traitors and sick dogs.")
    first.sync()
    first.desk.triage.mark_hostile(insult, hostile=True)
    again = write(stage, HERS)
    first.sync()
    assert queue(first) == [hers, again]


def test_who_is_told_falsely_by_a_colleagues_desk_is_not_put_away(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, informer = hands
    insult = write(stage, INSULT)
    first.sync()
    first.desk.triage.mark_hostile(insult, hostile=True)
    stage.clock.time += 1_000
    hers = write(stage, HERS)
    first.sync()
    informer.sync()
    true = informer.desk.journal.lists.all_records(hers)[0]
    tell(informer, replace(true, text=INSULT, arrived=true.arrived - 1))
    first.sync()
    assert queue(first) == [hers]


def test_what_a_removed_device_recorded_sinks_nobody(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, informer = hands
    before = cut(first.desk, informer.desk)
    nobody, early = Person(stage), stage.clock.time
    stage.clock.time += 1_000
    hers = write(stage, HERS)
    tell(informer, record(nobody, b"f" * 32, text=HERS, arrived=early))
    first.sync()
    assert first.desk.inbox(show="behind", start=0, most=9)[0][0].place.alike
    sign(first.desk, DeviceSuspended((before,), "lost"))
    first.sync()
    assert queue(first) == [hers]
    assert first.desk.inbox(show="waiting", start=0, most=1)[0][0].place.alike == 0
    assert not verify_store(first.desk.journal).findings


def test_who_was_judged_to_be_in_danger_is_put_away_by_two(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    insult = write(stage, INSULT)
    second.sync()
    second.desk.triage.judge(insult, Danger.IN_DANGER)
    second.sync()
    first.sync()
    first.desk.triage.mark_hostile(insult, hostile=True)
    with pytest.raises(MarkedByAnother):
        first.desk.triage.mark_hostile(insult, hostile=True)
    later = write(stage, INSULT)
    for hand in (first, second):
        hand.sync()
        assert set(queue(hand)) == {insult, later}
    second.desk.triage.mark_hostile(insult, hostile=True)
    for hand in (second, first):
        hand.sync()
        assert set(queue(hand, "hostile")) == {insult, later}
    first.desk.triage.mark_hostile(insult, hostile=False)
    first.sync()
    assert set(queue(first)) == {insult, later}
    assert not verify_store(first.desk.journal).findings


def test_copies_stay_where_one_of_their_kind_was_judged_to_be_in_danger(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first = hands[0]
    hers, copy, *later = [write(stage, HERS) for _ in range(4)]
    first.sync()
    first.desk.triage.judge(hers, Danger.IN_DANGER)
    first.desk.triage.mark_hostile(copy, hostile=True)
    first.sync()
    assert queue(first, "hostile") == [copy]
    assert set(queue(first)) == {hers, *later}
