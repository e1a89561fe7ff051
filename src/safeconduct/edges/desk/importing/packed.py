# SPDX-License-Identifier: AGPL-3.0-or-later
"""A messenger's export as it lies there: a folder, or a zip of one; read within bounds.

Nothing is unpacked to a disk, and a name in it never becomes a path: it is looked up among those
that are there.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.importing.found import NotReadable, TooMuch

MEMBERS_MOST: Final = 200_000
RATIO_MOST: Final = 200
"""So many times larger than it is packed may a member become, once it is large."""
LARGE: Final = 1 << 20
_BOUNDED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What else a zip may be packed by is unpacked at once, however much it says that it holds."""


class Packed:
    """A folder, a zip, or one file alone."""

    def __init__(self, path: Path) -> None:
        """Look at this path; what it is, its bytes say."""
        self._path: Final = path

    @cached_property
    def _zip(self) -> zipfile.ZipFile | None:
        if self._path.is_dir() or not zipfile.is_zipfile(self._path):
            return None
        try:
            found = zipfile.ZipFile(self._path)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise NotReadable from None
        if len(found.infolist()) > MEMBERS_MOST:
            raise TooMuch
        return found

    @cached_property
    def names(self) -> dict[str, zipfile.ZipInfo | Path]:
        """What is in it, by name from its root."""
        if self._zip is not None:
            return {one.filename: one for one in self._zip.infolist() if not one.is_dir()}
        if not self._path.is_dir():
            return {self._path.name: self._path}
        found: dict[str, zipfile.ZipInfo | Path] = {}
        for one in self._path.rglob("*"):
            if len(found) > MEMBERS_MOST:
                raise TooMuch
            if one.is_file() and not one.is_symlink():
                found[one.relative_to(self._path).as_posix()] = one
        return found

    def named(self, end: str) -> list[str]:
        """Return the names that end so, the least deep first."""
        found = [one for one in self.names if one.rpartition("/")[2].casefold().endswith(end)]
        return sorted(found, key=lambda one: (one.count("/"), one))

    def read(self, name: str, most: int) -> bytes | None:
        """Return what lies under a name; None if it is not there, too large, or damaged."""
        place = self.names.get(name)
        with suppress(OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError):
            if isinstance(place, Path):
                with place.open("rb") as file:
                    return _within(file.read(most + 1), most)
            if isinstance(place, zipfile.ZipInfo) and self._zip is not None:
                if bursts(place) or place.file_size > most:
                    return None
                with self._zip.open(place) as member:
                    return _within(member.read(most + 1), most)
        return None


def unpacked(raw: bytes) -> int:
    """Return how many bytes all of a zip would be, as it says.

    Raises:
        NotReadable, TooMuch: it is none, or holds too many.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as found:
            members = found.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise NotReadable from None
    if len(members) > MEMBERS_MOST:
        raise TooMuch
    return sum(one.file_size for one in members)


def _within(content: bytes, most: int) -> bytes | None:
    return content if len(content) <= most else None


def bursts(place: zipfile.ZipInfo) -> bool:
    """Tell whether it is packed as only what is made to burst is packed."""
    if place.compress_type not in _BOUNDED:
        return True
    return place.file_size > LARGE and place.file_size > place.compress_size * RATIO_MOST
