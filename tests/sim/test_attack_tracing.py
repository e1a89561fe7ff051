# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody inside floods the relay, is looked for, and has others taken for the one who did it."""

from __future__ import annotations

import os
from contextlib import suppress

import pytest
from msgspec.structs import replace

from safeconduct.edges.desk.engine import doors
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.ports import Counted
from safeconduct.kernel.wire.refusals import NotFound, UnknownCapability
from safeconduct.kernel.words import DAY
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person
from tests.sim.test_access_epochs import look
from tests.sim.test_taking_over import try_once
from tests.sim.test_tracing import WHY, come_in, office_of_four, shares, told, trace, ways

pytestmark = pytest.mark.attack

FLOOD = 12


@pytest.fixture
def other(stage: Rehearsal, person: Person) -> Desk:
    """A second steward's desk, beside that of a third who is a helper; all know of each other."""
    return office_of_four(stage)


def flood(stage: Rehearsal, desk: Desk) -> int:
    """Whoever has a desk's keys reads its door as it does, and fills the log; return how much."""
    if doors.look(desk.journal, stage.courier(desk)) is doors.Found.NOTHING:
        raise UnknownCapability
    for _ in range(FLOOD):
        stage.courier(desk).append([os.urandom(60_000)])
    return FLOOD * 60_000


class Mute(StoreCourier):
    """A relay that keeps letters for doors, and takes nothing into the log."""

    def __init__(self, inner: StoreCourier) -> None:
        super().__init__(inner.store, inner.office, inner._capability)

    def append(self, frames: list[bytes]) -> list[int]:  # noqa: ARG002
        raise Unreachable


def test_stolen_capability_that_floods_is_found_and_ended(
    stage: Rehearsal, person: Person, other: Desk
) -> None:
    first, second, third = (stage.desks[name] for name in ("first", "second", "third"))
    flood(stage, second)
    first.tracing.open(WHY)
    come_in(stage, "first", *stage.desks)
    much = flood(stage, second)
    (device, most), (_, next_most), *_ = shares(stage, other).items()
    assert device == second.device
    assert most.total >= much > 4 * next_most.total
    other.removals.suspend(second.device, "its way in floods the server")
    come_in(stage, "other", "first", "third")
    with pytest.raises(UnknownCapability):
        flood(stage, second)
    third.note(person.conversation, "We go on.")
    come_in(stage, "third")


def test_relay_tells_no_devices_apart_after_the_removal_that_ends_it(
    stage: Rehearsal, other: Desk
) -> None:
    trace(stage)
    stage.desks["first"].removals.suspend(stage.desks["second"].device, "")
    come_in(stage, "first", "other", "third", "first")
    del stage.desks["second"]
    assert len(set(ways(stage))) == 1


def test_who_joins_and_floods_is_not_taken_for_the_steward_who_let_it_in(
    stage: Rehearsal, other: Desk
) -> None:
    trace(stage)
    first = stage.desks["first"]
    before = shares(stage, first)[first.device].total
    new = stage.join("new")
    come_in(stage, "first")
    much = flood(stage, new)
    found = shares(stage, first)
    assert found[first.device].total - before < much // 4
    assert found[None].total >= much


def test_relay_that_tells_devices_apart_is_shown_before_the_log_says_so(
    stage: Rehearsal, other: Desk
) -> None:
    first, third = stage.desks["first"], stage.desks["third"]
    first.tracing.open(WHY)
    with pytest.raises(Unreachable):  # Letters lie in all doors, and nothing reached the log.
        Hand(first, Mute(stage.courier(first))).send()
    first.stop()
    come_in(stage, "third")
    assert told(third) == ("", "")


def test_relay_that_denies_that_it_traces_gets_nobody_taken_for_the_steward(
    stage: Rehearsal, person: Person, other: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(*_: object) -> list[Counted]:
        raise NotFound

    trace(stage)
    second, own = stage.desks["second"], ways(stage)
    monkeypatch.setattr(StoreCourier, "traced", deny)
    for _ in range(10):
        stage.clock.time += 3 * DAY
        with suppress(Unreachable):
            try_once(stage, stage.desks["first"])
    second.journal.place = replace(second.journal.place, capability=bytes(32))
    assert look(stage, second) is doors.Found.RENEWED
    assert second.journal.place.capability == own[1]
