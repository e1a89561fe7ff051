# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text of a stranger's file as letters alone: what steers a screen or hides is made visible."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

from safeconduct.edges.desk.cleaning.copied import TEXT_MOST, Head, write_copy

CODINGS: Final = ("ascii", "cp1251", "latin-1", "utf-16", "utf-16-le", "utf-8-sig")
"""Of texts, of words in a PDF, and of marks in a picture."""
MARKED: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
KEPT: Final = frozenset("\n\t\u200c\u200d")
"""Line, tabulator, and the two joiners that Persian and families of emoji need."""
MOMENT: Final = re.compile(
    r"(?:D:)?(\d{4}):?(\d\d):?(\d\d) ?(\d\d):?(\d\d):?(?:\d\d)?([^\d].*)?", re.ASCII
)
PICTURES_OF_CONTROLS: Final = 0x2400
SPACE: Final = 0x20
LETTERS_MOST: Final = TEXT_MOST // len("[U+10FFFF]")
"""One letter may become so many."""
ODD_MOST: Final = 0.1
"""The share of controls above which bytes are no text."""


def prepare() -> None:
    """Load what decodes, before this process may load nothing more."""
    for coding in CODINGS:
        codecs.lookup(coding)


def convert(data: bytes) -> bytes:
    """Return the copy of a text; one that says why there is none where these bytes are no text."""
    text = _decoded(data)
    if text is None:
        return write_copy(Head(1, "none", "unknown"))
    shown = "".join(map(visible, text[:LETTERS_MOST]))
    return write_copy(Head(1, "text", text=shown, cut=len(text) > LETTERS_MOST))


def visible(char: str) -> str:
    """Return a letter as a page may show it."""
    if char in KEPT or unicodedata.category(char)[0] != "C":
        return char
    if ord(char) < SPACE:
        return chr(PICTURES_OF_CONTROLS + ord(char))
    return f"[U+{ord(char):04X}]"


def dated(said: str) -> str:
    """Return a moment as PDF (32000-1, 7.9.4) and EXIF write it, as people do; else as it is."""
    found = MOMENT.match(said)
    if found is None:
        return said
    year, month, day, hour, minute, rest = found.groups()
    return f"{year}-{month}-{day} {hour}:{minute} {rest or ''}".strip()


def _decoded(data: bytes) -> str | None:
    for coding in ("utf-16",) if data.startswith(MARKED) else ("utf-8-sig", "cp1251"):
        try:
            text = data.decode(coding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
        odd = sum(unicodedata.category(char) == "Cc" and char not in KEPT for char in text[:9999])
        return text if odd <= ODD_MOST * len(text[:9999]) else None
    return None
