# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of a PDF as pixels, by PDFium without JavaScript or forms; in the sandbox alone."""

from __future__ import annotations

from typing import Any, Final

import pypdfium2

from safeconduct.edges.desk.cleaning.copied import (
    MARK_MOST,
    PICTURES_MOST,
    RGB,
    Head,
    Mark,
    Size,
    Word,
    write_copy,
)
from safeconduct.edges.desk.cleaning.texts import dated

EDGE: Final = 1_600
"""Pixels of a page's longer side."""
LARGEST_SCALE: Final = 4.0
"""Pixels for a point of 1/72 inch, so that a page of the size of a stamp stays small."""
PASSWORD: Final = 4
"""FPDF_ERR_PASSWORD."""
SAID: Final[tuple[tuple[Word, str], ...]] = (
    *(("title", "Title"), ("author", "Author"), ("description", "Subject")),
    *(("keywords", "Keywords"), ("software", "Creator"), ("producer", "Producer")),
    *(("taken", "CreationDate"), ("changed", "ModDate")),
)

DATES: Final = ("taken", "changed")


def convert(data: bytes, first: int) -> bytes:
    """Return pictures of at most `PICTURES_MOST` pages from `first` on, which counts from 0."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        why: Any = "locked" if getattr(error, "err_code", 0) == PASSWORD else "damaged"
        return write_copy(Head(1, "none", why))
    pages = len(document)
    drawn = [_drawn(document[at]) for at in range(first, min(pages, first + PICTURES_MOST))]
    head = Head(1, "pages", marks=_marks(document), sizes=tuple(s for s, _ in drawn), pages=pages)
    return write_copy(head, tuple(pixels for _, pixels in drawn))


def _drawn(page: Any) -> tuple[Size, bytes]:  # noqa: ANN401  (the library has no types)
    scale = min(LARGEST_SCALE, (EDGE - 1) / max(*page.get_size(), 1.0))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, maybe_alpha=False)
    line, size = bitmap.width * RGB, Size(bitmap.width, bitmap.height)
    content = bytes(bitmap.buffer)
    starts = range(0, bitmap.height * bitmap.stride, bitmap.stride)
    pixels = b"".join(content[start : start + line] for start in starts)
    bitmap.close()
    page.close()
    return size, pixels


def _marks(document: Any) -> tuple[Mark, ...]:  # noqa: ANN401
    said = document.get_metadata_dict(skip_empty=True)
    found = ((word, said.get(key, "")) for word, key in SAID)
    return tuple(
        Mark(word, (dated(text) if word in DATES else text)[:MARK_MOST])
        for word, text in found
        if text
    )
