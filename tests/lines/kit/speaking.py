# SPDX-License-Identifier: AGPL-3.0-or-later
"""Speaks into a voice message as Asterisk does, and judges what was sealed of it.

Sound to speak is 16-bit samples at 8 kHz.  `numbered` is sound in which every frame says its own
number, so that a search of files or of memory can tell which parts of a message it found.
"""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import numpy as np

from safeconduct.edges.lines.phone.alaw import TABLE
from safeconduct.edges.lines.phone.audiosocket import (
    HANGUP_FRAME,
    SILENCE,
    SOUND,
    UUID,
    write_frame,
)

FRAME_BYTES: Final = 320
FRAMES_A_SECOND: Final = 50
MAGIC: Final = (20_480, -7_424, 15_360, -30_720, 1_888, 11_264, -944, -26_624)
"""How each frame of numbered sound begins: samples that A-law changes."""
SHAPES: Final = {
    "samples": np.array(MAGIC, "<i2").tobytes(),
    "numbers": np.array(MAGIC, "<i2").view("<u2").astype("<i8").tobytes(),
    "a-law": TABLE[np.array(MAGIC, "<i2").view("<u2")].tobytes(),
}
"""The beginning of a frame, as it may lie in memory or in a file."""


def numbered(seconds: float) -> bytes:
    """Return sound that is loud, and of which no two frames are alike."""
    frames = round(seconds * FRAMES_A_SECOND)
    noise = np.random.default_rng(7).integers(-20_000, 20_000, (frames, FRAME_BYTES // 2))
    noise[:, : len(MAGIC)] = MAGIC
    return noise.astype("<i2").tobytes()


def encoded(samples: bytes) -> bytes:
    """Return samples as A-law."""
    return bytes(TABLE[np.frombuffer(samples, "<u2")])


def samples_of(alaw: bytes) -> bytes:
    """Return samples that A-law gives back as it is."""
    value = np.frombuffer(alaw, np.uint8) ^ 0x55
    segment, step = (value >> 4) & 7, ((value & 15).astype(int) << 4) + 8
    size = np.where(segment == 0, step, ((step + 256) << np.maximum(segment, 1)) >> 1)
    return bytes(np.where(value & 0x80, size, -size).astype("<i2"))


def loudness(alaw: bytes) -> float:
    """Return the root of the mean square of A-law, as a part of what is loudest."""
    samples = np.frombuffer(samples_of(alaw), "<i2") / 32_768.0
    return float(np.sqrt(np.mean(samples**2)))


class Speaker:
    """Asterisk's end of one message."""

    def __init__(self, address: str, call: str) -> None:
        """Connect, and name the message."""
        host, port = address.rsplit(":", 1)
        self._socket: Final = socket.create_connection((host, int(port)), 10)
        self._socket.sendall(write_frame(UUID, uuid.UUID(call).bytes))

    def say(self, samples: bytes, *, pace: float = 0.0) -> None:
        """Send sound; at `pace` 1 as fast as somebody speaks, at 0 as fast as it goes."""
        begun = time.monotonic()
        for at in range(0, len(samples), FRAME_BYTES):
            self._socket.sendall(write_frame(SOUND, samples[at : at + FRAME_BYTES]))
            due = begun + pace * (at / FRAME_BYTES + 1) / FRAMES_A_SECOND
            time.sleep(max(0.0, due - time.monotonic()))

    def close(self) -> None:
        """End the connection as Asterisk does, whether somebody hung up or it died."""
        self._socket.close()

    def ended(self, seconds: float = 10.0) -> bool:
        """Tell whether the other side ends the connection, with the frame that says so."""
        end, came = time.monotonic() + seconds, bytearray()
        while (left := end - time.monotonic()) > 0:
            self._socket.settimeout(left)
            with suppress(TimeoutError):
                if some := self._socket.recv(4_096):
                    came += some
                else:
                    return came.replace(SILENCE, b"") in (HANGUP_FRAME, b"")
        return False


@contextmanager
def speaking(address: str, call: str) -> Iterator[Speaker]:
    """Speak into one message."""
    speaker = Speaker(address, call)
    try:
        yield speaker
    finally:
        speaker.close()
