# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a map of the network shows today: towns, the ways between them, and countries.

Legs between two towns that go by the same means, as exposed, and are open or closed alike, are one
track.  Of houses it knows how many beds a town has tonight, and no address; of meeting points how
many there are.  What is shown is what may be believed (spec/places.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import all_closed, beds, choice, said
from safeconduct.rooms.passage.kinds import (
    COUNTRY,
    CROSSING,
    HOUSE,
    LEG,
    POINT,
    POSITION,
    TOWN,
    field_named,
)
from safeconduct.rooms.passage.maps.gazetteer import Position, position_of
from safeconduct.rooms.passage.words import Book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.kernel.sheets import SheetId
    from safeconduct.rooms.passage.fold import Network, Sheet

Shut = frozenset[tuple[str, "SheetId"]]
_BANDS: Final = ("low", "fair", "high", "very_high")


@dataclass(frozen=True, slots=True)
class Stop:
    """A town; `beds` is None where nobody here reads of houses, or it has none."""

    town: Sheet
    at: Position | None
    closed: bool
    points: int
    beds: int | None


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg, from the town where it begins to that where it ends, as far as that is known."""

    sheet: Sheet
    begins: SheetId | None
    ends: SheetId | None
    mode: str
    band: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Track:
    """Legs between two towns that are alike; `on` and `back` tell in which directions they go."""

    one: SheetId
    other: SheetId
    mode: str
    band: str
    closed: bool
    on: bool
    back: bool


@dataclass(frozen=True, slots=True)
class Beyond:
    """A country that takes people in, and how many of its crossings are open of how many."""

    country: Sheet
    closed: bool
    open: int
    crossings: int


@dataclass(frozen=True, slots=True)
class WayMap:
    """All of it, in an order that hangs on the sheets alone."""

    stops: tuple[Stop, ...]
    tracks: tuple[Track, ...]
    legs: tuple[Leg, ...]
    beyond: tuple[Beyond, ...]


def map_of(network: Network, day: str, around: SheetId | None = None) -> WayMap:
    """Return the map of a day, `2017-04-03`; of one town and those that a leg joins to it alone."""
    shut = all_closed(network, day)
    legs = [one for one in _legs(network, shut) if around in {None, one.begins, one.ends}]
    near = {end for one in legs for end in (one.begins, one.ends)} | {around}
    stops = [one for one in _stops(network, day, shut) if around is None or one.town.id in near]
    tracks = _tracks(legs, {one.town.id for one in stops})
    beyond = _beyond(network, shut) if around is None else ()
    return WayMap(tuple(stops), tracks, tuple(legs), beyond)


def _stops(network: Network, day: str, shut: Shut) -> Sequence[Stop]:
    houses = _beds(network, day)
    points = [_town_of(network, one) for one in network.of_kind(POINT)]
    return [
        Stop(
            one,
            position_of(one.text(POSITION)),
            (TOWN, one.id) in shut,
            points.count(one.id),
            houses.get(one.id) if Book.HOUSES in network.books else None,
        )
        for one in sorted(network.of_kind(TOWN), key=lambda one: one.id)
    ]


def _beds(network: Network, day: str) -> Mapping[SheetId, int]:
    """Return how many beds are in each town with a house; one in two towns is in neither."""
    found: dict[SheetId, int] = {}
    for house in network.of_kind(HOUSE):
        towns = said(house, "town")
        town = network.named(towns[0], TOWN) if len(towns) == 1 else None
        if town is not None:
            found[town.id] = found.get(town.id, 0) + beds(network, house, day)
    return found


def _town_of(network: Network, sheet: Sheet | None) -> SheetId | None:
    """Return the town that a sheet is, or that a meeting point is in."""
    if sheet is None or sheet.kind == TOWN:
        return None if sheet is None else sheet.id
    town = network.named(sheet.text("town"), TOWN)
    return None if town is None else town.id


def _legs(network: Network, shut: Shut) -> Sequence[Leg]:
    known = field_named(LEG, "from")
    ends = {
        one.id.hex(): _town_of(network, one)
        for kind in reversed(known.of if known else ())
        for one in network.sheets
        if one.kind == kind
    }
    return [
        Leg(
            one,
            ends.get(one.text("from")),
            ends.get(one.text("to")),
            choice(one, "mode"),
            choice(one, "exposure"),
            (LEG, one.id) in shut,
        )
        for one in sorted(network.of_kind(LEG), key=lambda one: one.id)
    ]


def _tracks(legs: Sequence[Leg], there: set[SheetId]) -> tuple[Track, ...]:
    """Return tracks by their towns, open ones first, then the least exposed."""
    found: dict[tuple[SheetId, SheetId, bool, int, str], set[bool]] = {}
    for leg in legs:
        if leg.begins is None or leg.ends is None or leg.begins == leg.ends:
            continue
        if {leg.begins, leg.ends} <= there:
            one, other = sorted((leg.begins, leg.ends))
            alike = one, other, leg.closed, _BANDS.index(leg.band), leg.mode
            found.setdefault(alike, set()).add(leg.begins == one)
    return tuple(
        Track(one, other, mode, _BANDS[band], closed, on=True in ways, back=False in ways)
        for (one, other, closed, band, mode), ways in sorted(found.items())
    )


def _beyond(network: Network, shut: Shut) -> tuple[Beyond, ...]:
    crossings = [
        (network.named(one.text("country"), COUNTRY), (CROSSING, one.id) in shut)
        for one in network.of_kind(CROSSING)
    ]
    found = []
    for country in sorted(network.of_kind(COUNTRY), key=lambda one: one.id):
        its = [closed for of, closed in crossings if of is not None and of.id == country.id]
        shut_too = (COUNTRY, country.id) in shut
        found.append(Beyond(country, shut_too, its.count(False), len(its)))
    return tuple(found)
