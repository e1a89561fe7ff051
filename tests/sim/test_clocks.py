# SPDX-License-Identifier: AGPL-3.0-or-later
"""Clocks that are wrong by a day, a helper's or the server's: nothing is lost, and it is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.founding import World
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.ports import Clock
from safeconduct.kernel.wire.bodies import Submission
from safeconduct.kernel.wire.refusals import MoreWork
from safeconduct.kernel.wire.work import item_payload, solve_work
from safeconduct.kernel.words import DAY, HOUR, MINUTE
from safeconduct.rooms.hotline.decide import ANSWER_LIVES
from tests.kit.relay import SetClock
from tests.sim.courier import CHEAP, PASSPHRASE, Rehearsal
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_desk_guards import codes, notes

OFFSETS = [-DAY - HOUR, -DAY, DAY, DAY + HOUR]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Rehearsal]:
    """Desks go by one clock, the relay by another; both are right to begin with."""
    with Rehearsal(tmp_path, World(SetClock(), World.real().rng, CHEAP)) as rehearsal:
        rehearsal.found()
        rehearsal.join()
        yield rehearsal


def with_clock(stage: Rehearsal, name: str, clock: Clock) -> Desk:
    """Close a desk and open it on a computer with this clock."""
    stage.desks.pop(name).stop()
    desk = Desk.open(stage.folder / name, PASSPHRASE, clock=clock, rng=stage.world.rng)
    stage.desks[name] = desk
    return desk


def right(stage: Rehearsal) -> SetClock:
    """The clock of desks that are right."""
    clock = stage.world.clock
    assert isinstance(clock, SetClock)
    return clock


def wait(stage: Rehearsal, *clocks: SetClock) -> None:
    """Let some minutes pass on every clock, however it stands."""
    for clock in (stage.clock, right(stage), *clocks):
        clock.time += 11 * MINUTE


@pytest.mark.parametrize("offset", OFFSETS)
def test_helper_whose_clock_is_a_day_wrong_is_told_until_it_is_right(
    stage: Rehearsal, person: Person, offset: int
) -> None:
    hers = SetClock(stage.clock.time + offset)
    second = with_clock(stage, "second", hers)
    second.note(person.conversation, "one")
    hand = Hand(second, stage.courier(second))
    hand.sync()
    sync(stage, "first")
    assert "clock_off" in codes(stage, "second")
    assert "clock_off" not in codes(stage, "first")
    assert ("clock_differs" in codes(stage, "first")) == (offset > DAY)
    stage.desks["first"].note(person.conversation, "two")
    sync(stage, "first")
    hand.sync()
    hers.time = stage.clock.time
    hand.sync()
    assert codes(stage, "second") == set()


@pytest.mark.parametrize("offset", OFFSETS)
def test_what_a_helper_writes_by_a_wrong_clock_is_the_same_on_every_desk(
    stage: Rehearsal, person: Person, offset: int
) -> None:
    hers = SetClock(stage.clock.time + offset)
    second, first = with_clock(stage, "second", hers), stage.desks["first"]
    second.note(person.conversation, "one")
    sync(stage, "second", "first")
    wait(stage, hers)
    first.note(person.conversation, "two")
    sync(stage, "first", "second")
    hers.time = stage.clock.time
    wait(stage, hers)
    second.note(person.conversation, "three")
    sync(stage, "second", "first", "second")
    late = stage.join("late")
    seen = [desk.conversation(person.conversation) for desk in (first, second, late)]
    assert all(one == seen[0] for one in seen)
    read = notes(stage, "first", person)
    assert sorted(read) == ["one", "three", "two"]
    if offset <= DAY:
        assert read == ["one", "two", "three"]


@pytest.mark.parametrize("offset", OFFSETS)
def test_answer_by_a_wrong_clock_reaches_her_and_expires_in_good_time(
    stage: Rehearsal, person: Person, offset: int
) -> None:
    wait(stage)
    second = with_clock(stage, "second", SetClock(stage.clock.time + offset))
    person.write("Are you there?")
    second.answer(person.conversation, "We are here.")
    sync(stage, "second", "first")
    replies = person.replies()
    assert len({reply.about for reply in replies if reply.kind == "have"}) == 2
    (answer,) = [reply for reply in replies if reply.kind == "answer"]
    assert abs(answer.extras["expires"] - stage.clock.time - ANSWER_LIVES) < 3 * DAY
    folded = stage.desks["first"].conversation(person.conversation)
    assert folded is not None
    read = [message.text for message in folded.messages]
    assert sorted(read) == ["Are you there?", "Please help."]
    if offset >= -DAY:  # Beyond that she takes her own time for that of the message.
        assert read == ["Please help.", "Are you there?"]


def test_clock_that_is_set_back_loses_no_place_in_the_chain(
    stage: Rehearsal, person: Person
) -> None:
    hers = SetClock(stage.clock.time + DAY)
    second = with_clock(stage, "second", hers)
    for moved in (0, -DAY, -DAY, 2 * DAY):
        hers.time += moved
        second.note(person.conversation, f"at {hers.time - stage.clock.time}")
    written = [
        row[0]
        for row in second.journal.store.rows(
            "SELECT hlc FROM commits WHERE device = ? ORDER BY sequence", (second.device,)
        )
    ]
    assert written == sorted(set(written))
    sync(stage, "second", "first")
    assert len(notes(stage, "first", person)) == 4
    assert stage.desks["first"].journal.store.value("SELECT count(*) FROM quarantine") == 0


def test_few_minutes_apart_are_nothing_to_speak_of(stage: Rehearsal, person: Person) -> None:
    for offset in (-9 * MINUTE, 9 * MINUTE):
        with_clock(stage, "second", SetClock(stage.clock.time + offset))
        sync(stage, "second")
        assert codes(stage, "second") == set()
    assert stage.desks["second"].conversation(person.conversation) is not None


@pytest.mark.parametrize("offset", [-DAY, DAY])
def test_server_whose_clock_is_a_day_wrong_loses_nothing_and_is_named(
    stage: Rehearsal, person: Person, offset: int
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    item = person.item("sealed before the clock jumped")
    terms = stage.store.public(stage.office).terms()
    stage.clock.time += offset
    submit_with(stage, item, terms.work.seed)
    person.write("written after it")
    first.answer(person.conversation, "We are here.")
    sync(stage, "first", "second")
    for name in ("first", "second"):
        assert codes(stage, name) == {"clock_off"}
    second.note(person.conversation, "for all")
    sync(stage, "second", "first")

    stage.clock.time -= offset
    person.write("written when it was right again")
    wait(stage)
    sync(stage, "first", "second", "first")
    for name in ("first", "second"):
        assert codes(stage, name) == set()
        assert notes(stage, name, person) == ["for all"]
    folded = first.conversation(person.conversation)
    assert folded == second.conversation(person.conversation)
    assert folded is not None
    assert {message.text for message in folded.messages} == {
        "Please help.",
        "sealed before the clock jumped",
        "written after it",
        "written when it was right again",
    }
    kinds = [reply.kind for reply in person.replies()]
    assert sorted(kinds) == ["answer", "have", "have", "have", "have"]


def submit_with(stage: Rehearsal, item: bytes, seed: bytes) -> None:
    """Send a letter with work for a seed of some time ago; work again if that is asked."""
    door = stage.store.public(stage.office)
    for _ in range(2):
        bits = door.terms().work.message_bits
        nonce = solve_work(seed, item_payload(item), bits)
        try:
            door.submit(Submission(seed, nonce, item))
        except MoreWork as asked:
            seed = asked.seed
        else:
            return
    raise AssertionError("not taken")
