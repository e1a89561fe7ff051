# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a time came that a desk put off, also where somebody set its clock meanwhile."""

import pytest

from safeconduct.edges.desk.engine.clock import came
from safeconduct.kernel.words import Instant

WAIT = 10


@pytest.mark.parametrize(
    ("now", "expected"),
    [(99, False), (100, True), (101, True), (90, False), (89, True), (0, True)],
)
def test_a_time_that_is_further_off_than_its_wait_is_from_before_a_clock_was_set(
    now: int, *, expected: bool
) -> None:
    assert came(Instant(now), 100, WAIT) is expected
