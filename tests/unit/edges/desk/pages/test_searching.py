# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search on the pages: how much there is is said, and searches are saved, looked at and deleted."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.pages.search import HITS_MOST
from safeconduct.edges.desk.rows_api import COUNTED_MOST, Found
from safeconduct.edges.desk.saved_searches import (
    NothingToSave,
    SearchNameTaken,
    SearchUnnamed,
    TooManySearches,
    with_search,
)
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.record_decide import Typed
from tests.kit.pages import text_of
from tests.unit.edges.desk.pages.window import Window


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (1, "1 result"),
        (HITS_MOST, "50 results"),
        (HITS_MOST + 1, "The first 50 of 51 results"),
        (COUNTED_MOST, "The first 50 of 1000 results"),
        (COUNTED_MOST + 1, "The first 50 of more than 1000 results."),
    ],
)
def test_page_says_how_much_there_is(
    window: Window, monkeypatch: pytest.MonkeyPatch, total: int, said: str
) -> None:
    hit = window.desk.search("phone")[0]
    found = Found([hit] * min(total, HITS_MOST), total)
    monkeypatch.setattr(window.desk.finder, "found", lambda _words, _most: found)
    for path in ("/search?q=phone", "/search/hits?q=phone"):
        assert said in window.client.get(path).text
    window.pages.get("/search?q=phone")


def test_a_search_is_saved_looked_at_again_and_deleted(window: Window) -> None:
    form = window.pages.get("/search?q=ostrel").form("/search/saved")
    assert form.fields["name"] == ""
    answer = window.post(form.action, form.fields | {"name": " North  road "})
    assert answer.headers["location"] == "/search?q=ostrel"
    assert "<mark>" in window.pages.get("/search?q=ostrel").html
    assert [tuple(one) for one in window.desk.saved_searches.all()] == [("North road", "ostrel")]
    page = window.pages.get("/search")
    assert "Saved searches" in [text_of(one) for one in page.all("h2")]
    (link,) = [one for one in page.all("a") if one.get("href") == "/search?q=ostrel"]
    assert text_of(link) == "North road"
    assert "<mark>" in window.pages.get("/search?q=ostrel").html
    window.pages.send(page.form("/search/dropped"))
    assert window.desk.saved_searches.all() == []
    assert "Saved searches" not in window.pages.get("/search").text


def test_a_refused_search_keeps_what_was_typed_and_says_what_to_do(window: Window) -> None:
    form = window.pages.get("/search?q=ostrel").form("/search/saved")
    page = window.pages.send(form, status=422, name="  ")
    assert "Give this search a name" in page.text
    assert page.form("/search/saved").fields["q"] == "ostrel"
    for number in range(50):
        window.desk.saved_searches.save(f"name {number}", "words")
    page = window.pages.send(form, status=422, name="one more")
    assert "Delete one that nobody needs" in page.text
    assert page.form("/search/saved").fields["name"] == "one more"


def test_a_name_that_is_used_is_asked_about_and_the_results_stay(window: Window) -> None:
    window.desk.saved_searches.save("North road", "mill")
    form = window.pages.get("/search?q=ostrel").form("/search/saved")
    page = window.pages.send(form, status=422, name="North road")
    assert "Another search is saved under this name" in page.text
    assert "<mark>" in page.html
    assert [tuple(one) for one in window.desk.saved_searches.all()] == [("North road", "mill")]
    again = page.form("/search/saved").fields | {"anew": "yes"}
    assert again["name"] == "North road"
    assert 'name="anew"' in page.html
    assert window.post("/search/saved", again).status_code == 303
    assert [tuple(one) for one in window.desk.saved_searches.all()] == [("North road", "ostrel")]


def test_a_hit_in_a_case_leads_to_where_it_stands(window: Window) -> None:
    cases = window.desk.cases
    case = cases.open({})
    write, path = cases.records.write, f"/cases/{case.hex()}"
    what = {(Part.JOURNEY, "what"): Typed("Ask the unmistakable consul")}
    task = write(case, "task", None, what)
    goal = write(case, "goal", None, what)
    place = write(case, "place", None, {(Part.JOURNEY, "where"): Typed("unmistakable mill")})
    cases.stages.block(case, "An unmistakable guard.")
    cases.note(case, Part.LEGAL, "unmistakable")
    page = window.pages.get("/search?q=unmistakable")
    links = {one.get("href") for one in page.all("a") if (one.get("href") or "").startswith(path)}
    named = (f"plan#task-{task.hex()}", f"plan#goal-{goal.hex()}", "stages")
    assert links == {
        *(f"{path}/{one}" for one in named),
        *(f"{path}#sheet-{place.hex()}", f"{path}#legal-title"),
    }
    for link in links:
        at, _, name = str(link).partition("#")
        assert not name or window.pages.get(at).by_id(name) is not None


def test_a_name_has_one_search_and_they_stand_in_order() -> None:
    known = with_search(with_search((), "Ёж", "a"), "amber", "b")
    known = with_search(known, "Zoe", "c")
    assert [one.name for one in known] == ["amber", "Zoe", "Ёж"]
    assert [one.words for one in with_search(known, "Zoe", "d", anew=True)] == ["b", "d", "a"]
    full = tuple(known)
    for number in range(47):
        full = tuple(with_search(full, f"n{number}", "w"))
    assert with_search(full, "Zoe", "other", anew=True)
    with pytest.raises(SearchNameTaken):
        with_search(full, "Zoe", "other")
    with pytest.raises(TooManySearches):
        with_search(full, "new", "w")


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_search_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(SearchUnnamed):
        with_search((), name, "words")


@pytest.mark.parametrize("words", ["", " ", "x" * 201])
def test_a_search_without_words_is_refused(words: str) -> None:
    with pytest.raises(NothingToSave):
        with_search((), "name", words)
