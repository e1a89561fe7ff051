# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bare pixels as a PNG (ISO/IEC 15948): three chunks, and no room for anything that was said."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from safeconduct.edges.desk.cleaning.copied import RGB, Size

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
BITS: Final = 8
TRUE_COLOUR: Final = 2
NO_FILTER: Final = b"\0"
QUICK: Final = 1
"""The level of compression: the picture goes no further than this machine."""


def write_png(size: Size, pixels: bytes) -> bytes:
    """Return a picture of pixels, three bytes each, row by row."""
    line = size.width * RGB
    starts = range(0, size.height * line, line)
    lines = b"".join(NO_FILTER + pixels[start : start + line] for start in starts)
    head = struct.pack(">IIBBBBB", size.width, size.height, BITS, TRUE_COLOUR, 0, 0, 0)
    packed = zlib.compress(lines, QUICK)
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
