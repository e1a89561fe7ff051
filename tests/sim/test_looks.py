# SPDX-License-Identifier: AGPL-3.0-or-later
"""Second looks between two desks in any order, and what a steward's desk counts."""

from itertools import permutations

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import afterwards
from safeconduct.edges.desk.looks_api import ToAsk
from safeconduct.edges.desk.migrations import STEPS
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.overview_api import Load
from safeconduct.edges.desk.store import step_to
from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.hotline.by_hand_decide import Typed
from safeconduct.rooms.hotline.looks_decide import OwnLook
from safeconduct.rooms.hotline.triage import Danger
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, pass_on, settle

QUESTION = "Does this say too much?"
DRAFT = "Come to the second door."
WITHOUT = 4
"""Steps of the tables before second looks."""


def ask(hand: Hand, person: Person, to: Hand | None = None) -> None:
    """Ask for a second look at an answer that was begun."""
    hand.desk.keep_draft(person.conversation, "answer", DRAFT)
    whom = to.desk.device if to else b""
    asked = ToAsk(QUESTION, whom, with_draft=True, by=Instant(hand.desk.now() + HOUR))
    hand.desk.looks.ask(person.conversation, asked)


def give(hand: Hand, verdict: str = "change") -> None:
    """Answer the one request that waits."""
    (asked,) = hand.desk.looks.for_us()
    look, text = asked.look.fact, "Leave the door out."
    hand.desk.looks.give(asked.conversation, look, verdict, text)  # type: ignore[arg-type]


def test_a_draft_goes_to_the_colleague_and_words_come_back(
    person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    ask(first, person, second)
    settle(*hands)
    (asked,) = second.desk.looks.for_us()
    assert (asked.look.question, asked.look.draft) == (QUESTION, DRAFT)
    assert first.desk.looks.for_us() == []
    with pytest.raises(OwnLook):
        first.desk.looks.give(person.conversation, asked.look.fact, "fine", "")
    give(second)
    settle(*hands)
    (back,) = first.desk.looks.answered()
    assert [one.text for one in back.look.given] == ["Leave the door out."]
    assert first.desk.drafts(person.conversation).answer == DRAFT
    first.desk.answer(person.conversation, "Come.")
    assert first.desk.looks.answered() == []
    assert second.desk.looks.for_us() == []


def test_an_urgent_answer_goes_while_a_look_waits(person: Person, hands: tuple[Hand, Hand]) -> None:
    first, second = hands
    ask(first, person, second)
    first.desk.answer(person.conversation, "Leave now.")
    settle(*hands)
    assert [one.text for one in person.replies() if one.kind == "answer"] == ["Leave now."]
    assert len(second.desk.looks.for_us()) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_looks_are_one_on_both_desks_in_any_order_also_when_joined(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand], order: tuple[int, ...]
) -> None:
    first, second = hands
    typed = Typed(way="call", happened=first.desk.now(), text="Her sister called.")
    call = first.desk.by_hand.note(None, first.desk.by_hand.fresh(), typed, "")
    ask(first, person)
    settle(*hands)
    (asked,) = second.desk.looks.for_us()
    acts = (
        lambda: first.desk.joining.join(person.conversation, call, "She gave the date."),
        lambda: second.desk.looks.give(person.conversation, asked.look.fact, "takes", ""),
        lambda: first.desk.looks.withdraw(person.conversation, asked.look.fact),
    )
    for number in order:
        acts[number]()
    settle(*hands)
    talks = [hand.desk.conversation(call) for hand in hands]
    assert talks[0] == talks[1]
    assert talks[0] is not None
    (look,) = talks[0].looks
    assert (look.withdrawn, [one.verdict for one in look.given]) == (True, ["takes"])
    assert second.desk.device in {claim.holder for claim in talks[0].claims}
    for hand in hands:
        assert hand.desk.overview.overview().looks == 0
        assert not verify_store(hand.desk.journal).findings


def test_nothing_waits_for_a_device_that_was_suspended(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    third = Hand(stage.join("third"), stage.courier(stage.desks["third"]))
    ask(first, person, second)
    ask(second, person)
    for hand in (first, second, third, first):
        hand.sync()
    assert len(third.desk.looks.for_us()) == 1
    first.desk.removals.suspend(second.desk.device, "Taken at the border.")
    pass_on(stage, "first", "third", "first")
    (asked,) = third.desk.looks.for_us()
    assert asked.look.by == first.desk.device
    assert first.desk.looks.for_us() == []
    assert first.desk.overview.overview().looks == 1


def test_counts_are_those_of_the_rows(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    second.desk.claim(person.conversation)
    second.desk.triage.judge(person.conversation, Danger.LIFE)
    second.desk.triage.deadline(person.conversation, Instant(first.desk.now() + HOUR), "the bus")
    typed = Typed(way="call", happened=first.desk.now(), text="Wrong number.")
    call = first.desk.by_hand.note(None, first.desk.by_hand.fresh(), typed, "Call the police.")
    first.desk.triage.close(call, "Nothing to do.")
    first.desk.release(call)
    settle(*hands)
    stage.clock.time = stage.clock.time + DAY
    for hand in hands:
        counts = hand.desk.overview.overview()
        assert counts.loads == {second.desk.device: Load(1, 1, 1)}
        assert (counts.overdue, counts.silent, counts.nobody) == (1, 1, 0)
        assert (counts.closed_this_week, counts.ages) == (1, (0, 0, 1, 0))
    stage.clock.time = stage.clock.time + 7 * DAY
    assert first.desk.overview.overview().closed_this_week == 0


def shown(desk: Desk) -> list[object]:
    """What lists and Today show of calls and looks."""
    rows, _ = desk.inbox(show="all", start=0, most=9)
    return [[row.conversation for row in rows], desk.looks.for_us(), desk.looks.total()]


def test_a_store_that_an_older_program_had_and_a_new_desk_show_them_again(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = hands
    typed = Typed(way="call", happened=first.desk.now(), text="Her sister called.")
    first.desk.by_hand.note(None, first.desk.by_hand.fresh(), typed, "")
    ask(first, person)
    settle(*hands)
    expected = shown(second.desk)
    monkeypatch.setattr("safeconduct.edges.desk.engine.sync.QUICK_FROM", 2)
    third = stage.join("third")
    Hand(third, stage.courier(third)).sync()
    assert shown(third) == expected
    key = second.desk.journal.store._key
    second.desk.stop()
    step_to(stage.folder / "second", key, WITHOUT)
    step_to(stage.folder / "second", key, len(STEPS))
    again = stage.unlock("second")
    assert shown(again) == expected
    for desk in (third, again):
        while afterwards.index_some(desk.journal):
            pass
        assert not verify_store(desk.journal).findings
