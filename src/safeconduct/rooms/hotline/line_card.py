# SPDX-License-Identifier: AGPL-3.0-or-later
"""The card of a line: what it shows of itself before an office admits it (spec/lines.md 5).

What it is: the line's kind, its public keys, its box and the voice by which it knows the office.
What it is not: a secret of any person; but who holds a card can write into the line's box as an
office would, so it goes from the line to a steward's desk and nowhere else.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes32, Codec, Record, encode
from safeconduct.kernel.groups import parse_groups, write_groups
from safeconduct.kernel.seal.keys import VerifyKey
from safeconduct.kernel.seal.lock import SEALING_KEY_BYTES, SealingPublicKey
from safeconduct.rooms.hotline.by_line import Kind

FORMAT: Final = 1
SealingKeyBytes = Annotated[
    bytes, msgspec.Meta(min_length=SEALING_KEY_BYTES, max_length=SEALING_KEY_BYTES)
]


class LineCard(Record, frozen=True):
    """What a steward's desk takes of a line."""

    format: int
    kind: Kind
    key: Bytes32
    sealing_key: SealingKeyBytes
    address: Bytes32
    voice: Bytes32


LINE_CARD: Final[Codec[LineCard]] = Codec(LineCard, "line_card", version=FORMAT)


def write_line_card(card: LineCard) -> str:
    """Return a card as text in groups, to be copied from one screen to another."""
    return write_groups(encode(card))


def parse_line_card(text: str) -> LineCard:
    """Return the card that a text holds; case, spaces, lines and dashes do not matter.

    Raises:
        Malformed, NotCanonical, UnknownVersion: the text is no card, or not whole.
        BadKey: one of its keys is refused.
    """
    return read_line_card(parse_groups(text, "line_card"))


def read_line_card(data: bytes) -> LineCard:
    """Return the card of the bytes that a fact keeps.

    Raises:
        Malformed, NotCanonical, UnknownVersion: these bytes are no card.
        BadKey: one of its keys is refused.
    """
    card = LINE_CARD.decode(data)
    VerifyKey.parse(card.key)
    SealingPublicKey.parse(card.sealing_key)
    return card
