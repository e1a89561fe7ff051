# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom a slip told is known to the planner of every desk, and whom it did not tell is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.rooms.crew import Role
from tests.sim.errands import Night, nights
from tests.sim.test_cases import meet


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A steward and a coordinator, both online, and a journey that is written down."""
    with nights(tmp_path, Role.COORDINATOR) as night:
        yield night


def test_a_slip_that_left_is_known_to_every_desk_that_plans(night: Night) -> None:
    escort = night.told(night.make())
    meet(night.stage)
    assert night.first.ways.learnt() == night.second.ways.learnt() == frozenset()
    escort.say("opened")
    night.meet()
    night.first.slips.look()
    night.meet()
    made = night.shown(night.second).made.said
    told = frozenset({(made.knower, made.party)})
    assert night.first.ways.learnt() == night.second.ways.learnt() == told


def test_a_slip_of_paper_has_told_whoever_it_is_for(night: Night) -> None:
    night.make(row="stay", way="paper")
    night.meet()
    made = night.shown(night.second).made.said
    assert night.second.ways.learnt() == frozenset({(made.knower, made.party)})
