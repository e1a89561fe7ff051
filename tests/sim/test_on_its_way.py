# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer that has not left is never shown as answered; a silent server is said to be silent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk import line_watch
from safeconduct.edges.desk.api import Preferences
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import ConversationId
from tests.kit.offices import wait
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person

SOON = 20.0


class Hanging:
    """A courier whose relay accepts a call and does not answer while a test says so."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self.answers = threading.Event()
        self.answers.set()

    def __getattr__(self, name: str) -> Callable[..., object]:
        call: Callable[..., object] = getattr(self._courier, name)

        def hang(*arguments: object) -> object:
            if name == "wait":
                arguments = (*arguments[:-1], 0.2)
            self.answers.wait(60)
            return call(*arguments)

        return hang


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Rehearsal]:
    """An office with two desks and one person who waits."""
    with Rehearsal(tmp_path) as rehearsal:
        desk = rehearsal.found()
        Person(rehearsal).write("Please help.")
        Hand(desk, rehearsal.courier(desk)).sync()
        rehearsal.join()
        yield rehearsal


def talk(desk: Desk) -> ConversationId:
    """The one conversation."""
    (row, *_), _ = desk.inbox(show="all", start=0, most=1)
    return row.conversation


def unsent(desk: Desk) -> list[bool]:
    """What the list says of each conversation."""
    return [row.unsent for row in desk.inbox(show="all", start=0, most=9)[0]]


def test_an_answer_counts_as_on_its_way_until_the_server_has_it(stage: Rehearsal) -> None:
    first, second = stage.desks.values()
    hands = [Hand(desk, stage.courier(desk)) for desk in (first, second)]
    for hand in hands:
        hand.sync()
    first.claim(talk(first))
    first.answer(talk(first), "You are not alone.")
    assert (unsent(first), first.status().answers) == ([True], 1)
    assert [row.unsent for row in first.today().mine] == [True]
    # The office's other desks hear of the answer before the person's box has it.
    post = stage.courier(first).append
    rows = first.journal.store.rows("SELECT frame FROM outbox ORDER BY sequence")
    post([row[0] for row in rows])
    hands[1].pull()
    assert (unsent(second), second.status().answers) == ([True], 0)
    for hand in hands:
        hand.sync()
    assert (unsent(first), first.status().answers) == ([False], 0)
    assert unsent(second) == [False]


def test_reading_alone_leaves_no_answer_to_wait_for(stage: Rehearsal) -> None:
    first = stage.desks["first"]
    first.mark_read(talk(first))
    status = first.status()
    assert (status.unsent, status.answers) == (1, 0)
    assert unsent(first) == [False]


def test_answering_holds_what_nobody_holds_in_one_commit(stage: Rehearsal) -> None:
    first = stage.desks["first"]
    before = first.journal.pen.sequence
    first.answer(talk(first), "You are not alone.")
    assert first.journal.pen.sequence == before + 1
    assert [row.holders for row in first.today().mine] == [(first.device,)]


def test_preferences_outlive_the_shift_and_lie_in_the_sealed_store(stage: Rehearsal) -> None:
    first = stage.desks["first"]
    assert first.preferences() == Preferences("", keys=True, minutes=15)
    chosen = Preferences("ru", keys=False, minutes=30, waits=True)
    first.prefer(chosen)
    first.stop()
    assert stage.unlock("first").preferences() == chosen


def test_a_server_that_takes_calls_and_answers_none_is_said_to_be_silent(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_watch, "ANSWERS_IN", 0.5)
    first = stage.desks["first"]
    line = Hanging(stage.courier(first))
    first.start(line)  # type: ignore[arg-type]
    wait(lambda: first.status().online, SOON)
    line.answers.clear()
    since = first.changes()
    first.answer(talk(first), "You are not alone.")
    wait(lambda: not first.status().online, SOON)
    assert first.changes() > since + 1
    assert first.status().answers == 1
    line.answers.set()
    wait(lambda: first.status().online and not first.status().answers, SOON)
