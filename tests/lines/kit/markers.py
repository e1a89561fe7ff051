# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must lie nowhere: texts, sounds, numbers and names, looked for after every test.

    found = search([work.folder, store, logs], text="a strange word", number="+15550100")
    assert not found

Each marker is looked for as UTF-8, UTF-16, hexadecimal, base64 at each offset, and packed, in names
and contents of files, inside zip and gzip too.  `control` proves that it would have been found: the
markers are put where they must not be, in each of the ways that files there are written, and the
same search has to name every one of them.
A search that looks at nothing fails: a place that is not there, files that cannot be read.
What a search did not find it must not find after the test either (`again`, by `conftest`), and no
program that a test runs may be told it by its command line or environment (`told`).
"""

from __future__ import annotations

import base64
import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

Markers = dict[str, str | bytes]
LEAST: Final = 6
"""A shorter marker would be found by chance."""
FILE_MOST: Final = 256 << 20


_CLEAN: Final[list[tuple[tuple[Path, ...], Markers]]] = []
"""What the test that runs now looked for in vain, and where."""


def search(places: Iterable[Path], **markers: str | bytes) -> list[str]:
    """Return `marker in path` for each that lies in a file or a name below these places."""
    looked = tuple(places)
    gone = [place for place in looked if not place.exists()]
    assert not gone, f"nothing to look at: {gone}"
    found = search_files(files_of(looked), **markers)
    if not found and (looked, markers) not in _CLEAN:
        _CLEAN.append((looked, markers))
    return found


def again() -> list[str]:
    """Search once more for all that was looked for in vain, and forget it: the test is over."""
    clean, _CLEAN[:] = tuple(_CLEAN), []
    found = []
    for places, markers in clean:
        still = [path for place in places for path in files_of([place])]
        found += search_files(still, **markers) if still else []
    return found


def search_files(files: Iterable[Path], **markers: str | bytes) -> list[str]:
    """Search files that were just listed; one that went meanwhile holds nothing any more."""
    raws = {name: raw_of(marker) for name, marker in markers.items()}
    assert all(len(raw) >= LEAST for raw in raws.values()), "a marker is too short"
    shapes = {name: shapes_of(raw) for name, raw in raws.items()}
    found, read = list[str](), 0
    for path in files:
        try:
            content = os.fsencode(path) + b"\0" + _content(path)
        except FileNotFoundError:
            continue
        read += 1
        plain = [content, *unpacked(content)]
        for name, known in shapes.items():
            if any(shape in one for shape in known for one in plain):
                found.append(f"{name} in {path}")
    assert read, "no file was looked at"
    return found


def told(**markers: str | bytes) -> list[str]:
    """Return `marker in process` for each in a command line or environment of what we run."""
    found = []
    for process in _ours(os.getpid()):
        for part in ("cmdline", "environ"):
            with suppress(FileNotFoundError, ProcessLookupError):
                content = Path(f"/proc/{process}/{part}").read_bytes()
                shapes = {name: shapes_of(raw_of(marker)) for name, marker in markers.items()}
                found += [
                    f"{name} in {part} of {process}"
                    for name, known in shapes.items()
                    if any(shape in content for shape in known)
                ]
    return found


def _ours(process: int) -> Iterator[int]:
    """Give what a process started, and what that started."""
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            for child in children.read_text().split():
                yield int(child)
                yield from _ours(int(child))


def control(folder: Path, **markers: str | bytes) -> None:
    """Prove that a search of a folder finds each marker, however it was written there."""
    for name, marker in markers.items():
        raw = raw_of(marker)
        shapes = {
            "plain": b"before " + raw + b" after",
            "hex": raw.hex().encode(),
            "base64": base64.b64encode(b"x" + raw + b"y"),
            "gzip": gzip.compress(b"log " + raw),
            "utf16": _utf16(raw),
        }
        for shape, content in shapes.items():
            path = folder / f"control-{shape}"
            path.write_bytes(content)
            found = search([folder], **{name: marker})
            path.unlink()
            assert any(str(path) in told for told in found), f"{name} as {shape} would be missed"


def raw_of(marker: str | bytes) -> bytes:
    """Return the bytes of a marker."""
    return marker.encode() if isinstance(marker, str) else marker


def shapes_of(raw: bytes) -> set[bytes]:
    """Return the byte strings as which a marker may stand in a file."""
    shapes = {raw, raw.hex().encode(), raw.hex().upper().encode(), _utf16(raw)}
    for before in range(3):
        coded = base64.b64encode(bytes(before) + raw)
        start = (8 * before + 5) // 6
        end = (8 * (before + len(raw))) // 6
        shapes.add(coded[start:end])
    return shapes - {b""}


def unpacked(content: bytes) -> Iterator[bytes]:
    """Give what is packed in some bytes, wherever it begins."""
    for magic, bits in ((b"\x1f\x8b\x08", 31), (b"PK\x03\x04", -15)):
        at = content.find(magic)
        while at >= 0:
            start = at
            if bits < 0:
                head = content[at : at + 30]
                start += 30 + sum(int.from_bytes(head[i : i + 2], "little") for i in (26, 28))
            with suppress(zlib.error):
                yield zlib.decompressobj(bits).decompress(content[start:], FILE_MOST)
            at = content.find(magic, at + 1)


def files_of(places: Iterable[Path]) -> Iterator[Path]:
    """Give all regular files of these places, and below them."""
    for place in places:
        if place.is_file():
            yield place
            continue
        for folder, _, names in os.walk(place, onerror=_unless_gone):
            for path in sorted(Path(folder, name) for name in names):
                if path.is_file() and not path.is_symlink():
                    yield path


def _unless_gone(error: OSError) -> None:
    """Let a search go on that met a folder which others have just removed."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(FILE_MOST)


def _utf16(raw: bytes) -> bytes:
    try:
        return raw.decode().encode("utf-16-le")
    except UnicodeDecodeError:
        return raw
