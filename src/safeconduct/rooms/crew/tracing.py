# SPDX-License-Identifier: AGPL-3.0-or-later
"""A tracing epoch: one capability for each device, so that an abuser can be found (spec/crew.md 6).

Capabilities are worked out from the control seed that stands in the epoch, which stewards alone
hold: so every steward's desk knows which one is whose, no list of them is ever sent, and a device
that has its own learns nobody else's.
Devices that come after the opening share one; others that nobody is given hide how many there are.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.wire.bodies import MOST_TRACED
from safeconduct.rooms.crew.decide import need_steward
from safeconduct.rooms.crew.removing import ReasonTooLong
from safeconduct.rooms.crew.tracing_facts import REASON_MOST, TracingOpened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from safeconduct.kernel.words import DeviceId, OfficeId
    from safeconduct.rooms.crew.doors import NewEpoch
    from safeconduct.rooms.crew.fold import Roster

CONTROL_BYTES: Final = 32
LATER: Final = bytes(4)
"""In the place of a device: all that have no capability of their own in this epoch."""


class SayWhy(Refused):
    """Colleagues are told why."""

    code = "say_why"


class TracesAlready(Refused):
    """The epoch that stands traces, or the next one is asked to."""

    code = "traces_already"


class TracesNot(Refused):
    """The epoch that stands does not trace."""

    code = "traces_not"


class NoControlKey(Refused):
    """This steward's desk was not given the control key that stands."""

    code = "no_control_key"


class TooManyToTrace(Refused):
    """More devices stand than the relay tells apart, with one capability for who comes later."""

    code = "too_many_to_trace"


def begin_tracing(roster: Roster, by: DeviceId, epoch: int, reason: str) -> TracingOpened:
    """Let the access epoch of this number, the next one, trace.

    Raises:
        NotASteward, SayWhy, ReasonTooLong, TooManyToTrace: see there.
    """
    need_steward(roster, by)
    reason = reason.strip()
    if not reason:
        raise SayWhy
    if len(reason) > REASON_MOST:
        raise ReasonTooLong
    if not fits(roster):
        raise TooManyToTrace
    return TracingOpened(epoch, reason)


def fits(roster: Roster) -> bool:
    """Tell whether every device that stands can have a capability of its own."""
    return len(roster.present()) < MOST_TRACED


def traced_capability(control: bytes, office: OfficeId, epoch: int, who: bytes) -> bytes:
    """Return the capability of a device, by its id, or of `LATER`; `control` is the seed."""
    message = label("traced") + b"\0" + office + epoch.to_bytes(4, "big") + who
    return hmac.digest(control, message, "sha256")


def hash_of(capability: bytes) -> bytes:
    """Return what the relay knows a capability by."""
    return hashlib.sha256(capability).digest()


def traced_hashes(
    control: bytes, office: OfficeId, epoch: int, devices: Collection[DeviceId]
) -> tuple[bytes, ...]:
    """Return what a tracing epoch is opened with, in the order of the hashes, so by chance.

    One for each device, one for all that come later, and others up to a power of two.
    """
    number = 1 << len(devices).bit_length()
    others = (place.to_bytes(4, "big") for place in range(number - len(devices)))
    named: Iterable[bytes] = (*devices, *others)
    return tuple(sorted(hash_of(traced_capability(control, office, epoch, who)) for who in named))


def own_way(
    said: NewEpoch, office: OfficeId, device: DeviceId, given: Collection[bytes]
) -> NewEpoch:
    """Return what a steward's letter tells one device, with the capability that it has.

    `given` are the hashes that the epoch was opened with; none where it does not trace.
    """
    if not given:
        return said
    control = said.control[:CONTROL_BYTES]
    own = traced_capability(control, office, said.access_epoch, device)
    if hash_of(own) not in given:
        own = traced_capability(control, office, said.access_epoch, LATER)
    return replace(said, capability=own)
