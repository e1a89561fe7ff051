# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay, or who else holds the capability, against what waits for people in their boxes."""

from __future__ import annotations

import os

import pytest

from safeconduct.kernel.words import DAY, Address, Instant
from tests.sim.courier import Rehearsal


@pytest.mark.attack
def test_letter_that_names_no_end_leaves_its_box_all_the_same(stage: Rehearsal) -> None:
    informer = stage.courier(stage.desks["second"])
    address = Address(os.urandom(32))
    informer.post([(address, Instant(2**62), b"rubbish")])
    stage.clock.time += 31 * DAY - 1
    assert informer.collect(address, 0)
    stage.clock.time += DAY + 1
    assert not informer.collect(address, 0)
