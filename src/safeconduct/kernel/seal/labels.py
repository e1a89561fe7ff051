# SPDX-License-Identifier: AGPL-3.0-or-later
"""Typed purposes and the labels made of them (spec/seal.md 1, 3, 4, 6).

A purpose that is not in this list cannot be signed or sealed, so no bytes made for one purpose
can be read for another.
"""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

SignPurpose = Literal[
    "commit",
    "receipt",
    "roster",
    "card",
    "intake-key",
    "checkpoint",
    "access",
    "notice",
    "first-words",
    "line",
    "line-licence",
]
SealPurpose = Literal["intake", "answer", "parcel", "grant", "door", "backup"]
BoxPurpose = Literal[
    "entry",
    "frame",
    "blob",
    "slot",
    "alone",
    "meeting",
    "parcel",
    "line-file",
    "line-part",
    "line-handle",
]
SUITE: Final = 1
SUITE_BYTE: Final = bytes([SUITE])


@cache
def label(purpose: str) -> bytes:
    """Return the domain label of a purpose, version 1."""
    return b"safeconduct/" + purpose.encode("ascii") + b"/1"


def preimage(purpose: SignPurpose, context: bytes, message: bytes) -> bytes:
    """Return what is signed (spec/seal.md 3)."""
    return label(purpose) + b"\0" + len(context).to_bytes(2, "big") + context + message
