# SPDX-License-Identifier: AGPL-3.0-or-later
"""A steward lets the relay tell devices apart for a while: opened, told, read, and ended."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from safeconduct.edges.desk.engine import tracing
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.tracing import TracingEpochs
from safeconduct.edges.desk.tracing_api import DeviceShare
from safeconduct.kernel.words import DAY, BlobId, DeviceId
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.tracing import TracesNot, traced_capability
from tests.kit.offices import wait
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync
from tests.sim.test_access_epochs import epoch_of, look
from tests.sim.test_lasting import live
from tests.sim.test_roster_heads import STEWARD
from tests.sim.test_taking_over import told_of, try_once

WHY = "Somebody fills the server."


@pytest.fixture
def other(stage: Rehearsal, person: Person) -> Desk:
    """A second steward's desk, beside that of a third who is a helper; all know of each other."""
    return office_of_four(stage)


def office_of_four(stage: Rehearsal) -> Desk:
    """Let another steward and a third helper join; return the steward's desk."""
    other = stage.join("other", STEWARD)
    stage.join("third")
    sync(stage, "first", "second", "third", "other", "first")
    return other


def trace(stage: Rehearsal, by: str = "first") -> None:
    """Open a tracing epoch from one desk; all the others find it in their doors and in the log."""
    stage.desks[by].tracing.open(WHY)
    come_in(stage, by, *stage.desks)


def come_in(stage: Rehearsal, *names: str) -> None:
    """Let desks sync as their loops do."""
    for name in names:
        for _ in range(2):
            assert try_once(stage, stage.desks[name])


def ways(stage: Rehearsal) -> list[bytes]:
    """The capability of each desk."""
    return [desk.journal.place.capability for desk in stage.desks.values()]


def known_to_relay(stage: Rehearsal) -> int:
    """How many capabilities the relay takes."""
    query = "SELECT length(capability_hash) / 32 FROM offices"
    return int(stage.store.parts.database.reader().execute(query).get)


def shares(stage: Rehearsal, desk: Desk) -> dict[DeviceId | None, DeviceShare]:
    """What the relay tells a steward's desk, by device, the most first."""
    asking = TracingEpochs(desk.journal, desk.removals, lambda: stage.courier(desk))
    return {share.device: share for share in asking.shares()}


def told(desk: Desk) -> tuple[str, str] | None:
    """By whom and why the server can tell devices apart, as a desk shows it."""
    running = desk.tracing.running()
    if running is None:
        return None
    member = desk.roster().members.get(running.by) if running.by else None
    return member.person if member else "", running.reason


def test_every_device_has_a_capability_of_its_own_and_every_desk_says_so(
    stage: Rehearsal, other: Desk
) -> None:
    assert len(set(ways(stage))) == 1
    trace(stage)
    assert len(set(ways(stage))) == 4
    assert known_to_relay(stage) == 8
    for desk in stage.desks.values():
        assert told(desk) == ("Ada", WHY)
    started = [desk.tracing.running() for desk in stage.desks.values()]
    assert {one.since for one in started if one} == {stage.clock.time}


def test_steward_reads_which_device_brought_how_much_this_day_and_before(
    stage: Rehearsal, person: Person, other: Desk
) -> None:
    trace(stage)
    first, third = stage.desks["first"], stage.desks["third"]
    was = shares(stage, other)[third.device]
    courier = stage.courier(third)
    courier.append([bytes(70_000)])
    courier.open_blob(BlobId(b"b" * 32), 1, 500_000, bytes(32))
    for desk in (first, other):
        found = shares(stage, desk)
        most = found[third.device]
        assert next(iter(found)) == third.device
        assert (most.total - was.total, most.rest - was.rest) == (570_016, 70_000)
        assert most.files == 500_016
        assert set(found) == set(desk.roster().members)
        assert not any(share.stray for share in found.values())
    stage.clock.time += DAY
    most = shares(stage, other)[third.device]
    assert (most.total, most.files, most.rest) == (was.total + 570_016, 0, 0)


def test_what_comes_with_a_capability_that_nobody_was_given_is_named(
    stage: Rehearsal, other: Desk
) -> None:
    trace(stage)
    control = other.journal.keychain.control()
    assert control is not None
    nobodys = traced_capability(control.key, stage.office, 2, (1).to_bytes(4, "big"))
    stage.courier_with(stage.office, nobodys).append([bytes(5_000)])
    strays = [share for share in shares(stage, other).values() if share.stray]
    assert [(one.device, one.total) for one in strays] == [(None, 5_000)]


def test_helper_neither_opens_nor_reads_nor_ends_it(stage: Rehearsal, other: Desk) -> None:
    third = stage.desks["third"]
    with pytest.raises(NotASteward):
        third.tracing.open(WHY)
    trace(stage)
    with pytest.raises(NotASteward):
        third.tracing.end()
    with pytest.raises(NotASteward):
        shares(stage, third)
    with pytest.raises(TracesNot):  # Nor does a changed desk: it holds no control key.
        tracing.written(third.journal, stage.courier(third))


def test_it_is_ended_with_a_button_by_any_steward_and_the_log_says_by_whom(
    stage: Rehearsal, other: Desk
) -> None:
    trace(stage)
    other.tracing.end()
    assert other.tracing.ending()
    come_in(stage, "other", *stage.desks)
    assert len(set(ways(stage))) == known_to_relay(stage) == 1
    for desk in stage.desks.values():
        assert told(desk) is None
        assert not desk.tracing.ending()
        last = max(told_of(desk), key=lambda fact: fact.epoch)
        assert [(act.device, act.standing) for act in last.followed] == [(other.device, "untraced")]
    with pytest.raises(TracesNot):
        shares(stage, other)
    with pytest.raises(TracesNot):
        other.tracing.end()
    trace(stage, "other")
    assert told(stage.desks["first"]) == ("Bo other", WHY)


def test_it_ends_by_itself_with_a_removal(stage: Rehearsal, other: Desk) -> None:
    trace(stage)
    stage.desks["first"].removals.suspend(stage.desks["second"].device, "it was this one")
    come_in(stage, "first", "other", "third", "first")
    assert look(stage, stage.desks["second"]) is Found.NOTHING
    del stage.desks["second"]
    assert len(set(ways(stage))) == known_to_relay(stage) == 1
    for desk in stage.desks.values():
        assert told(desk) is None
    told_last = max(told_of(other), key=lambda fact: fact.epoch)
    assert {act.standing for act in told_last.followed} == {"suspended", "untraced"}


def test_removal_and_wish_at_once_make_one_epoch_that_traces_without_the_removed(
    stage: Rehearsal, other: Desk
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    first.removals.suspend(second.device, "")
    first.tracing.open(WHY)
    come_in(stage, "first", "other", "third", "first")
    assert epoch_of(first) == 2
    assert look(stage, second) is Found.NOTHING
    assert told(stage.desks["third"]) == ("Ada", WHY)
    assert second.device not in shares(stage, first)


def test_device_that_joins_meanwhile_is_not_taken_for_who_admitted_it(
    stage: Rehearsal, other: Desk
) -> None:
    trace(stage)
    before = shares(stage, other)
    new = stage.join("new", by="other")
    come_in(stage, "new", "other", "new")
    assert told(new) == ("Ada", WHY)
    stage.courier(new).append([bytes(900_000)])
    after = shares(stage, other)
    assert after[None].total >= 900_000
    assert after[other.device].total - before[other.device].total < 100_000
    other.tracing.end()
    come_in(stage, "other", *stage.desks)
    assert len(set(ways(stage))) == 1
    assert told(new) is None


def test_running_desks_begin_and_end_it_by_themselves_and_nothing_is_wrong(
    stage: Rehearsal, person: Person, other: Desk
) -> None:
    first, third = stage.desks["first"], stage.desks["third"]
    for desk in (first, third):
        desk.start(stage.courier(desk))
    first.tracing.open(WHY)
    wait(lambda: told(third) == ("Ada", WHY))
    third.note(person.conversation, "Under its own name.")
    wait(lambda: not third.status().unsent)
    wait(lambda: {third.device, first.device} <= {one.device for one in first.tracing.shares()})
    first.tracing.end()
    wait(lambda: told(third) is None and told(first) is None)
    wait(lambda: not first.status().unsent)
    wait(lambda: not (first.status().troubles or third.status().troubles))
    assert third.journal.place.capability == first.journal.place.capability


def test_desk_that_was_off_finds_its_own_capability_after_months(
    stage: Rehearsal, person: Person, other: Desk
) -> None:
    stage.desks["first"].tracing.open(WHY)
    come_in(stage, "first", "second", "other")
    live(stage, 93, "first", "second", "other")
    third = stage.desks["third"]
    assert look(stage, third) is Found.RENEWED
    assert len(set(ways(stage))) == 4
    come_in(stage, "third")
    assert told(third) == ("Ada", WHY)
    stage.courier(third).append([bytes(600_000)])
    assert next(iter(shares(stage, other))) == third.device


def test_letters_written_anew_tell_who_joined_meanwhile_what_it_has(
    stage: Rehearsal, other: Desk
) -> None:
    trace(stage)
    new = stage.join("new")
    come_in(stage, "new", "first", "new")
    own = new.journal.place.capability
    live(stage, 30, "first", "other")
    new.journal.place = replace(new.journal.place, capability=bytes(32))
    assert look(stage, new) is Found.RENEWED
    assert new.journal.place.capability == own
