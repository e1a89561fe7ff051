# SPDX-License-Identifier: AGPL-3.0-or-later
"""Four words for a log, and what Today says of colleagues' desks (spec/crew.md 10)."""

import pytest

from safeconduct.rooms.crew.same_log import log_words
from safeconduct.rooms.crew.watching import Watch
from tests.kit.desk_twin_keeps import OFFICE_WORDS
from tests.kit.pages import Page, text_of
from tests.unit.edges.desk.pages.window import Window

KEY, ROOT = b"office key", bytes(32)


def spoken(page: Page) -> list[tuple[str, str]]:
    return [(item.get("lang") or "", text_of(item)) for item in page.all("dd")]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_crew_shows_the_offices_own_words_that_of_the_page_first(
    window: Window, language: str
) -> None:
    window.client.headers["Accept-Language"] = language
    other = {"en": "ru", "ru": "en"}[language]
    wanted = [(name, " ".join(OFFICE_WORDS[name])) for name in (language, other)]
    assert spoken(window.pages.get("/crew")) == wanted


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_gives_the_number_and_then_the_words(window: Window, language: str) -> None:
    window.client.headers["Accept-Language"] = language
    page = window.pages.get("/crew")
    assert "/crew/log" in {link.get("href") for link in page.all("a")}
    page = window.pages.get("/crew/log")
    assert "1\u202f234" in page.text or "1 234" in page.text
    assert spoken(page) == []
    page = window.pages.get("/crew/log?n=1200")
    other = {"en": "ru", "ru": "en"}[language]
    wanted = [(name, " ".join(log_words(KEY, 1200, ROOT, name))) for name in (language, other)]
    assert spoken(page) == wanted


@pytest.mark.parametrize("typed", ["1234", "1 234", " 1\u202f234\u00a0", "１２３４"])
def test_a_number_may_be_typed_as_it_is_heard(window: Window, typed: str) -> None:
    page = window.pages.get(f"/crew/log?n={typed}")
    assert spoken(page)[0] == ("en", " ".join(log_words(KEY, 1234, ROOT, "en")))


@pytest.mark.parametrize(
    "typed", ["0", "-1", "1235", "1,5", "words", "9" * 19, "1e3", "²", '"><b>', "٠"]
)
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Type a number from 1 to"), ("ru", "Введите цифрами число от 1")]
)
def test_what_is_no_number_here_is_said_in_words(
    window: Window, typed: str, language: str, words: str
) -> None:
    window.client.headers["Accept-Language"] = language
    page = window.pages.get(f"/crew/log?n={typed}", status=422)
    assert words in text_of(page.by_id("reason"))
    assert spoken(page) == []
    (field,) = [item for item in page.all("input") if item.get("id") == "n"]
    assert field.get("value") == typed


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_is_no_mistake(window: Window, typed: str) -> None:
    assert spoken(window.pages.get(f"/crew/log?n={typed}")) == []


def test_a_locked_desk_shows_no_words(shut: Window) -> None:
    assert shut.client.get("/crew/log?n=1").headers["content-type"].startswith("text/html")
    assert "<dd" not in shut.client.get("/crew/log?n=1", follow_redirects=True).text


@pytest.mark.parametrize(
    ("language", "silent", "heard"),
    [
        ("en", "nothing has come from it", "within about an hour"),
        ("ru", "ничего не приходит", "за час"),
    ],
)
def test_today_says_whose_desk_fell_silent_and_whether_that_could_be_noticed(
    window: Window, language: str, silent: str, heard: str
) -> None:
    window.client.headers["Accept-Language"] = language
    mira = next(iter(window.desk.roster().present() - {window.desk.device}))
    page = window.pages.get("/today")
    assert silent not in page.text
    assert heard not in page.text
    window.desk.watch = Watch((mira,), ())
    page = window.pages.get("/today")
    assert silent not in page.text
    assert heard in page.text
    window.desk.watch = Watch((), (mira,))
    page = window.pages.get("/today")
    (said,) = [
        item for item in page.all("p") if item.get("role") == "status" and silent in text_of(item)
    ]
    assert window.desk.roster().members[mira].person in text_of(said)
    assert said.find(".//a[@href='/crew/log']") is not None
    assert silent in window.client.get("/today/queue").text
