# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device's own sealing key, with a relay that hides, delays and lies about the time.

Whoever holds an old half opens all that was ever sealed to it; whoever destroys it too early loses
the keys that somebody sealed to it in good faith.
"""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.engine import post, rotating
from safeconduct.edges.desk.engine.new_keys import LONGEST_PAUSE
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import DAY, Instant
from safeconduct.rooms import crew
from safeconduct.rooms.crew import HeldKey, KeysGranted
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand, Person, pass_on
from tests.sim.test_desk_guards import notes
from tests.sim.test_new_keys import TEAM, newest, withholding
from tests.sim.test_own_rotation import MONTH, beat, number, read_of_it
from tests.sim.test_removed_devices import tell

pytestmark = pytest.mark.attack


def bring(stage: Rehearsal, name: str) -> None:
    """Let a desk bring to the relay what it wrote, and read nothing."""
    desk = stage.desks[name]
    while post.push(desk.journal, stage.courier(desk)):
        pass


def test_keys_that_a_colleague_sealed_to_the_old_half_are_not_lost(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    pass_on(stage, "first", "second", "first")
    rotating.ask_all(first.journal)
    courier = stage.courier(first)
    rotating.Rotator(first.journal, courier).rotate_all()
    first.note(person.conversation, "under the key that waits")
    stage.clock.time += MONTH
    pass_on(stage, "second")
    assert number(second) == 1
    beat(second)
    pass_on(stage, "second", "second")
    bring(stage, "first")
    pass_on(stage, "second")
    assert newest(second) == newest(first) > 1
    assert notes(stage, "second", person) == ["under the key that waits"]


def test_a_parcel_that_was_withheld_is_opened_when_it_comes(stage: Rehearsal) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    pass_on(stage, "first", "second")
    key = HeldKey("vault", TEAM, 1, b"k" * 32)
    sealed_to = second.journal.secrets.sealing_key().public
    parcel = crew.write_parcel(
        first.journal.keys.packer(stage.world.rng), "grant", [(sealed_to, [key])]
    )
    stage.courier(first).put_parcel(parcel)
    keys = crew.key_groups([VaultEpoch(TEAM, 1)])
    tell(first, KeysGranted(keys, crew.parcel_hash(parcel), (second.device,), ()))
    bring(stage, "first")
    relay = withholding(stage, "second")
    hand = Hand(second, relay)
    stage.clock.time += MONTH
    hand.sync()
    read_of_it(stage, "first")
    hand.sync()
    relay.holds = True
    stage.clock.time += LONGEST_PAUSE
    hand.sync()
    assert second.journal.keychain.held()[VaultEpoch(TEAM, 1)] == key.key


class Hurried(StoreCourier):
    """A relay that says that years have passed."""

    def now(self) -> Instant:
        return Instant(super().now() + 900 * DAY)


def test_a_relay_that_lies_about_the_time_makes_no_device_take_keys(stage: Rehearsal) -> None:
    second = stage.desks["second"]
    pass_on(stage, "first", "second")
    capability = second.journal.place.capability
    hand = Hand(second, Hurried(stage.store, stage.office, capability))
    for _ in range(3):
        hand.sync()
        read_of_it(stage, "first")
    assert number(second) == 0
