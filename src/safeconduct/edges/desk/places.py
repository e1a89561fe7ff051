# SPDX-License-Identifier: AGPL-3.0-or-later
"""The gazetteer of this desk: the few places that an office works in, out of a file of many.

The file is read where it lies, line by line, and no piece of it is written anywhere but into the
encrypted store: which countries stand in it tells where people are helped.  It is no fact,
colleagues hear nothing of it, and a desk that is packed for a trip leaves it behind
(spec/places.md 3).
"""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING, Final, Protocol

from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Refused
from safeconduct.rooms.passage.maps.gazetteer import (
    Place,
    RegionName,
    is_code,
    parse_line,
    write_line,
)
from safeconduct.rooms.passage.maps.place_search import (
    Found,
    Sound,
    TooManyPlaces,
    find,
    one_of,
    sounds_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import IO

    from safeconduct.edges.desk.store import Store

SETTING: Final = "places"
SOUNDS: Final = 2
"""By which reading of names the sounds were made that are kept; another makes them anew."""
PLACES_MOST: Final = 30_000
FILE_MOST: Final = 256 << 20
LINE_MOST: Final = 64 << 10
MEMBERS_MOST: Final = 1_000
FOUND_MOST: Final = 12
CODES_MOST: Final = 40
_ENDS: Final = (".txt", ".tsv")
_BOUNDED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What else a zip may be packed by takes memory as its maker likes."""


class CodesUnclear(Refused):
    """Countries are named by two capital letters, regions of one by a dot and a code behind it."""

    code = "place_codes_unclear"


class NoPlaces(Refused):
    """There is no such file, or it says nothing of a place in the countries that were named."""

    code = "no_places"


class Kept(Record, frozen=True):
    """Lines of places, names of regions by code, and how all names sound."""

    lines: tuple[str, ...]
    regions: tuple[tuple[str, str], ...]
    sounds: tuple[Sound, ...]
    by: int


class Shelf(Protocol):
    """Where the packed table lies."""

    def table(self) -> bytes | None:
        """Return it."""
        ...

    def put_table(self, packed: bytes | None) -> None:
        """Keep it, or none; durable on return."""
        ...


class StoreShelf:
    """A place for it in the encrypted store."""

    def __init__(self, store: Store) -> None:
        """Keep it in this store."""
        self._store: Final = store

    def table(self) -> bytes | None:
        """Return it."""
        return self._store.setting(SETTING, _PACKED)

    def put_table(self, packed: bytes | None) -> None:
        """Keep it, or none; durable on return."""
        if packed is None:
            self._store.drop_settings(SETTING)
        else:
            self._store.put_setting(SETTING, packed)


_PACKED: Final[Codec[bytes]] = Codec(bytes, SETTING)
_KEPT: Final[Codec[Kept]] = Codec(Kept, SETTING)
_NONE: Final = Kept((), (), (), SOUNDS)


class Places:
    """The gazetteer over a shelf; it is unpacked when somebody first looks something up."""

    def __init__(self, shelf: Shelf) -> None:
        """Keep it there."""
        self._shelf: Final = shelf
        self._at: _Table | None = None

    def many(self) -> int:
        """Return how many places are kept."""
        return len(self._table().places)

    def names(self) -> Mapping[str, str]:
        """Return what the countries and regions of it are called, by code."""
        return self._table().names

    def find(self, text: str) -> Sequence[Found]:
        """Return the places of which a name begins so."""
        table = self._table()
        return find(text, table.places, table.sounds, FOUND_MOST)

    def place(self, number: int) -> Place | None:
        """Return the place of a number."""
        return one_of(self._table().places, number)

    def bring(self, path: Path, wanted: str) -> int:
        """Add the places of a file, of these countries and regions; durable on return."""
        places, names = _gathered(lines_in(path), _codes(wanted))
        table = self._table()
        every = {one.number: one for one in (*table.places, *places)}
        called = {**table.names, **names}
        there = {code for one in every.values() for code in one.regions}
        regions = {code: name for code, name in called.items() if code in there}
        if not places and regions == table.names:
            raise NoPlaces
        if len(every) > PLACES_MOST:
            raise TooManyPlaces
        self._keep(tuple(every[number] for number in sorted(every)), regions)
        return len(every)

    def forget(self) -> None:
        """Keep no place any more; durable on return."""
        self._shelf.put_table(None)
        self._at = None

    def _keep(self, places: Sequence[Place], regions: Mapping[str, str]) -> None:
        lines = tuple(write_line(one) for one in places)
        kept = Kept(lines, tuple(sorted(regions.items())), tuple(sounds_of(places)), SOUNDS)
        self._shelf.put_table(zlib.compress(encode(kept)))
        self._at = None

    def _table(self) -> _Table:
        if self._at is None:
            packed = self._shelf.table()
            kept = _NONE if packed is None else _KEPT.decode_own(zlib.decompress(packed))
            self._at = _Table(kept)
        return self._at


class _Table:
    """What is kept, as it is searched."""

    def __init__(self, kept: Kept) -> None:
        found = map(parse_line, kept.lines)
        self.places: Final = tuple(one for one in found if isinstance(one, Place))
        self.names: Final = dict(kept.regions)
        whole = kept.by == SOUNDS and len(self.places) == len(kept.lines)
        self.sounds: Final[Sequence[Sound]] = kept.sounds if whole else sounds_of(self.places)


def lines_in(path: Path) -> Iterator[str]:
    """Yield the lines of a file, or of the texts in a zip; a line that is too long comes in pieces.

    Raises:
        NoPlaces: there is no such file, or it is damaged.
        TooManyPlaces: it is larger than a desk reads.
    """
    left = FILE_MOST
    try:
        if not path.is_file():
            raise NoPlaces  # A pipe or a device would be waited for without end.
        for file in _files(path):
            while line := file.readline(LINE_MOST):
                left -= len(line)
                if left < 0:
                    raise TooManyPlaces
                yield line.decode("utf-8", "replace")
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError):
        raise NoPlaces from None


def _files(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file, or each text of a zip, one open at a time."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as plain:
            yield plain
        return
    with zipfile.ZipFile(path) as packed:
        listed = packed.infolist()
        if len(listed) > MEMBERS_MOST:
            raise TooManyPlaces
        for one in listed:
            if one.filename.casefold().endswith(_ENDS) and one.compress_type in _BOUNDED:
                with packed.open(one) as text:
                    yield text


def _codes(wanted: str) -> frozenset[str]:
    codes = frozenset(wanted.upper().replace(",", " ").replace(";", " ").split())
    if len(codes) > CODES_MOST or not all(map(is_code, codes)):
        raise CodesUnclear
    return codes


def _gathered(
    lines: Iterable[str], wanted: frozenset[str]
) -> tuple[Sequence[Place], Mapping[str, str]]:
    places, names = list[Place](), dict[str, str]()
    for line in lines:
        found = parse_line(line, wanted)
        if isinstance(found, RegionName):
            names[found.code] = found.name
        elif found is not None:
            places.append(found)
            if len(places) > PLACES_MOST:
                raise TooManyPlaces
    return places, names
