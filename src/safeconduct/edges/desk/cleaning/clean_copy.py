# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file as a page shows it: its clean copy, what the original says of itself, and its hash.

Everything here lives in memory, for one answer of the desk.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from safeconduct.edges.desk.cleaning.copied import Head, Mark, parse_copy
from safeconduct.edges.desk.cleaning.png import write_png
from safeconduct.edges.desk.cleaning.sandbox import ConverterFailed, convert
from safeconduct.kernel.errors import Refused, Untrusted

SIZE_MOST: Final = 64 << 20
"""Bytes of a file of which a copy is made."""


class TooLargeToLook(Refused):
    """The file is larger than a converter may read."""

    code = "too_large_to_look"


class CleanCopy(NamedTuple):
    """What a page shows of a file; without pictures and text `why` says why there is no copy."""

    sort: str
    why: str
    marks: tuple[Mark, ...]
    pictures: tuple[str, ...]
    """Addresses that hold the pictures themselves (RFC 2397)."""
    text: str
    cut: bool
    first: int
    """The first of the pages that are shown, from 1; and how many there are."""
    pages: int
    digest: str
    """SHA-256 of the original, in hexadecimal digits."""

    @property
    def placed(self) -> bool:
        """Whether the original says where it was taken."""
        return any(mark.word == "place" for mark in self.marks)

    @property
    def following(self) -> int:
        """Which page comes after these, from 0; 0 where none does."""
        after = self.first - 1 + len(self.pictures)
        return after if self.pictures and after < self.pages else 0


def clean_copy(size: int, opened: Callable[[], Iterator[bytes]], *, first: int = 0) -> CleanCopy:
    """Make the clean copy of a file of so many bytes; `opened` gives them, if they are asked for.

    Raises:
        TooLargeToLook: it is too large; nothing was fetched.
        NoSandbox, ConverterFailed, ConverterSlow: see `sandbox.convert`.
        SafeconductError: whatever opening the file raises.
    """
    if size > SIZE_MOST:
        raise TooLargeToLook
    content = b"".join(opened())
    head, pixels = converted(content, first)
    pngs = map(write_png, head.sizes, pixels)
    pictures = tuple(f"data:image/png;base64,{base64.b64encode(png).decode()}" for png in pngs)
    return _copy(head, pictures, first, hashlib.sha256(content).hexdigest())


def converted(content: bytes, first: int) -> tuple[Head, tuple[bytes, ...]]:
    """Return what the converter makes of a file, from a page on.

    Raises:
        NoSandbox, ConverterFailed, ConverterSlow: see `sandbox.convert`.
    """
    try:
        return parse_copy(convert(content, first=first))
    except Untrusted:
        # Only a converter that somebody took over, through this file, writes what is no copy.
        raise ConverterFailed from None


def _copy(head: Head, pictures: tuple[str, ...], first: int, digest: str) -> CleanCopy:
    return CleanCopy(
        sort=head.sort,
        why=head.why,
        marks=head.marks,
        pictures=pictures,
        text=head.text,
        cut=head.cut,
        first=first + 1,
        pages=head.pages,
        digest=digest,
    )
