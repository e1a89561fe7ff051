# SPDX-License-Identifier: AGPL-3.0-or-later
"""Frames in any order, twice, or missing: each commit counts once and in its place."""

from __future__ import annotations

import random

import pytest

from safeconduct.kernel.journal import Chains, Fact
from safeconduct.kernel.seal.keys import SigningKey, VerifyKey
from safeconduct.kernel.sync import Read, Reader
from safeconduct.kernel.words import DeviceId
from tests.kit.builders import Office, build_office


@pytest.fixture
def office() -> Office:
    built = build_office(2, 3)
    for number in range(6):
        for device in built.devices:
            built.write(device, *facts(built, number))
    return built


def facts(office: Office, number: int) -> list[Fact]:
    vaults = list(office.vaults)
    return [Fact(vaults[number % 3], "hotline.NoteWritten", 1, bytes([number]))]


def reader(office: Office) -> Reader:
    return Reader(office.id, office.office_keys, office.ring(), Chains())


def keys(office: Office) -> dict[DeviceId, VerifyKey]:
    return {device.id: device.signing.public.short for device in office.devices}


def frames(office: Office) -> list[bytes]:
    return [frame for device in office.devices for frame in device.frames]


def counted(reads: list[Read]) -> list[bytes]:
    return [read.commit.id for read in reads if not read.code and read.commit]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("checked", [True, False])
def test_any_order_with_repeats_counts_each_commit_once(
    office: Office, seed: int, *, checked: bool
) -> None:
    chance = random.Random(seed)
    order = frames(office) + chance.sample(frames(office), 5)
    chance.shuffle(order)
    known = keys(office).get if checked else None
    reading, reads = reader(office), []
    for at, frame in enumerate(order):
        reads += reading.read(at, frame, known)
    assert len(counted(reads)) == len(set(counted(reads))) == 12
    assert reading.waiting() == 0
    entries = [entry.body for read in reads if read.commit for entry in read.commit.entries]
    assert sorted(entries) == sorted([bytes([number]) for number in range(6)] * 2)


def test_what_waits_is_told_and_nothing_counts_before_it(office: Office) -> None:
    reading = reader(office)
    first, second, third = office.devices[0].frames[:3]
    assert [read.code for read in reading.read(0, third)] == ["waits"]
    assert [read.code for read in reading.read(1, second)] == ["waits"]
    assert [(read.at, read.code) for read in reading.read(2, first)] == [(2, ""), (1, ""), (0, "")]


@pytest.mark.parametrize("checked", [True, False])
def test_commit_that_does_not_open_holds_up_none_that_waits_for_it(
    office: Office, *, checked: bool
) -> None:
    device, vault = office.devices[0], next(iter(office.vaults))
    office.write(device, Fact(vault, "hotline.NoteWritten", -1, b"no entry has this version"))
    office.write(device, *facts(office, 0))
    office.write(device, *facts(office, 0))
    reading, known = reader(office), keys(office).get if checked else None
    *early, bad, after, last = device.frames
    for at, frame in enumerate(early):
        reading.read(at, frame, known)
    for frame in (last, after, after):
        assert [read.code for read in reading.read(7, frame, known)] == ["waits"]
    assert reading.waiting() == 3
    codes = [read.code for read in reading.read(8, bad, known)]
    assert codes == ["malformed", "", "known", ""]
    assert reading.waiting() == 0


def test_unknown_devices_and_false_signatures_move_nothing(office: Office) -> None:
    reading = reader(office)
    frame = office.devices[0].frames[0]
    assert [read.code for read in reading.read(0, frame, lambda _: None)] == ["unknown_device"]
    other = SigningKey(b"o" * 32).public
    assert [read.code for read in reading.read(0, frame, lambda _: other)] == ["bad_signature"]
    assert [read.code for read in reading.read(0, frame, keys(office).get)] == [""]


def test_quick_reader_suspends_nobody_and_a_checked_one_does(office: Office) -> None:
    device = office.devices[0]
    twin = next(twin for twin in build_office(2, 3).devices if twin.id == device.id)
    built = build_office(2, 3)
    built.write(twin, *facts(built, 5))
    for checked in (None, keys(office).get):
        reading = reader(office)
        for at, frame in enumerate(device.frames):
            reading.read(at, frame, checked)
        assert [read.code for read in reading.read(9, twin.frames[0], checked)] == ["device_forked"]
        assert reading.chains.head(device.id).forked_at == (1 if checked else None)


@pytest.mark.parametrize("frame", [b"", b"\x01", bytes(2000), b"\x02" + bytes(2000)])
def test_bytes_that_are_no_frame_are_told_and_never_raised(office: Office, frame: bytes) -> None:
    (read,) = reader(office).read(0, frame)
    assert read.code
    assert read.commit is None


def test_frame_of_an_epoch_without_key_waits_for_it(office: Office) -> None:
    without = Reader(office.id, {}, office.ring(), Chains())
    assert [read.code for read in without.read(0, frames(office)[0])] == ["no_office_key"]
