# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bytes as text that survives being copied: base32 in groups, with a check (spec/journal.md 8)."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from safeconduct.kernel.errors import Malformed

CHECK_BYTES: Final = 4
GROUP: Final = 5


def write_groups(raw: bytes) -> str:
    """Return bytes as text in groups."""
    text = base64.b32encode(raw + hashlib.sha256(raw).digest()[:CHECK_BYTES]).decode()
    bare = text.rstrip("=")
    return "-".join(bare[i : i + GROUP] for i in range(0, len(bare), GROUP))


def parse_groups(text: str, what: str) -> bytes:
    """Return the bytes that a text holds; case, spaces, lines and dashes do not matter.

    Raises:
        Malformed: the text is not whole; it names `what` was to be read.
    """
    bare = "".join(char for char in text.upper() if char.isalnum())
    try:
        data = base64.b32decode(bare + "=" * (-len(bare) % 8))
    except ValueError as error:
        raise Malformed(what) from error
    raw, check = data[:-CHECK_BYTES], data[-CHECK_BYTES:]
    if base64.b32encode(data).decode().rstrip("=") != bare:
        raise Malformed(what)
    if hashlib.sha256(raw).digest()[:CHECK_BYTES] != check:
        raise Malformed(what)
    return raw
