# SPDX-License-Identifier: AGPL-3.0-or-later
"""A rehearsal must do nothing, and a press of somebody who may not write must count nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.burned import OnlyRehearsed
from safeconduct.edges.desk.burned_api import Knowers
from safeconduct.rooms.crew import Role
from safeconduct.rooms.passage.burned.knower import Kind
from safeconduct.rooms.passage.decide import NetworkNotYours
from safeconduct.rooms.passage.errand.slips import SlipState
from tests.sim.errands import Night, nights, today

pytestmark = pytest.mark.attack


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A steward and a case worker, both online, who hold all books, and a journey."""
    with nights(tmp_path, Role.CASE_WORKER) as night:
        yield night


def test_a_rehearsal_freezes_and_closes_nothing(night: Night) -> None:
    escort = night.told(night.make())
    of = Knowers(Kind.ESCORT, night.ids["driver"])
    house = Knowers(Kind.HOUSE, night.ids["house"])
    before = night.first.ways.network().sheets
    made = [
        night.first.burned.press(one, today(night.first), "", rehearsal=True) for one in (of, house)
    ]
    night.meet()
    for desk in (night.first, night.second):
        assert desk.ways.network().sheets == before
        assert [one.rehearsal for one in desk.burned.drills()] == [True, True]
    move = night.first.burned.look(house, today(night.first)).moves[0]
    with pytest.raises(OnlyRehearsed):
        night.first.burned.approve(made[1], today(night.first), {move.key})
    escort.say("opened")
    night.meet()
    night.first.slips.look()
    assert night.shown(night.first).state is SlipState.HANDED


def test_who_may_not_write_freezes_nothing(night: Night) -> None:
    escort = night.told(night.make())
    of = Knowers(Kind.ESCORT, night.ids["driver"])
    for rehearsal in (False, True):
        with pytest.raises(NetworkNotYours):
            night.second.burned.press(of, today(night.second), "", rehearsal=rehearsal)
    night.meet()
    assert night.first.burned.drills() == ()
    assert not night.second.burned.may_press()
    escort.say("opened")
    night.meet()
    night.first.slips.look()
    assert night.shown(night.first).state is SlipState.HANDED
