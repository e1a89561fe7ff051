# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sound of the telephone as a browser plays it: A-law in, one WAV in memory out.

What it is: a table look-up and a header, so that nothing that strangers made is decoded: every byte
is a sample, whatever it is.  What it is not: a file; nothing here touches a disk.
"""

from __future__ import annotations

import re
import struct
from typing import Final, NamedTuple

from safeconduct.rooms.hotline.spoken import RATE

_SIGN, _STEPS, _SEGMENT = 0x80, 0x0F, 0x70
_TOGGLED: Final = 0x55
"""A-law turns every other bit round (ITU-T G.711, 4.1)."""
_HEADER: Final = struct.Struct("<4sI4s4sIHHIIHH4sI")
_FORMAT_BYTES: Final = 16
_PCM: Final = 1
_SAMPLE_BYTES: Final = 2
_RANGE: Final = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


class Stretch(NamedTuple):
    """A part of some bytes: from `start` up to, and not with, `end`."""

    start: int
    end: int


def wav_of(alaw: bytes) -> bytes:
    """Return sound of 8,000 samples a second as a WAV file of 16-bit samples."""
    samples = bytearray(_SAMPLE_BYTES * len(alaw))
    samples[0::2], samples[1::2] = alaw.translate(_LOW), alaw.translate(_HIGH)
    head = _HEADER.pack(
        *(b"RIFF", _HEADER.size - 8 + len(samples), b"WAVE"),
        *(b"fmt ", _FORMAT_BYTES, _PCM, 1, RATE, RATE * _SAMPLE_BYTES, _SAMPLE_BYTES, 16),
        *(b"data", len(samples)),
    )
    return head + bytes(samples)


def parse_range(asked: str, size: int) -> Stretch | None:
    """Return which bytes a browser asks for; None for all of them, or for what is no such asking.

    A player asks for a part to go to some time of a message.
    """
    found = _RANGE.fullmatch(asked) if asked.isascii() else None
    if found is None:
        return None
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    return Stretch(start, end) if start < end else None


def _sample(code: int) -> int:
    turned = code ^ _TOGGLED
    steps, segment = (turned & _STEPS) << 4, (turned & _SEGMENT) >> 4
    size = steps + 8 if not segment else (steps + 0x108) << (segment - 1)
    return size if turned & _SIGN else -size


_SAMPLES: Final = [_sample(code).to_bytes(2, "little", signed=True) for code in range(256)]
_LOW: Final = bytes(sample[0] for sample in _SAMPLES)
_HIGH: Final = bytes(sample[1] for sample in _SAMPLES)
