# SPDX-License-Identifier: AGPL-3.0-or-later
"""Desks on duty tell each other so, and leave nothing behind but what the log keeps."""

import time
from itertools import pairwise

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import heartbeats, held, loops, post
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.journal.heads import HEARTBEAT
from safeconduct.kernel.words import DAY, HOUR
from safeconduct.rooms.crew.watching import GOING, ON_DUTY, Watch, write_heartbeat
from safeconduct.rooms.hotline.events import NoteWritten
from tests.sim.courier import Rehearsal
from tests.sim.on_duty import OnDuty, pass_minutes
from tests.sim.steps import Person

ROWS = "SELECT count(*) FROM entries WHERE kind = 'crew.Heartbeat'"


@pytest.fixture
def desks(stage: Rehearsal) -> tuple[OnDuty, OnDuty]:
    """Two desks that are open, and have read what there is."""
    found = [OnDuty(desk, stage.courier(desk)) for desk in stage.desks.values()]
    for desk in [*found, found[0]]:
        desk.sync()
    first, second = found
    return first, second


def size(desk: OnDuty) -> int:
    desk.pull()
    return desk.desk.journal.log.size()


def says(desk: OnDuty, other: OnDuty) -> int:
    return desk.desk.journal.rosters.beats.known[other.device].on_duty


def test_desk_tells_after_a_minute_and_then_every_quarter_of_an_hour(
    desks: tuple[OnDuty, OnDuty],
) -> None:
    first, second = desks
    before = size(first)
    first.seconds += 30
    first.beats.look(online=True)
    first.send()
    assert size(first) == before
    told = []
    for minute in range(120):
        at = size(first)
        first.minute()
        told += [minute] * (size(first) - at)
    apart = [later - earlier for earlier, later in pairwise(told)]
    assert told[0] == 0
    assert all(12 <= minutes <= 15 for minutes in apart)
    second.pull()
    assert second.desk.journal.rosters.beats.known[first.device].on_duty == ON_DUTY


def test_heartbeats_are_of_one_length(desks: tuple[OnDuty, OnDuty]) -> None:
    first, _ = desks
    start = size(first)
    pass_minutes(40, first)
    first.leave()
    lengths = {len(frame) for frame in first.desk.journal.log.frames(start, size(first) - start)}
    assert size(first) - start >= 4
    assert len(lengths) == 1


def test_colleagues_that_are_there_are_seen_and_none_is_called_silent(
    desks: tuple[OnDuty, OnDuty],
) -> None:
    first, second = desks
    for _ in range(180):
        pass_minutes(1, first, second)
        assert first.watch.silent == second.watch.silent == ()
    assert first.watch == Watch((second.device,), ())
    assert second.watch == Watch((first.device,), ())


def test_a_desk_that_goes_says_so_and_is_not_missed(desks: tuple[OnDuty, OnDuty]) -> None:
    first, second = desks
    pass_minutes(5, first, second)
    second.leave()
    second.leave()  # Once is enough.
    second.minute()  # A look that was under way says nothing more.
    first.pull()
    assert says(first, second) == GOING
    pass_minutes(120, first)
    assert first.watch == Watch((), ())


def test_a_desk_that_never_told_says_no_farewell(desks: tuple[OnDuty, OnDuty]) -> None:
    first, _ = desks
    before = size(first)
    first.leave()
    assert size(first) == before


def test_a_lid_that_was_closed_is_missed_for_a_day(
    stage: Rehearsal, desks: tuple[OnDuty, OnDuty]
) -> None:
    first, second = desks
    pass_minutes(5, first, second)
    pass_minutes(70, first)
    assert first.watch.silent == (second.device,)
    stage.clock.time += DAY + HOUR
    pass_minutes(1, first)
    assert first.watch == Watch((), ())


@pytest.mark.parametrize("ahead", [-7 * HOUR, 5 * HOUR])
def test_a_clock_that_is_wrong_makes_nobody_silent(
    stage: Rehearsal, desks: tuple[OnDuty, OnDuty], ahead: int
) -> None:
    first, second = desks
    for _ in range(100):
        pass_minutes(1, first)
        stage.clock.time += ahead
        pass_minutes(1, second)
        stage.clock.time -= ahead
        assert first.watch.silent == second.watch.silent == ()
    pass_minutes(70, first)
    assert first.watch.silent == (second.device,)


def test_a_desk_without_a_line_tells_nothing_and_calls_nobody_silent(
    desks: tuple[OnDuty, OnDuty],
) -> None:
    first, second = desks
    pass_minutes(60, first, second)
    first.online = False
    sequence = first.desk.journal.pen.sequence
    for _ in range(200):
        pass_minutes(1, first, second)
        assert first.watch.silent == ()
    assert first.desk.journal.pen.sequence == sequence
    first.online = True
    pass_minutes(2, first, second)
    assert first.watch == Watch((second.device,), ())


def test_heartbeats_change_no_list_and_no_mark_and_stand_in_no_table(
    stage: Rehearsal, desks: tuple[OnDuty, OnDuty]
) -> None:
    first, second = desks
    Person(stage).write("Please help.")
    pass_minutes(1, first, second)
    before = first.desk.inbox(show="all", start=0, most=9), first.desk.status().unsent
    pass_minutes(60, first, second)
    first.desk.journal.load()
    assert (first.desk.inbox(show="all", start=0, most=9), first.desk.status().unsent) == before
    assert first.desk.journal.store.value(ROWS) == 0
    assert first.desk.journal.rosters.beats.known[second.device].on_duty == ON_DUTY
    assert verify_store(first.desk.journal).findings == ()
    assert len(first.desk.journal.rosters.heads) == len(second.desk.journal.rosters.heads)


def test_a_cold_sync_finds_the_same_heartbeats(
    stage: Rehearsal, desks: tuple[OnDuty, OnDuty], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = desks
    pass_minutes(60, first, second)
    monkeypatch.setattr(held, "QUICK_FROM", 2)
    monkeypatch.setattr("safeconduct.edges.desk.engine.sync.QUICK_FROM", 2)
    late = stage.join("late").journal
    for desk in desks:
        desk.pull()
    assert late.rosters.beats.known == first.desk.journal.rosters.beats.known
    assert late.store.value(ROWS) == 0
    late.read_again()
    assert late.rosters.beats.known == second.desk.journal.rosters.beats.known
    assert verify_store(late).findings == ()


def test_a_heartbeat_beside_another_fact_leaves_that_where_it_is(
    stage: Rehearsal, desks: tuple[OnDuty, OnDuty]
) -> None:
    first, second = desks
    person = Person(stage)
    person.write("Please help.")
    pass_minutes(2, first, second)
    journal = second.desk.journal
    beat = Fact(journal.crew_vault, HEARTBEAT, 1, write_heartbeat(ON_DUTY))
    journal.write([beat, post.fact(journal, NoteWritten(person.conversation, "lantern"))])
    second.sync()
    first.sync()
    assert [hit.kind for hit in first.desk.search("lanter")] == ["note"]
    assert verify_store(first.desk.journal).findings == ()


def test_an_open_desk_tells_by_itself_and_is_heard_to_go(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "FIRST", 0.05)
    monkeypatch.setattr(loops, "BEAT_SECONDS", 0.02)
    desk, other = stage.desks["first"], stage.desks["second"]
    hand = OnDuty(other, stage.courier(other))
    desk.start(stage.courier(desk))
    end = time.monotonic() + 20
    known = other.journal.rosters.beats.known
    while desk.device not in known and time.monotonic() < end:
        hand.pull()
        known = other.journal.rosters.beats.known
        time.sleep(0.05)
    assert known[desk.device].on_duty == ON_DUTY
    desk.farewell(20)
    assert time.monotonic() < end
    hand.pull()  # What a desk says last is sent when its farewell returns.
    assert other.journal.rosters.beats.known[desk.device].on_duty == GOING
