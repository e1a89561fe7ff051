# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a map shows of the network: what may be believed, and no address (spec/places.md 5)."""

from __future__ import annotations

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage import Book, Told
from safeconduct.rooms.passage.maps.way_map import WayMap, map_of
from tests.unit.rooms.passage.test_network import (
    LEG,
    OTHER,
    TOWN,
    house,
    network,
    told,
    wrote,
)

DAY = "2026-11-05"
POINT, FAR, BACK = (SheetId(bytes([n]) * 16) for n in (9, 10, 11))
ENDS = {"from": TOWN.hex(), "to": OTHER.hex()}
FACTS = [
    told(1, wrote("town", TOWN, name="Ford", position="61.50 44.25")),
    told(2, wrote("town", OTHER, name="Bridge")),
    told(3, wrote("town", FAR, name="Mill")),
    told(4, wrote("point", POINT, town=OTHER.hex(), where="At the clock")),
    told(5, wrote("leg", LEG, mode="car", exposure="fair", **ENDS)),
]


def shown(*more: Told, around: SheetId | None = None) -> WayMap:
    """The map of these facts beside what always stands."""
    return map_of(network(*FACTS, *more), DAY, around)


def test_towns_have_what_is_known_of_them() -> None:
    ford, bridge, _ = shown(house(8, town=TOWN.hex())).stops
    assert ford.at == (6150, 4425)
    assert (ford.beds, ford.points) == (4, 0)
    assert (bridge.at, bridge.beds, bridge.points) == (None, None, 1)


def test_beds_are_those_that_may_be_believed_and_of_one_town_alone() -> None:
    said = {"closes": house(8).event.sheet.hex(), "begins": "2026", "how": "burned", "why": "x"}
    burned = told(9, wrote("house_closed", BACK, **said))
    ford, *_ = shown(house(8, town=TOWN.hex()), burned).stops
    assert ford.beds == 0
    ford, bridge, _ = shown(house(8, town=TOWN.hex()), house(9, town=OTHER.hex())).stops
    assert (ford.beds, bridge.beds) == (None, None)


def test_who_reads_no_houses_is_shown_none() -> None:
    facts = [*FACTS, house(8, town=TOWN.hex())]
    books = frozenset({Book.ROADS})
    assert map_of(network(*facts, books=books), DAY) == map_of(network(*FACTS, books=books), DAY)
    assert map_of(network(*facts), DAY) != map_of(network(*FACTS), DAY)


def test_legs_that_are_alike_are_one_track_whichever_way_they_go() -> None:
    back = {"from": POINT.hex(), "to": TOWN.hex()}
    (track,) = shown(told(6, wrote("leg", BACK, mode="car", exposure="fair", **back))).tracks
    assert (track.mode, track.band, track.closed) == ("car", "fair", False)
    assert track.on
    assert track.back
    first, second = shown(told(6, wrote("leg", BACK, mode="car", exposure="low", **back))).tracks
    assert [first.band, second.band] == ["low", "fair"]
    assert (first.on, first.back) != (second.on, second.back)


def test_where_two_differ_the_worse_is_drawn_and_a_closed_town_closes_its_legs() -> None:
    (track,) = shown(told(6, wrote("leg", LEG, exposure="very_high"))).tracks
    assert track.band == "very_high"
    said = {"closes": OTHER.hex(), "begins": "2026-11", "why": "Raid."}
    found = shown(told(6, wrote("road_closed", BACK, **said)))
    assert [one.closed for one in found.stops] == [False, True, False]
    assert [one.closed for one in found.tracks] == [one.closed for one in found.legs] == [True]


def test_a_leg_whose_end_is_no_town_here_is_named_and_not_drawn() -> None:
    ends = {"from": TOWN.hex(), "to": "77" * 16}
    found = shown(told(6, wrote("leg", BACK, mode="boat", exposure="low", **ends)))
    assert len(found.tracks) == 1
    assert [(one.begins, one.ends) for one in found.legs] == [(TOWN, OTHER), (TOWN, None)]


def test_around_a_town_stand_those_that_a_leg_joins_to_it() -> None:
    found = shown(around=OTHER)
    assert [one.town.id for one in found.stops] == [TOWN, OTHER]
    assert [one.town.id for one in shown(around=FAR).stops] == [FAR]


def test_countries_have_their_crossings() -> None:
    at, first, second = (SheetId(bytes([n]) * 16) for n in (20, 21, 22))
    facts = [
        told(6, wrote("country", at, name="Elsewhere", state="open")),
        told(7, wrote("crossing", first, name="A", country=at.hex())),
        told(8, wrote("crossing", second, name="B", country=at.hex())),
        told(9, wrote("border_closed", BACK, closes=first.hex(), begins="2026", why="x")),
    ]
    (country,) = shown(*facts).beyond
    assert (country.closed, country.open, country.crossings) == (False, 1, 2)
