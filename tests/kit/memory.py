# SPDX-License-Identifier: AGPL-3.0-or-later
"""Look for marker words wherever a seizure would: memory of processes, files, swap.

All markers of a script begin alike, so that one fast pass for each way of writing that beginning
finds every marker.  Ways: UTF-8, UTF-16 and UTF-32, base64 at each alignment, hex, per cent and
backslash escapes; and the same inside gzip, zlib and zip streams, two deep.
What cannot be read is an error, never a pass.
"""

from __future__ import annotations

import base64
import errno
import os
import stat
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

STEM_CHARACTERS: Final = 8
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
# The kernel lends these to every process; nothing that a process wrote stands in them.
_LENT: Final = frozenset({"[vvar]", "[vvar_vclock]", "[vsyscall]", "[vdso]"})


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
        self, markers: Iterable[str], stem: int = STEM_CHARACTERS, plain: Iterable[str] = ()
    ) -> None:
        """Prepare to look for markers that begin with one of a few stems, and for plain letters."""
        self.markers: Final = frozenset(markers)
        stems = {marker[:stem] for marker in self.markers}
        self._stems: Final = {way: name for stem in stems for way, name in _ways(stem).items()}
        whole = ((way, (m, name)) for m in self.markers for way, name in _ways(m).items())
        self._whole: Final = dict(whole)
        for text in plain:
            letters = {raw: name for name, raw in _letters(text).items()}
            self._stems.update(letters)
            self._whole.update({raw: (text, name) for raw, name in letters.items()})
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
        return Find("a part of a marker", way, where)


def scan_process(search: Search, process: int) -> set[Find]:
    """Search the memory, environment and nameless files of a process.

    Raises:
        CannotLookError: it may not be read, or is not there.
    """
    name = f"memory of process {process}"
    finds: set[Find] = set()
    try:
        with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:  # noqa: PTH123
            for start, end in _regions(process):
                for piece in _read_region(memory.fileno(), process, start, end):
                    finds |= search.scan(piece, name)
        for part in ("environ", "cmdline"):
            finds |= search.scan(Path(f"/proc/{process}/{part}").read_bytes(), name)
        finds |= _scan_nameless(search, process)
    except OSError as error:
        raise CannotLookError(name) from error
    return finds


def scan_files(search: Search, *roots: Path) -> set[Find]:
    """Search files, by name and content, and everything below folders.

    Raises:
        CannotLookError: one may not be read.
    """
    finds: set[Find] = set()
    for root in roots:
        for path in _walk(root):
            finds |= search.scan(os.fsencode(path), f"name of {path}")
            finds |= _scan_file(search, path, str(path))
    return finds


def scan_swap(search: Search) -> tuple[set[Find], list[str]]:
    """Search whatever this machine swaps to; return the finds and what was searched.

    Raises:
        CannotLookError: there is swap, and it may not be read.
    """
    lines = Path("/proc/swaps").read_text(encoding="utf-8").splitlines()[1:]
    devices = [line.split()[0].encode().decode("unicode_escape") for line in lines]
    finds: set[Find] = set()
    for device in devices:
        finds |= _scan_file(search, Path(device), f"swap on {device}")
    return finds, devices


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
    for at in _places(data, ZIP_HEAD):
        if at + _ZIP.size <= len(data):
            fields = _ZIP.unpack_from(data, at)
            if fields[3] == 8:
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


def _regions(process: int) -> Iterator[tuple[int, int]]:
    """Return the ranges of a process's memory that hold anything, in memory or in swap."""
    place: tuple[int, int] | None = None
    for line in Path(f"/proc/{process}/smaps").read_text(encoding="utf-8").splitlines():
        head = line.split(maxsplit=5)
        if "-" in head[0] and not head[0].endswith(":"):
            start, end = (int(number, 16) for number in head[0].split("-"))
            lent = len(head) > 5 and head[5].strip() in _LENT
            place = None if lent else (start, end)
        elif head[0] in {"Rss:", "Swap:"} and head[1] != "0" and place:
            yield place
            place = None


def _read_region(memory: int, process: int, start: int, end: int) -> Iterator[bytes]:
    """Read a region in pieces that overlap; what is given back meanwhile holds nothing any more."""
    for at in range(start, end, CHUNK_BYTES):
        stop = min(end, at + CHUNK_BYTES + OVERLAP_BYTES)
        try:
            yield _read(memory, at, stop - at)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            # Once more with what is there now; what is there and cannot be read is an error.
            for low, high in _regions(process):
                if low < stop and at < high:
                    yield _read(memory, max(low, at), min(high, stop) - max(low, at))


def _read(memory: int, at: int, count: int) -> bytes:
    parts = []
    while count:
        part = os.pread(memory, count, at)
        if not part:
            break
        parts.append(part)
        at, count = at + len(part), count - len(part)
    return b"".join(parts)


def _scan_nameless(search: Search, process: int) -> set[Find]:
    """Search files that a process holds open and that no folder names any more."""
    finds: set[Find] = set()
    for handle in Path(f"/proc/{process}/fd").iterdir():
        try:
            target = str(handle.readlink())
            nameless = target.endswith(" (deleted)") and stat.S_ISREG(handle.stat().st_mode)
        except FileNotFoundError:
            # Closed since it was listed, so it holds nothing; a process that ended is an error.
            os.stat(f"/proc/{process}/mem")  # noqa: PTH116
            continue
        if nameless:
            finds |= _scan_file(search, handle, f"{target} of process {process}")
    return finds


def _scan_file(search: Search, path: Path, name: str) -> set[Find]:
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
