# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places of the gazetteer beside the form of a town: what is found, and what a choice fills in."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.sheets import LINE_MOST
from safeconduct.rooms.passage.maps.place_search import told_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.passage.maps.gazetteer import Place

ALSO_MOST: Final = 8
DIGITS_MOST: Final = 12


class Row(NamedTuple):
    """A place that was found: its number, the name it was found by, others, and where it lies."""

    number: int
    name: str
    others: Sequence[str]
    where: str
    people: int


class Finding(NamedTuple):
    """What somebody looked for, and what there is; nothing was looked for where it is empty."""

    text: str
    rows: Sequence[Row]
    many: int


def finding(visit: Visit, text: str = "") -> Finding:
    """Return what is called so among the places of this desk."""
    places = visit.desk.ways.places
    found = places.find(text) if text else ()
    where = told_apart(found, places.names())
    rows = [
        Row(one.place.number, one.name, _others(one.place, one.name), at, one.place.people)
        for one, at in zip(found, where, strict=True)
    ]
    return Finding(text, rows, places.many())


def chosen(visit: Visit, text: str, number: str) -> Mapping[str, str]:
    """Return what the fields of a town say once this place was chosen; nothing for none."""
    fits = number.isascii() and number.isdecimal() and len(number) <= DIGITS_MOST
    places = visit.desk.ways.places
    place = places.place(int(number)) if fits else None
    if place is None:
        return {}
    found = [one for one in places.find(text) if one.place.number == place.number]
    name = found[0].name if found else place.names[0]
    names, (country, region) = places.names(), place.regions
    around = [names.get(code, code) for code in (region, country) if code[-1] != "."]
    return {
        "name": name,
        "also": _joined(_others(place, name)),
        "region": ", ".join(around),
        "position": str(place.at),
    }


def _others(place: Place, name: str) -> Sequence[str]:
    """Return some other names of a place: first one in each script, as a desk cannot know which."""
    left = [one for one in place.names if one != name]
    first = list({_script(one): one for one in reversed(left)}.values())
    return [*reversed(first), *(one for one in left if one not in first)][:ALSO_MOST]


def _script(name: str) -> str:
    """Return the script of a name's first letter, as Unicode names it."""
    letter = next((one for one in name if one.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


def _joined(names: Sequence[str]) -> str:
    """Return as many names as a line of a sheet holds."""
    while len(text := ", ".join(names)) > LINE_MOST:
        names = names[:-1]
    return text
