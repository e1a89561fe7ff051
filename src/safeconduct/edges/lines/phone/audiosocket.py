# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asterisk's AudioSocket: frames of one byte of kind, two of length, and what they carry.

https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/
What is read here is where sound lies, and not the sound: nothing is copied.  Sound is expected as
8 kHz signed linear; keys are told by ARI, and are passed over here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol, cast

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
SILENCE: Final = bytes([SOUND, 1, 64]) + bytes(320)
"""A frame of a fiftieth of a second.

Asterisk's reader may find nothing to read, and then waits for it with its channel locked; whoever
asks for any channel waits with it: no sound, no answer of ARI and no call is taken until a frame
comes (https://github.com/asterisk/asterisk/issues/2089).  It is sent where nothing came meanwhile,
and only there: what an end that closes has not read takes away what it said.
"""
STRANGER_LISTENS: Final = 10
"""How often a connection is listened to that names no message."""


@dataclass(frozen=True, slots=True)
class Frames:
    """What whole frames hold: a call's id, runs of sound, and whether the last one ends it.

    A run is the place of its first sample, frames, samples of each, and bytes between frames.
    """

    used: int
    runs: tuple[tuple[int, int, int, int], ...]
    call: bytes = b""
    ended: bool = False


def parse_frames(data: bytes | memoryview) -> Frames:
    """Return what the whole frames at the beginning of `data` hold, up to the first that ends.

    Raises:
        Malformed: a frame is longer than any that Asterisk sends, or an id has another length.
    """
    at, call = 0, b""
    runs: list[tuple[int, int, int, int]] = []
    while len(data) - at >= HEAD:
        kind, length = data[at], int.from_bytes(data[at + 1 : at + HEAD], "big")
        if length > FRAME_MOST or (kind == UUID and length != UUID_BYTES):
            raise Malformed("audiosocket")
        if kind in (HANGUP, FAILED):
            return Frames(at + HEAD, tuple(runs), call, ended=True)
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


def _alike(data: bytes | memoryview, at: int, stride: int) -> int:
    """Return how many whole frames follow here with the same head; none if not one is whole."""
    whole = (len(data) - at) // stride
    if whole < 2:  # noqa: PLR2004  (one is like itself)
        return whole
    heads: npt.NDArray[np.uint8] = np.ndarray((whole, HEAD), np.uint8, data, at, (stride, 1))
    other = (heads != heads[0]).any(axis=1)
    return int(other.argmax()) if other.any() else whole


class Hearer(Protocol):
    """Who is given what a connection brings."""

    def hear(self, data: memoryview, frames: Frames) -> None:
        """Take what lies in `data`, which is overwritten once this returns."""
        ...

    def lose(self) -> None:
        """Note that the connection is gone."""
        ...


class Connection(asyncio.BufferedProtocol):
    """One message's connection: reads into one place when it is told to, and clears it at once.

    It reads when it is told to listen, so that a second is a few calls and not fifty; what comes
    meanwhile waits in the socket.
    """

    def __init__(
        self,
        find: Callable[[bytes, Connection], Hearer | None],
        among: set[Connection],
    ) -> None:
        """Wait for an id that `find` knows."""
        self._find: Final = find
        self._among: Final = among
        self._hearer: Hearer | None = None
        self._place: Final = bytearray(BUFFER_BYTES)
        self._view: Final = memoryview(self._place)
        self._filled = 0
        self._listened = 0
        self._to_the_end = False
        self._still = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to listen."""
        self._transport = cast("asyncio.Transport", transport)
        self._among.add(self)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002  (asyncio's own)
        """Return where the next bytes go."""
        return self._view[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        """Read what came, and rest until told to listen, unless more is there at once."""
        self._still = False
        self._filled += nbytes
        more = self._filled == BUFFER_BYTES
        try:
            self._read()
        except Malformed:
            self.hang_up()
            return
        if not (more or self._to_the_end or self._hearer is None or self._transport is None):
            self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  (asyncio's own)
        """Say so."""
        self._among.discard(self)
        self._transport = None
        self._view[:] = bytes(BUFFER_BYTES)
        if self._hearer is not None:
            self._hearer.lose()

    def listen(self, *, to_the_end: bool = False) -> None:
        """Read again, once or until the connection ends; let go who names no message in time."""
        self._to_the_end |= to_the_end
        self._listened += 1
        if self._hearer is None and self._listened > STRANGER_LISTENS:
            self.hang_up()
        elif self._transport is not None:
            if self._still:
                self._transport.write(SILENCE)
            self._still = True
            self._transport.resume_reading()

    def hang_up(self) -> None:
        """End the connection, and with it Asterisk's side of it."""
        if self._transport is not None:
            with suppress(OSError):
                self._transport.write(HANGUP_FRAME)
            self._transport.close()

    def _read(self) -> None:
        """Hand on whole frames, and move what is left to the beginning.

        Raises:
            Malformed: these are not the frames that Asterisk sends, or an id that nobody gave.
        """
        frames = parse_frames(self._view[: self._filled])
        if frames.call and self._hearer is None:
            self._hearer = self._find(frames.call, self)
        if self._hearer is not None:
            self._hearer.hear(self._view, frames)
        elif frames.used:
            raise Malformed("audiosocket")
        left = self._filled - frames.used
        # Within one memory, which copies as if there were two.
        self._view[:left] = self._view[frames.used : self._filled]
        self._view[left : self._filled] = bytes(self._filled - left)
        self._filled = left
