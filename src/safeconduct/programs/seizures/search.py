# SPDX-License-Identifier: AGPL-3.0-or-later
"""Look for marker words wherever a seizure would: in bytes, files, and what is packed in them.

All markers of a script begin alike, so that one fast pass for each way of writing that beginning
finds every marker.  Ways: UTF-8, UTF-16 and UTF-32, base64 at each alignment, hex, per cent and
backslash escapes; and the same inside gzip, zlib, zip and Mozilla's LZ4, two deep.
What cannot be read is an error, never a pass.
"""

from __future__ import annotations

import base64
import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, quote_plus

from safeconduct.programs.seizures import lz4

STEM_CHARACTERS: Final = 8
PART: Final = "a part of a marker"
"""What a find is called that is no marker whole."""
CHUNK_BYTES: Final = 64 << 20
OVERLAP_BYTES: Final = 1 << 20
SHOWN_BYTES: Final = 512
UNPACKED_MOST: Final = 16 << 20
FIRST_STEP: Final = 4 << 10
DEPTH: Final = 2
EMPTY: Final = bytes(4 << 10)
GAP: Final = bytes(64)
"""What stands in for an empty page, to be quicker: no marker has such a run of zeros."""
ZLIB_HEADS: Final = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
GZIP_HEAD: Final = b"\x1f\x8b\x08"
ZIP_HEAD: Final = b"PK\x03\x04"
_ZIP: Final = struct.Struct("<4sHHHHHIIIHH")
_ZIP_METHOD: Final = 3
_ZIP_DEFLATED: Final = 8


class CannotLookError(Exception):
    """Something that had to be searched could not be read."""


@dataclass(frozen=True, slots=True)
class Find:
    """A marker that was found: which, written how, and where."""

    marker: str
    way: str
    where: str


class Search:
    """Knows a set of markers in every way of writing; `scan` tells which are in some bytes."""

    def __init__(
        self,
        markers: Iterable[str],
        stem: int = STEM_CHARACTERS,
        plain: Iterable[str] = (),
        keys: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        """Prepare to look for markers that begin with one of a few stems, and for plain letters.

        Keys are bytes by what they are called; they are looked for as they are, in hex and base64.
        """
        self.markers: Final = frozenset(markers)
        stems = {marker[:stem] for marker in self.markers}
        self._stems: Final = {way: name for stem in stems for way, name in _ways(stem).items()}
        whole = ((way, (m, name)) for m in self.markers for way, name in _ways(m).items())
        self._whole: Final = dict(whole)
        for text in plain:
            letters = {raw: name for name, raw in _letters(text).items()}
            self._stems.update(letters)
            self._whole.update({raw: (text, name) for raw, name in letters.items()})
        for called, key in keys.items():
            for raw, name in _written_keys(key).items():
                self._stems[raw] = name
                self._whole[raw] = (called, name)
        self.looked_at = 0
        """How many bytes were searched, packed streams not counted."""

    def scan(self, data: bytes, where: str) -> set[Find]:
        """Return what stands in these bytes, packed streams included."""
        self.looked_at += len(data)
        return self._scan(data.replace(EMPTY, GAP), where, DEPTH)

    def _scan(self, data: bytes, where: str, depth: int) -> set[Find]:
        finds: set[Find] = set()
        for stem, name in self._stems.items():
            for at in _places(data, stem):
                finds.add(self._name(data, at, name, where))
        if depth:
            for kind, unpacked in _streams(data):
                finds |= self._scan(unpacked, f"{where}, in {kind}", depth - 1)
        return finds

    def _name(self, data: bytes, at: int, way: str, where: str) -> Find:
        """Tell which marker begins here; a cut one counts as well."""
        shown = data[max(0, at - 4) : at + SHOWN_BYTES]
        for written, (marker, name) in self._whole.items():
            if name == way and shown.find(written, 0, 8 + len(written)) >= 0:
                return Find(marker, way, where)
        return Find(PART, way, where)


def scan_files(search: Search, *roots: Path) -> set[Find]:
    """Search files, by name and content, and everything below folders.

    Raises:
        CannotLookError: one may not be read.
    """
    finds: set[Find] = set()
    for root in roots:
        for path in _walk(root):
            finds |= search.scan(os.fsencode(path), f"name of {path}")
            finds |= scan_file(search, path, str(path))
    return finds


def _letters(text: str) -> dict[str, bytes]:
    return {name: text.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be")}


def _ways(text: str) -> dict[bytes, str]:
    """Return every way of writing a text, with its name."""
    raws = _letters(text)
    ways = {raw: name for name, raw in raws.items()}
    ways |= {text.encode(name): name for name in ("utf-32-le", "utf-32-be")}
    for name, raw in raws.items():
        ways |= {raw.hex().encode(): f"hex of {name}", raw.hex().upper().encode(): f"HEX of {name}"}
        ways |= dict.fromkeys(_base64(raw), f"base64 of {name}")
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in text)
    ways |= {escaped.encode(): "escapes", escaped.upper().replace("U", "u").encode(): "ESCAPES"}
    every = "".join(f"%{byte:02X}" for byte in raws["utf-8"])
    for written in {quote(text), quote_plus(text), every}:
        ways |= {written.encode(): "per cent", written.lower().encode(): "per cent, small"}
    ways |= {raw: name for name, raw in raws.items()}
    return ways


def _written_keys(key: bytes) -> dict[bytes, str]:
    """Return every way of writing a key, with its name."""
    texts = {key.hex().encode(): "hex", key.hex().upper().encode(): "HEX"}
    return {key: "bytes"} | texts | dict.fromkeys(_base64(key), "base64")


def _base64(raw: bytes) -> Iterator[bytes]:
    """Return what of a text's base64 does not hang on its neighbours, at each alignment."""
    for before in range(3):
        skipped = (0, 2, 3)[before]
        sure = (before + len(raw)) * 8 // 6
        plain = base64.b64encode(bytes(before) + raw)[skipped:sure]
        yield from {plain, plain.translate(bytes.maketrans(b"+/", b"-_"))}


def _places(data: bytes, what: bytes) -> Iterator[int]:
    at = data.find(what)
    while at >= 0:
        yield at
        at = data.find(what, at + 1)


def _streams(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Unpack every stream that begins anywhere in these bytes."""
    for head in ZLIB_HEADS:
        for at in _places(data, head):
            yield from _unpack("a zlib stream", data, at, zlib.MAX_WBITS)
    for at in _places(data, GZIP_HEAD):
        yield from _unpack("a gzip stream", data, at, zlib.MAX_WBITS | 16)
    for at in _places(data, lz4.HEAD):
        yield "an LZ4 file", lz4.unpack(data[at : at + UNPACKED_MOST], UNPACKED_MOST)
    for at in _places(data, ZIP_HEAD):
        if at + _ZIP.size <= len(data):
            fields = _ZIP.unpack_from(data, at)
            if fields[_ZIP_METHOD] == _ZIP_DEFLATED:
                start = at + _ZIP.size + fields[9] + fields[10]
                yield from _unpack("a zip file", data, start, -zlib.MAX_WBITS)


def _unpack(kind: str, data: bytes, start: int, bits: int) -> Iterator[tuple[str, bytes]]:
    """Unpack as far as it goes: a stream that is cut or damaged still gives its beginning."""
    stream, parts, size, step = zlib.decompressobj(bits), [], 0, FIRST_STEP
    at = start
    while at < len(data) and size < UNPACKED_MOST and not stream.eof:
        before = stream.copy()
        try:
            part = stream.decompress(data[at : at + step], UNPACKED_MOST - size)
        except zlib.error:
            parts.append(_unpack_slowly(before, data[at : at + step]))
            break
        parts.append(part)
        size += len(part)
        at, step = at + step, min(2 * step, 1 << 20)
    unpacked = b"".join(parts)
    if unpacked:
        yield kind, unpacked


def _unpack_slowly(stream: zlib._Decompress, data: bytes) -> bytes:
    """Unpack byte by byte up to the damage, so that what stands before it is not lost."""
    parts = []
    for at in range(len(data)):
        try:
            parts.append(stream.decompress(data[at : at + 1]))
        except zlib.error:
            break
    return b"".join(parts)


def scan_file(search: Search, path: Path, name: str) -> set[Find]:
    """Search one file, called so.

    Raises:
        CannotLookError: it may not be read.
    """
    finds: set[Find] = set()
    try:
        with path.open("rb") as file:
            kept = b""
            while piece := file.read(CHUNK_BYTES):
                finds |= search.scan(kept + piece, name)
                kept = piece[-OVERLAP_BYTES:]
    except FileNotFoundError:
        return finds  # Gone since the folder was listed.
    except OSError as error:
        raise CannotLookError(name) from error
    return finds


def _walk(root: Path) -> Iterator[Path]:
    """Every file at or under a path, hidden ones too; links and sockets have no content."""
    paths = [root] if root.is_file() else sorted(root.rglob("*"))
    return (path for path in paths if path.is_file() and not path.is_symlink())
