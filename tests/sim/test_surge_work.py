# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a message costs a desk in a surge: counted, so that it hangs on no machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest

from safeconduct.edges.desk import check
from safeconduct.edges.desk.engine import intake, post
from safeconduct.edges.desk.engine.loops import PULL_SECONDS
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.words import MINUTE
from safeconduct.rooms.hotline.letters import message_id
from tests.bench.surge_texts import plea
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person

MANY = 12
RECORDS = (
    'SELECT count(*), count(DISTINCT e."commit") FROM entries e '
    "WHERE e.kind = 'hotline.MessageReceived'"
)
HAVES = "SELECT count(*) FROM entries WHERE kind = 'hotline.HaveSent'"
FRAMES = "SELECT max(length(frame)) FROM outbox"


def wrote(stage: Rehearsal) -> list[Person]:
    """So many people, who wrote one after the other."""
    people = [Person(stage) for _ in range(MANY)]
    chance = Random(11)
    for one in people:
        one.write(plea(chance))
        stage.clock.time += 1
    return people


@contextmanager
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that reads from a store meanwhile."""
    statements, reading = list[str](), Store._reading

    class Counted:
        """A connection of which each statement is counted."""

        def __init__(self, store: Store) -> None:
            self.connection = reading(store)

        def execute(self, query: str, values: tuple[Any, ...] = ()) -> object:
            statements.append(query)
            return self.connection.execute(query, values)

    def counted(store: Store) -> Counted:
        return Counted(store)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "_reading", counted)
        yield statements


def folds(desk: Desk) -> int:
    """How often this desk folded a conversation."""
    return desk.journal.lists.folded.cache_info().misses


def test_a_message_is_folded_once_until_somebody_does_something_with_it(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    for hand in hands:
        hand.sync()
    before = [folds(hand.desk) for hand in hands]
    people = wrote(stage)
    first.sync()
    stage.clock.time += 10 * MINUTE
    first.sync()
    second.sync()
    assert first.desk.journal.store.value(HAVES) == MANY
    assert [folds(hand.desk) - at for hand, at in zip(hands, before, strict=True)] == [MANY] * 2
    for hand in hands:
        assert len(hand.desk.today().waiting) == MANY
        assert check.verify_store(hand.desk.journal).findings == ()
    noted = folds(first.desk)
    first.desk.note(people[0].conversation, "Wrote before.")
    assert folds(first.desk) == noted + 1


def test_several_messages_are_one_commit_whose_frame_counts_as_a_small_one(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, second = hands
    first.sync()
    people = wrote(stage)
    long = Person(stage)
    long.write("Word " * 4_000)
    first.pull()
    ((records, commits),) = first.desk.journal.store.rows(RECORDS)
    assert (records, commits <= 4) == (MANY + 1, True)
    query = f"{FRAMES} WHERE length(frame) < 20000"
    assert 8 << 10 < first.desk.journal.store.value(query) <= post.SMALL_FRAME
    first.sync()
    second.sync()
    for one in (*people, long):
        assert second.desk.conversation(one.conversation) is not None


def test_a_message_that_is_handed_over_twice_is_recorded_once(
    stage: Rehearsal, hands: tuple[Hand, Hand]
) -> None:
    first, _ = hands
    first.sync()
    Person(stage).write("Help me.")
    (item,) = stage.courier(first.desk).items(0, 1 << 20)
    twice = [(item, message_id(item.body))] * 2
    assert intake.receive_all(first.desk.journal, twice) == []
    assert first.desk.journal.store.rows(RECORDS) == [(1, 1)]


def test_whether_anybody_is_silent_is_asked_at_once_in_however_many_bands_rows_stand(
    stage: Rehearsal, hands: tuple[Hand, Hand], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = hands
    people = wrote(stage)
    first.sync()
    store, lists, own = first.desk.journal.store, first.desk.journal.lists, first.desk.device
    with store.transaction() as writer:
        rows = [(number, one.conversation) for number, one in enumerate(people)]
        writer.executemany("UPDATE conversations SET alike = ? WHERE id = ?", rows)
    with asked(monkeypatch) as statements:
        assert lists.page("silent", own, start=0, most=5) == ([], 0)
    assert len(statements) == 1
    with asked(monkeypatch) as statements:
        first.desk.inbox(show="hostile", start=0, most=0)
    assert len(statements) <= 3
    with store.transaction() as writer:
        writer.execute("UPDATE conversations SET due = 1 WHERE id = ?", (people[7].conversation,))
    ((row,), total) = lists.page("silent", own, start=0, most=5)
    assert (row.conversation, total) == (people[7].conversation, 1)


def test_what_comes_in_quick_succession_is_pulled_together(
    hands: tuple[Hand, Hand], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = hands
    now, waited = [1_000.0], list[float]()
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(first.loops._stop, "wait", waited.append)
    for pause in (0.0, PULL_SECONDS / 3, 10.0):
        now[0] += pause
        first.loops._rest()
    assert waited == pytest.approx([0, 2 * PULL_SECONDS / 3, 0])


@contextmanager
def waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Whether each transaction meanwhile waits for the disk."""
    found, begins = list[bool](), Store._begin

    def noted(store: Store, *, outermost: bool, at_once: bool) -> None:
        begins(store, outermost=outermost, at_once=at_once)
        found.extend([store._waits] * outermost)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "_begin", noted)
        yield found


def test_the_disk_is_waited_for_twice_in_a_pull_and_twice_where_words_are_sent(
    stage: Rehearsal, hands: tuple[Hand, Hand], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = hands
    for hand in hands:
        hand.sync()
    wrote(stage)
    for step, most in ((first.pull, 2), (first.send, 2), (second.pull, 2)):
        with waits(monkeypatch) as found:
            step()
        assert sum(found) == most
        assert len(found) > most
        assert all(hand.desk.journal.store._settled for hand in hands)
