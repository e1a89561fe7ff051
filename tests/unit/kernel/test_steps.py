# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which steps lead from one version to another."""

import pytest

from safeconduct.kernel.steps import MadeByNewer, NoSuchVersion, Step, way

STEPS = [Step(f"up {number}", f"down {number}") for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("now", "to", "scripts"),
    [
        (0, 3, ("up 1", "up 2", "up 3")),
        (1, 2, ("up 2",)),
        (2, 2, ()),
        (3, 1, ("down 3", "down 2")),
    ],
)
def test_steps_are_taken_in_order_and_back_in_reverse(
    now: int, to: int, scripts: tuple[str, ...]
) -> None:
    assert way(STEPS, now, to) == scripts


@pytest.mark.parametrize("to", [-1, 0, 4])
def test_nothing_leads_to_where_no_program_was(to: int) -> None:
    with pytest.raises(NoSuchVersion) as met:
        way(STEPS, 2, to)
    assert met.value.newest == 3


@pytest.mark.parametrize("to", [1, 3, 4])
def test_an_older_program_leaves_a_newer_ones_tables_alone(to: int) -> None:
    with pytest.raises(MadeByNewer) as met:
        way(STEPS, 4, to)
    assert (met.value.found, met.value.known) == (4, 3)
