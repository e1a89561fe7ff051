# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hostile words in every field: they are read as words, on every page and in every part."""

from urllib.parse import quote

import pytest

from safeconduct.edges.desk.gallery import (
    examples_of,
    gallery,
    main,
    part_names,
    without_examples,
)
from safeconduct.edges.desk.gallery_talks import HOSTILE_WORDS
from tests.kit.pages import Page, check_page, parse_part
from tests.unit.edges.desk.pages.window import Window

OURS = {"/static/htmx.min.js", "/static/desk.js"}


def foreign(page: Page) -> list[str]:
    """Every element that only an attacker would have put here."""
    scripts = [e.get("src") for e in page.all("script") if e.get("src") not in OURS]
    loaded = [e.tag for tag in ("img", "iframe", "object", "embed", "svg") for e in page.all(tag)]
    return [*map(str, scripts), *loaded]


@pytest.mark.parametrize("name", sorted(HOSTILE_WORDS))
def test_hostile_words_stay_words(window: Window, name: str) -> None:
    text = HOSTILE_WORDS[name]
    desk = window.desk
    talk = desk.receive(text, text, language=text[:40], files=[(text, b"x")])
    desk.note(talk, text)
    desk.answer(talk, text)
    desk.hand_over(talk, desk.device, text)
    path = f"/hotline/{talk.hex()}"
    for where in (path, "/today", "/hotline", f"/search?q={quote(text[:20])}"):
        page = window.pages.get(where)
        assert not foreign(page)
    page = window.pages.get(path)
    assert len([e for e in page.all("p") if e.get("class") == "text"]) >= 3
    for part in (f"{path}/thread", f"{path}/hold"):
        parse_part(window.client.get(part).text)


def test_hostile_words_typed_into_our_own_forms_come_back_as_words(window: Window) -> None:
    path = window.path("quiet orchard")
    text = HOSTILE_WORDS["markup"]
    page = window.pages.get(path)
    long = text + "x" * 40_001
    for what in ("answer", "note", "hand-over"):
        refused = window.pages.send(page.form(f"{path}/{what}"), status=422, text=long)
        assert refused.form(f"{path}/{what}").fields["text"] == long
        assert not foreign(refused)


def test_hostile_addresses_come_back_as_words(window: Window) -> None:
    for path in ("/head", "/hotline", "/hotline/rows", "/search", "/search/hits", "/today/queue"):
        for name in ("at", "show", "start", "q", "seen"):
            for text in (HOSTILE_WORDS["markup"], "javascript:alert(1)", "{{7*7}}"):
                answer = window.client.get(path, params={name: text})
                assert "<script>alert" not in answer.text
                assert "<img" not in answer.text
                assert ">49<" not in answer.text


@pytest.mark.parametrize("part", part_names())
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_part_is_sound_with_every_example(part: str, language: str) -> None:
    root = parse_part(examples_of(part, language))
    assert not [e.tag for e in root.iter() if e.tag in {"script", "img", "style", "iframe"}]


def test_every_part_has_examples() -> None:
    assert len(part_names()) >= 15
    assert without_examples() == []


def test_every_example_of_a_strangers_words_is_hostile_too() -> None:
    for part in ("row", "message", "answer", "note", "hand_over", "hit", "attachment", "member"):
        shown = examples_of(part, "en")
        assert "&lt;script&gt;" in shown
        assert "\u202e" not in shown


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_gallery_is_a_sound_page(language: str) -> None:
    check_page(gallery(language))


def test_the_gallery_writes_its_pages(tmp_path) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    assert main([str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        *("desk.css", "gallery-en.html", "gallery-ru.html")
    }
