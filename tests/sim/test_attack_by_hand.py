# SPDX-License-Identifier: AGPL-3.0-or-later
"""The family telephones to have the hotline stop looking for somebody."""

import pytest

from safeconduct.kernel.words import DAY
from safeconduct.rooms.hotline.by_hand_decide import Typed
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person

pytestmark = pytest.mark.attack


def test_a_relative_who_calls_ends_no_silence(stage: Rehearsal, person: Person) -> None:
    desk = stage.desks["first"]
    stage.clock.time = stage.clock.time + 2 * DAY
    assert desk.today().silent_total == 1
    typed = Typed(way="behalf", happened=desk.now(), text="She is well. Do not call again.")
    desk.by_hand.note(person.conversation, desk.by_hand.fresh(), typed, "")
    assert desk.today().silent_total == 1
