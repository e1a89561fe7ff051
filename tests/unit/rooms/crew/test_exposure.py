# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a device could have read, by the facts that name the keys it was given."""

from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms.crew import EpochOpened, KeyGroup, KeysGranted, VaultOpened
from safeconduct.rooms.crew.events import CrewFact
from safeconduct.rooms.crew.exposure import Exposure, KeyHistory
from safeconduct.rooms.crew.vaults import OFFICE_KEY
from tests.kit.builders import Device
from tests.kit.crews import Crew

PARCEL = b"p" * 32
HOUSES = b"h" * 16


def when(_device: DeviceId, sequence: int) -> Instant:
    """A clock that stands at the commit's number."""
    return Instant(sequence)


def says(crew: Crew, by: Device, fact: CrewFact) -> Instant:
    """Let a device write a fact; return when."""
    crew.told.append(crew.office.write_crew(by, fact))
    return Instant(len(by.commits))


def read(crew: Crew, device: Device) -> tuple[Exposure, ...]:
    """What a device could read."""
    return KeyHistory(crew.roster(), crew.told, when).could_read(device.id)


def test_who_was_given_no_key_could_read_nothing() -> None:
    crew = Crew(1, 1)
    assert read(crew, crew.devices[1]) == ()


def test_the_office_key_alone_came_with_all_that_the_office_had() -> None:
    crew = Crew(1, 1)
    a, b = crew.devices
    at = says(crew, a, EpochOpened(OFFICE_KEY, 1, PARCEL, (b.id,)))
    assert read(crew, b) == tuple(
        Exposure(kind, at, None) for kind in ("office", "crew", "hotline")
    )


def test_a_grant_tells_which_vaults_and_no_others() -> None:
    crew = Crew(1, 2)
    a, b, c = crew.devices
    says(crew, a, VaultOpened(HOUSES, "houses", (), 1))
    grant = KeysGranted((KeyGroup(1, HOUSES),), PARCEL, (b.id,), ())
    at = says(crew, a, grant)
    assert read(crew, b) == (Exposure("houses", at, None),)
    assert read(crew, c) == ()


def test_a_vault_that_nobody_named_is_told_too() -> None:
    crew = Crew(1, 1)
    a, b = crew.devices
    at = says(crew, a, KeysGranted((KeyGroup(3, HOUSES),), PARCEL, (b.id,), ()))
    assert read(crew, b) == (Exposure("unknown", at, None),)


def test_a_newer_key_that_it_was_not_given_ends_what_it_could_read() -> None:
    crew = Crew(1, 2)
    a, b, c = crew.devices
    first = says(crew, a, EpochOpened(HOUSES, 1, PARCEL, (b.id, c.id)))
    ended = says(crew, a, EpochOpened(HOUSES, 65_540, PARCEL, (c.id,)))
    assert read(crew, b) == (Exposure("unknown", first, ended),)
    assert read(crew, c) == (Exposure("unknown", first, None),)
    says(crew, a, KeysGranted((KeyGroup(65_540, HOUSES),), PARCEL, (b.id,), ()))
    assert read(crew, b) == (Exposure("unknown", first, None),)


def test_who_is_no_steward_says_in_vain_that_a_newer_key_was_made() -> None:
    crew = Crew(1, 2)
    a, b, c = crew.devices
    at = says(crew, a, EpochOpened(HOUSES, 1, PARCEL, (b.id,)))
    says(crew, c, EpochOpened(HOUSES, 65_540, PARCEL, (c.id,)))
    assert read(crew, b) == (Exposure("unknown", at, None),)


def test_a_grant_of_somebody_who_was_removed_since_is_told_and_a_forged_one_is_not() -> None:
    crew = Crew(2, 2)
    _, b, c, d = crew.devices
    at = says(crew, b, EpochOpened(HOUSES, 1, PARCEL, (c.id,)))
    crew.suspend(crew.devices[0], crew.cut(b, 0))
    assert read(crew, c) == (Exposure("unknown", at, None),)
    forged = crew.office.write_crew(b, EpochOpened(HOUSES, 2, PARCEL, (d.id,)))
    crew.told.append(forged)
    crew.told[-1] = type(forged)(
        forged.commit, c.id, forged.kind, forged.body, sequence=forged.sequence
    )
    assert read(crew, d) == ()
