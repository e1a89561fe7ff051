# SPDX-License-Identifier: AGPL-3.0-or-later
"""Houses, roads and countries on the pages: opened, written, made sure of, closed, taken off."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk import ways_says, ways_words
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.kernel.sheets import SheetId, Typed
from safeconduct.kernel.words import DAY, DeviceId
from safeconduct.rooms.passage import Book, Freshness, Network, standing
from safeconduct.rooms.passage.kinds import NETWORK, POSITION, book_of
from tests.kit.pages import text_of
from tests.unit.edges.desk.pages.window import Window

FILLED = {
    "line": "words",
    "text": "words",
    "date": "2026-11-20",
    "time": "7.40",
    "integer": "3",
    "amount": "12.50 EUR",
}
HOUSE = {"where": "Mill Lane 3", "beds": "4", "state": "fit"}


@pytest.fixture
def books(window: Window) -> Window:
    """A window of a desk that reads all three books."""
    for book in Book:
        window.desk.ways.office.readers[book] = {window.desk.device}
    return window


def write(window: Window, kind: str, **said: str) -> SheetId:
    """Write a sheet past the pages."""
    typed = {name: Typed(text) for name, text in said.items()}
    return window.desk.ways.write(kind, None, typed)


def write_at_once(window: Window, sheet: SheetId, beds: str) -> None:
    """A colleague writes beds who saw nobody's words."""
    window.desk.ways.write("house", sheet, {"beds": Typed(beds)})


def test_a_steward_opens_a_book_and_gives_it(window: Window) -> None:
    page = window.pages.get("/ways")
    assert "No book can be read at this desk." in page.text
    assert len(page.by_id("main").findall(".//ul[@class='acts']/li")) == len(Book)
    form = window.pages.get("/ways/houses/open").form("/ways/houses/opened")
    assert window.post(form.action, form.fields).headers["location"] == "/ways/houses"
    assert window.post(form.action, form.fields).status_code == 404
    assert window.desk.ways.network().books == {Book.HOUSES}
    who = window.pages.get("/ways/houses/who")
    nobody = window.post("/ways/houses/given", {})
    assert nobody.status_code == 422
    form = who.form("/ways/houses/given")
    (other, *_) = sorted(window.desk.ways.givable(Book.HOUSES))
    given = window.post(form.action, form.fields | {f"device-{other.hex()}": "on"})
    assert given.status_code == 303
    assert other in window.desk.ways.office.readers[Book.HOUSES]


def test_what_is_not_read_here_has_no_page(window: Window) -> None:
    window.desk.ways.office.readers[Book.HOUSES] = {DeviceId(b"x" * 16)}
    for path in ("", "/who", "/house", "/house/new", f"/house/{'11' * 16}"):
        window.pages.get(f"/ways/houses{path}", status=404)
    assert "/ways/houses" not in window.pages.get("/ways").text


def test_every_kind_of_sheet_has_a_form_that_saves(books: Window) -> None:
    made: dict[str, str] = {}
    order = ["town", "household", "country", "escort", *NETWORK]
    for kind in dict.fromkeys(order):
        path = f"/ways/{book_of(kind).value}/{kind}"
        form = books.pages.get(f"{path}/new").form(f"{path}/new/saved")
        typed = {}
        for field in NETWORK[kind]:
            if field.form.value == "sheet":
                named = [one for one in field.of if one in made]
                typed[field.name] = made[named[-1]] if named else ""
            elif field.choices:
                typed[field.name] = field.choices[0]
            else:
                typed[field.name] = FILLED[field.form.value]
            if field.name == POSITION:
                typed[field.name] = "61.50 44.25"
        if kind == "leg":
            typed["to"] = write(books, "town", name="Bridge").hex()
        answer = books.post(form.action, form.fields | typed)
        assert answer.status_code == 303, (kind, answer.text)
        made[kind] = answer.headers["location"].rpartition("/")[2]
        books.pages.get(path)
        books.pages.get(answer.headers["location"])
    assert {one.kind for one in books.desk.ways.network().sheets} == set(NETWORK)


def test_some_of_several_are_ticked_and_unticked(books: Window) -> None:
    write(books, "house", **HOUSE)
    (house,) = books.desk.ways.network().of_kind("house")
    path = f"/ways/houses/house/{house.id.hex()}"
    form = books.pages.get(path).form(f"{path}/saved")
    ticked = {"suits-women": "yes", "suits-medical": "yes"}
    assert books.post(form.action, form.fields | ticked).status_code == 303
    (house,) = books.desk.ways.network().of_kind("house")
    assert house.text("suits") == "women medical"
    assert "women, somebody who is ill" in text_of(books.pages.get(path).by_id("main"))


def test_somebody_makes_sure_and_it_grows_old(books: Window) -> None:
    at = write(books, "house", **HOUSE)
    path = f"/ways/houses/house/{at.hex()}"
    page = books.pages.get(path)
    assert "Nobody has made sure of it yet" in page.text
    assert "1 sheet to make sure of." in books.pages.get("/ways").text
    form = page.form(f"{path}/sure")
    refused = books.post(form.action, form.fields | {"how": " "})
    assert refused.status_code == 422
    assert books.post(form.action, form.fields | {"how": "Slept there."}).status_code == 303
    assert "Slept there." in books.pages.get(path).text
    assert "sheet to make sure of" not in books.pages.get("/ways").text
    books.desk.clock.move(14 * DAY)
    assert "Verified too long ago" in books.pages.get("/ways/houses").text


def test_who_looked_before_a_colleague_wrote_makes_sure_of_nothing(books: Window) -> None:
    at = write(books, "house", **HOUSE)
    path = f"/ways/houses/house/{at.hex()}"
    form = books.pages.get(path).form(f"{path}/sure")
    write_at_once(books, at, "2")
    refused = books.post(form.action, form.fields | {"how": "Called."})
    assert refused.status_code == 422
    (house,) = books.desk.ways.network().of_kind("house")
    assert books.desk.ways.network().freshness(house, books.desk.now()) is Freshness.UNVERIFIED


def test_what_two_wrote_at_once_stands_until_somebody_settles_it(books: Window) -> None:
    at = write(books, "house", **HOUSE)
    write_at_once(books, at, "2")
    path = f"/ways/houses/house/{at.hex()}"
    page = books.pages.get(path)
    assert page.by_id("field-beds-two") is not None
    assert "2 beds tonight, taken or free" in page.text
    form = page.form(f"{path}/saved")
    books.post(form.action, form.fields | {"beds": "4", "settle-beds": "yes"})
    page = books.pages.get(path)
    assert "4 beds tonight, taken or free" in page.text
    assert "field-beds-two" not in page.text


def test_a_burned_house_is_closed_tonight(books: Window) -> None:
    at = write(books, "house", **HOUSE)
    said = {"closes": at.hex(), "begins": "2000", "how": "burned", "why": "Searched."}
    write(books, "house_closed", **said)
    page = books.pages.get("/ways/houses/house")
    assert "Burned: bring nobody" in page.text
    assert "0 beds tonight, taken or free" in page.text


def test_a_sheet_is_taken_off_and_put_back(books: Window) -> None:
    at = write(books, "house", **HOUSE)
    path = f"/ways/houses/house/{at.hex()}"
    form = books.pages.get(path).form(f"{path}/off")
    assert books.post(form.action, form.fields | {"reason": " "}).status_code == 422
    assert books.post(form.action, form.fields | {"reason": "Sold."}).status_code == 303
    assert "Mill Lane 3" not in books.pages.get("/ways/houses/house").text
    assert "Sold." in books.pages.get("/ways/houses/house?off=1").text
    form = books.pages.get(path).form(f"{path}/off")
    assert books.post(form.action, form.fields).status_code == 303
    assert "Mill Lane 3" in books.pages.get("/ways/houses/house").text


def test_who_may_only_make_sure_reads_what_stands(
    books: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = write(books, "house", **HOUSE)
    monkeypatch.setattr(books.desk.ways, "may_write", lambda: False)
    path = f"/ways/houses/house/{at.hex()}"
    page = books.pages.get(path)
    page.form(f"{path}/sure")
    assert f"{path}/saved" not in page.html
    assert "<dl" in page.html
    assert "Mill Lane 3" in page.text


def test_a_wrong_form_keeps_what_was_typed(books: Window) -> None:
    path = "/ways/houses/house/new"
    form = books.pages.get(path).form(f"{path}/saved")
    refused = books.post(form.action, form.fields | HOUSE | {"beds": "some", "rules": "No shoes."})
    assert refused.status_code == 422
    assert "No shoes." in refused.text
    assert refused.text.count('aria-invalid="true"') == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_its_words(language: str) -> None:
    naming = ways_words.naming(Network(frozenset(Book)), language)
    for kind, fields in NETWORK.items():
        assert ways_words.kind(kind, language)
        assert ways_words.adding(kind, language)
        assert naming.one(kind)
        for field in fields:
            assert naming.field(kind, field.name)
            assert all(naming.choice(kind, field.name, one) for one in field.choices)
    assert all(ways_says.book(one, language) and ways_says.holds(one, language) for one in Book)
    assert all(ways_says.fresh(one, language) for one in Freshness)


def test_another_sheet_is_named_by_what_can_be_read_here(books: Window) -> None:
    town = write(books, "town", name="Ford")
    other = write(books, "town", name="Bridge")
    said = {"from": town.hex(), "to": other.hex(), "mode": "train", "minutes": "90"}
    leg = write(books, "leg", exposure="low", **said)
    write(books, "departure", leg=leg.hex(), at="7:40")
    network = books.desk.ways.network()
    (train,) = network.of_kind("departure")
    assert ways_words.label(network, train, "en") == "07:40 Ford – Bridge, by train"
    shut = write(books, "road_closed", closes=leg.hex(), begins="2026", why="Raid.")
    network = books.desk.ways.network()
    event = network.sheet(shut, "road_closed")
    assert event is not None
    assert ways_words.label(network, event, "en").endswith(": Ford – Bridge, by train")
    alone = Network(network.books, (train,))
    assert ways_words.label(alone, train, "en") == "07:40 Leg"
    assert standing(train)
