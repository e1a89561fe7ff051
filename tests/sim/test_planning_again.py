# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning again on real desks: a house burns, a plan is approved, and two desks agree."""

from __future__ import annotations

import time

import pytest

from safeconduct.edges.desk.engine.mender import MODULE
from safeconduct.edges.desk.office import Desk
from safeconduct.rooms.passage.gathering.again import gather_again
from safeconduct.rooms.passage.gathering.proposed import PlannedOnChanged
from tests.kit.invented_ways import settings
from tests.sim import test_planning
from tests.sim.courier import Rehearsal
from tests.sim.test_cases import meet
from tests.sim.test_planning import LOCAL, PATIENCE, land
from tests.sim.test_ways import write

office = test_planning.office


def sheltered(desk: Desk) -> tuple[bytes, bytes, bytes]:
    """Somebody is in a house that burns, and another house is there; journey and both houses."""
    (party,) = land(desk, "high")
    (house,) = desk.ways.network().of_kind("house")
    host = write(desk, "household", name="M", state="ready", trust="high")
    at = {"where": "Sea Street 9", "town": house.text("town"), "host": host.hex(), "suits": "any"}
    other = write(desk, "house", **at, beds="2", state="fit", trust="high")
    journey = write(desk, "journey", party=party.hex(), state="begun")
    stay = {"journey": journey.hex(), "house": house.id.hex(), "begins": "2026-11-18"}
    write(desk, "stay", **stay, state="there")
    write(desk, "house", house.id, state="burned")
    return journey, house.id, other


def planned_again(desk: Desk) -> None:
    """Plan again, and stop as soon as there is a repair."""
    again, until = desk.ways.plans.again, time.monotonic() + PATIENCE
    again.begin(10, LOCAL)
    while again.thinking and time.monotonic() < until:
        if again.found() is not None:
            again.enough()
        time.sleep(0.05)
    assert again.alternatives()


def test_a_burned_house_is_planned_again_and_two_desks_agree(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    journey, burned, other = sheltered(first)
    meet(office)
    files = len(list(office.folder.rglob("*")))
    planned_again(second)
    second.ways.plans.again.approve(0, LOCAL, "Planned again.")
    assert len(list(office.folder.rglob("*"))) == files
    meet(office)
    stays = {one.text("house"): one for one in first.ways.network().of_kind("stay")}
    old, new = stays[burned.hex()], stays[other.hex()]
    assert (old.text("ends"), old.text("state")) == ("2026-11-20", "there")
    assert (new.text("begins"), new.text("state")) == ("2026-11-20", "held")
    assert new.text("journey") == journey.hex()
    (changed,) = [one for entered in old.entered("ends") for one in entered.standing]
    (held,) = [one for entered in new.entered("state") for one in entered.standing]
    assert changed.fact[:32] == held.fact[:32]
    plans = {
        gather_again(desk.ways.network(), settings(today=LOCAL[:10])).plan
        for desk in (first, second)
    }
    assert len(plans) == 1


def test_what_a_colleague_wrote_meanwhile_stops_an_approval(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    _, _, other = sheltered(first)
    meet(office)
    planned_again(second)
    (_, house) = first.ways.network().of_kind("house")
    assert house.id == other
    write(first, "house", house.id, beds="0")
    meet(office)
    with pytest.raises(PlannedOnChanged) as refused:
        second.ways.plans.again.approve(0, LOCAL, "Planned again.")
    assert refused.value.sheets == (("house", other),)
    assert len(second.ways.network().of_kind("stay")) == 1


def test_the_search_ends_with_the_desk_and_is_told_nothing_by_its_arguments(
    office: Rehearsal,
) -> None:
    first, *_ = office.desks.values()
    sheltered(first)
    first.ways.plans.again.begin(60, LOCAL)
    (line,) = test_planning.children(MODULE)
    assert line[1:] == ["-P", "-m", MODULE, ""]
    first.abandon()
    until = time.monotonic() + PATIENCE
    while first.ways.plans.again.thinking and time.monotonic() < until:
        time.sleep(0.02)
    assert test_planning.children(MODULE) == []
    assert first.ways.plans.again.alternatives() == ()
