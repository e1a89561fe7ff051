# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines of a gazetteer in GeoNames' format: places with their names in every script.

A line is a place where people live, the name of a region or a country, or nothing that is known
here.  Positions are hundredths of a degree, about a kilometre: a town and no house.  What is kept
is written in the same format (spec/places.md 1 and 2).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

COLUMNS: Final = 19
_REGION_COLUMNS: Final = 4
NAME_MOST: Final = 80
NAMES_MOST: Final = 250
"""Characters of a name, and names of a place, that are kept."""
DIGITS_MOST: Final = 12
HUNDREDTHS: Final = 100
NORTH: Final = 90 * HUNDREDTHS
EAST: Final = 180 * HUNDREDTHS
_WHOLE: Final = frozenset({"PCLI", "PCLD", "PCLS", "PCLF", "PCLIX", "PCL", "TERR"})
_CODE: Final = re.compile(r"[A-Z]{2}(\.[0-9A-Z]{1,10})?")
_POSITION: Final = re.compile(
    r"(-?\d{1,2}(?:\.\d{1,8})?)[\s,;]+(-?\d{1,3}(?:\.\d{1,8})?)", re.ASCII
)


class Position(NamedTuple):
    """Where a town lies, in hundredths of a degree, north and east."""

    north: int
    east: int

    def __str__(self) -> str:
        """Write it as people copy it: `61.50 44.25`."""
        return f"{_degrees(self.north)} {_degrees(self.east)}"


class Place(NamedTuple):
    """A place where people live; `names` begins with the one that the gazetteer prefers."""

    number: int
    names: tuple[str, ...]
    at: Position
    country: str
    region: str
    people: int

    @property
    def regions(self) -> tuple[str, str]:
        """The codes under which its country and its region are named."""
        return self.country, f"{self.country}.{self.region}"


class RegionName(NamedTuple):
    """What a country (`XA`) or a region of one (`XA.07`) is called."""

    code: str
    name: str


def position_of(text: str) -> Position | None:
    """Return the position that a text says, `61.50 44.25`; None where it says none."""
    found = _POSITION.fullmatch(text.strip())
    return _position(*found.groups()) if found else None


def is_code(text: str) -> bool:
    """Tell whether a text is the code of a country or a region."""
    return _CODE.fullmatch(text) is not None


def parse_line(line: str, wanted: Collection[str] = ()) -> Place | RegionName | None:
    """Return what a line says of a place or a region; None where it is neither.

    `wanted` are codes of countries and regions beside which nothing is read; without one all is.
    """
    row = [one.strip() for one in line.rstrip("\r\n").split("\t")]
    if len(row) == _REGION_COLUMNS:
        return _region(row[0], row[1], wanted)
    if len(row) != COLUMNS:
        return None
    if row[6] == "A":
        country = row[8] if row[7] in _WHOLE else f"{row[8]}.{row[10]}"
        return _region(country, row[1], wanted) if row[7] in {*_WHOLE, "ADM1"} else None
    return _place(row, wanted) if row[6] == "P" else None


def write_line(place: Place) -> str:
    """Return the line of a place, with what is known here in its columns."""
    row = [""] * COLUMNS
    row[0], row[1], row[3] = str(place.number), place.names[0], ",".join(place.names[1:])
    row[4], row[5] = _degrees(place.at.north), _degrees(place.at.east)
    row[6], row[7], row[8], row[10] = "P", "PPL", place.country, place.region
    row[14] = str(place.people)
    return "\t".join(row)


def _region(code: str, name: str, wanted: Collection[str]) -> RegionName | None:
    country = code.partition(".")[0]
    if not is_code(code) or not name or (wanted and not {code, country} & {*_around(wanted)}):
        return None
    return RegionName(code, name[:NAME_MOST])


def _around(wanted: Collection[str]) -> set[str]:
    """Return the codes with the country of each region among them, whose name is wanted too."""
    return {*wanted, *(one.partition(".")[0] for one in wanted if "." in one)}


def _place(row: Sequence[str], wanted: Collection[str]) -> Place | None:
    country, region = row[8], row[10]
    if wanted and not {country, f"{country}.{region}"} & {*wanted}:
        return None
    at = position_of(f"{row[4]} {row[5]}")
    codes = is_code(country) and "." not in country and (not region or is_code(f"XX.{region}"))
    names = _names([row[1], row[2], *row[3].split(",")])
    if not codes or at is None or not names or not _counts(row[0]):
        return None
    people = int(row[14]) if _counts(row[14]) else 0
    return Place(int(row[0]), names, at, country, region, people)


def _names(every: Sequence[str]) -> tuple[str, ...]:
    """Return the names that somebody could look for; addresses of pages are none."""
    plain = (one.strip() for one in every)
    kept = dict.fromkeys(one for one in plain if one and len(one) <= NAME_MOST and "://" not in one)
    return tuple(kept)[:NAMES_MOST]


def _counts(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= DIGITS_MOST


def _position(north: str, east: str) -> Position | None:
    found = Position(round(float(north) * HUNDREDTHS), round(float(east) * HUNDREDTHS))
    fits = abs(found.north) <= NORTH and abs(found.east) <= EAST
    return found if fits else None


def _degrees(hundredths: int) -> str:
    whole, rest = divmod(abs(hundredths), HUNDREDTHS)
    return f"{'-' if hundredths < 0 else ''}{whole}.{rest:02}"
