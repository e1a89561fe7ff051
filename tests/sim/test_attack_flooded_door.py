# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever may write to the relay fills a door, so that the letter that counts is not found."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.engine import door_reading
from safeconduct.edges.desk.engine.doors import Found, look
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.seal.lock import seal_to
from safeconduct.kernel.seal.padding import pad
from safeconduct.kernel.words import DAY, Address, Instant
from safeconduct.rooms.crew.doors import LETTER_BYTES, VERSION, write_letter
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Person, sync
from tests.sim.test_access_epochs import follow, suspended
from tests.sim.test_attack_doors import a_way_in, door_of

pytestmark = pytest.mark.attack

LETTERS = 480


class Counting(StoreCourier):
    """A relay of which it is counted how often a door was asked for, and what it handed over."""

    asked = 0
    handed = 0

    def collect(self, address: Address, after: int) -> list[tuple[int, Instant, bytes]]:
        found = super().collect(address, after)
        self.asked += 1
        self.handed += len(found)
        return found


@pytest.fixture
def third(stage: Rehearsal, person: Person) -> Desk:
    """A colleague who is off; somebody whose access has not ended floods the door."""
    third = stage.join("third")
    sync(stage, "first", "second", "third", "first")
    return third


def flood(stage: Rehearsal, by: Desk, to: Desk) -> None:
    """Fill a door with letters that open, of the right length, and that no steward signed."""
    door, key = door_of(to), to.journal.secrets.sealing_key().public
    letter = write_letter(a_way_in(by), door, by.device, by.journal.secrets.signing_key())
    expires = Instant(stage.clock.now() + DAY)
    for _ in range(LETTERS // 60):
        padded = pad(letter, LETTER_BYTES)
        items = [bytes([VERSION]) + seal_to(key, "door", door.context, padded) for _ in range(60)]
        stage.courier(by).post([(door.address, expires, item) for item in items])


def reader(stage: Rehearsal, desk: Desk) -> Counting:
    return Counting(stage.store, stage.office, desk.journal.place.capability)


def test_flood_before_the_round_costs_a_desk_a_few_answers(stage: Rehearsal, third: Desk) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    flood(stage, second, third)
    follow(stage, first, suspended(first, second))
    relay = reader(stage, third)
    assert look(third.journal, relay) is Found.RENEWED
    assert relay.handed < LETTERS // 2


def test_flood_after_the_round_hides_no_letter_for_good(
    stage: Rehearsal, third: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    gone = stage.join("gone")
    sync(stage, "gone", "first")
    follow(stage, first, suspended(first, gone))
    assert look(second.journal, stage.courier(second)) is Found.RENEWED
    flood(stage, second, third)
    monkeypatch.setattr(door_reading, "MOST_ANSWERS", 24)
    found, looks = Found.NOTHING, 0
    while found is Found.NOTHING and looks < 60:
        relay = reader(stage, third)
        found, looks = look(third.journal, relay), looks + 1
        assert relay.asked <= 24 + 1
    assert found is Found.RENEWED
