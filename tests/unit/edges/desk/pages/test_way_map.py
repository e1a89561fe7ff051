# SPDX-License-Identifier: AGPL-3.0-or-later
"""The map on the page: a picture, the same in sentences, and nothing that is fetched."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest

from safeconduct.edges.desk import map_words
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.kinds import LEG, field_named
from tests.kit.pages import Page, text_of
from tests.unit.edges.desk.pages.test_ways import HOUSE, write
from tests.unit.edges.desk.pages.window import Window

__all__ = ["roads"]


@pytest.fixture
def roads(window: Window) -> Window:
    """A window of a desk that reads all three books, with two towns and a leg."""
    for book in Book:
        window.desk.ways.office.readers[book] = {window.desk.device}
    ford = write(window, "town", name="Ford", position="61.50 44.25").hex()
    bridge = write(window, "town", name="Bridge", position="61.00 46.00").hex()
    said = {"mode": "train", "minutes": "90", "exposure": "high"}
    write(window, "leg", **{"from": ford, "to": bridge}, **said)
    return window


def drawn(page: Page) -> str:
    """The words and marks of the picture."""
    svg = picture(page)
    assert svg is not None
    return text_of(svg)


def picture(page: Page) -> Element | None:
    """The picture, if there is one."""
    main = page.by_id("main")
    return next((one for one in main.iter() if one.get("role") == "img"), None)


def test_the_map_is_drawn_and_said(roads: Window) -> None:
    page = roads.pages.get("/ways/map")
    assert all(word in drawn(page) for word in ("Ford", "Bridge", "train ↘"))
    said = text_of(page.by_id("main"))
    assert "Bridge, by train: exposed, 90 minutes on the way" in said
    assert "No leg begins here." in said
    assert 'data-band="high"' in page.html
    assert 'href="/ways/map"' in roads.pages.get("/ways").html
    assert not re.search(r"<(image|use|foreignObject|a [^>]*xlink)", page.html)


def test_what_is_closed_is_struck_and_said(roads: Window) -> None:
    (leg,) = roads.desk.ways.network().of_kind("leg")
    write(roads, "road_closed", closes=leg.id.hex(), begins="2000", why="Raid.")
    page = roads.pages.get("/ways/map")
    assert 'class="struck"' in page.html.partition("map-key")[0]
    assert "by train: closed today, exposed" in text_of(page.by_id("main"))


def test_beds_are_counted_and_no_address_is_shown(roads: Window) -> None:
    ford, _ = roads.desk.ways.network().of_kind("town")
    write(roads, "house", **HOUSE, town=ford.id.hex())
    page = roads.pages.get("/ways/map")
    assert "4 beds" in drawn(page)
    assert "4 beds tonight, taken or free" in text_of(page.by_id("main"))
    assert "Mill Lane" not in page.html
    del roads.desk.ways.office.readers[Book.HOUSES]
    assert "beds" not in text_of(roads.pages.get("/ways/map").by_id("main"))


def test_a_town_has_a_map_of_its_own(roads: Window) -> None:
    write(roads, "town", name="Mill")
    ford, *_ = roads.desk.ways.network().of_kind("town")
    page = roads.pages.get(f"/ways/map?town={ford.id.hex()}")
    assert "Mill" not in drawn(page)
    assert "Bridge" in drawn(page)
    for town in ("11" * 16, "x", "é"):
        roads.pages.get(f"/ways/map?town={town}", status=404)


def test_too_much_for_a_picture_is_said(roads: Window) -> None:
    for number in range(60):
        write(roads, "town", name=f"Town {number}")
    page = roads.pages.get("/ways/map")
    assert picture(page) is None
    assert "Too much for one picture." in page.text
    assert "Town 9" in roads.pages.get("/ways/map?start=60").text


def test_countries_stand_at_the_edge(roads: Window) -> None:
    at = write(roads, "country", name="Elsewhere", route="By boat", state="open")
    write(roads, "crossing", name="Old bridge", country=at.hex())
    page = roads.pages.get("/ways/map")
    assert "Elsewhere" in drawn(page)
    assert "open: 1 of 1" in drawn(page)
    assert "1 of 1 crossings open" in page.text
    assert "By boat" not in page.html


def test_who_reads_no_roads_has_no_map(window: Window) -> None:
    window.pages.get("/ways/map", status=404)
    window.pages.get("/ways/places", status=404)
    assert "/ways/map" not in window.pages.get("/ways").html


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_means_has_a_short_word(language: str) -> None:
    known = field_named(LEG, "mode")
    assert known is not None
    assert len({map_words.mode(one, language) for one in known.choices}) == len(known.choices)
    assert map_words.crossings(0, 0, language) != map_words.crossings(1, 2, language)


def test_each_band_has_a_pattern_beside_its_colour(roads: Window) -> None:
    css = roads.client.get("/static/desk.css").text
    found = re.findall(r'\.track\[data-band="(\w+)"\] \{[^}]*stroke-dasharray: ([\d ]+);', css)
    known = field_named(LEG, "exposure")
    assert known is not None
    assert {band for band, _ in found} == {*known.choices} - {"low"}
    assert len({pattern for _, pattern in found}) == len(found)
    html = roads.pages.get("/ways/map").html
    assert {*re.findall(r'data-band="(\w+)"', html.partition("map-key")[2])} == {*known.choices}
