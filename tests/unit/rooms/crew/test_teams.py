# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who belongs to a team, by what was said of it (spec/crew.md 16).

Devices 0 and 1 are stewards', the others operators'.
"""

from __future__ import annotations

import pytest

from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms.crew import (
    EpochOpened,
    KeyEpoch,
    KeysGranted,
    KeysRenewed,
    Place,
    Role,
    Roster,
    TeamFormed,
    VaultOpened,
    fold_vaults,
    key_groups,
)
from safeconduct.rooms.crew.case_facts import CaseOpened, vaults_of
from safeconduct.rooms.crew.cases import NotHere, TravelsLight
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.teams import (
    NoStewardInTeam,
    NotInTeam,
    TeamNameTaken,
    TeamTooLarge,
    TeamUnnamed,
    form_team,
    team_id,
)
from tests.kit.teams import PARCEL, TeamOffice

OTHER = VaultId(b"o" * 16)


def test_a_change_replaces_what_a_team_was() -> None:
    office = TeamOffice(members=(0, 2))
    office.form(0, 0, 3, name="day", over=(office.first,))
    assert (office.members(), office.team().name, office.team().disputed) == ({0, 3}, "day", False)


@pytest.mark.parametrize("by", [2, 3])
def test_who_is_no_steward_changes_no_team(by: int) -> None:
    office = TeamOffice(members=(0, 2))
    office.form(by, 0, 2, 3, over=(office.first,))
    assert office.members() == {0, 2}


def test_a_steward_outside_changes_no_team() -> None:
    office = TeamOffice(members=(0, 2))
    office.form(1, 0, 1, 3, over=(office.first,))
    assert (office.members(), office.team().disputed) == ({0, 2}, False)


def test_a_steward_outside_makes_nothing_of_what_nobody_said_before() -> None:
    office = TeamOffice(members=(0, 2))
    forged = office.form(1, 0, 1, 2)
    office.form(1, 0, 1, 2, over=(forged, office.first))
    office.tell(1, VaultOpened(office.id, "team", (), 1))
    assert (office.members(), office.team().disputed) == ({0, 2}, False)


def test_of_two_changes_at_once_those_belong_whom_both_name() -> None:
    office = TeamOffice(members=(0, 1, 2))
    one = office.form(0, 0, 1, 2, 3, over=(office.first,))
    other = office.form(1, 0, 1, 4, over=(office.first,))
    assert (office.members(), office.team().disputed) == ({0, 1}, True)
    office.form(0, 0, 1, 3, 4, over=(one, other))
    assert (office.members(), office.team().disputed) == ({0, 1, 3, 4}, False)


def test_a_steward_is_put_out_of_a_team_by_nobody_else() -> None:
    office = TeamOffice(members=(0, 1, 2))
    office.form(0, 0, 2, over=(office.first,))
    assert office.members() == {0, 1, 2}
    assert office.numbers(office.team().keepers) == {0, 1}


def test_a_steward_who_left_changes_the_team_no_more_whatever_it_replaces() -> None:
    office = TeamOffice(members=(0, 1, 2))
    left = office.form(1, 0, 2, over=(office.first,))
    office.form(1, 0, 1, 2, 3, over=(office.first,))
    office.form(1, 0, 1, 3, over=(left,))
    assert (office.members(), office.team().disputed) == ({0, 2}, False)
    office.form(0, 0, 1, 2, over=(left,))
    assert office.members() == {0, 1, 2}
    assert office.numbers(office.team().keepers) == {0}


def test_who_was_taken_out_and_becomes_a_steward_later_comes_in_by_a_keeper_alone() -> None:
    office = TeamOffice(members=(0, 2))
    changed = office.form(0, 0, over=(office.first,))
    crew, (founder, second, third) = office.crew, office.devices[:3]
    crew.second(second, crew.grant(founder, third, ("operator", "steward")))
    assert (office.members(), office.numbers(office.team().keepers)) == ({0}, {0})
    office.form(2, 0, 2, over=(changed,))
    assert office.members() == {0}


def test_a_team_that_its_founder_left_before_making_it_is_none() -> None:
    office = TeamOffice(members=(0, 2))
    founder = office.device(0)
    place = Place(office.crew.office.id, founder.id, founder.pen.sequence + 3, 0)
    team = team_id(place)
    office.tell(0, TeamFormed(team, "ghost", (office.device(2).id,), (), ()))
    office.tell(0, VaultOpened(team, "team", (), 1))
    office.tell(0, TeamFormed(team, "ghost", (founder.id,), (founder.id,), ()))
    assert office.counted().teams.keys() == {office.id}


def test_what_a_removed_steward_said_beyond_the_cut_changes_no_team() -> None:
    office = TeamOffice(members=(0, 1, 2))
    cut = office.crew.cut(office.device(1))
    changed = office.form(1, 0, 1, 2, 3, over=(office.first,))
    office.form(0, 0, 1, 2, 3, over=(changed,))
    office.crew.suspend(office.device(0), cut)
    assert office.members() == {0, 2}


def test_a_removed_device_belongs_to_no_team_until_it_is_back() -> None:
    office = TeamOffice(members=(0, 1, 2))
    cut = office.crew.cut(office.device(2))
    removal = office.crew.suspend(office.device(0), cut)
    assert office.members() == {0, 1}
    back = office.crew.readmit(office.device(0), cut, removal)
    office.crew.second(office.device(1), back)
    assert office.members() == {0, 1, 2}


def test_where_no_steward_of_a_team_stands_every_steward_may_keep_it() -> None:
    office = TeamOffice(3, 2, members=(0, 3))
    assert office.numbers(office.team().belongs) == {0, 3}
    office.crew.suspend(office.device(1), office.crew.cut(office.device(0)))
    assert (office.members(), office.numbers(office.team().keepers)) == ({3}, {1, 2})
    office.form(2, 2, 3, 4, over=(office.first,))
    assert office.members() == {2, 3, 4}


def test_what_hangs_on_a_team_that_no_steward_keeps_hangs_on_its_people_by_name() -> None:
    office = TeamOffice(3, 2, members=(0, 3))
    founder = office.device(1)
    place = Place(office.crew.office.id, founder.id, founder.pen.sequence + 1, 0)
    (part,) = vaults_of(place, 1)
    office.tell(1, CaseOpened(1, 1))
    keys = key_groups([(part, 1)])
    office.tell(1, KeysGranted(keys, PARCEL, (founder.id,), ()))
    office.tell(0, KeysGranted(keys, PARCEL, (), (KeyEpoch(office.id, 1),)))
    counted = office.counted()
    vault = fold_vaults(counted.heard, hold=counted.hold)[part]
    assert vault.parents == {office.id}
    assert office.numbers(vault.devices) == {1}
    office.crew.suspend(founder, office.crew.cut(office.device(0)))
    counted = office.counted()
    vault = fold_vaults(counted.heard, hold=counted.hold)[part]
    assert (vault.parents, office.numbers(vault.devices)) == (frozenset(), {1, 3})
    assert office.numbers(vault.strangers) == {0}


def strangers(office: TeamOffice) -> set[int]:
    """Who knows the team's newest key and does not belong to it."""
    counted = office.counted()
    vault = fold_vaults(counted.heard, hold=counted.hold)[office.id]
    assert vault.devices <= office.team().belongs
    return office.numbers(vault.strangers)


def test_who_left_and_who_was_given_the_key_by_hand_is_a_stranger() -> None:
    office = TeamOffice(members=(0, 2))
    assert strangers(office) == set()
    keys = key_groups([(office.id, 1)])
    office.tell(2, KeysGranted(keys, PARCEL, (office.device(3).id,), ()))
    assert strangers(office) == {3}
    office.form(0, 0, 3, over=(office.first,))
    assert strangers(office) == {2}


def test_a_steward_who_left_and_draws_the_next_key_is_a_stranger() -> None:
    office = TeamOffice(members=(0, 1))
    office.form(1, 0, over=(office.first,))
    office.tell(1, EpochOpened(office.id, 70_000, PARCEL, (office.device(0).id,)))
    assert strangers(office) == {1}
    office.tell(0, EpochOpened(office.id, 140_000, PARCEL, (office.device(0).id,)))
    assert strangers(office) == set()


def test_a_helper_gives_a_part_to_a_team_only_whose_key_it_was_given() -> None:
    office = TeamOffice(members=(0, 2))
    part = VaultId(b"c" * 16)
    everyone = tuple(office.device(number).id for number in (2, 3))
    office.tell(0, KeysGranted(key_groups([(part, 1)]), PARCEL, everyone, ()))
    where = VaultEpoch(part, 1)
    to_team = KeysGranted(key_groups([where]), PARCEL, (), (KeyEpoch(office.id, 1),))
    office.tell(3, to_team)
    assert not office.counted().given.teams[where]
    office.tell(2, to_team)
    assert office.counted().given.teams[where] == {VaultEpoch(office.id, 1)}


@pytest.mark.parametrize("epoch", [70_000, 200_000])
def test_a_part_that_hangs_on_a_team_is_renewed_within_reach_and_no_further(epoch: int) -> None:
    office = TeamOffice(members=(0, 2))
    part = VaultId(b"c" * 16)
    renewed = KeysRenewed(key_groups([(part, epoch)]), PARCEL, (), (KeyEpoch(office.id, 1),))
    office.tell(0, renewed)
    assert office.counted().named(VaultEpoch(part, epoch)) == (epoch == 70_000)


def test_who_is_no_steward_renews_no_part() -> None:
    office = TeamOffice(members=(0, 2))
    where = VaultEpoch(VaultId(b"c" * 16), 70_000)
    office.tell(2, KeysRenewed(key_groups([where]), PARCEL, (), (KeyEpoch(office.id, 1),)))
    assert not office.counted().named(where)


def formed(office: TeamOffice, by: int, members: tuple[int, ...], name: str = "night") -> set[int]:
    """What a desk would write, as numbers of devices."""
    roster, teams = office.crew.roster(), office.counted().teams
    ids = [office.device(number).id for number in members]
    fact = form_team(roster, teams, office.device(by).id, (office.id, name, ids))
    assert fact.replaces == office.team().formed
    return office.numbers(set(fact.members))


def test_who_may_change_a_team_and_how() -> None:
    office = TeamOffice(members=(0, 2))
    assert formed(office, 0, (0, 1, 3)) == {0, 1, 3}
    with pytest.raises(NotInTeam):
        formed(office, 1, (0, 2))
    with pytest.raises(NotASteward):
        formed(office, 2, (0, 2))
    with pytest.raises(NoStewardInTeam):
        formed(office, 0, (2,))
    with pytest.raises(NoStewardInTeam):
        formed(office, 0, (1, 2))
    with pytest.raises(TeamUnnamed):
        formed(office, 0, (0,), name=" " * 5)
    with pytest.raises(TeamUnnamed):
        formed(office, 0, (0,), name="n" * 81)


def test_what_is_refused_of_a_new_team() -> None:
    office = TeamOffice(members=(0, 2))
    roster: Roster = office.crew.roster()
    teams, by = office.counted().teams, office.device(0).id
    two = [by, office.device(2).id]
    with pytest.raises(TeamNameTaken):
        form_team(roster, teams, by, (OTHER, "NIGHT", two))
    with pytest.raises(TravelsLight):
        form_team(roster, teams, by, (OTHER, "day", two), {office.device(2).id})
    with pytest.raises(NotHere):
        form_team(roster, teams, by, (OTHER, "day", [by, DeviceId(b"x" * 16)]))
    with pytest.raises(NoStewardInTeam):
        form_team(roster, teams, by, (OTHER, "day", two[1:]))
    assert form_team(roster, teams, by, (OTHER, "  the   day ", two)).name == "the day"
    assert Role.STEWARD in roster.roles(by)


def test_a_team_has_so_many_devices_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    office = TeamOffice(members=(0, 2))
    monkeypatch.setattr("safeconduct.rooms.crew.teams.MEMBERS_MOST", 1)
    with pytest.raises(TeamTooLarge):
        formed(office, 0, (0, 2))
