# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voice messages as the telephone leaves them: pieces of A-law, and what letters tell of them."""

from __future__ import annotations

import math
from typing import Final

from safeconduct.kernel.canon import encode
from safeconduct.rooms.hotline.spoken import (
    MEDIA_TYPE,
    PIECE_BYTES,
    RATE,
    SILENCE,
    CallMark,
    piece_name,
    write_call,
)

BEGUN: Final = encode(write_call(CallMark(left="message", cut=True)))
_HERTZ: Final = 330
_CLIP: Final = 32_635


def ended(seconds: int, *, cut: bool = False) -> bytes:
    """The extras of the letter that tells how a message ended."""
    return encode(write_call(CallMark(left="message", seconds=seconds, cut=cut)))


def tone(seconds: int) -> bytes:
    """So many seconds of one tone."""
    samples = (math.sin(2 * math.pi * _HERTZ * at / RATE) for at in range(RATE))
    second = bytes(_code(round(12_000 * sample)) for sample in samples)
    return second * seconds


def pieces(sound: bytes) -> list[tuple[str, bytes, str]]:
    """The files of a message: of ten seconds each, the last one filled up with silence."""
    cut = [sound[at : at + PIECE_BYTES] for at in range(0, len(sound), PIECE_BYTES)]
    whole = [one.ljust(PIECE_BYTES, bytes([SILENCE])) for one in cut]
    return [(piece_name(at), one, MEDIA_TYPE) for at, one in enumerate(whole)]


def _code(sample: int) -> int:
    """Write one sample in A-law (ITU-T G.711)."""
    sign, size = (0x80, sample) if sample >= 0 else (0, -sample - 1)
    size = min(size, _CLIP)
    segment = max(0, size.bit_length() - 8)
    steps = size >> 4 if not segment else size >> (segment + 3)
    return (sign | segment << 4 | steps & 0x0F) ^ 0x55
