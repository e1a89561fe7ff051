# SPDX-License-Identifier: AGPL-3.0-or-later
"""Undo the block compression that Firefox packs its session files with.

LZ4's block format behind Mozilla's head of twelve bytes: `mozLz40`, a zero, and the length.
"""

from __future__ import annotations

from typing import Final

HEAD: Final = b"mozLz40\0"
HEAD_BYTES: Final = 12
SHORTEST: Final = 4
LONG: Final = 15
MORE: Final = 255


def unpack(data: bytes, most: int) -> bytes:
    """Return what is packed, as far as it goes: `data` may be cut, damaged, or no such file."""
    source, out = memoryview(data)[HEAD_BYTES:], bytearray()
    at = 0
    try:
        while at < len(source) and len(out) < most:
            token = source[at]
            at, literals = _extended(source, at + 1, token >> 4)
            out += source[at : at + literals]
            at += literals
            if at >= len(source):
                break
            back = source[at] | source[at + 1] << 8
            at, length = _extended(source, at + 2, token & LONG)
            for _ in range(min(length + SHORTEST, most)):
                out.append(out[-back])
    except IndexError:
        pass
    return bytes(out)


def _extended(source: memoryview, at: int, length: int) -> tuple[int, int]:
    """Read a length that goes on in the bytes that follow; return (place, length)."""
    if length == LONG:
        while source[at] == MORE:
            length += MORE
            at += 1
        length += source[at]
        at += 1
    return at, length
