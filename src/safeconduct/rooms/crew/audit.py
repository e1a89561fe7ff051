# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom a roster fact is about, for the list of what a device did (spec/crew.md 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.claims import parse_claim
from safeconduct.rooms.crew.events import (
    DeviceAdmitted,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    EpochOpened,
    RoleGranted,
)
from safeconduct.rooms.crew.team_facts import TeamFormed
from safeconduct.rooms.crew.travel_facts import TravelEnded
from safeconduct.rooms.crew.vault_facts import KeysGranted
from safeconduct.rooms.crew.words import parse_card

if TYPE_CHECKING:
    from safeconduct.rooms.crew.claims import Told


def devices_named(told: Told) -> tuple[DeviceId, ...]:
    """Return the devices that a fact is about; none for a fact that is about no device."""
    claim = parse_claim(told)
    found: tuple[bytes, ...] = ()
    match claim.fact if claim else None:
        case DeviceAdmitted(card=card):
            try:
                found = (parse_card(card).id,)
            except SafeconductError:
                found = ()
        case DeviceSuspended(cuts=cuts) | DeviceExpelled(cuts=cuts):
            found = tuple(cut.device for cut in cuts)
        case DeviceReadmitted(cut=cut):
            found = (cut.device,)
        case RoleGranted(device=device) | TravelEnded(device=device):
            found = (device,)
        case EpochOpened(devices=devices) | KeysGranted(devices=devices):
            found = devices
        case TeamFormed(members=members):
            found = members
    return tuple(DeviceId(device) for device in found)
