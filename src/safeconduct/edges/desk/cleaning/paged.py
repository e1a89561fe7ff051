# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of pages as one PDF (ISO 32000-1): pixels alone, and no room for anything that was said.

No title, author, date or id is in it, and the same pixels give the same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

from safeconduct.edges.desk.cleaning.copied import Size

LONG_SIDE: Final = 842
"""Points of a page's longer side: that of A4."""
TREE: Final = 2
PER_PAGE: Final = 3
"""Objects of a page: itself, how its picture stands on it, and the picture."""


def write_pdf(pages: Sequence[tuple[Size, bytes]]) -> bytes:
    """Return pages, each of pixels of three bytes, row by row."""
    firsts = [TREE + 1 + PER_PAGE * at for at in range(len(pages))]
    kids = b" ".join(b"%d 0 R" % first for first in firsts)
    bodies = [
        b"<</Type/Catalog/Pages %d 0 R>>" % TREE,
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), kids),
    ]
    for first, (size, pixels) in zip(firsts, pages, strict=True):
        bodies += _page(first, size, pixels)
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count, at = len(bodies) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, table)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, at)
    return bytes(out)


def _page(first: int, size: Size, pixels: bytes) -> list[bytes]:
    longer = max(size.width, size.height)
    wide, high = (max(1, side * LONG_SIDE // longer) for side in (size.width, size.height))
    named = b"/XObject<</P %d 0 R>>" % (first + 2)
    page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %d %d]/Resources<<%b>>/Contents %d 0 R>>"
    picture = (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8"
        b"/Filter/FlateDecode" % (size.width, size.height)
    )
    return [
        page % (TREE, wide, high, named, first + 1),
        _stream(b"", b"q %d 0 0 %d 0 0 cm /P Do Q" % (wide, high)),
        _stream(picture, zlib.compress(pixels)),
    ]


def _stream(said: bytes, content: bytes) -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (said, len(content), content)
