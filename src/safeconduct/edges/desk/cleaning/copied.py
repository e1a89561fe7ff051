# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a converter gives back: a head, then the bare pixels of each picture (clean-copies.md 3).

Whoever took the converter over writes these bytes.  They become nothing but numbers within
bounds, text that pages escape, and pixels.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from safeconduct.kernel.canon import Codec, Count, Record, encode
from safeconduct.kernel.errors import Malformed

LENGTH_BYTES: Final = 4
UNCONFINED: Final = 71
"""The exit code of a converter that could not give up what it must not have, and read nothing."""
RGB: Final = 3
PICTURES_MOST: Final = 10
"""Pages of a document that are turned into pictures at once."""
EDGE_MOST: Final = 2_000
"""Pixels of a picture's longer side."""
TEXT_MOST: Final = 200_000
"""Letters of a text that are shown."""
MARKS_MOST: Final = 40
MARK_MOST: Final = 300
HEAD_MOST: Final = 1 << 20
OUTPUT_MOST: Final = HEAD_MOST + PICTURES_MOST * EDGE_MOST * EDGE_MOST * RGB

Edge = Annotated[int, msgspec.Meta(ge=1, le=EDGE_MOST)]
Sort = Literal["picture", "pages", "text", "none"]
Why = Literal["", "damaged", "heic", "locked", "media", "office", "too_large", "unknown"]
Word = Literal[
    "author", "camera", "changed", "comment", "copyright", "description", "keywords", "lens",
    "more", "owner", "place", "producer", "serial", "software", "taken", "thumbnail", "title",
]  # fmt: skip


class Size(Record, frozen=True):
    """Width and height of a picture, in pixels."""

    width: Edge
    height: Edge


class Mark(Record, frozen=True):
    """One thing that a file says of itself."""

    word: Word
    text: Annotated[str, msgspec.Meta(max_length=MARK_MOST)]


class Head(Record, frozen=True):
    """What was made of a file; `why` says why nothing was, and is empty otherwise."""

    format: int
    sort: Sort
    why: Why = ""
    marks: Annotated[tuple[Mark, ...], msgspec.Meta(max_length=MARKS_MOST)] = ()
    sizes: Annotated[tuple[Size, ...], msgspec.Meta(max_length=PICTURES_MOST)] = ()
    pages: Count = 0
    text: Annotated[str, msgspec.Meta(max_length=TEXT_MOST)] = ""
    cut: bool = False
    """Whether the file holds more text than this."""


_HEAD: Final[Codec[Head]] = Codec(Head, "clean_copy", version=1)


def write_copy(head: Head, pixels: tuple[bytes, ...] = ()) -> bytes:
    """Return the bytes of a copy."""
    said = encode(head)
    return b"".join((len(said).to_bytes(LENGTH_BYTES, "big"), said, *pixels))


def parse_copy(data: bytes) -> tuple[Head, tuple[bytes, ...]]:
    """Return a copy's head and the pixels of each picture, three bytes each, row by row.

    Raises:
        Malformed: the bytes are no copy, or longer or shorter than the head says.
        NotCanonical, UnknownVersion: see `Codec.decode`.
    """
    length = int.from_bytes(data[:LENGTH_BYTES], "big")
    at = LENGTH_BYTES + length
    if length > HEAD_MOST or len(data) < at:
        raise Malformed("clean_copy")
    head = _HEAD.decode(data[LENGTH_BYTES:at])
    pixels = []
    for size in head.sizes:
        end = at + size.width * size.height * RGB
        pixels.append(data[at:end])
        at = end
    if len(data) != at:
        raise Malformed("clean_copy")
    return head, tuple(pixels)
