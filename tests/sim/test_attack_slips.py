# SPDX-License-Identifier: AGPL-3.0-or-later
"""An escort was caught: with the words, with the slip, or before either; and who runs the relay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.kernel.sheets import Typed
from safeconduct.rooms.crew import Role
from safeconduct.rooms.passage.errand.errands import NotForThem
from safeconduct.rooms.passage.errand.slips import SlipState
from tests.sim.courier import Rehearsal
from tests.sim.errands import Night
from tests.sim.test_cases import go_online, meet
from tests.sim.test_referrals import on_the_relay

pytestmark = pytest.mark.attack


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A steward and a coordinator, both online, and a journey that is written down."""
    with Rehearsal(tmp_path) as rehearsal:
        rehearsal.found()
        rehearsal.join("second", frozenset({Role.COORDINATOR}))
        go_online(rehearsal)
        meet(rehearsal)
        yield Night(rehearsal)


def test_words_of_a_slip_that_was_frozen_in_time_open_nothing(night: Night) -> None:
    hunter = night.told(night.make())
    assert night.second.slips.freeze_all_of(night.ids["driver"]) == 1
    night.meet()
    hunter.say("opened")
    night.meet()
    for desk in (night.first, night.second):
        desk.slips.look()
    night.meet()
    assert hunter.found() == []
    assert night.shown(night.first).state is SlipState.FROZEN


def test_until_somebody_came_words_and_relay_together_open_nothing_of_a_slip(
    night: Night,
) -> None:
    hunter = night.told(night.make())
    for desk in (night.first, night.second):
        desk.slips.look()
    night.meet()
    assert hunter.found() == []
    assert b"Marker" not in on_the_relay(night.stage)


def test_an_escort_of_whom_one_colleague_says_that_they_were_arrested_is_told_no_place(
    night: Night,
) -> None:
    sheet = night.second.ways.network().sheet(night.ids["driver"], "escort")
    assert sheet is not None
    night.second.ways.write("escort", night.ids["driver"], {"state": Typed("arrested")})
    night.first.ways.write("escort", night.ids["driver"], {"state": Typed("resting")})
    night.meet()
    for desk in (night.first, night.second):
        with pytest.raises(NotForThem):
            desk.slips.draft(night.wish())
