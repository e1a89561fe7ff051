# SPDX-License-Identifier: AGPL-3.0-or-later
"""Published instances of the dial-a-ride problem are solved to their published optima."""

import pytest

from safeconduct.rooms.passage.collecting.collect import collect
from safeconduct.rooms.passage.collecting.evening_file import write_evening
from safeconduct.rooms.passage.collecting.round_file import write_round
from tests.kit.dial_a_ride import OPTIMA, SCALE, instance
from tests.kit.round_checker import CheckedRound

FEW_SECONDS = ("a2-16", "b2-16", "a2-20")
"""`python tests/bench/collect.py` solves a3-24 too, in half a minute."""


@pytest.mark.parametrize("name", FEW_SECONDS)
def test_the_published_optimum_is_found_and_proved(name: str) -> None:
    evening = instance(name)
    found = collect(evening, work=60)
    assert found.proved
    assert not found.worth.left
    assert abs(found.worth.drives - OPTIMA[name] * SCALE // 100) <= SCALE // 100
    checked = CheckedRound(write_evening(evening), write_round(found.round))
    assert not checked.broken
