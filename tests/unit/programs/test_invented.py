# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock of an invented office: its letters come one after the other, over weeks."""

from itertools import pairwise

import pytest

from safeconduct.edges.desk.wiring import SystemClock
from safeconduct.kernel.words import DAY
from safeconduct.programs.invented import BEFORE, Weeks
from tests.kit.clocks import SeededRng

LETTERS = 4


@pytest.mark.parametrize("seed", range(20))
def test_letters_are_spread_over_weeks_and_the_last_is_older_than_a_day(seed: int) -> None:
    weeks, now = Weeks(SeededRng(seed)), SystemClock().now()
    times = [weeks.now()]
    assert BEFORE <= now - times[0] + 1 < BEFORE + DAY + 2000
    for left in range(LETTERS, 0, -1):
        weeks.go_on(left)
        times.append(weeks.now())
    weeks.act()
    assert now - weeks.now() > DAY
    assert all(one < later for one, later in pairwise(times))
    assert times[-1] - times[0] > DAY
    weeks.arrive()
    assert weeks.now() >= now
