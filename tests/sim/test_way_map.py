# SPDX-License-Identifier: AGPL-3.0-or-later
"""The map and the gazetteer on real desks: who sees what, and where the gazetteer lies."""

from __future__ import annotations

from pathlib import Path

from safeconduct.rooms.passage import Book
from tests.kit.gazetteer import write_gazetteer
from tests.sim.courier import Rehearsal
from tests.sim.test_case_pages import window_of
from tests.sim.test_cases import meet
from tests.sim.test_travel import pack
from tests.sim.test_ways import HOUSE, office, opened, write
from tests.unit.edges.desk.pages.window import Window

__all__ = ["office"]
MARKED = ("Orvia", "Щурожск", "Shchurozhsk")


def seen(window: Window, *paths: str) -> dict[str, tuple[int, bytes]]:
    """What a desk answers."""
    found = ((path, window.client.get(path)) for path in paths)
    return {path: (answer.status_code, answer.content) for path, answer in found}


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a desk."""
    return {one.name: one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_a_map_is_the_same_bytes_whatever_stands_in_a_book_that_is_not_held(
    office: Rehearsal,
) -> None:
    first, _, third = office.desks.values()
    opened(office, Book.ROADS, "second", "third")
    opened(office, Book.HOUSES, "second")
    opened(office, Book.ABROAD, "second")
    town = write(first, "town", name="Ford", position="61.50 44.25").hex()
    meet(office)
    paths = "/ways", "/ways/map", f"/ways/map?town={town}", "/ways/places"
    with window_of(third) as window:
        before = seen(window, *paths)
        write(first, "house", **HOUSE, town=town)
        write(first, "country", name="Norland", route="By sea.", state="open")
        meet(office)
        assert seen(window, *paths) == before
    with window_of(first) as window:
        shown = window.client.get("/ways/map").text
        assert "4 beds" in shown
        assert "Norland" in shown


def test_a_map_that_is_not_held_has_no_address_whatever_is_written(office: Rehearsal) -> None:
    first, _, third = office.desks.values()
    opened(office, Book.ROADS, "second")
    with window_of(third) as window:
        before = seen(window, "/ways", "/ways/map", "/ways/map?town=00", "/ways/places")
        assert {status for status, _ in before.values()} == {200, 404}
        write(first, "town", name="Ford")
        meet(office)
        assert seen(window, *before) == before


def test_places_stand_in_the_sealed_store_alone_and_stay_behind_on_a_trip(
    office: Rehearsal, tmp_path: Path
) -> None:
    second = office.desks["second"]
    opened(office, Book.ROADS, "second")
    folder = office.folder / "second"
    names = files(folder).keys()
    second.ways.places.bring(write_gazetteer(tmp_path), "XA")
    assert [one.name for one in second.ways.places.find("щуро")] == ["Щурожск"]
    assert files(folder).keys() == names
    second.stop()
    again = office.unlock("second")
    assert again.ways.places.many() == 5
    sealed = b"".join(files(folder).values())
    assert not [one for one in MARKED if one.encode() in sealed]
    light = pack(office)
    assert light.ways.places.many() == 0


def test_colleagues_hear_nothing_of_places(office: Rehearsal, tmp_path: Path) -> None:
    first, second, _ = office.desks.values()
    opened(office, Book.ROADS, "second")
    before = len(first.journal.store.rows("SELECT 1 FROM commits"))
    second.ways.places.bring(write_gazetteer(tmp_path), "")
    second.ways.places.forget()
    meet(office)
    assert first.ways.places.many() == second.ways.places.many() == 0
    assert len(first.journal.store.rows("SELECT 1 FROM commits")) == before
