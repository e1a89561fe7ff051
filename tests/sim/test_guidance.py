# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two desks: flags, steps, words and ready answers of one stand at the other, in any order."""

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.migrations import STEPS, version_of
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import step_to
from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.canned import CannedState
from safeconduct.rooms.hotline.canned_decide import ReadByItsWriter, Text
from safeconduct.rooms.hotline.flags import Flag
from safeconduct.rooms.hotline.queue import Place
from safeconduct.rooms.hotline.triage import Danger
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, settle

WITHOUT_FLAGS = 4
HELLO = Text("en", "First answer", "We read it. We write {when}.")


def place(desk: Desk, person: Person) -> Place:
    """What her row says."""
    rows, _ = desk.inbox(show="all", start=0, most=9)
    return next(row.place for row in rows if row.conversation == person.conversation)


def states(desk: Desk) -> list[CannedState]:
    """What ready answers wait for."""
    return [one.state(desk.now()) for one in desk.guidance.canned()]


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 0, 1), (1, 1, 0)])
def test_what_both_wrote_at_once_stands_alike_at_both(
    person: Person, hands: tuple[Hand, Hand], order: tuple[int, ...]
) -> None:
    first, second = hands
    talk = person.conversation
    first.desk.guidance.raise_flag(talk, Flag.SUICIDE, "She wrote a goodbye.")
    first.desk.guidance.tick(talk, Flag.SUICIDE, "direct", 1, done=True)
    second.desk.guidance.raise_flag(talk, Flag.SUICIDE, "She gave her cat away.")
    second.desk.guidance.raise_flag(talk, Flag.MINOR, "Fifteen, she says.")
    second.desk.triage.judge(talk, Danger.NONE_KNOWN)
    for hand, words in zip(hands, ("Madina", "brother"), strict=True):
        hand.desk.guidance.avoid(talk, words)
    for at in order:
        hands[at].sync()
    settle(*hands)
    found = [hand.desk.conversation(talk) for hand in hands]
    assert found[0] == found[1]
    assert found[0] is not None
    flagged = found[0].triage.flagged(Flag.SUICIDE)
    assert flagged is not None
    assert (len(flagged.raised), flagged.done("direct")) == (2, True)
    assert found[0].avoided.words == ("Madina", "brother")
    for hand in hands:
        expected = (Danger.IN_DANGER, (Flag.SUICIDE, Flag.MINOR))
        assert (place(hand.desk, person).danger, place(hand.desk, person).flags) == expected
        assert not verify_store(hand.desk.journal).findings


def test_a_flagged_conversation_goes_before_one_that_waited_longer(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    stage.clock.time = stage.clock.time + DAY // 2
    other = Person(stage)
    other.write("Me too.")
    first.sync()
    first.desk.guidance.raise_flag(other.conversation, Flag.MINOR, "Fifteen.")
    settle(*hands)
    rows, _ = second.desk.inbox(show="waiting", start=0, most=9)
    assert [row.conversation for row in rows] == [other.conversation, person.conversation]
    second.desk.guidance.end_flag(other.conversation, Flag.MINOR, "Twenty.")
    settle(*hands)
    rows, _ = first.desk.inbox(show="waiting", start=0, most=9)
    assert [row.conversation for row in rows] == [person.conversation, other.conversation]


def test_a_ready_answer_is_offered_at_both_once_the_other_read_it(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    first.desk.guidance.write_canned(HELLO)
    (written,) = first.desk.guidance.canned()
    with pytest.raises(ReadByItsWriter):
        first.desk.guidance.read_canned(written.version, 90)
    settle(*hands)
    assert states(second.desk) == [CannedState.WAITS]
    second.desk.guidance.read_canned(written.version, 90)
    settle(*hands)
    assert states(first.desk) == states(second.desk) == [CannedState.OFFERED]
    stage.clock.time = stage.clock.time + 90 * DAY
    assert states(first.desk) == states(second.desk) == [CannedState.DUE]
    first.desk.guidance.withdraw_canned(written.version, "The bus does not go any more.")
    settle(*hands)
    assert states(first.desk) == states(second.desk) == []


def test_the_tables_go_down_and_up_and_the_flags_stand_as_before(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    first.desk.guidance.raise_flag(person.conversation, Flag.SUICIDE, "She wrote a goodbye.")
    first.sync()
    before = place(first.desk, person)
    assert before.flags == (Flag.SUICIDE,)
    desk, folder = first.desk, stage.folder / "first"
    key = desk.journal.store._key
    desk.stop()
    step_to(folder, key, WITHOUT_FLAGS)
    step_to(folder, key, len(STEPS))
    again = stage.unlock("first")
    assert version_of(again.journal.store.reader) == len(STEPS)
    assert place(again, person) == before
    assert not verify_store(again.journal).findings
