# SPDX-License-Identifier: AGPL-3.0-or-later
"""From 16-bit samples to A-law (ITU-T G.711), in memory that is overwritten at once.

The samples of a second pass through two places that are made once and cleared after each use, so
that no copies of what somebody said are left about for the allocator to hand out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

SAMPLE_BYTES: Final = 2
_ENDS: Final = (0x1F, 0x3F, 0x7F, 0xFF, 0x1FF, 0x3FF, 0x7FF, 0xFFF)
"""The greatest value of each of the eight segments, in 13 bits."""


def _table() -> npt.NDArray[np.uint8]:
    """Return A-law for each sample, in the order of the samples read as unsigned numbers."""
    sample = np.arange(1 << 16, dtype=np.uint16).view(np.int16).astype(np.int32) >> 3
    mask = np.where(sample >= 0, 0xD5, 0x55)
    size = np.where(sample >= 0, sample, -sample - 1)
    segment = np.searchsorted(_ENDS, size)
    step = size >> np.maximum(segment, 1)
    return (((segment << 4) | (step & 0xF)) ^ mask).astype(np.uint8)


TABLE: Final = _table()


class Encoder:
    """Makes A-law of samples, up to a number of them at once."""

    def __init__(self, most: int) -> None:
        """Make the two places."""
        self._samples: Final = np.zeros(most, dtype=np.intp)
        self._encoded: Final = np.zeros(most, dtype=np.uint8)

    def encode(
        self,
        data: bytes | memoryview,
        runs: Iterable[tuple[int, int, int, int]],
        give: Callable[[memoryview], None],
    ) -> int:
        """Give the A-law of runs of frames in `data`, clear both places; return its length.

        A run is where its first sample lies, how many frames it has, how many samples each, and
        how many bytes lie from one to the next.  What `give` gets is gone once it returns.
        """
        end = 0
        for at, frames, samples, stride in runs:
            shape, strides = (frames, samples), (stride, SAMPLE_BYTES)
            run: npt.NDArray[np.uint16] = np.ndarray(shape, "<u2", data, at, strides)
            count = frames * samples
            np.copyto(self._samples[end : end + count].reshape(shape), run)
            end += count
        encoded = self._encoded[:end]
        # Without a copy of its own: the places are of the right kind, and no number is too large.
        np.take(TABLE, self._samples[:end], out=encoded, mode="clip")
        try:
            give(encoded.data)
        finally:
            self._samples[:end] = 0
            encoded[:] = 0
        return end
