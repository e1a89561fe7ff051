# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk that is killed while it destroys goes on where it stood, and half of nothing is left."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.kernel.words import DAY
from safeconduct.rooms.crew.watching import ON_DUTY
from safeconduct.rooms.hotline.retention import Times
from tests.e2e.test_desk_crash import KILLS, write_until_killed
from tests.kit.desk_writer import destroy_what_is_due
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person

TALKS = 12
TEXT = "Please help, I am at the mill."


def over(stage: Rehearsal) -> list[Person]:
    """Close the first desk, which was told that the time of everybody here is over."""
    desk = stage.found()
    desk.retention.set_times(Times(40, 31, 7))
    hand, people = Hand(desk, stage.courier(desk)), [Person(stage) for _ in range(TALKS)]
    for person in people:
        person.write(TEXT)
    hand.sync()
    for person in people:
        desk.answer(person.conversation, "You are safe now.")
        desk.triage.close(person.conversation, "she arrived")
    stage.clock.time += 80 * DAY
    for step in (lambda: hand.loops.heartbeats._tell(ON_DUTY), hand.loops.turning.destroying._tell):
        step()
        hand.send()
        hand.loops.puller.pull()
    assert len(desk.search("mill")) == TALKS
    desk.stop()
    return people


@pytest.mark.timeout(600 + 10 * KILLS)
def test_kill_9_leaves_no_conversation_half_destroyed(tmp_path: Path) -> None:
    rng, said = random.Random(46), list[str]()
    with Rehearsal(tmp_path) as stage:
        people = over(stage)
        words = (str(tmp_path / "first"), str(stage.clock.time))
        for _ in range(KILLS):
            said += write_until_killed(destroy_what_is_due, words, rng.uniform(0.0, 0.2))
        while "done" not in said:
            said += write_until_killed(destroy_what_is_due, words, 1)
        desk = stage.unlock("first")
        assert [desk.conversation(person.conversation) for person in people] == [None] * TALKS
        assert desk.search("mill") == []
        went = [one for one in desk.retention.gone(99) if not one.files]
        assert {one.conversation for one in went} == {one.conversation for one in people}
        assert verify_store(desk.journal).findings == ()
