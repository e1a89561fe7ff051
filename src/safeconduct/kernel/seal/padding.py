# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hide exact lengths: Padme with a floor (spec/seal.md 5)."""

from __future__ import annotations

from safeconduct.kernel.errors import Malformed


def padme(length: int) -> int:
    """Return the padded length (Nikitin et al., PURBs, algorithm 1).  Overhead at most 12 %."""
    if length < 2:  # noqa: PLR2004  (log2 of log2 needs 2)
        return length
    exponent = length.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (length + mask) & ~mask


def pad(message: bytes, least: int) -> bytes:
    """Return the message with a mark and zero bytes after it."""
    size = max(least, padme(len(message) + 1))
    return (message + b"\x80").ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """Return what was padded.

    Raises:
        Malformed: no mark is there.
    """
    end = padded.rfind(b"\x80")
    if end < 0 or padded[end + 1 :] != bytes(len(padded) - end - 1):
        raise Malformed("padding")
    return padded[:end]
