# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague who wants to read what a team reads: comes in unasked, or goes on after leaving."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.engine import rotating, travelling
from safeconduct.edges.desk.engine.team_keys import keep
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import (
    Act,
    EpochOpened,
    KeysGranted,
    Role,
    TeamFormed,
    Telling,
    key_groups,
    parcel_hash,
    write_parcel,
)
from tests.sim.courier import Rehearsal
from tests.sim.steps import sync
from tests.sim.test_cases import go_online, meet, signed
from tests.sim.test_teams import case_for, reads, settle, team_of
from tests.sim.test_travel_keys import away

STEWARD = frozenset({Role.STEWARD, Role.OPERATOR})


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """Two stewards and an operator, each online."""
    with Rehearsal(tmp_path) as rehearsal:
        rehearsal.found()
        rehearsal.join("second", STEWARD)
        rehearsal.join("third")
        go_online(rehearsal)
        meet(rehearsal)
        yield rehearsal


def form(stage: Rehearsal, *others: str, by: str = "first") -> VaultId:
    """Let a desk make a team of itself and others."""
    team = stage.desks[by].teams.form("Night", [stage.desks[name].device for name in others])
    settle(stage)
    return team


def forge(liar: Desk, team: VaultId, *members: Desk) -> None:
    """Let a desk that was changed say who belongs to a team, in place of all that was said."""
    told = liar.journal.facts.told_of_keys()
    formed = [one.told.id for _, one in told if one.told.kind == "crew.TeamFormed"]
    ids = tuple(sorted(desk.device for desk in members))
    liar.journal.write([signed(liar, TeamFormed(team, "Night", ids, ids, tuple(formed)))])


def knows(desk: Desk, vault: VaultId) -> set[VaultEpoch]:
    """Which keys of a vault reached a desk."""
    return {where for where in desk.journal.keychain.held() if where.vault == vault}


def note(stage: Rehearsal, case: CaseId, text: str) -> None:
    """Let the first desk write into a part, and all hear of it."""
    stage.desks["first"].cases.note(case, Part.HEALTH, text)
    settle(stage)


@pytest.mark.attack
def test_nobody_adds_themselves_to_a_team(office: Rehearsal) -> None:
    first, liar, third = office.desks.values()
    team = form(office)
    case = case_for(office, team, Part.HEALTH)
    forge(liar, team, first, liar)
    forge(third, team, first, third)
    settle(office)
    note(office, case, "Needs insulin.")
    assert team_of(first, team).members == {first.device}
    assert knows(liar, team) == knows(third, team) == set()
    assert reads(liar, case) == reads(third, case) == {}


@pytest.mark.attack
def test_who_left_a_team_opens_nothing_that_is_written_after(office: Rehearsal) -> None:
    first, _, leaver = office.desks.values()
    team = form(office, "third")
    case = case_for(office, team, Part.HEALTH)
    note(office, case, "before")
    first.teams.change(team, "Night", [first.device])
    settle(office)
    note(office, case, "after")
    assert reads(leaver, case) == {Part.HEALTH: ["before"]}
    assert reads(first, case)[Part.HEALTH] == ["before", "after"]


@pytest.mark.attack
def test_steward_who_left_a_team_brings_nobody_in(office: Rehearsal) -> None:
    first, liar, third = office.desks.values()
    team = form(office, "second")
    case = case_for(office, team, Part.HEALTH)
    liar.teams.change(team, "Night", [first.device])
    settle(office)
    forge(liar, team, first, liar, third)
    settle(office)
    note(office, case, "after")
    assert team_of(first, team).members == {first.device}
    assert knows(third, team) == set()
    assert reads(third, case) == {}


@pytest.mark.attack
def test_who_left_a_team_and_makes_its_next_key_knows_none_that_lasts(office: Rehearsal) -> None:
    first, liar, _ = office.desks.values()
    team = form(office, "second")
    liar.teams.change(team, "Night", [first.device])
    draw(office, liar, team, first)
    settle(office)
    newest = first.journal.keys.vaults()[team].newest
    assert newest in first.journal.keychain.sure()
    assert newest not in knows(liar, team)


@pytest.mark.attack
def test_steward_outside_a_team_makes_no_key_for_it_by_saying_that_it_was_given(
    office: Rehearsal,
) -> None:
    first, liar, third = office.desks.values()
    team = form(office, "third")
    draw(office, liar, team, first, third, opens=False)
    settle(office)
    assert not knows(liar, team) & {
        one.journal.keys.vaults()[team].newest for one in (first, third)
    }
    assert first.journal.keys.newest()[team] == third.journal.keys.newest()[team]
    assert first.journal.keys.newest()[team][1] not in liar.journal.keychain.held().values()


@pytest.mark.attack
def test_who_was_taken_out_of_a_team_gets_no_newer_key_of_it_by_way_of_a_trip(
    office: Rehearsal,
) -> None:
    first = office.desks["first"]
    team = form(office, "third")
    case = case_for(office, team, Part.HEALTH)
    note(office, case, "before")
    light = away(office, "third")
    first.teams.change(team, "Night", [first.device])
    settle(office)
    # Renewed whoever left: what is asked here is what a trip gives.
    rotating.ask_all(first.journal)
    settle(office)
    note(office, case, "after")
    travelling.ask(light.journal)
    sync(office, "third", "first")
    travelling.give_back(first.journal, office.courier(first), light.device)
    sync(office, "first", "third")
    assert reads(light, case) == {Part.HEALTH: ["before"]}


def draw(stage: Rehearsal, liar: Desk, team: VaultId, *members: Desk, opens: bool = True) -> None:
    """Let a desk that was changed make a team's next key, and give it to others.

    Unless it `opens` that key it says that it was there, and that it was given to them.
    """
    circle = liar.journal.keys.circle()
    assert circle is not None
    where, key = VaultEpoch(team, 70_000 if opens else 2), liar.journal.rng.bytes(32)
    keys = crew.held_keys({where: key})
    wraps = [(circle.devices[one.device], keys) for one in members]
    parcel = write_parcel(
        circle.packer(liar.journal.rng), "rotation", [*wraps, (circle.recovery, keys)]
    )
    ids, name = tuple(sorted(one.device for one in members)), parcel_hash(parcel)
    told = EpochOpened(team, where.epoch, name, ids)
    said = told if opens else KeysGranted(key_groups([where]), name, ids, ())
    stage.courier(liar).put_parcel(parcel)
    keep(liar.journal, Act(parcel, (Telling(circle.crew, said),), {where: key}), [])
