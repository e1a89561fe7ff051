# SPDX-License-Identifier: AGPL-3.0-or-later
"""The converter: a process of its own that reads one file and writes its clean copy.

It is started by `sandbox` with nothing but two pipes, loads its decoders, gives up all else
(`confine`), and only then reads.  What the file is, its first bytes say; nobody's word for it is
believed.  No error text leaves it, and it leaves without tidying up.
"""

from __future__ import annotations

import os
import sys
from typing import Final

from safeconduct.edges.desk.cleaning import pdfs, pictures, texts
from safeconduct.edges.desk.cleaning.confine import NotConfined, confine
from safeconduct.edges.desk.cleaning.copied import UNCONFINED, Head, Why, write_copy

BEGINNING: Final = 1_024
DAMAGED: Final = write_copy(Head(1, "none", "damaged"))
TOO_LARGE: Final = write_copy(Head(1, "none", "too_large"))
PHOTOS: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif")
"""Brands of ISO 23008-12 and AV1 pictures, which no decoder here reads."""
OFFICE: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")
MEDIA: Final = (
    *(b"OggS", b"fLaC", b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9"),
    *(b"\x1a\x45\xdf\xa3", b"#!AMR", b"FORM", b"MThd", b"FLV", b"\x00\x00\x01\xba"),
)


def main() -> None:
    """Convert what standard input holds; the argument is the first page that is wanted."""
    first = int(sys.argv[1])
    pictures.prepare()
    texts.prepare()
    try:
        confine()
    except NotConfined:
        os._exit(UNCONFINED)
    answer = convert(sys.stdin.buffer.read(), first)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(0)


def convert(data: bytes, first: int) -> bytes:
    """Return the copy of a file, in the form of `copied`."""
    try:
        return _converted(data, first)
    except (MemoryError, pictures.TooLarge):
        return TOO_LARGE
    except Exception:  # noqa: BLE001  (decoders raise anything, and its text may quote the file)
        return DAMAGED


def _converted(data: bytes, first: int) -> bytes:
    start = data[:BEGINNING]
    if pictures.is_picture(start):
        return pictures.convert(data)
    if b"%PDF-" in start:
        return pdfs.convert(data, first)
    why = _other(start)
    return write_copy(Head(1, "none", why)) if why else texts.convert(data)


def _other(start: bytes) -> Why:
    """Say what a file is that no copy is made of; empty where it may be text."""
    if start[4:8] == b"ftyp":
        return "heic" if start[8:12] in PHOTOS else "media"
    if start.startswith(MEDIA) or (start[:4] == b"RIFF" and start[8:12] in {b"WAVE", b"AVI "}):
        return "media"
    if start.startswith(OFFICE):
        return "office"
    return ""
