# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who holds keys of a vault: people, by the facts that name keys, removed devices too."""

from safeconduct.kernel.words import Instant, VaultId
from safeconduct.rooms.crew import (
    DeviceAdmitted,
    EpochOpened,
    KeyEpoch,
    KeyGroup,
    KeysGranted,
    Role,
    VaultOpened,
)
from safeconduct.rooms.crew.exposure import KeyHistory
from safeconduct.rooms.crew.holders import Holder, holders, merged
from tests.kit.builders import Device, build_device
from tests.kit.crews import Crew
from tests.unit.rooms.crew.test_exposure import HOUSES, PARCEL, says, when

TEAM, CASE = b"t" * 16, b"c" * 16


def hold(crew: Crew, *vaults: bytes) -> tuple[Holder, ...]:
    """Who holds keys of some vaults."""
    roster = crew.roster()
    history = KeyHistory(roster, crew.told, when)
    return holders(roster, merged(history.readers(VaultId(vault)) for vault in vaults))


def named(crew: Crew, *devices: Device, until: Instant | None = None, here: bool = True) -> Holder:
    """The holder that these devices of one person are."""
    roster, ids = crew.roster(), tuple(sorted(device.id for device in devices))
    roles = frozenset[Role]().union(*(roster.roles(device) for device in ids))
    return Holder(roster.members[ids[0]].person, ids, roles, here, until)


def test_a_removed_device_holds_what_was_written_before_the_newer_key() -> None:
    crew = Crew(1, 2)
    a, b, c = crew.devices
    says(crew, a, EpochOpened(HOUSES, 1, PARCEL, (a.id, b.id, c.id)))
    crew.suspend(a, crew.cut(c, 0))
    here = sorted([named(crew, a), named(crew, b)])
    assert hold(crew, HOUSES) == (*here, named(crew, c, here=False))
    ended = says(crew, a, EpochOpened(HOUSES, 65_540, PARCEL, (a.id, b.id)))
    assert hold(crew, HOUSES) == (*here, named(crew, c, until=ended, here=False))


def test_whoever_has_a_teams_key_holds_what_is_wrapped_under_it() -> None:
    crew = Crew(1, 2)
    a, b, c = crew.devices
    says(crew, a, VaultOpened(TEAM, "team", (), 1))
    says(crew, a, KeysGranted((KeyGroup(1, TEAM),), PARCEL, (b.id,), ()))
    says(crew, a, VaultOpened(CASE, "identity", (TEAM,), 1))
    says(crew, a, KeysGranted((KeyGroup(1, CASE),), PARCEL, (), (KeyEpoch(TEAM, 1),)))
    assert hold(crew, CASE) == (named(crew, b),)
    says(crew, a, KeysGranted((KeyGroup(65_540, TEAM),), PARCEL, (c.id,), ()))
    teams = (KeyEpoch(TEAM, 65_540),)
    ended = says(crew, a, KeysGranted((KeyGroup(65_540, CASE),), PARCEL, (), teams))
    found = sorted([named(crew, b, until=ended), named(crew, c)])
    assert hold(crew, CASE) == tuple(found)


def test_who_holds_one_of_two_vaults_sees_some_of_a_record_that_lies_in_both() -> None:
    crew = Crew(1, 1)
    a, b = crew.devices
    first = says(crew, a, EpochOpened(HOUSES, 1, PARCEL, (b.id,)))
    ended = says(crew, a, EpochOpened(HOUSES, 65_540, PARCEL, (a.id,)))
    assert first < ended
    says(crew, a, KeysGranted((KeyGroup(1, CASE),), PARCEL, (b.id,), ()))
    assert named(crew, b, until=ended) in hold(crew, HOUSES)
    assert hold(crew, HOUSES, CASE) == tuple(sorted([named(crew, a), named(crew, b)]))


def test_devices_of_one_person_are_one_holder() -> None:
    crew = Crew(1)
    a = crew.devices[0]
    other = build_device(crew.office.id, "second laptop", crew.office.rng)
    says(crew, a, DeviceAdmitted(other.known.card, "A. Founder", ("operator",)))
    says(crew, a, EpochOpened(HOUSES, 1, PARCEL, (a.id, other.id)))
    assert hold(crew, HOUSES) == (named(crew, a, other),)
