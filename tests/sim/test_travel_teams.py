# SPDX-License-Identifier: AGPL-3.0-or-later
"""Teams while one of their devices is on a trip (spec/crew.md 12 and 16)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.engine import rotating, travelling
from safeconduct.edges.desk.engine.team_keys import TeamTravels
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.cases import TravelsLight
from tests.sim.courier import Rehearsal
from tests.sim.steps import sync
from tests.sim.test_access_epochs import look
from tests.sim.test_cases import WORKER, go_online, meet, three_desks
from tests.sim.test_teams import case_for, form, reads, settle
from tests.sim.test_travel_keys import away


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def test_team_whose_key_is_on_a_trip_is_given_nothing_new(office: Rehearsal) -> None:
    first = office.desks["first"]
    team = form(office, "first", "third")
    case = case_for(office, team, Part.HEALTH)
    light = away(office, "third", carried=[team])
    assert reads(light, case) == {Part.HEALTH: []}
    assert first.teams.usable() == []
    assert first.cases.givable(case, Part.LEGAL).teams == []
    with pytest.raises(TeamTravels):
        case_for(office, team, Part.LEGAL)
    settle(office)
    assert list(reads(light, case)) == [Part.HEALTH]


def test_team_that_was_left_behind_goes_on_and_waits_for_who_comes_back(office: Rehearsal) -> None:
    first = office.desks["first"]
    team = form(office, "first", "third")
    light = away(office, "third")
    assert light.teams.all() == []
    case = case_for(office, team, Part.HEALTH)
    first.cases.note(case, Part.HEALTH, "Needs insulin.")
    first.teams.change(team, "Day", [first.device, light.device])
    settle(office)
    assert reads(light, case) == {}
    travelling.ask(light.journal)
    sync(office, "third", "first")
    travelling.give_back(first.journal, office.courier(first), light.device)
    settle(office)
    assert [one.name for one in light.teams.all()] == ["Day"]
    assert reads(light, case) == {Part.HEALTH: ["Needs insulin."]}


def test_who_is_on_a_trip_is_brought_into_no_team(office: Rehearsal) -> None:
    first, second = office.desks["first"], office.desks["second"]
    team = form(office, "first", "second")
    light = away(office, "third")
    assert light.device not in first.teams.addable(team)
    with pytest.raises(TravelsLight):
        first.teams.change(team, "Night", [first.device, second.device, light.device])
    with pytest.raises(TravelsLight):
        first.teams.form("Day", [light.device])


def test_part_of_a_team_that_was_left_behind_is_renewed_for_nobody_on_the_trip(
    tmp_path: Path,
) -> None:
    with Rehearsal(tmp_path) as stage:
        stage.found()
        stage.join("second", WORKER)
        stage.join("third", frozenset({Role.STEWARD}))
        go_online(stage)
        meet(stage)
        first, second, third = stage.desks.values()
        team = first.teams.form("Night", [second.device])
        settle(stage)
        readers = {part: {third.device} for part in Part}
        case = first.cases.open(readers, {Part.HEALTH: [team]})
        settle(stage)
        light = away(stage, "second")
        third.removals.suspend(first.device, "")
        rotating.ask(third.journal)
        sync(stage, "third", "third")
        look(stage, light)
        sync(stage, "third", "second", "third", "second")
        newest = third.journal.keys.newest()[part_of(third, case)]
        assert newest[0] > 1
        assert newest[1] not in light.journal.keychain.held().values()


def part_of(desk: Desk, case: CaseId) -> VaultId:
    """The vault of the health part, on a desk that reads it."""
    file = desk.cases.case(case)
    found = file.part(Part.HEALTH) if file else None
    assert found is not None
    return found.vault
