# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where two devices meet that do not know each other yet: two boxes at a relay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from safeconduct.edges.desk import courier as http
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.words import Address
from safeconduct.rooms.crew import KnownDevice
from safeconduct.rooms.crew.join import open_meeting, read_reveal

NONCE_BYTES: Final = 32


class NotYet(Refused):
    """The other side has not come that far."""

    code = "not_yet"


class Meeting(Protocol):
    """Two boxes at a relay where devices meet that do not know each other yet."""

    def put(self, address: Address, item: bytes) -> None:
        """Put an item into a box, doing the work that is asked."""
        ...

    def collect(self, address: Address) -> list[bytes]:
        """Return what lies in a box, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class HttpMeeting:
    """Meeting boxes over HTTP."""

    line: http.Line

    def put(self, address: Address, item: bytes) -> None:
        """Put an item into a box, doing the work that is asked."""
        http.meet(self.line, address, item)

    def collect(self, address: Address) -> list[bytes]:
        """Return what lies in a box, oldest first."""
        return [item for _, _, item in http.collect(self.line, address, 0)]


def revealed(
    items: list[bytes], promised: bytes, *, meeting: bytes, box: Address
) -> tuple[KnownDevice, bytes] | None:
    """Return the device whose reveal keeps the promise; what others put there is passed over."""
    for item in items:
        try:
            shown = open_meeting(meeting, box, item)
            return read_reveal(shown, promised), shown
        except SafeconductError:
            continue
    return None
