# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a picture says of itself beside its pixels: EXIF, XMP, and words in PNG; sandbox alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from PIL import ExifTags, Image

from safeconduct.edges.desk.cleaning.copied import MARK_MOST, MARKS_MOST, Mark, Word
from safeconduct.edges.desk.cleaning.texts import dated

BASE: Final[tuple[tuple[Word, tuple[int, ...]], ...]] = (
    ("camera", (ExifTags.Base.Make, ExifTags.Base.Model)),
    ("software", (ExifTags.Base.Software,)),
    ("changed", (ExifTags.Base.DateTime,)),
    ("author", (ExifTags.Base.Artist,)),
    ("copyright", (ExifTags.Base.Copyright,)),
    ("description", (ExifTags.Base.ImageDescription,)),
)
TAKING: Final[tuple[tuple[Word, tuple[int, ...]], ...]] = (
    ("taken", (ExifTags.Base.DateTimeOriginal,)),
    ("lens", (ExifTags.Base.LensMake, ExifTags.Base.LensModel)),
    ("serial", (ExifTags.Base.BodySerialNumber,)),
    ("owner", (ExifTags.Base.CameraOwnerName,)),
    ("comment", (ExifTags.Base.UserComment,)),
)
KNOWN: Final = frozenset(
    (
        *(key for _, keys in (*BASE, *TAKING) for key in keys),
        *(ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.Base.Orientation),
    )
)
DATES: Final = ("taken", "changed")
CODING: Final = 8
"""Bytes before a comment that say in which letters it is written."""
XMP_PLACE: Final = re.compile(rb"GPSLatitude[^0-9]{1,9}([0-9.,]+[NS]?)")
MINUTES: Final = 60
SOUTH_OR_WEST: Final = ("S", "W")


def marks_of(picture: Image.Image) -> tuple[Mark, ...]:
    """Return what was found, the place first; what cannot be read is left out."""
    found: list[Mark] = []
    for search in (_place, _exif, _words):
        with suppress(Exception):  # Marks that are broken keep nobody from the picture.
            found += search(picture)
    return tuple(found[:MARKS_MOST])


def _place(picture: Image.Image) -> Iterator[Mark]:
    gps = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    if ExifTags.GPS.GPSLatitude in gps and ExifTags.GPS.GPSLongitude in gps:
        north = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef))
        east = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef))
        yield Mark("place", f"{north:.5f}, {east:.5f}")
    elif len(gps) > 1:
        yield Mark("place", "")
    elif (xmp := XMP_PLACE.search(_xmp(picture))) is not None:
        yield Mark("place", xmp[1].decode("ascii")[:MARK_MOST])


def _degrees(parts: Any, side: Any) -> float:  # noqa: ANN401  (as the file has them)
    degrees, minutes, seconds = (float(part) for part in parts)
    whole = degrees + (minutes + seconds / MINUTES) / MINUTES
    return -whole if str(side).strip("\0 ") in SOUTH_OR_WEST else whole


def _exif(picture: Image.Image) -> Iterator[Mark]:
    base = picture.getexif()
    taking = base.get_ifd(ExifTags.IFD.Exif)
    for tags, named in ((base, BASE), (taking, TAKING)):
        for word, keys in named:
            said = " ".join(filter(None, (_text(tags.get(key), word) for key in keys)))
            if said:
                yield Mark(word, (dated(said) if word in DATES else said)[:MARK_MOST])
    if base.get_ifd(ExifTags.IFD.IFD1):
        yield Mark("thumbnail", "")
    more = len((set(base) | set(taking)) - KNOWN)
    if _xmp(picture) or "photoshop" in picture.info or more:
        yield Mark("more", str(more) if more else "")


def _words(picture: Image.Image) -> Iterator[Mark]:
    for key, value in getattr(picture, "text", {}).items():
        if "xmp" not in key.lower():
            yield Mark("comment", f"{key}: {value}"[:MARK_MOST])
    if (comment := _text(picture.info.get("comment"), "")) != "":
        yield Mark("comment", comment[:MARK_MOST])


def _text(value: Any, word: str) -> str:  # noqa: ANN401
    if isinstance(value, bytes):
        value = value[CODING:] if word == "comment" else value
        value = value.decode("utf-8", "replace")
    return str(value).strip("\0 ") if value is not None else ""


def _xmp(picture: Image.Image) -> bytes:
    kept = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    return kept if isinstance(kept, bytes) else str(kept).encode()
