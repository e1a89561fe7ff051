# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asterisk's AudioSocket: frames of one byte of kind, two of length, and what they carry.

https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/
What is read here is where sound lies, and not the sound: nothing is copied.  Sound is expected as
8 kHz signed linear; keys are told by ARI, and are passed over here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from safeconduct.edges.lines.phone.alaw import SAMPLE_BYTES
from safeconduct.kernel.errors import Malformed

HANGUP: Final = 0x00
UUID: Final = 0x01
SOUND: Final = 0x10
FAILED: Final = 0xFF
HEAD: Final = 3
UUID_BYTES: Final = 16
FRAME_MOST: Final = 4_096
"""Of a quarter of a second; Asterisk sends a fiftieth in one frame."""
BUFFER_BYTES: Final = 50 * (HEAD + 320)
"""A second, in the frames that Asterisk sends."""
HANGUP_FRAME: Final = bytes(3)


@dataclass(frozen=True, slots=True)
class Frames:
    """What whole frames hold: a call's id, runs of sound, and whether they end the call.

    A run is the place of its first sample, frames, samples of each, and bytes between frames.
    """

    used: int
    runs: tuple[tuple[int, int, int, int], ...]
    call: bytes = b""
    hung_up: bool = False
    failed: bool = False


def parse_frames(data: bytes | bytearray) -> Frames:
    """Return what the whole frames at the beginning of `data` hold, up to the first that ends.

    Raises:
        Malformed: a frame is longer than any that Asterisk sends, or an id has another length.
    """
    at, runs, call = 0, [], b""
    while len(data) - at >= HEAD:
        kind, length = data[at], int.from_bytes(data[at + 1 : at + HEAD], "big")
        if length > FRAME_MOST or (kind == UUID and length != UUID_BYTES):
            raise Malformed("audiosocket")
        if kind in (HANGUP, FAILED):
            ended = at + HEAD, tuple(runs), call
            return Frames(*ended, hung_up=kind == HANGUP, failed=kind == FAILED)
        frames = _alike(data, at, HEAD + length)
        if not frames:
            break
        if kind == SOUND:
            runs.append((at + HEAD, frames, length // SAMPLE_BYTES, HEAD + length))
        elif kind == UUID:
            call = bytes(data[at + HEAD : at + HEAD + length])
        at += frames * (HEAD + length)
    return Frames(at, tuple(runs), call)


def write_frame(kind: int, payload: bytes = b"") -> bytes:
    """Return one frame."""
    return bytes([kind]) + len(payload).to_bytes(2, "big") + payload


def _alike(data: bytes | bytearray, at: int, stride: int) -> int:
    """Return how many whole frames follow here with the same head; none if not one is whole."""
    whole = (len(data) - at) // stride
    if whole < 2:  # noqa: PLR2004  (one is like itself)
        return whole
    heads: npt.NDArray[np.uint8] = np.ndarray((whole, HEAD), np.uint8, data, at, (stride, 1))
    other = (heads != heads[0]).any(axis=1)
    return int(other.argmax()) if other.any() else whole
