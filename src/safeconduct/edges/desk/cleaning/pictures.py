# SPDX-License-Identifier: AGPL-3.0-or-later
"""A picture as pixels, by Pillow; in the sandbox alone."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Final

from PIL import (
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from safeconduct.edges.desk.cleaning.copied import EDGE_MOST, Head, Size, write_copy
from safeconduct.edges.desk.cleaning.marks import marks_of

PLUGINS: Final = (
    *(GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin),
)
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
PIXELS_MOST: Final = 100_000_000
"""More than phones take, unless they are told to."""
PAPER: Final = (255, 255, 255, 255)
"""What stands behind a picture that can be looked through."""

TooLarge = Image.DecompressionBombError


def prepare() -> None:
    """Load what decodes, before this process may load nothing more."""
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = PIXELS_MOST // 2  # Pillow warns from here on, and refuses at twice.
    warnings.simplefilter("ignore")


def is_picture(start: bytes) -> bool:
    """Tell whether bytes begin as a picture does that is read here."""
    return start.startswith(STARTS) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP")


def convert(data: bytes) -> bytes:
    """Return the copy of a picture, of a moving one its first.

    Raises:
        TooLarge: it has more pixels than a phone takes.
    """
    picture = Image.open(BytesIO(data), formats=FORMATS)
    picture.draft("RGB", (EDGE_MOST, EDGE_MOST))
    marks = marks_of(picture)
    pixels = _pixels(picture)
    head = Head(1, "picture", marks=marks, sizes=(Size(*pixels.size),), pages=1)
    return write_copy(head, (pixels.tobytes(),))


def _pixels(picture: Image.Image) -> Image.Image:
    """Decode it, stand it upright as its maker meant it, and make it no larger than is shown."""
    picture.thumbnail((EDGE_MOST, EDGE_MOST))
    upright = ImageOps.exif_transpose(picture)
    if upright.mode == "I;16":  # Pillow would cut 16 bits off at 8, and show white.
        upright = upright.point(lambda grey: grey * (1 / 256)).convert("L")
    if upright.has_transparency_data:
        seen = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", seen.size, PAPER), seen)
    return upright.convert("RGB")
