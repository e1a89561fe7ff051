# SPDX-License-Identifier: AGPL-3.0-or-later
"""The licence of a line: by it an office says that a line is one of its own (spec/lines.md 5).

What it is: for which office, kind and key; where the relay is met; which key signs intake keys;
and, where the channel is a risky one, the note of that risk that a steward signed.
What it is not: a secret, or a right.  A line seals and reads its own box without any; without a
licence it does not know to whom.
That the signature holds says that who made the licence holds the key in it: a person at the line
compares the office's eight words, which stand for office and key together.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes32, Codec, Count, Record, encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.seal.keys import (
    LONG_SIGNATURE_BYTES,
    LONG_VERIFY_KEY_BYTES,
    LongSigningKey,
    LongVerifyKey,
)
from safeconduct.kernel.seal.sign import sign_long
from safeconduct.kernel.seal.verify import verify_long
from safeconduct.rooms.hotline.by_line import RISKY, Kind

FORMAT: Final = 1
RELAYS_MOST: Final = 8
Relay = Annotated[str, msgspec.Meta(pattern=r"^https?://[^/\s]+/?$", max_length=300)]
Relays = Annotated[tuple[Relay, ...], msgspec.Meta(min_length=1, max_length=RELAYS_MOST)]
Note = Annotated[str, msgspec.Meta(max_length=40)]
LongKeyBytes = Annotated[
    bytes, msgspec.Meta(min_length=LONG_VERIFY_KEY_BYTES, max_length=LONG_VERIFY_KEY_BYTES)
]


class LineLicence(Record, frozen=True):
    """What a steward's desk makes for a line that the office admits."""

    format: int
    office: Bytes16
    kind: Kind
    key: Bytes32
    issued: Count
    relays: Relays
    """The first is also where people meet the page."""
    intake_signing: LongKeyBytes
    note: Note
    """The version of the risk note that a steward signed; empty for a channel that needs none."""


LINE_LICENCE: Final[Codec[LineLicence]] = Codec(LineLicence, "line_licence", version=FORMAT)


def write_licence(licence: LineLicence, key: LongSigningKey) -> bytes:
    """Return a licence with its long signature after it."""
    raw = encode(licence)
    return raw + sign_long(key, "line-licence", licence.office, raw)


def parse_licence(data: bytes) -> LineLicence:
    """Return a licence that the key in it signed.

    Raises:
        Malformed, NotCanonical, UnknownVersion: it is no licence, or lets a risky line be unsigned.
        BadSignature, BadKey: nobody who holds its key made it.
    """
    if len(data) <= LONG_SIGNATURE_BYTES:
        raise Malformed("line_licence")
    raw, signature = data[:-LONG_SIGNATURE_BYTES], data[-LONG_SIGNATURE_BYTES:]
    licence = LINE_LICENCE.decode(raw)
    key = LongVerifyKey.parse(licence.intake_signing)
    verify_long(key, "line-licence", licence.office, raw, signature)
    if licence.kind in RISKY and not licence.note:
        raise Malformed("line_licence")
    return licence
