# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files as strangers send them: photographs that tell where they were taken, and hostile ones."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Final

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

CAMERA: Final = ("Obscura", "Pocket 7")
SERIAL: Final = "SN-00417-Q"
OWNER: Final = "Somebody Invented"
TAKEN: Final = "2026:11:02 05:14:00"
PLACE: Final = "20.35618, -158.25449"
"""In the open ocean."""
DEGREES: Final = ((20.0, 21.0, 22.25), (158.0, 15.0, 16.17))
AUTHOR: Final = "An Invented Author"
SECRETS: Final = (*CAMERA, SERIAL, OWNER, TAKEN, AUTHOR)
"""What stands in these files and in no clean copy."""


def photograph(*, width: int = 320, height: int = 200, orientation: int = 1) -> bytes:
    """A JPEG with all that a phone writes into one: red on the left, blue on the right."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = CAMERA
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {
            ExifTags.Base.DateTimeOriginal: TAKEN,
            ExifTags.Base.BodySerialNumber: SERIAL,
            ExifTags.Base.CameraOwnerName: OWNER,
        }
    )
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: DEGREES[0],
            ExifTags.GPS.GPSLongitudeRef: "W",
            ExifTags.GPS.GPSLongitude: DEGREES[1],
        }
    )
    return saved(halves(width, height), "JPEG", exif=exif, quality=95)


def halves(width: int, height: int) -> Image.Image:
    """A picture that is red on the left and blue on the right."""
    picture = Image.new("RGB", (width, height), (255, 0, 0))
    picture.paste((0, 0, 255), (width // 2, 0, width, height))
    return picture


def saved(picture: Image.Image, form: str, **more: object) -> bytes:
    """The file of a picture."""
    into = BytesIO()
    picture.save(into, form, **more)
    return into.getvalue()


def drawing() -> bytes:
    """A PNG with words of its maker."""
    words = PngInfo()
    words.add_text("Author", AUTHOR)
    return saved(halves(8, 4), "PNG", pnginfo=words)


def moving() -> bytes:
    """A GIF of two pictures; the second is green."""
    second = Image.new("RGB", (8, 4), (0, 255, 0))
    return saved(halves(8, 4), "GIF", save_all=True, append_images=[second])


def bomb(edge: int = 12_000) -> bytes:
    """A PNG of a few bytes that unpacks to more points than a phone takes."""
    line = b"\0" * (1 + edge // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(line) for _ in range(edge)) + packer.flush()
    head = struct.pack(">IIBBBBB", edge, edge, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def document(pages: int) -> bytes:
    """A PDF of so many pages, all alike, that names its author and wants to run a script."""
    kids = b" ".join(b"3 0 R" for _ in range(pages))
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length 23>>stream\n1 0 0 rg 0 0 99 99 re f\nendstream",
        b"<</Author(%s)/Producer(Typewriter)/CreationDate(D:20261102051400Z)>>" % AUTHOR.encode(),
    )
    written, starts = b"%PDF-1.4\n", []
    for number, what in enumerate(objects, 1):
        starts.append(len(written))
        written += b"%d 0 obj%sendobj\n" % (number, what)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % start for start in starts)
    tail = b"trailer<</Size 6/Root 1 0 R/Info 5 0 R>>startxref\n%d\n%%%%EOF" % len(written)
    return written + b"xref\n0 6\n" + table + tail
