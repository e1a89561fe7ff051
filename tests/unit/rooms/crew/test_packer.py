# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parcels: who opens them, and what nobody else learns from them (spec/crew.md 3)."""

import hashlib

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import CannotOpen, Malformed
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import DeviceId, OfficeId, VaultId
from safeconduct.rooms.crew import (
    HeldKey,
    KeysGranted,
    Packer,
    Reader,
    TeamWrap,
    key_groups,
    open_parcel,
    open_team_parcel,
    parcel_hash,
    take,
    write_parcel,
)
from safeconduct.rooms.crew.parcel import PARCEL_MOST, NotForThisDevice, Parcel, is_for_one
from tests.kit.builders import Device, Office, build_device, build_office
from tests.vectors import draw_crew

WHERE = VaultEpoch(VaultId(b"v" * 16), 1)
TEAM = SharedKey(b"t" * 32)


@pytest.fixture
def office() -> Office:
    return build_office()


def packer(office: Office) -> Packer:
    return Packer(office.id, b"o" * 32, office.rng)


def test_a_parcel_opens_for_each_recipient_and_nobody_else(office: Office) -> None:
    one, two = office.devices
    first = [HeldKey("office", bytes(16), 1, b"k" * 32), HeldKey("vault", b"v" * 16, 1, b"v" * 32)]
    second = [HeldKey("intake", bytes(16), 1, b"i" * 32)]
    wraps = [(one.sealing.public, first), (two.sealing.public, second)]
    parcel = write_parcel(packer(office), "admission", wraps)
    assert open_parcel(parcel, office.id, one.sealing) == tuple(first)
    assert open_parcel(parcel, office.id, two.sealing) == tuple(second)
    assert parcel_hash(parcel) == hashlib.sha256(parcel).digest()
    stranger = build_device(office.id, "stranger", office.rng)
    with pytest.raises(NotForThisDevice):
        open_parcel(parcel, office.id, stranger.sealing)
    with pytest.raises(CannotOpen):
        open_parcel(parcel, OfficeId(bytes(16)), one.sealing)
    large = encode(Parcel(2, bytes(16), b"", b"", bytes(PARCEL_MOST)))
    with pytest.raises(Malformed):
        open_parcel(large, office.id, one.sealing)


def test_a_parcel_says_nothing_of_what_it_is_and_for_whom(office: Office) -> None:
    one, two = office.devices
    parcel = write_parcel(
        packer(office), "reason", [(one.sealing.public, []), (two.sealing.public, [])]
    )
    for device in office.devices:
        assert device.sealing.public.raw[:32] not in parcel
        assert bytes(device.id) not in parcel
    assert bytes(office.id) not in parcel
    assert b"reason" not in parcel


def test_one_parcel_of_a_step_is_as_long_as_another(office: Office) -> None:
    one, two = office.devices
    key = HeldKey("vault", b"v" * 16, 1, b"v" * 32)
    team = TeamWrap(TEAM, {WHERE: b"v" * 32})
    wraps = [[(one.sealing.public, [key] * count)] for count in (0, 1, 40)]
    wraps += [[(two.sealing.public, [key]), *wraps[1]], []]
    parcels = [write_parcel(packer(office), "r", some) for some in wraps]
    parcels.append(write_parcel(packer(office), "giving back", [], [team]))
    assert len({len(parcel) for parcel in parcels}) == 1
    nine = write_parcel(packer(office), "r", wraps[1] * 9)
    assert len(nine) > len(parcels[0])
    assert len(nine) == len(write_parcel(packer(office), "r", wraps[1] * 16))


def test_who_holds_the_office_key_is_told_whether_a_parcel_is_for_one(office: Office) -> None:
    one, two = office.devices
    for_one = write_parcel(packer(office), "r", [(one.sealing.public, [])])
    for_two = write_parcel(
        packer(office), "r", [(one.sealing.public, []), (two.sealing.public, [])]
    )
    team = TeamWrap(TEAM, {})
    and_a_team = write_parcel(packer(office), "r", [(one.sealing.public, [])], [team])

    def alone(parcel: bytes, device: Device, *keys: bytes) -> bool:
        return is_for_one(parcel, office.id, device.sealing.public, keys)

    assert alone(for_one, one, b"p" * 32, b"o" * 32)
    assert not alone(for_one, two, b"o" * 32)
    assert not alone(for_one, one, b"p" * 32)
    assert not alone(for_one, one)
    assert not alone(for_two, one, b"o" * 32)
    assert not alone(and_a_team, one, b"o" * 32)


def test_two_teams_and_devices_are_each_given_their_own(office: Office) -> None:
    one, two = office.devices
    other, later = SharedKey(b"u" * 32), VaultEpoch(WHERE.vault, 2)
    held = [HeldKey("vault", b"w" * 16, 3, b"w" * 32)]
    teams = [
        TeamWrap(TEAM, {WHERE: b"1" * 32, later: b"2" * 32}),
        TeamWrap(other, {later: b"2" * 32}),
    ]
    alike = [(one.sealing.public, held), (two.sealing.public, held)]
    parcel = write_parcel(packer(office), "r", alike, teams)
    assert open_team_parcel(parcel, office.id, TEAM) == {WHERE: b"1" * 32, later: b"2" * 32}
    assert open_team_parcel(parcel, office.id, other) == {later: b"2" * 32}
    for device in (one, two):
        assert open_parcel(parcel, office.id, device.sealing) == tuple(held)
    with pytest.raises(NotForThisDevice):
        open_team_parcel(parcel, office.id, SharedKey(b"x" * 32))


def test_a_parcel_of_before_is_taken_and_is_for_whom_it_was() -> None:
    device = SealingKey.from_seed(draw_crew.DEVICE.seed)
    wrap = draw_crew.to_device(draw_crew.DEVICE, 0, draw_crew.HELD)
    alone, office = draw_crew.parcel(wrap), OfficeId(draw_crew.OFFICE)
    where = VaultEpoch(VaultId(draw_crew.TEAM_ID), 2)
    granted = KeysGranted(key_groups([where]), parcel_hash(alone), (b"d" * 16,), ())
    reader = Reader(office, DeviceId(b"d" * 16), device, {})
    assert take(granted, alone, reader) == {where: draw_crew.TEAM}
    assert is_for_one(alone, office, device.public, [])
    assert not is_for_one(draw_crew.GOOD, office, device.public, [])
