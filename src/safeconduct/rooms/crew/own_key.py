# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device's own sealing key, which it makes anew every 30 days (spec/crew.md 7).

The desk destroys the old half once everybody who may seal keys to it has read of the new one; from
then on nobody opens what was sealed to it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import Count, Record
from safeconduct.kernel.errors import BadKey
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.words import DAY, DeviceId
from safeconduct.rooms.crew.acts import Act, Circle, Telling
from safeconduct.rooms.crew.packer import write_parcel
from safeconduct.rooms.crew.parcel import parcel_hash
from safeconduct.rooms.crew.rotation import WRAPPED_MOST
from safeconduct.rooms.crew.vault_facts import KeysGranted, SealingKeyRotated, key_groups
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from safeconduct.kernel.ports import Rng
    from safeconduct.rooms.crew.fold import Roster
    from safeconduct.rooms.crew.parcel import HeldKey
    from safeconduct.rooms.crew.watching import Beat

REASON: Final = "sealing-key"
NAMED: Final = ("office", "vault")
EVERY: Final = 30 * DAY
CLOCKS_THAT_AGREE: Final = 2


class Clocks(Record, frozen=True):
    """What three clocks say of one moment, in milliseconds; 0 where one was not heard.

    The desk's own, that of the log (the newest time of any commit that it follows), the relay's.
    """

    desk: Count
    log: Count
    relay: Count


def is_old(made: Clocks, now: Clocks, every: int = EVERY) -> bool:
    """Tell whether so many milliseconds have passed: by two of three clocks.

    So no one clock that lies, or stands still, makes a device rotate often or never.
    """
    pairs = ((made.desk, now.desk), (made.log, now.log), (made.relay, now.relay))
    old = [then and later and later - then >= every for then, later in pairs]
    return sum(map(bool, old)) >= CLOCKS_THAT_AGREE


def unheard(
    roster: Roster, device: DeviceId, beats: Mapping[DeviceId, Beat], place: int
) -> frozenset[DeviceId]:
    """Return who may seal keys to a device, and did not show yet that it read so far in the log.

    `place` is the index of the commit that told of the device's new key.  Whoever wrote a commit
    that cites a greater size gave all it ever sealed to the old key in its commits before that.
    """
    may_give = {one for one in roster.present() if roster.roles(one) - {Role.LINE}} - {device}
    return frozenset(one for one in may_give if one not in beats or beats[one].seen <= place)


def rotate_own(
    circle: Circle,
    device: DeviceId,
    rotated: SealingKeyRotated,
    keys: Sequence[HeldKey],
    rng: Rng,
) -> tuple[Act, ...]:
    """Return the acts by which a device takes a new sealing key, all its keys sealed to that.

    Raises:
        BadKey: the new key is none.
    """
    public = SealingPublicKey.parse(rotated.sealing)
    acts = []
    for start in range(0, max(1, len(keys)), WRAPPED_MOST):
        some = keys[start : start + WRAPPED_MOST]
        parcel = write_parcel(circle.packer(rng), REASON, [(public, some)])
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


def keys_told(
    card: SealingPublicKey, told: Iterable[SealingKeyRotated]
) -> tuple[SealingPublicKey, ...]:
    """Return every sealing key that a device had: its card's, and what it told that is a key."""
    found = [card]
    for rotated in told:
        with contextlib.suppress(BadKey):
            found.append(SealingPublicKey.parse(rotated.sealing))
    return tuple(found)
