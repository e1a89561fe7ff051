# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one desk hands to another: the words stay, are found, and are marked until seen."""

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.afterwards import index_some
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store_facts import FactShelf
from safeconduct.kernel.words import HOUR, DeviceId
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person


def marks(desk: Desk) -> list[DeviceId]:
    """Who handed something to this desk, as Today says it."""
    today = desk.today()
    rows = [*today.waiting, *today.mine]
    assert len({row.conversation for row in rows}) == len(rows)
    return [row.handed_by for row in rows if row.handed_by is not None]


def test_a_hand_over_is_marked_until_it_was_seen_and_its_words_stay(
    stage: Rehearsal, person: Person
) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    talk = person.conversation
    person.write("Please help.")
    first.sync()
    first.desk.hand_over(talk, second.desk.device, "She waits at the Ostrel bridge.")
    first.sync()
    second.sync()
    assert (marks(first.desk), marks(second.desk)) == ([], [first.desk.device])
    second.desk.stop()
    again = stage.unlock("second")
    assert marks(again) == [first.desk.device]
    again.mark_read(talk)
    again.mark_read(talk)
    assert marks(again) == []
    again.release(talk)
    conversation = again.conversation(talk)
    assert conversation is not None
    (passed,) = conversation.handovers
    assert (passed.by, passed.to) == (first.desk.device, again.device)
    assert passed.text == "She waits at the Ostrel bridge."
    again.hand_over(talk, first.desk.device, "")
    while index_some(again.journal):
        pass
    assert [hit.kind for hit in again.search("ostrel")] == ["hand-over"]
    assert not verify_store(again.journal).findings


def test_answering_what_was_handed_over_ends_the_mark(stage: Rehearsal, person: Person) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    person.write("Please help.")
    first.sync()
    first.desk.hand_over(person.conversation, second.desk.device, "yours")
    first.sync()
    second.sync()
    assert marks(second.desk) == [first.desk.device]
    second.desk.answer(person.conversation, "We heard you.")
    assert marks(second.desk) == []


def test_of_two_that_stand_each_is_marked_until_it_was_seen(
    stage: Rehearsal, person: Person
) -> None:
    stage.join("third")
    first, second, third = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    talk, to = person.conversation, second.desk.device
    person.write("Please help.")
    for hand in (first, second, third, first, second, third):
        hand.sync()
    third.desk.hand_over(talk, to, "Written first, and on the train.")
    stage.clock.time += HOUR
    first.desk.hand_over(talk, to, "Written later.")
    first.sync()
    second.sync()
    assert marks(second.desk) == [first.desk.device]
    second.desk.mark_read(talk)
    assert marks(second.desk) == []
    third.sync()
    second.sync()
    assert marks(second.desk) == [third.desk.device]
    conversation = second.desk.conversation(talk)
    assert conversation is not None
    shown = second.desk.handed(conversation)
    assert shown is not None
    assert shown.text == "Written first, and on the train."
    assert not verify_store(second.desk.journal).findings
    second.desk.mark_read(talk)
    assert marks(second.desk) == []


def test_marks_are_read_from_lists_that_are_checked_and_nothing_is_folded(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (Hand(desk, stage.courier(desk)) for desk in stage.desks.values())
    person.write("Please help.")
    first.sync()
    first.desk.hand_over(person.conversation, second.desk.device, "yours")
    first.sync()
    second.sync()
    with monkeypatch.context() as patch:
        patch.delattr(FactShelf, "rows_of")
        assert marks(second.desk) == [first.desk.device]
        (row,) = second.desk.inbox(show="mine", start=0, most=9)[0]
        assert row.handed_by == first.desk.device
    assert not verify_store(second.desk.journal).findings
    with second.desk.journal.store.transaction() as writer:
        writer.execute("UPDATE holders SET passed_by = device")
    assert [found.code for found in verify_store(second.desk.journal).findings] == ["list_differs"]
