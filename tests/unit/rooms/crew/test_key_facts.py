# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which facts about vaults and keys count, and what they make known (spec/crew.md 1 and 3)."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from safeconduct.kernel.journal import Fact, VaultEpoch
from safeconduct.kernel.words import VaultId
from safeconduct.rooms.crew import (
    OFFICE_KEY,
    EpochOpened,
    KeyFacts,
    KeysGranted,
    KeyTold,
    Role,
    SealingKeyRotated,
    VaultOpened,
    claims,
    count_keys,
    fold_vaults,
    key_groups,
    kind_of,
    write_fact,
)
from safeconduct.rooms.crew.case_facts import CaseOpened, Place, case_id, vaults_of
from safeconduct.rooms.crew.events import CrewFact, Cut
from tests.kit.builders import Device, build_device
from tests.kit.crews import Crew

TEAM = VaultId(b"t" * 16)
CASE = VaultId(b"c" * 16)
PARCEL = b"p" * 32


class Told:
    """A crew, and what its devices say of keys and where."""

    def __init__(self, stewards: int = 1, others: int = 3) -> None:
        self.crew = Crew(stewards, others, seed="key facts")
        self.devices = self.crew.devices
        self.told: list[KeyTold] = []
        everybody = tuple(device.id for device in self.devices)
        self.tell(self.devices[0], EpochOpened(OFFICE_KEY, 1, PARCEL, everybody))

    def tell(self, by: Device, fact: CrewFact, vault: VaultId | None = None) -> None:
        told = self.crew.office.write_crew(by, fact)
        if vault is None:
            self.crew.told.append(told)
        self.told.append(KeyTold(vault or self.crew.office.crew, len(self.told), told))

    def team(self, *devices: Device) -> None:
        """Open a team for devices."""
        self.tell(self.devices[0], VaultOpened(TEAM, "team", (), 1))
        self.grant(self.devices[0], VaultEpoch(TEAM, 1), *devices)

    def grant(
        self, by: Device, where: VaultEpoch, *to: Device, vault: VaultId | None = None
    ) -> None:
        ids = tuple(device.id for device in to)
        self.tell(by, KeysGranted(key_groups([where]), PARCEL, ids, ()), vault)

    def counted(self) -> KeyFacts:
        return count_keys(self.crew.roster(), self.told)

    def opens(self, device: Device, where: VaultEpoch) -> bool:
        return self.counted().given.opens(device.id, where)


def test_the_first_office_key_goes_with_the_vaults_of_the_founding() -> None:
    told = Told()
    vaults = fold_vaults(told.counted().heard)
    office = told.crew.office
    assert vaults.keys() == {OFFICE_KEY, office.crew, office.hotline}
    assert {vault.known for vault in vaults.values()} == {frozenset(d.id for d in told.devices)}
    told.tell(told.devices[0], EpochOpened(OFFICE_KEY, 70_000, PARCEL, (told.devices[0].id,)))
    assert fold_vaults(told.counted().heard)[office.hotline].epoch == 1


def test_a_helper_gives_on_what_it_was_given_and_nothing_else() -> None:
    told = Told()
    first, second, third, fourth = told.devices
    where = VaultEpoch(TEAM, 1)
    told.team(second)
    told.grant(fourth, where, fourth)
    assert not told.opens(fourth, where)
    told.grant(second, where, third)
    assert told.opens(third, where)
    told.grant(second, VaultEpoch(TEAM, 2), third)
    assert not told.counted().named(VaultEpoch(TEAM, 2))
    told.grant(third, where, fourth)
    assert told.opens(fourth, where)
    assert not told.opens(first, where)


def test_grants_count_in_any_order() -> None:
    told = Told()
    _, second, third, fourth = told.devices
    told.team(second)
    told.grant(third, VaultEpoch(TEAM, 1), fourth)
    told.grant(second, VaultEpoch(TEAM, 1), third)
    roster = told.crew.roster()
    found = {
        tuple(sorted(count_keys(roster, some).given.devices[VaultEpoch(TEAM, 1)]))
        for some in itertools.permutations(told.told)
    }
    assert found == {tuple(sorted(device.id for device in (second, third, fourth)))}


def test_facts_about_a_case_stand_in_the_vault_of_its_team_and_nowhere_else() -> None:
    told = Told()
    first, second, *_ = told.devices
    told.team(second)
    stranger = VaultId(b"s" * 16)
    opened = VaultOpened(CASE, "legal", (TEAM,), 1)
    told.tell(first, opened, stranger)
    told.tell(first, EpochOpened(CASE, 1, PARCEL, ()), TEAM)
    assert [heard.fact for heard in told.counted().heard if heard.fact == opened] == []
    told.tell(first, opened, TEAM)
    told.grant(first, VaultEpoch(CASE, 1), second, vault=TEAM)
    assert fold_vaults(told.counted().heard)[CASE].kind == "legal"


@pytest.mark.parametrize("vault", [None, TEAM])
def test_what_a_removed_device_tells_of_keys_counts_for_nothing(vault: VaultId | None) -> None:
    told = Told()
    first, second, third, _ = told.devices
    told.team(second)
    told.crew.suspend(first, told.crew.cut(second))
    told.grant(second, VaultEpoch(TEAM, 1), third, vault=vault)
    assert not told.opens(third, VaultEpoch(TEAM, 1))


def test_a_fact_in_another_devices_commit_counts_for_nothing() -> None:
    told = Told()
    first, second, *_ = told.devices
    where = VaultEpoch(TEAM, 1)
    told.team(first)
    told.grant(first, where, second)
    *_, last = told.told
    copied = replace(last.told, device=second.id)
    assert told.opens(second, where)
    told.told[-1] = last._replace(told=copied)
    assert not told.opens(second, where)


def test_a_sealing_key_is_told_by_the_device_itself() -> None:
    told = Told()
    rotated = SealingKeyRotated(b"s" * 1216, 1)
    told.tell(told.devices[2], rotated)
    (turned,) = told.counted().rotated
    assert turned[:2] == (told.devices[2].id, rotated)


def test_what_a_steward_opened_beyond_its_cut_is_named_by_nobody() -> None:
    told = Told(stewards=2, others=1)
    first, second, _ = told.devices
    cut = told.crew.cut(second)
    told.tell(second, EpochOpened(OFFICE_KEY, 70_000, PARCEL, (second.id,)))
    assert told.counted().named(VaultEpoch(OFFICE_KEY, 70_000))
    told.crew.suspend(first, cut)
    assert not told.counted().named(VaultEpoch(OFFICE_KEY, 70_000))


@pytest.mark.parametrize(
    ("role", "opens"), [(role, role in {Role.STEWARD, Role.CASE_WORKER}) for role in Role]
)
def test_whose_case_files_count_with_their_first_keys(role: Role, *, opens: bool) -> None:
    told = Told(2)
    crew, device = told.crew, build_device(told.crew.office.id, "new", told.crew.office.rng)
    crew.second(told.devices[1], crew.admit(told.devices[0], device, (role.value,)))
    crew.devices.append(device)
    roster = crew.roster()
    sequence = device.pen.sequence + 1
    place = Place(roster.office, device.id, sequence, 0)
    keys = key_groups(VaultEpoch(vault, 1) for vault in vaults_of(place, 2))
    given = (CaseOpened(2, 1), KeysGranted(keys, PARCEL, (device.id, told.devices[0].id), ()))
    bodies = [(kind_of(f), write_fact(f, roster.office, device.id, device.signing)) for f in given]
    commit = crew.office.write(device, *(Fact(crew.office.crew, k, 1, b) for k, b in bodies))
    for index, (kind, body) in enumerate(bodies):
        one = claims.Told(commit.id, device.id, kind, body, 1, sequence, index)
        told.told.append(KeyTold(crew.office.crew, 9, one))
    counted = count_keys(roster, told.told)
    assert [one.id for one in counted.cases] == ([case_id(place)] if opens else [])
    assert (VaultEpoch(vaults_of(place, 2)[0], 1) in counted.given.devices) == opens
    assert set(vaults_of(place, 2)) <= fold_vaults(counted.heard).keys() or not opens
    newer = VaultEpoch(vaults_of(place, 2)[0], 70_000)
    told.grant(told.devices[0], newer, told.devices[1])
    assert count_keys(roster, told.told).named(newer) != opens
    crew.suspend(told.devices[0], Cut(device.id, 0, bytes(32)))
    assert not count_keys(crew.roster(), told.told).cases
