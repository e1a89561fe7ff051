# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each device tells of itself: that it is on duty, and where its chain stands.

Heartbeats show that a relay holds colleagues' commits back (spec/crew.md 10); heads signed long
hold a chain together when short signatures no longer do (spec/crew.md 7).  None of them is a
roster fact that anybody's right hangs on, so the roster's fold does not see them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from msgspec import Meta

from safeconduct.kernel.canon import Bytes32, Codec, Count, Record, encode
from safeconduct.kernel.errors import SafeconductError, Untrusted
from safeconduct.kernel.journal.heads import HEARTBEAT
from safeconduct.kernel.words import DAY, CommitId, DeviceId, Instant, OfficeId, instant_of
from safeconduct.rooms.crew.events import SIGNED, check_fact, write_signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.kernel.seal.keys import LongSigningKey, LongVerifyKey

HEAD_SIGNED: Final = "crew.HeadSigned"
GOING, ON_DUTY = 0, 1
FORGOTTEN: Final = DAY
"""A desk that told nothing for so long is not expected any more: it was closed without a word."""


class Heartbeat(Record, frozen=True):
    """A desk is on duty (1), or goes (0)."""

    on_duty: Annotated[int, Meta(ge=GOING, le=ON_DUTY)]


class HeadSigned(Record, frozen=True):
    """A device's commit of this sequence had this id; all before it hang on that."""

    sequence: Count
    commit: Bytes32


class HeadDiffers(Untrusted):
    """A device signed long for another chain than the one that was read of it."""

    code = "head_differs"


class Beat(Record, frozen=True):
    """A device's newest heartbeat: its place in the chain, and how much of the log it had seen."""

    device: bytes
    sequence: int
    on_duty: int
    seen: int
    hlc: int


class Watch(NamedTuple):
    """Colleagues' devices that are on duty, and those that were and fell silent."""

    on_duty: tuple[DeviceId, ...] = ()
    silent: tuple[DeviceId, ...] = ()


_HEARTBEAT: Final[Codec[Heartbeat]] = Codec(Heartbeat, HEARTBEAT)
_HEAD_SIGNED: Final[Codec[HeadSigned]] = Codec(HeadSigned, HEAD_SIGNED)


def write_heartbeat(on_duty: int) -> bytes:
    """Return the body of a heartbeat."""
    return encode(Heartbeat(on_duty))


def parse_heartbeat(body: bytes) -> Heartbeat:
    """Return the heartbeat; raises Malformed or NotCanonical."""
    return _HEARTBEAT.decode(body)


def newest(beats: Mapping[DeviceId, Beat], heard: Iterable[Beat]) -> dict[DeviceId, Beat]:
    """Return the newest heartbeat of each device, whatever the order in which they came."""
    found = dict(beats)
    for beat in heard:
        device = DeviceId(beat.device)
        if device not in found or found[device].sequence < beat.sequence:
            found[device] = beat
    return found


def watch(
    beats: Mapping[DeviceId, Beat],
    colleagues: Iterable[DeviceId],
    shown: int | None,
    now: Instant,
) -> Watch:
    """Return which colleagues' devices are on duty, and which of these fell silent.

    `shown` is the size of the log that this desk had been shown 45 minutes ago, None when it had
    not been there so long.  Whoever was there then has seen as much in the meantime, and its
    newest heartbeat says so: no clock is asked.  `now` only ends it after a day.
    """
    present = [device for device in sorted(colleagues) if device in beats]
    told = [
        device
        for device in present
        if beats[device].on_duty and now - instant_of(beats[device].hlc) <= FORGOTTEN
    ]
    silent = tuple(device for device in told if beats[device].seen < (shown or 0))
    return Watch(tuple(device for device in told if device not in silent), silent)


def write_head(
    office: OfficeId, device: DeviceId, key: LongSigningKey, head: tuple[int, CommitId]
) -> bytes:
    """Return the body by which a device signs its head, as (sequence, commit), for decades."""
    return write_signed(HEAD_SIGNED, HeadSigned(*head), office, device, key)


def check_head(body: bytes, office: OfficeId, device: DeviceId, key: LongVerifyKey) -> HeadSigned:
    """Return the head that a device signed.

    Raises:
        HeadDiffers: the body is none, or this device did not sign it.
    """
    try:
        signed = SIGNED.decode(body)
        check_fact(HEAD_SIGNED, signed, office, key)
        head = _HEAD_SIGNED.decode(signed.fact)
    except SafeconductError as error:
        raise HeadDiffers from error
    if signed.signer != device:
        raise HeadDiffers
    return head
