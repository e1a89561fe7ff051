# SPDX-License-Identifier: AGPL-3.0-or-later
"""The gazetteer on the pages: brought in, asked for a town, forgotten; all without script."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from safeconduct.edges.desk import places
from safeconduct.kernel.sheets import Typed
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.kinds import TOWN
from tests.kit.gazetteer import LINES, REGIONS, write_gazetteer
from tests.kit.pages import check_page, text_of
from tests.unit.edges.desk.pages.window import Window

NEW = "/ways/roads/town/new"


@pytest.fixture
def roads(window: Window) -> Window:
    """A window of a desk that reads roads."""
    window.desk.ways.office.readers[Book.ROADS] = {window.desk.device}
    return window


def bring(window: Window, path: Path, codes: str = "") -> int:
    """Bring in a file by the form; return the status."""
    form = window.pages.get("/ways/places").form("/ways/places/brought")
    return window.post(form.action, form.fields | {"path": str(path), "codes": codes}).status_code


def test_a_town_is_found_chosen_and_saved(roads: Window, tmp_path: Path) -> None:
    assert bring(roads, write_gazetteer(tmp_path), "xa, XB") == 303
    form = roads.pages.get(NEW).form(f"{NEW}/found")
    found = check_page(roads.post(form.action, form.fields | {"find": "щуро"}).text)
    assert "1 place found." in found.text
    assert "Shchurozhsk" in found.text
    page = check_page(roads.post(form.action, form.fields | {"find": "щуро", "place": "1"}).text)
    saving = page.form(f"{NEW}/saved")
    assert roads.post(saving.action, saving.fields).status_code == 303
    (town,) = roads.desk.ways.network().of_kind(TOWN)
    assert [town.text(name) for name in ("name", "region", "position")] == [
        *("Щурожск", "Upper Orvia, Orvia", "61.50 44.26"),
    ]
    assert town.text("also") == "Shchurozhsk, شوروجسك, Ščurožsk"


def test_places_of_one_name_are_told_apart(roads: Window, tmp_path: Path) -> None:
    bring(roads, write_gazetteer(tmp_path))
    (tmp_path / "regions.txt").write_text(REGIONS)
    assert bring(roads, tmp_path / "regions.txt") == 303
    answer = roads.post(f"{NEW}/found", {"find": "dol"})
    assert "Lower Orvia, Orvia, 60.20 47.30" in answer.text
    assert "Upper Orvia, Orvia, 62.40 43.90" in answer.text
    assert "Elsewhere" not in roads.pages.get("/ways/places").text


def test_what_is_not_found_is_written_by_hand(roads: Window, tmp_path: Path) -> None:
    assert "No names of places are kept at this desk" in roads.pages.get(NEW).text
    bring(roads, write_gazetteer(tmp_path))
    answer = roads.post(f"{NEW}/found", {"find": "Nowhere"})
    assert "No place is called so here." in answer.text
    assert 'name="name" value="Nowhere"' in answer.text
    for number in ("77", "x", "9" * 99):
        answer = roads.post(f"{NEW}/found", {"find": "Щурожск", "place": number})
        assert answer.status_code == 200
        assert "Filled in below." not in answer.text


def test_only_a_town_that_is_there_is_looked_up_for(roads: Window) -> None:
    for sheet in ("11" * 16, "x"):
        assert roads.post(f"/ways/roads/town/{sheet}/found", {"find": "a"}).status_code == 404
    at = roads.desk.ways.write(TOWN, None, {"name": Typed("Ford")})
    page = roads.post(f"/ways/roads/town/{at.hex()}/found", {"find": "a"})
    assert 'value="Ford"' in page.text


def test_a_zip_is_read_as_it_is(roads: Window, tmp_path: Path) -> None:
    path = tmp_path / "places.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("readme.txt", "Nothing\tof\tthis\tcounts")
        packed.writestr("places.txt", "\n".join(LINES))
    assert bring(roads, path, "XA.07") == 303
    page = roads.pages.get("/ways/places")
    assert "2 places are kept." in text_of(page.by_id("main"))


@pytest.mark.parametrize(
    ("text", "codes"),
    [("", ""), ("no\tplace", ""), ("\n".join(LINES), "XC"), ("PK\x03\x04 broken", "")],
)
def test_a_file_without_places_changes_nothing(
    roads: Window, tmp_path: Path, text: str, codes: str
) -> None:
    path = tmp_path / "some.txt"
    path.write_text(text)
    assert bring(roads, path, codes) == 422
    assert bring(roads, tmp_path, codes) == bring(roads, tmp_path / "none", codes) == 422
    assert roads.desk.ways.places.many() == 0


@pytest.mark.parametrize("codes", ["Orvia", "X", "XA.", "XA-07", "XA " * 2 + "é"])
def test_codes_that_are_unclear_are_refused(roads: Window, tmp_path: Path, codes: str) -> None:
    path = write_gazetteer(tmp_path)
    form = roads.pages.get("/ways/places").form("/ways/places/brought")
    answer = roads.post(form.action, form.fields | {"path": str(path), "codes": codes})
    assert answer.status_code == 422
    assert "two letters" in answer.text
    assert str(path) in answer.text


def test_too_many_places_are_refused(
    roads: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_gazetteer(tmp_path)
    monkeypatch.setattr(places, "PLACES_MOST", 3)
    assert bring(roads, path) == 422
    assert bring(roads, path, "XB") == 303
    monkeypatch.setattr(places, "FILE_MOST", 40)
    assert bring(roads, path, "XB") == 422


def test_all_of_it_is_forgotten(roads: Window, tmp_path: Path) -> None:
    bring(roads, write_gazetteer(tmp_path))
    form = roads.pages.get("/ways/places").form("/ways/places/forgotten")
    assert roads.post(form.action, form.fields).status_code == 303
    assert "No place is kept here yet." in roads.pages.get("/ways/places").text
    assert "Orvia" not in roads.pages.get("/ways/places").text


def test_sounds_of_another_reading_are_made_anew(
    roads: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(roads, write_gazetteer(tmp_path))
    monkeypatch.setattr(places, "SOUNDS", places.SOUNDS + 1)
    again = places.Places(roads.desk.ways.places._shelf)
    assert [one.place.number for one in again.find("Щурожск")] == [1]
