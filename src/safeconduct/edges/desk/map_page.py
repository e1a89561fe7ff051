# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of the map shows: the picture, and the same in sentences.

The picture is drawn here and nowhere else, nothing is fetched for it, and it holds no address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from safeconduct.edges.desk import map_words, ways_words
from safeconduct.edges.desk.render import headline
from safeconduct.edges.desk.tasks_page import today_of
from safeconduct.rooms.passage.kinds import LEG, TOWN, field_named
from safeconduct.rooms.passage.maps import map_layout
from safeconduct.rooms.passage.maps.map_layout import Link, Town
from safeconduct.rooms.passage.maps.way_map import map_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.passage import Sheet
    from safeconduct.rooms.passage.maps.map_layout import Drawing
    from safeconduct.rooms.passage.maps.way_map import Beyond, Leg, Stop, WayMap

STEP: Final = 20


class Said(NamedTuple):
    """A town in sentences: what is there, and the legs that begin there."""

    stop: Stop
    legs: Sequence[Leg]


def map_shown(visit: Visit, around: Sheet | None) -> dict[str, Any]:
    """Return what the page of the map shows, of everything or of what is around a town."""
    network, start = visit.desk.ways.network(), visit.start()
    found = map_of(network, today_of(visit), around.id if around else None)
    known = {one.town.id for one in found.stops}
    return {
        "around": around,
        "drawing": drawing_of(found, visit.language),
        "map": found,
        "said": _said(found)[start : start + STEP],
        "loose": [one for one in found.legs if not {one.begins, one.ends} <= known],
        "towns": {one.town.id: one.town for one in found.stops},
        "naming": ways_words.naming(network, visit.language),
        "bands": bands(visit.language),
        "start": start,
        "step": STEP,
        "total": len(found.stops),
    }


def drawing_of(found: WayMap, language: str) -> Drawing | None:
    """Draw a map, in a language; None where it is too much for a picture."""
    towns = [_town(one, language) for one in found.stops]
    links = [
        Link(
            *(one.one, one.other, map_words.mode(one.mode, language), one.band),
            closed=one.closed,
            on=one.on,
            back=one.back,
        )
        for one in found.tracks
    ]
    return map_layout.draw(towns, links, [_country(one, language) for one in found.beyond])


def bands(language: str) -> Sequence[tuple[str, str]]:
    """Return how exposed a leg can be, in words, the least first."""
    known = field_named(LEG, "exposure")
    every = reversed(known.choices if known else ())
    return [(one, ways_words.choice(LEG, "exposure", one, language)) for one in every]


def _town(stop: Stop, language: str) -> Town:
    name = headline(stop.town.text("name")) or ways_words.one(TOWN, language)
    lines = (name,) if stop.beds is None else (name, map_words.beds(stop.beds, language))
    return Town(stop.town.id, lines, stop.at, stop.points, stop.closed)


def _country(one: Beyond, language: str) -> Town:
    name = headline(one.country.text("name"))
    crossings = map_words.crossings_short(one.open, one.crossings, language)
    lines = (name, crossings) if crossings else (name,)
    return Town(one.country.id, lines, closed=one.closed)


def _said(found: WayMap) -> list[Said]:
    """Return the towns by name, each with the legs that begin there."""
    legs: dict[bytes, list[Leg]] = {}
    for leg in found.legs:
        if leg.begins is not None:
            legs.setdefault(leg.begins, []).append(leg)
    order = sorted(found.stops, key=lambda one: (one.town.text("name").casefold(), one.town.id))
    return [Said(one, legs.get(one.town.id, ())) for one in order]
