# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody suspends the device at which they sit: it is to be handed over in a minute."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.engine.doors import Found
from safeconduct.kernel.wire.refusals import UnknownCapability
from tests.sim.courier import Rehearsal
from tests.sim.steps import Hand, Person, sync
from tests.sim.test_access_epochs import follow, look, suspended
from tests.sim.test_roster_heads import STEWARD


def test_device_that_suspended_itself_loses_access_through_any_other_steward(
    stage: Rehearsal, person: Person
) -> None:
    first, third = stage.desks["first"], stage.join("third", roles=STEWARD)
    fourth = stage.join("fourth", roles=STEWARD)
    sync(stage, "first", "second", "third", "fourth")
    follow(stage, first, suspended(first, first))
    person.write("Are you there?")
    Hand(first, stage.courier(first)).pull()  # Its own desk ends nothing.
    for desk in (third, fourth):
        Hand(desk, stage.courier(desk)).pull()
    Hand(third, stage.courier(third)).sync()
    with pytest.raises(UnknownCapability):
        Hand(first, stage.courier(first)).pull()
    assert look(stage, first) is Found.NOTHING
    assert look(stage, fourth) is Found.RENEWED
    Hand(fourth, stage.courier(fourth)).sync()
    look(stage, third)
    assert third.journal.place.capability == fourth.journal.place.capability
    assert look(stage, stage.desks["second"]) is Found.RENEWED
    for vault in third.journal.keys.vaults().values():
        assert first.device not in vault.known
