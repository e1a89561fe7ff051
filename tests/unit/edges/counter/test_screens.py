# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page in every language: strict, whole, and unmoved by hostile text."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

import safeconduct
from safeconduct.edges.counter.acts import Notice
from safeconduct.edges.counter.config import CounterConfig
from safeconduct.edges.counter.screens import LEAST_PAGE, LOCALES, PAGES, Screens
from safeconduct.edges.counter.visit import Carried
from safeconduct.edges.person.device import Waiting
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.rooms.hotline.letters import Reply
from safeconduct.rooms.hotline.sealed_files import SealedFile
from tests.kit.counter import checked

CONFIG = CounterConfig(
    office=bytes(16),
    intake_signing=bytes(1984),
    relay="http://127.0.0.1:1",
    portal_url="http://127.0.0.1:2/",
    languages=tuple(LANGUAGES),
)
SCREENS = Screens(CONFIG)
ONION = "http://abc.onion"
HOSTILE = "</textarea><script>alert(1)</script>\n\"'&amp;\x00\x1b\ufffe\u202e{{ 7 * 7 }}{x}%s"
CODES = (
    *("wrong_count", "unknown_word", "other_words", "nothing_waits", "empty", "text_too_long"),
    *("file_too_large", "not_whole", "not_found", "untrusted", "unreachable", "defect"),
)
FILE = SealedFile(bytes(32), bytes(32), HOSTILE, 5, HOSTILE)
REPLY = Reply(1, "answer", 1_800_000_000_000, HOSTILE, (FILE, FILE), b"", {})
VALUES: dict[str, dict[str, Any]] = {
    "about": {},
    "lost": {},
    "write": {"text": HOSTILE, "chosen": [HOSTILE]},
    "back": {"words": HOSTILE},
    "sent": {
        "phrase": ("one", "two"),
        "typed": False,
        "carried": [Carried(HOSTILE, ""), Carried("b", "words_first"), Carried("c", "busy")],
    },
    "answers": {
        "text": HOSTILE,
        "words": HOSTILE,
        "answers": [Waiting(7, 2**62, REPLY), Waiting(8, 1_800_000_000_000, None)],
        "received": [1_700_000_000_000],
        "had": "yes",
        "pending": "",
    },
}


def notice(code: str) -> Notice:
    """A notice with everything that one may carry."""
    return Notice(code, 3, HOSTILE, ("apple", "apply"), (HOSTILE,))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_strict_html_in_its_language(name: str, language: str) -> None:
    page = SCREENS.page(name, language, VALUES[name])
    tree = checked(page.body)
    assert tree.get("lang") == page.language == language
    assert tree.get("dir") == LANGUAGES[language].direction


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", ["write", "back", "answers"])
def test_every_notice_says_something_on_every_form(name: str, code: str, language: str) -> None:
    values = {**VALUES[name], "notice": notice(code), "answers": None, "received": []}
    values |= {"had": HOSTILE, "pending": HOSTILE}
    tree = checked(SCREENS.page(name, language, values).body)
    said = tree.findtext(".//section[@role='alert']/p") or ""
    assert len(said) > 10
    assert tree.findtext(".//section[@role='alert']/h2")


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_were_typed_do_not_look_like_new_ones(language: str) -> None:
    headings = []
    for typed in (False, True):
        body = SCREENS.page("sent", language, {**VALUES["sent"], "typed": typed}).body
        headings.append([node.text for node in checked(body).iter("h2")])
    new, typed_ones = headings
    assert new[0] != typed_ones[0]
    assert new[1:] == typed_ones[1:]


@pytest.mark.parametrize("name", ["write", "answers"])
def test_what_was_typed_comes_back_as_it_was(name: str) -> None:
    for typed in ("\n first line empty", "a\nb", "<b>&lt;", "{{ 1 }}"):
        tree = checked(SCREENS.page(name, "en", {**VALUES[name], "text": typed}).body)
        assert [node.text for node in tree.iter("textarea") if node.get("name") == "text"] == [
            typed
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_says_that_the_server_could_read_along(language: str) -> None:
    titles = {"en": "could read along", "ru": "мог бы прочитать", "fr": "pourrait lire"}
    titles |= {"es": "podría leer", "ar": "قادرًا على قراءة"}
    tree = checked(SCREENS.page("about", language, {}).body)
    heading = tree.find(".//*[@id='honest-title']")
    assert heading is not None
    assert titles[language] in (heading.text or "")
    assert CONFIG.portal_url in [node.get("href") for node in tree.iter("a")]


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("abc.onion", ONION),
        ("ABC.onion:80", ONION),
        ("notes.example.org", CONFIG.portal_url),
        ("onion", CONFIG.portal_url),
        ("", CONFIG.portal_url),
    ],
)
def test_who_came_by_an_onion_name_is_shown_the_pages_onion_address(host: str, shown: str) -> None:
    screens = Screens(structs.replace(CONFIG, onion_portal_url=ONION))
    screens.came_by(host)
    tree = checked(screens.page("about", "en", {}).body)
    shown_urls = {node.get("href") for node in tree.iter("a")} - {CONFIG.exit_url}
    assert shown_urls == {shown}


@pytest.mark.parametrize("name", PAGES)
def test_every_form_sends_a_password_so_that_chromium_notes_none(name: str) -> None:
    for values in (VALUES[name], {**VALUES[name], "answers": None}):
        forms = list(checked(SCREENS.page(name, "en", values).body).iter("form"))
        assert forms
        for form in forms:
            (field,) = [node for node in form.iter("input") if node.get("type") == "password"]
            assert field.get("name")
            assert field.get("value")
            assert field.get("disabled") is None


def test_the_length_of_a_page_does_not_tell_whether_an_answer_is_there() -> None:
    empty = {**VALUES["answers"], "answers": [], "received": [], "text": "", "words": ""}
    answered = {**VALUES["answers"], "text": "", "words": ""}
    assert len(SCREENS.page("answers", "ru", empty).body) == LEAST_PAGE
    assert len(SCREENS.page("answers", "ru", answered).body) == LEAST_PAGE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_the_length_of_a_page_does_not_tell_its_language(name: str, language: str) -> None:
    empty: dict[str, Any] = {"text": "", "words": "", "chosen": [], "answers": None}
    page = SCREENS.page(name, language, {**VALUES[name], **empty})
    assert len(page.body) == LEAST_PAGE


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("", "ce, en;q=0.5, ru;q=0.7", "ru"),
        ("", "ru;q=0, en;q=0.1", "en"),
        ("", "de, tr", "en"),
        ("", "ar-EG, en;q=0.5", "ar"),
        ("en", "ru", "en"),
        ("../../etc", "ru", "ru"),
        ("", "ru;q=junk," * 1000, "ru"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_browsers(
    chosen: str, accepted: str, language: str
) -> None:
    assert SCREENS.language(chosen, accepted) == language


def test_the_catalogue_is_where_it_is_looked_for() -> None:
    assert Path(safeconduct.__file__).parent / "locale" == LOCALES
