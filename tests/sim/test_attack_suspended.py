# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device that signed numbers twice: what its own desk still does, and what it can make others do.

Whoever holds its keys may send such a commit at any time, and as many more as they like.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from safeconduct.edges.desk.api import NewFile
from safeconduct.edges.desk.engine import post
from safeconduct.kernel.journal import Pen, heads, write
from safeconduct.kernel.ports import IntakeItem
from safeconduct.kernel.sync import RelayWithholds
from safeconduct.kernel.words import DAY, HOUR, MINUTE, CommitId
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.hostile import Shifting
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_attack_intake import drop, troubles
from tests.sim.test_forks import note_of, sign_again


def hand(stage: Rehearsal, name: str) -> Hand:
    return Hand(stage.desks[name], stage.courier(stage.desks[name]))


def sign_twice(stage: Rehearsal, name: str, person: Person, sequence: int) -> None:
    """Send another commit with a number that a desk used."""
    rival = sign_again(stage, name, sequence, [note_of(stage, person, "a thief's")])
    stage.courier(stage.desks[name]).append([rival])


def suspend(stage: Rehearsal, person: Person) -> Hand:
    """Let the first desk learn that its keys were used elsewhere.

    That it is seen at all hangs on another defence, so each attack here ends where it is not.
    """
    first = hand(stage, "first")
    sign_twice(stage, "first", person, first.desk.journal.pen.sequence)
    first.pull()
    return first


@pytest.mark.attack
def test_answer_of_a_suspended_desk_is_sent_once_and_stops_nothing(
    stage: Rehearsal, person: Person
) -> None:
    first = stage.desks["first"]
    first.answer(
        person.conversation, "We are here.", [NewFile("map.png", "image/png", b"map" * 99)]
    )
    while post.push(first.journal, stage.courier(first)):
        pass
    desk = suspend(stage, person)
    if not desk.desk.journal.behind:
        return
    for _ in range(3):
        desk.send()
    answers = [reply.text for reply in person.replies() if reply.kind == "answer"]
    assert answers == ["We are here."]
    for table in ("letters", "uploads"):
        assert first.journal.store.value(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.attack
def test_suspended_desk_leaves_new_messages(stage: Rehearsal, person: Person) -> None:
    first = hand(stage, "first")
    Person(stage).write("Nobody recorded this.")
    stage.courier(stage.desks["second"]).taken([1])
    drop(stage, 5 * DAY)
    first.pull()
    desk = suspend(stage, person)
    if not desk.desk.journal.behind:
        return
    other = Person(stage)
    other.write("And me.")
    stage.clock.time += 3 * MINUTE
    for _ in range(2):
        desk.sync()
    assert desk.loops.puller.intake.size == 2
    assert desk.loops.puller.known[1] == 3, "it asks for what comes after, and not ever again"
    sync(stage, "second")
    desk.sync()
    assert desk.desk.conversation(other.conversation) is not None, "a colleague recorded it"


def test_suspended_desk_still_tells_what_is_gone(stage: Rehearsal, person: Person) -> None:
    first = hand(stage, "first")
    Person(stage).write("Nobody recorded this.")
    stage.courier(stage.desks["second"]).taken([1])
    drop(stage, 5 * DAY)
    first.pull()
    desk = suspend(stage, person)
    stage.clock.time += 3 * MINUTE
    for _ in range(2):
        desk.sync()
    assert "dropped_unread" in troubles(desk.desk)


class Counting(StoreCourier):
    """A relay that counts how often the intake is asked for from its start."""

    def __init__(self, inner: StoreCourier) -> None:
        super().__init__(inner.store, inner.office, inner._capability)
        self.asked: list[int] = []

    def items(self, start: int, most: int) -> list[IntakeItem]:
        """Return items, and note from where."""
        self.asked.append(start)
        return super().items(start, most)


def counted(stage: Rehearsal, person: Person) -> tuple[Hand, Counting, int]:
    """The first desk, its relay, and the newest of some numbers that the second desk used."""
    second = stage.desks["second"]
    for _ in range(6):
        second.note(person.conversation, "a note")
    sync(stage, "second", "first")
    relay = Counting(stage.courier(stage.desks["first"]))
    return Hand(stage.desks["first"], relay), relay, second.journal.pen.sequence


@pytest.mark.attack
def test_device_makes_colleagues_read_all_again_once_an_hour_at_most(
    stage: Rehearsal, person: Person
) -> None:
    first, relay, newest = counted(stage, person)
    for lower in range(3):
        sign_twice(stage, "second", person, newest - lower)
        first.sync()
    assert len(relay.asked) <= 1
    stage.clock.time += HOUR
    for _ in range(2):
        first.sync()
    assert len(relay.asked) <= 2, "once for both that came since"


def test_desk_whose_number_was_signed_twice_knows_it(stage: Rehearsal, person: Person) -> None:
    assert suspend(stage, person).desk.journal.behind


def test_what_was_signed_twice_meanwhile_is_read_again_after_an_hour(
    stage: Rehearsal, person: Person
) -> None:
    first, relay, newest = counted(stage, person)
    for lower, passes, asked in ((0, 0, 1), (1, 0, 1), (2, HOUR, 2), (3, -9 * DAY, 3)):
        sign_twice(stage, "second", person, newest - lower)
        stage.clock.time += passes
        first.sync()
        assert len(relay.asked) == asked, "also when the clock was set back"


@pytest.mark.attack
def test_new_messages_do_not_wait_for_those_that_are_read_again(
    stage: Rehearsal, person: Person
) -> None:
    desk, second = stage.desks["first"], stage.desks["second"]
    second.note(person.conversation, "a note")
    sync(stage, "second")
    sign_twice(stage, "second", person, second.journal.pen.sequence)
    other = Person(stage)
    other.write("And me.")
    lost = Shifting(stage.courier(desk), lambda item: item._replace(at=item.at + (item.at < 1)))
    first = Hand(desk, lost)
    with suppress(RelayWithholds):
        first.pull()
    assert desk.conversation(other.conversation) is not None


def beyond(stage: Rehearsal, person: Person, cited: tuple[bytes, ...], most: int) -> None:
    """Let the first desk's device, which is suspended, go on signing; the second reads it."""
    journal = stage.desks["first"].journal
    pen = Pen(journal.office, journal.device, 10_000, CommitId(bytes(32)), journal.pen.hlc)
    pen, note = replace(pen, heads=cited), note_of(stage, person, "and on")
    frames = []
    for _ in range(most):
        keys, now = journal._keys(), stage.clock.now()
        _, frame, pen = write([note], pen, keys, now=now, rng=stage.world.rng)
        frames.append(frame)
    stage.courier(stage.desks["first"]).append(frames)
    hand(stage, "second").pull()


@pytest.mark.attack
def test_commits_beyond_a_fork_are_set_aside_once(stage: Rehearsal, person: Person) -> None:
    second = stage.desks["second"].journal
    if not suspend(stage, person).desk.journal.behind:
        return
    for _ in range(2):
        beyond(stage, person, (), 20)
    assert "device_forked" in troubles(stage.desks["second"])
    assert second.store.value("SELECT count(*) FROM quarantine") == 1


@pytest.mark.attack
def test_commits_beyond_a_fork_that_cite_what_nobody_has_are_not_kept(
    stage: Rehearsal, person: Person
) -> None:
    second = stage.desks["second"].journal
    if not suspend(stage, person).desk.journal.behind:
        return
    hand(stage, "second").pull()
    before = len(second.rosters.heads.state().nodes)
    beyond(stage, person, (b"h" * 32,), 20)
    assert len(second.rosters.heads.state().nodes) == before


@pytest.mark.attack
def test_commits_beyond_a_fork_fill_no_desk(
    stage: Rehearsal, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = stage.desks["second"].journal
    monkeypatch.setattr(heads, "FORKED_MOST", 5)
    if not suspend(stage, person).desk.journal.behind:
        return
    hand(stage, "second").pull()
    before = len(second.rosters.heads.state().nodes)
    for _ in range(2):
        beyond(stage, person, second.rosters.heads.newest(), 20)
        second.load()  # As after a start.
    assert len(second.rosters.heads.state().nodes) <= before + 5
