# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device's own sealing key, which it makes anew every 30 days (spec/crew.md 7).

The desk destroys the old half once the relay has all that `rotate_own` makes; from then on nobody
opens what was sealed to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import BadKey
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.rooms.crew.acts import Act, Circle, Telling
from safeconduct.rooms.crew.parcel import parcel_hash, write_parcel
from safeconduct.rooms.crew.rotation import WRAPPED_MOST
from safeconduct.rooms.crew.vault_facts import KeysGranted, SealingKeyRotated, key_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.crew.parcel import HeldKey

REASON: Final = "sealing-key"
NAMED: Final = ("office", "vault")


def rotate_own(
    circle: Circle, device: DeviceId, rotated: SealingKeyRotated, keys: Sequence[HeldKey]
) -> tuple[Act, ...]:
    """Return the acts by which a device takes a new sealing key, all its keys sealed to that.

    Raises:
        BadKey: the new key is none.
    """
    public = SealingPublicKey.parse(rotated.sealing)
    acts = []
    for start in range(0, max(1, len(keys)), WRAPPED_MOST):
        some = keys[start : start + WRAPPED_MOST]
        parcel = write_parcel(circle.office, REASON, [(public, some)])
        named = key_groups((key.id, key.epoch) for key in some if key.kind in NAMED)
        granted = Telling(circle.crew, KeysGranted(named, parcel_hash(parcel), (device,), ()))
        first = () if start else (Telling(circle.crew, rotated),)
        acts.append(Act(parcel, (*first, granted), {}))
    return tuple(acts)


def newest_sealing(
    cards: Mapping[DeviceId, SealingPublicKey],
    told: Iterable[tuple[DeviceId, SealingKeyRotated]],
) -> dict[DeviceId, SealingPublicKey]:
    """Return the newest sealing key of each device: that of its card, or what it told later.

    What is no key is passed over; of one number told twice the greater key counts, on every desk.
    """
    newest = {device: (0, key.raw, key) for device, key in cards.items()}
    for device, rotated in told:
        known = newest.get(device)
        if known is None or (rotated.number, rotated.sealing) <= known[:2]:
            continue
        try:
            key = SealingPublicKey.parse(rotated.sealing)
        except BadKey:
            continue
        newest[device] = (rotated.number, rotated.sealing, key)
    return {device: key for device, (_, _, key) in newest.items()}
