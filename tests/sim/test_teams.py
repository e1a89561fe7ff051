# SPDX-License-Identifier: AGPL-3.0-or-later
"""Teams on desks of one office: who belongs to them, and what they are given (spec/crew.md 16)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import Role, Team
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.teams import (
    NoCommonSteward,
    NoStewardInTeam,
    NoSuchTeam,
    TeamNameTaken,
    TeamUnnamed,
)
from tests.sim.courier import Rehearsal
from tests.sim.steps import pass_on
from tests.sim.test_cases import WORKER, go_online, meet, three_desks
from tests.sim.test_recovery import use


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def settle(stage: Rehearsal, *names: str) -> None:
    """Let desks hear of each other, take keys, and renew them, until nothing is left to do."""
    for _ in range(3):
        pass_on(stage, *(names or stage.desks))


def form(stage: Rehearsal, *names: str, by: str = "first") -> VaultId:
    """Let a desk make a team of desks."""
    team = stage.desks[by].teams.form("Night", [stage.desks[name].device for name in names])
    settle(stage)
    return team


def change(stage: Rehearsal, team: VaultId, *names: str, by: str = "first") -> None:
    """Let a desk say of which desks a team is made, and all hear of it."""
    stage.desks[by].teams.change(team, "Night", [stage.desks[name].device for name in names])
    settle(stage)


def team_of(desk: Desk, team: VaultId) -> Team:
    """What a desk knows of a team."""
    return next(one for one in desk.teams.all() if one.id == team)


def case_for(stage: Rehearsal, team: VaultId, *parts: Part, by: str = "first") -> CaseId:
    """Let a desk open a case of which a team reads some parts."""
    first = stage.desks["first"].device
    case = stage.desks[by].cases.open(
        {part: {first} for part in Part}, {part: {team} for part in parts}
    )
    settle(stage)
    return case


def reads(desk: Desk, case: CaseId) -> dict[Part, list[str]]:
    """What a desk shows of a case."""
    found = desk.cases.case(case)
    return {one.part: [note.text for note in one.notes] for one in found.parts} if found else {}


def test_a_team_reads_the_parts_that_it_was_given_and_no_other(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    team = form(office, "first", "third")
    case = case_for(office, team, Part.HEALTH)
    first.cases.note(case, Part.HEALTH, "Needs insulin.")
    first.cases.note(case, Part.LEGAL, "Has no passport.")
    settle(office)
    assert reads(third, case) == {Part.HEALTH: ["Needs insulin."]}
    assert reads(second, case) == {}
    assert team_of(second, team).members == {first.device, third.device}
    (seen,) = third.cases.who_can_see(case, Part.HEALTH).teams
    assert seen.name == "Night"
    assert seen.members == {first.device, third.device}
    assert first.cases.who_can_see(case, Part.LEGAL).teams == ()
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_who_comes_in_reads_all_that_the_team_was_given(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    team = form(office, "first", "second")
    case = case_for(office, team, Part.HEALTH, by="second")
    second.cases.note(case, Part.HEALTH, "Needs insulin.")
    change(office, team, "first", "second", "third")
    assert reads(third, case) == {Part.HEALTH: ["Needs insulin."]}
    holders = {one.person for one in first.cases.who_can_see(case, Part.HEALTH).holders}
    assert holders == {"Ada", "Bo second", "Bo third"}


def test_who_leaves_reads_nothing_that_is_written_after(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    team = form(office, "first", "second", "third")
    case = case_for(office, team, Part.HEALTH, by="second")
    second.cases.note(case, Part.HEALTH, "before")
    change(office, team, "first", "second")
    second.cases.note(case, Part.HEALTH, "after")
    settle(office)
    assert reads(first, case)[Part.HEALTH] == ["before", "after"]
    assert reads(third, case) == {Part.HEALTH: ["before"]}
    (gone,) = [
        one
        for one in first.cases.who_can_see(case, Part.HEALTH).holders
        if one.devices == (third.device,)
    ]
    assert not gone.now
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())
    vaults = first.journal.keys.vaults().values()
    assert not any(vault.strangers for vault in vaults)


def test_what_was_given_to_devices_can_be_given_to_a_team_later(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    team = form(office, "first", "third")
    case = first.cases.open({part: {first.device} for part in Part})
    first.cases.note(case, Part.LEGAL, "Has no passport.")
    assert first.cases.givable(case, Part.LEGAL).teams == [team]
    first.cases.give(case, Part.LEGAL, Chosen((), [team]))
    settle(office)
    assert reads(third, case) == {Part.LEGAL: ["Has no passport."]}
    assert first.cases.givable(case, Part.LEGAL) == Chosen([second.device], [])
    change(office, team, "first")
    first.cases.note(case, Part.LEGAL, "after")
    settle(office)
    assert reads(third, case) == {Part.LEGAL: ["Has no passport."]}
    assert reads(first, case)[Part.LEGAL] == ["Has no passport.", "after"]


def test_a_removed_device_leaves_its_teams_and_their_keys_follow(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    team = form(office, "first", "second", "third")
    case = case_for(office, team, Part.HEALTH, by="second")
    first.removals.suspend(third.device, "")
    settle(office, "first", "second")
    first.cases.note(case, Part.HEALTH, "after")
    settle(office, "first", "second")
    assert team_of(second, team).members == {first.device, second.device}
    assert reads(second, case)[Part.HEALTH] == ["after"]
    held = first.journal.keys.vaults()
    assert third.device not in held[team].known
    assert not any(third.device in one.known for one in held.values() if one.parents == {team})


def test_what_a_team_may_not_be(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    with pytest.raises(NotASteward):
        second.teams.form("Day", [third.device])
    team = form(office, "first", "third")
    with pytest.raises(TeamNameTaken):
        first.teams.form("  nIght ", [third.device])
    with pytest.raises(TeamUnnamed):
        first.teams.form(" ", [third.device])
    with pytest.raises(NoStewardInTeam):
        first.teams.change(team, "Night", [third.device])
    with pytest.raises(NoSuchTeam):
        first.teams.change(VaultId(bytes(16)), "Night", [first.device])
    with pytest.raises(NoSuchTeam):
        second.cases.open({part: {first.device} for part in Part}, {Part.HEALTH: {team}})
    assert second.cases.files(start=0, most=9) == ([], 0)


def test_without_the_server_no_team_is_made_and_one_is_changed_whose_keys_follow_later(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    team = form(office, "first", "second")
    online = first.teams._online

    def offline() -> Courier:
        raise Unreachable

    first.teams._online = offline  # type: ignore[misc]
    before = first.journal.pen.sequence
    with pytest.raises(Unreachable):
        first.teams.form("Day", [third.device])
    assert first.journal.pen.sequence == before
    first.teams.change(team, "Night", [first.device, third.device])
    assert team_of(first, team).members == {first.device, third.device}
    assert first.journal.keys.newest()[team][0] == 1
    first.teams._online = online  # type: ignore[misc]
    settle(office)
    known = first.journal.keys.vaults()[team]
    assert known.epoch > 1
    assert known.known == {first.device, third.device}
    assert third.journal.keys.newest()[team][0] == known.epoch
    assert second.journal.keys.newest()[team][0] == 1


def test_two_stewards_who_change_a_team_at_once_are_told_and_one_settles_it(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    fourth = office.join("fourth", frozenset({Role.STEWARD, Role.OPERATOR}))
    go_online(office)
    settle(office)
    team = form(office, "first", "second", "third", "fourth")
    first.teams.change(team, "Night", [first.device, fourth.device, third.device])
    fourth.teams.change(team, "Night", [first.device, fourth.device, second.device])
    settle(office)
    for desk in office.desks.values():
        assert team_of(desk, team).members == {first.device, fourth.device}
        assert team_of(desk, team).disputed
    change(office, team, "first", "third", "fourth")
    newest = {name: desk.journal.keys.newest()[team] for name, desk in office.desks.items()}
    assert newest["first"] == newest["third"] == newest["fourth"]
    assert newest["second"] != newest["first"]
    assert not team_of(second, team).disputed


def test_cards_bring_back_what_a_team_read_when_its_only_steward_is_taken(
    office: Rehearsal,
) -> None:
    taken, second, third = office.desks.values()
    team = form(office, "first", "second", "third")
    case = case_for(office, team, Part.HEALTH)
    taken.cases.note(case, Part.HEALTH, "before")
    change(office, team, "first", "third")
    taken.cases.note(case, Part.HEALTH, "under the team's next key")
    settle(office)
    use(office, second, taken)
    settle(office, "second", "third")
    assert team_of(second, team).unkept
    assert team_of(second, team).members == {third.device}
    second.cases.note(case, Part.HEALTH, "after")
    settle(office, "second", "third")
    words = ["before", "under the team's next key", "after"]
    assert reads(second, case)[Part.HEALTH] == reads(third, case)[Part.HEALTH] == words
    assert reads(taken, case)[Part.HEALTH] == words[:2]
    file = second.cases.case(case)
    part = file.part(Part.HEALTH) if file else None
    assert part is not None
    assert taken.device not in second.journal.keys.vaults()[part.vault].known


def test_a_part_goes_to_teams_together_only_where_one_steward_can_renew_it(tmp_path: Path) -> None:
    with Rehearsal(tmp_path) as stage:
        stage.found()
        stage.join("second", WORKER)
        stage.join("third", frozenset({Role.STEWARD}))
        go_online(stage)
        meet(stage)
        first, second, third = stage.desks.values()
        day = first.teams.form("Day", [second.device])
        night = third.teams.form("Night", [second.device])
        settle(stage)
        readers = {part: {first.device} for part in Part}
        with pytest.raises(NoCommonSteward):
            second.cases.open(readers, {Part.HEALTH: [day, night]})
        case = second.cases.open(readers, {Part.HEALTH: [day], Part.LEGAL: [night]})
        settle(stage)
        assert second.cases.givable(case, Part.HEALTH).teams == []
        with pytest.raises(NoCommonSteward):
            second.cases.give(case, Part.HEALTH, Chosen((), [night]))
        third.teams.change(night, "Night", [device.device for device in stage.desks.values()])
        settle(stage)
        assert second.cases.givable(case, Part.HEALTH).teams == [night]
        second.cases.give(case, Part.HEALTH, Chosen((), [night]))
        settle(stage)
        assert list(reads(third, case)) == [Part.LEGAL, Part.HEALTH]
