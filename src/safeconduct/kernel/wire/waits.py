# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a locked desk may ask: whether the intake has grown since (docs/spec/relay.md 2).

A desk makes both values alone, under the hash of the capability, which the relay keeps.
The ticket says who may ask and until when; the mark stands for one size of the intake and does not
tell it.  Both end with the access epoch, and neither opens anything.
"""

from __future__ import annotations

import hmac
from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.wire.bodies import U64, Hash

TICKET_LABEL: Final = b"safeconduct/waits/1\0"
MARK_LABEL: Final = b"safeconduct/waits-mark/1\0"


class WaitsAsk(Record, frozen=True):
    """Body of `POST waits`; `until` in milliseconds since 1970."""

    until: U64
    ticket: Hash
    mark: Hash


class Waits(Record, frozen=True):
    """Answer to `POST waits`: 1 when the intake is no longer of the size that was marked."""

    grown: Annotated[int, Meta(ge=0, le=1)]


parse_waits_ask: Final = Codec[WaitsAsk](WaitsAsk, "waits_ask").decode
parse_waits: Final = Codec[Waits](Waits, "waits").decode


def ask_of(capability_hash: bytes, office: bytes, until: int, size: int) -> WaitsAsk:
    """Return what asks, until a moment, whether an office's intake has another size than this."""
    ticket = ticket_of(capability_hash, office, until)
    return WaitsAsk(until, ticket, mark_of(capability_hash, office, until, size))


def ticket_of(capability_hash: bytes, office: bytes, until: int) -> bytes:
    """Return what shows that somebody with the capability lets ask until then."""
    return hmac.digest(capability_hash, TICKET_LABEL + office + until.to_bytes(8, "big"), "sha256")


def mark_of(capability_hash: bytes, office: bytes, until: int, size: int) -> bytes:
    """Return what stands for a size of the intake, for one who has that ticket."""
    told = office + until.to_bytes(8, "big") + size.to_bytes(8, "big")
    return hmac.digest(capability_hash, MARK_LABEL + told, "sha256")
