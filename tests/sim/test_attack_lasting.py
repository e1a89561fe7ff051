# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server that lies about when letters end, or watches who looks (spec/crew.md 5)."""

from __future__ import annotations

import pytest

from safeconduct.kernel.words import DAY, Address, Instant
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_access_epochs import Watching, follow, look, suspended
from tests.sim.test_roster_heads import STEWARD

pytestmark = pytest.mark.attack


class SaysEnded(Watching):
    """A relay of which every letter is about to end."""

    def collect(self, address: Address, after: int) -> list[tuple[int, Instant, bytes]]:
        return [(number, self.now(), item) for number, _, item in super().collect(address, after)]


def test_server_that_lies_about_ends_has_no_more_letters_written_than_in_five_days(
    stage: Rehearsal, person: Person
) -> None:
    first, gone = stage.desks["first"], stage.join("gone")
    sync(stage, "gone", "first")
    follow(stage, first, suspended(first, gone))
    rounds = 0
    for _ in range(30):
        stage.clock.time += DAY
        relay = SaysEnded(stage.courier(first))
        Hand(first, relay).sync()
        rounds += len(relay.posted)
    assert 1 <= rounds <= 6


class SeesLooks(StoreCourier):
    """A relay that notes how often a connection reads a door."""

    looks = 0

    def collect(self, address: Address, after: int) -> list[tuple[int, Instant, bytes]]:
        self.looks += 1
        return super().collect(address, after)


def looks(stage: Rehearsal, name: str) -> int:
    """How often a desk reads its door while it syncs once."""
    desk = stage.desks[name]
    relay = SeesLooks(stage.store, stage.office, desk.journal.place.capability)
    Hand(desk, relay).sync()
    return relay.looks


def test_server_tells_no_stewards_desk_by_its_looks_into_its_door(
    stage: Rehearsal, person: Person
) -> None:
    third, gone = stage.join("third", STEWARD), stage.join("gone")
    sync(stage, "first", "second", "third", "gone", "first")
    follow(stage, stage.desks["first"], suspended(stage.desks["first"], gone))
    for desk in (stage.desks["second"], third):
        look(stage, desk)
    sync(stage, "first", "second", "third")
    for _ in range(4):
        stage.clock.time += 2 * DAY
        seen = {name: looks(stage, name) for name in ("first", "second", "third")}
        assert seen["first"] == seen["second"] == seen["third"] > 0
