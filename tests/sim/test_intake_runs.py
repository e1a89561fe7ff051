# SPDX-License-Identifier: AGPL-3.0-or-later
"""The intake is durable in runs: what fails in the middle of one takes all of it back."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from safeconduct.edges.desk import check
from safeconduct.edges.desk.engine import intake, post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store import StoreFull
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
    before, take_later, seen = first.journal.pen.sequence, post.take_later, list[int]()
    monkeypatch.setattr(intake, "COMMIT_BYTES", 1)

    def full_at_the_third(journal: Journal, indices: Iterable[int], *, after: int) -> None:
        seen.extend(indices)
        if len(seen) == len(people):
            raise StoreFull
        take_later(journal, indices, after=after)

    with monkeypatch.context() as patched:
        patched.setattr(post, "take_later", full_at_the_third)
        with pytest.raises(StoreFull):
            hand.pull()
    assert len(seen) == len(people)
    assert [first.conversation(one.conversation) for one in people] == [None] * len(people)
    assert first.journal.pen.sequence == before
    hand.pull()
    assert all(first.conversation(one.conversation) for one in people)
    assert check.verify_store(first.journal).findings == ()
