# SPDX-License-Identifier: AGPL-3.0-or-later
"""Capabilities of a tracing epoch, and who may open one (spec/crew.md 6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.crew.doors import NewEpoch
from safeconduct.rooms.crew.removing import ReasonTooLong
from safeconduct.rooms.crew.tracing import (
    LATER,
    SayWhy,
    TooManyToTrace,
    begin_tracing,
    fits,
    hash_of,
    own_way,
    traced_capability,
    traced_hashes,
)
from safeconduct.rooms.crew.tracing_facts import REASON_MOST, TracingOpened
from tests.kit.crews import Crew

SEED, SHARED = b"s" * 32, b"c" * 32
DEVICES = [DeviceId(bytes([number]) * 16) for number in range(5)]


def letter(capability: bytes = SHARED) -> NewEpoch:
    return NewEpoch(1, b"o" * 32, 1, b"k" * 32, 7, capability, SEED + b"i" * 64, 1)


@pytest.mark.parametrize(("devices", "hashes"), [(0, 1), (1, 2), (3, 4), (4, 8), (200, 256)])
def test_epoch_is_opened_with_a_power_of_two_and_one_for_who_comes_later(
    devices: int, hashes: int
) -> None:
    office = Crew(1).office.id
    named = [DeviceId(number.to_bytes(16, "big")) for number in range(devices)]
    found = traced_hashes(SEED, office, 7, named)
    assert len(set(found)) == len(found) == hashes
    assert list(found) == sorted(found)
    given = {hash_of(traced_capability(SEED, office, 7, who)) for who in (*named, LATER)}
    assert given <= set(found)


def test_capabilities_differ_by_key_office_epoch_and_device() -> None:
    office, another = Crew(1).office.id, Crew(1, seed="another").office.id
    found = {
        traced_capability(SEED, office, 7, DEVICES[0]),
        traced_capability(SEED, office, 7, DEVICES[1]),
        traced_capability(SEED, office, 8, DEVICES[0]),
        traced_capability(SEED, another, 7, DEVICES[0]),
        traced_capability(b"t" * 32, office, 7, DEVICES[0]),
        traced_capability(SEED, office, 7, LATER),
    }
    assert len(found) == 6


def test_letter_tells_each_device_its_own_and_who_came_later_what_all_such_share() -> None:
    office = Crew(1).office.id
    given = traced_hashes(SEED, office, 7, DEVICES[:3])
    told = [own_way(letter(), office, device, given).capability for device in DEVICES]
    assert told[:3] == [traced_capability(SEED, office, 7, device) for device in DEVICES[:3]]
    assert told[3] == told[4] == traced_capability(SEED, office, 7, LATER)


def test_letter_of_an_epoch_that_does_not_trace_tells_all_the_same() -> None:
    office = Crew(1).office.id
    assert own_way(letter(), office, DEVICES[0], ()) == letter()


def test_one_steward_opens_it_with_a_reason() -> None:
    crew = Crew(2, 1)
    by, helper = crew.devices[0].id, crew.devices[2].id
    assert begin_tracing(crew.roster(), by, 2, " flood ") == TracingOpened(2, "flood")
    for reason, error in ((" \n", SayWhy), ("x" * (REASON_MOST + 1), ReasonTooLong)):
        with pytest.raises(error):
            begin_tracing(crew.roster(), by, 2, reason)
    with pytest.raises(NotASteward):
        begin_tracing(crew.roster(), helper, 2, "flood")


def test_more_devices_than_the_relay_tells_apart_are_refused() -> None:
    crew = Crew(1)
    roster, own = crew.roster(), crew.devices[0].id
    (member,) = roster.members.values()
    assert member.roles >= {Role.STEWARD}
    others = {DeviceId(number.to_bytes(16, "big")): member for number in range(254)}
    assert fits(replace(roster, members={own: member, **others}))
    others |= {DeviceId(b"x" * 16): member}
    full = replace(roster, members={own: member, **others})
    assert not fits(full)
    with pytest.raises(TooManyToTrace):
        begin_tracing(full, own, 2, "flood")
