# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clean copy of a file as a file: to give on, where the original says more than it shows.

A picture becomes a PNG (of a moving one its first picture), a document a PDF of its pages as
pictures, a text its letters.  Nothing of the original is in it but pixels and letters; of a text
or a document that is too long there is no copy rather than a part of one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from safeconduct.edges.desk.cleaning.clean_copy import SIZE_MOST, TooLargeToLook, converted
from safeconduct.edges.desk.cleaning.copied import Head, Size
from safeconduct.edges.desk.cleaning.paged import write_pdf
from safeconduct.edges.desk.cleaning.png import write_png
from safeconduct.kernel.errors import Refused

PAGES_MOST: Final = 50
PIXELS_MOST: Final = 400 << 20
"""Bytes of all pages before they are packed: what a desk holds in memory for one file."""


class NoCopy(Refused):
    """Of such a file, or of one so long, there is no copy that holds all that it shows."""

    code = "no_copy"


class CopiedFile(NamedTuple):
    """A copy, and what kind of file it is."""

    ending: str
    media_type: str
    content: bytes


def copied_file(content: bytes) -> CopiedFile:
    """Make the copy of a file, whole.

    Raises:
        NoCopy, TooLargeToLook: see there.
        NoSandbox, ConverterFailed, ConverterSlow: see `sandbox.convert`.
    """
    if len(content) > SIZE_MOST:
        raise TooLargeToLook
    head, pixels = converted(content, 0)
    if head.sort == "picture" and pixels:
        return CopiedFile("png", "image/png", write_png(head.sizes[0], pixels[0]))
    if head.sort == "text" and not head.cut:
        return CopiedFile("txt", "text/plain", head.text.encode())
    if head.sort == "pages" and head.pages <= PAGES_MOST:
        return CopiedFile("pdf", "application/pdf", write_pdf(_pages(content, head, pixels)))
    raise NoCopy


def _pages(content: bytes, head: Head, pixels: tuple[bytes, ...]) -> list[tuple[Size, bytes]]:
    """Return all pages of a document; the converter gives some at a time."""
    pages = list(zip(head.sizes, pixels, strict=True))
    while len(pages) < head.pages:
        if sum(len(one) for _, one in pages) > PIXELS_MOST:
            raise NoCopy
        more, seen = converted(content, len(pages))
        if more.sort != "pages" or not seen:
            raise NoCopy
        pages += zip(more.sizes, seen, strict=True)
    return pages[: head.pages]
