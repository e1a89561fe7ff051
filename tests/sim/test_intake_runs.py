# SPDX-License-Identifier: AGPL-3.0-or-later
"""The intake is durable in runs: what fails in the middle of one takes all of it back."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import check
from safeconduct.edges.desk.engine import intake
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store import StoreFull
from safeconduct.kernel.ports import IntakeItem
from safeconduct.kernel.words import MessageId
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person


def test_a_run_that_fails_is_taken_back_and_comes_whole_the_next_time(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stage.desks["first"]
    hand = Hand(first, stage.courier(first))
    hand.sync()
    people = [Person(stage) for _ in range(3)]
    for number, one in enumerate(people):
        one.write(f"Message {number}.")
    before, receive, seen = first.journal.pen.sequence, intake.receive, list[MessageId]()

    def full_at_the_third(journal: Journal, item: IntakeItem, message: MessageId) -> bool:
        seen.append(message)
        if len(seen) == len(people):
            raise StoreFull
        return receive(journal, item, message)

    with monkeypatch.context() as patched:
        patched.setattr(intake, "receive", full_at_the_third)
        with pytest.raises(StoreFull):
            hand.pull()
    assert len(seen) == len(people)
    assert [first.conversation(one.conversation) for one in people] == [None] * len(people)
    assert first.journal.pen.sequence == before
    hand.pull()
    assert all(first.conversation(one.conversation) for one in people)
    assert check.verify_store(first.journal).findings == ()
