# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole desks against a relay that signs well and lies: each desk names it, and goes on working."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.inviting import Inviter
from safeconduct.edges.desk.joining import Joiner
from safeconduct.kernel.sync import RelayForked, RelayRolledBack, RelayWithholds
from tests.sim.courier import PASSPHRASE, Rehearsal
from tests.sim.hostile import Liar
from tests.sim.steps import Hand, Person


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Rehearsal]:
    with Rehearsal(tmp_path) as rehearsal:
        rehearsal.found()
        yield rehearsal


def lied_to(stage: Rehearsal, name: str = "first") -> tuple[Hand, Liar]:
    desk = stage.desks[name]
    liar = Liar(stage.store, stage.office, desk.journal.place.capability)
    return Hand(desk, liar), liar


def some_log(stage: Rehearsal) -> tuple[Hand, Liar]:
    """A desk that has written, sent and read back a few commits."""
    hand, liar = lied_to(stage)
    Person(stage).write("one")
    Person(stage).write("two")
    hand.sync()
    return hand, liar


def named(hand: Hand, code: str) -> bool:
    return code in {trouble.code for trouble in hand.desk.status().troubles}


@pytest.mark.attack
def test_desk_names_a_relay_that_rolls_back(stage: Rehearsal) -> None:
    hand, liar = some_log(stage)
    liar.script.size = len(liar.all()) - 1
    with pytest.raises(RelayRolledBack):
        hand.pull()
    assert named(hand, "relay_rolled_back")


def test_desk_names_a_relay_that_changes_the_past(stage: Rehearsal) -> None:
    hand, liar = some_log(stage)
    true = liar.all()
    liar.script.frames = [*true[:-1], bytes(2000)]
    with pytest.raises(RelayForked):
        hand.pull()
    assert named(hand, "relay_forked")


def test_desk_names_a_relay_that_signs_what_it_does_not_serve(stage: Rehearsal) -> None:
    hand, liar = some_log(stage)
    liar.script.notes.append(liar.sign([*liar.all(), bytes(3000)]))
    with pytest.raises(RelayWithholds):
        hand.pull()
    assert named(hand, "relay_withholds")


@pytest.mark.attack
def test_desk_names_a_relay_that_reorders_what_it_signed(stage: Rehearsal) -> None:
    hand, liar = some_log(stage)
    courier = stage.courier(hand.desk)
    size = len(liar.all())
    courier.append([b"a" * 2000, b"b" * 2000])
    true = liar.all()
    liar.script.notes.append(liar.sign(true))
    liar.script.frames = [*true[:size], true[size + 1], true[size]]
    with pytest.raises(RelayForked):
        hand.pull()
    assert named(hand, "relay_forked")


@pytest.mark.attack
def test_desk_names_a_relay_that_stores_a_push_in_another_order(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, _ = some_log(stage)
    for text in ("one", "two"):
        Person(stage).write(text)
        hand.loops.puller.pull_intake()
    journal, courier = hand.desk.journal, hand.loops.courier
    assert journal.store.value("SELECT count(*) FROM outbox") == 2
    true = courier.append
    monkeypatch.setattr(courier, "append", lambda frames: true(frames[::-1])[::-1])
    hand.loops.start()
    end = time.monotonic() + 10
    while not named(hand, "relay_reordered") and time.monotonic() < end:
        time.sleep(0.01)
    hand.loops.stop()
    assert named(hand, "relay_reordered")
    monkeypatch.undo()
    hand.sync()  # What it promised all the same, it is held to; the desk goes on.
    assert journal.store.value("SELECT count(*) FROM outbox") == 0


def test_desk_names_a_relay_that_drops_what_it_acknowledged(stage: Rehearsal) -> None:
    hand, liar = some_log(stage)
    before = liar.all()
    person = Person(stage)
    person.write("three")
    hand.loops.puller.pull_intake()
    hand.send()
    liar.script.frames = [*before, bytes(2048)]
    with pytest.raises(RelayForked):
        hand.pull()
    assert hand.desk.conversation(person.conversation) is not None


def test_desk_names_a_relay_that_forgets_what_it_acknowledged(stage: Rehearsal) -> None:
    hand, liar = some_log(stage)
    before = liar.all()
    Person(stage).write("three")
    hand.loops.puller.pull_intake()
    hand.send()
    liar.script.frames = before
    with pytest.raises(RelayRolledBack):
        hand.pull()


@pytest.mark.attack
def test_desk_learns_from_a_colleague_that_the_relay_forked(stage: Rehearsal) -> None:
    stage.join()
    victim, liar = lied_to(stage, "second")
    honest = Hand(stage.desks["first"], stage.courier(stage.desks["first"]))
    victim.sync()
    # The victim is shown a log of its own, and cites it in a commit that then reaches all.
    liar.script.frames = [*liar.all(), b"only for you" * 200]
    victim.pull()
    person = Person(stage)
    person.write("who hears me?")
    victim.loops.puller.pull_intake()
    liar.script.frames = None
    victim.send()
    with pytest.raises(RelayForked):
        honest.pull()
    assert named(honest, "relay_forked")


def test_joiner_refuses_a_log_that_does_not_extend_the_invites(
    stage: Rehearsal, tmp_path: Path
) -> None:
    hand, _ = some_log(stage)
    first = stage.desks["first"]
    inviter = Inviter(first.journal, stage.courier(first), stage.meeting())
    liar = Liar(stage.store, stage.office, first.journal.place.capability)
    joiner = Joiner(inviter.invite(), "late", stage.way(lambda _: liar), stage.world)
    joiner.promise()
    inviter.look()
    joiner.look()
    inviter.look()
    inviter.admit("Late", frozenset())
    true = liar.all()
    liar.script.frames = [true[0], *true[2:], true[1]]
    with pytest.raises((RelayForked, RelayRolledBack)):
        joiner.finish(tmp_path / "late", PASSPHRASE)
    assert not (tmp_path / "late" / "keys").exists()
    assert hand.desk.today().waiting_total == 2


def test_desk_named_a_liar_and_goes_on_offline(stage: Rehearsal) -> None:
    hand, liar = some_log(stage)
    liar.script.size = 1
    with pytest.raises(RelayRolledBack):
        hand.pull()
    (row, *_) = hand.desk.today().waiting
    hand.desk.answer(row.conversation, "We are here.")
    liar.script.size = None
    hand.sync()
    assert hand.desk.status().unsent == 0
