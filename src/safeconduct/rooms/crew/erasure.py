# SPDX-License-Identifier: AGPL-3.0-or-later
"""When what is destroyed today can be opened by nobody any more (spec/crew.md 7).

A relay may have kept everything.  What was sealed to a key opens while somebody holds that key: a
device until it destroyed the half, the recovery cards for as long as they count, a copy of a desk
for as long as somebody keeps it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import DAY, DeviceId, Instant
from safeconduct.rooms.crew.own_key import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterable

LATE: Final = 15 * DAY
"""So long after it was due a key that is not made anew says that nobody opens the desk."""


class OwnKey(NamedTuple):
    """Since when a device has its key, as its clock said, and who keeps its old half from going.

    `unread` are the devices that did not show yet that they read of the key; None while the log
    does not hold what told of it.
    """

    device: DeviceId
    since: Instant
    unread: tuple[DeviceId, ...] | None

    @property
    def due(self) -> Instant:
        """When the device makes its next key."""
        return Instant(self.since + EVERY)


class Erasure(NamedTuple):
    """What keeps alive what is destroyed today: devices' keys, and the cards since when they count.

    `date` is when each device that stands has taken another key than today's; None while `asleep`
    says which ones have not for too long.  `waiting` are those whose desks keep others' old halves.
    """

    keys: tuple[OwnKey, ...]
    cards: Instant
    date: Instant | None
    asleep: tuple[DeviceId, ...]
    waiting: tuple[DeviceId, ...]


def erasure(keys: Iterable[OwnKey], cards: Instant, now: Instant) -> Erasure:
    """Return what has to happen before what is destroyed today is gone."""
    ordered = tuple(sorted(keys, key=lambda one: (one.due, one.device)))
    asleep = tuple(one.device for one in ordered if one.due + LATE < now)
    waiting = sorted({device for one in ordered for device in one.unread or ()})
    date = None if asleep or not ordered else max(ordered[-1].due, now)
    return Erasure(ordered, cards, date, asleep, tuple(waiting))
