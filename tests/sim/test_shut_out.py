# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands on a desk that the relay refuses: its door, and the recovery cards."""

from __future__ import annotations

from functools import partial

import pytest

from safeconduct.edges.desk import moving
from safeconduct.edges.desk.engine import doors
from safeconduct.kernel.wire.refusals import UnknownCapability
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, sync
from tests.sim.test_access_epochs import follow, suspended
from tests.sim.test_roster_heads import written


def test_command_on_a_desk_that_was_off_meanwhile_goes_on_by_its_door(
    stage: Rehearsal, person: Person
) -> None:
    first, second, third = stage.desks["first"], stage.desks["second"], stage.join("third")
    sync(stage, "third", "first")
    first.note(person.conversation, "While you were off.")
    follow(stage, first, suspended(first, second))
    carry = [partial(moving.carry, desk.journal, stage.courier(desk)) for desk in (second, third)]
    doors.let_in(third.journal, carry[1].args[1], carry[1])
    assert written(third, person) == ["While you were off."]
    assert third.journal.place.capability == first.journal.place.capability
    with pytest.raises(UnknownCapability):
        doors.let_in(second.journal, carry[0].args[1], carry[0])
