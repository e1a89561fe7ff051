# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole visit in each language that an office may offer, on a phone, whichever way it runs.

`SAFECONDUCT_PICTURES=FOLDER` keeps a picture of each state, to be looked at by a person.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from safeconduct.edges.portal import one_file
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.phrase import LISTS, canonical, read_phrase
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from tests.e2e.test_accessibility import PHOTO, act, style_at_once
from tests.kit.axe import assert_accessible
from tests.kit.counter import counter
from tests.kit.stage import OFFICE, Stage, stage

pytestmark = pytest.mark.browser
NEW: Final = sorted(code for code, language in LANGUAGES.items() if not language.read)
PHONE: Final = {"width": 360, "height": 640}
PICTURES: Final = os.environ.get("SAFECONDUCT_PICTURES", "")
TOO_WIDE: Final = """[...document.querySelectorAll('body, body *')].filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    return width && one.checkVisibility() && (left < -1 || right > innerWidth + 1);
}).map((one) => one.outerHTML.slice(0, 200))"""
RUNS: Final = "(one) => getComputedStyle(one).direction"
ANSWER: Final = "We are with you. +1 555 0100"
States = Iterator[str]


@pytest.fixture
def page(chromium: Browser, language: str) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, locale=language)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def look(page: Page, language: str, states: States) -> None:
    """Go through the states of a visit: nothing sticks out, and axe finds nothing."""
    for number, state in zip(count(), states, strict=False):
        root = page.locator("html")
        assert root.get_attribute("lang") == language
        assert root.evaluate(RUNS) == LANGUAGES[language].direction
        assert page.evaluate(TOO_WIDE) == [], state
        if PICTURES:
            name = f"{language}-{number}-{state.replace(' ', '-')}.png"
            page.emulate_media(color_scheme="light")
            page.screenshot(path=Path(PICTURES) / name, full_page=True)
        assert_accessible(page, state)


def public_page(page: Page, url: str, office: Stage) -> States:
    """Write, and go on to the answer."""
    page.goto(url)
    page.locator("#choice").wait_for()
    page.click("#ours summary")
    page.locator("#our-words").filter(has_text=" ").wait_for()
    yield "page first"
    page.click("#to-write")
    page.click("#contact summary")
    page.fill("#text", "+1 555 0100")
    page.set_input_files("#files", files=[PHOTO])
    yield "page write"
    page.click("#send")
    page.locator("#keep").wait_for()
    page.locator("#carry-state").filter(has_text=" ").wait_for()
    yield "page words"
    yield from returning(page, url, office, page.locator("#phrase li").all_inner_texts())


def returning(page: Page, url: str, office: Stage, words: list[str]) -> States:
    """Come back with a wrong word, then with the right ones."""
    page.goto("about:blank")
    page.goto(url)
    page.click("#to-return")
    page.fill("#typed", " ".join(["zzz", *words[1:]]))
    page.press("#typed", "Enter")
    page.locator("#return-state[data-kind=wrong]").wait_for()
    yield "page wrong word"
    ((message, letter),) = office.letters()
    office.have(letter, message)
    office.answer(letter, ANSWER, ("route.pdf", b"x" * 1_000))
    page.fill("#typed", " ".join(words))
    page.press("#typed", "Enter")
    page.locator(".letter").wait_for()
    page.click(".letter .files button")
    page.locator(".letter .files a").wait_for()
    yield "page answer"


def at_the_counter(page: Page, url: str, office: Stage) -> States:
    """The same without scripts."""
    before = len(office.letters())
    page.goto(url)
    yield "counter first"
    act(page, "write")
    page.click("summary")
    yield "counter write"
    act(page, "send", text="+1 555 0100")
    page.locator(".words").wait_for()
    yield "counter words"
    words = page.locator(".words li").all_inner_texts()
    act(page, "read", words=" ".join(["zzz", *words[1:]]))
    yield "counter wrong word"
    message, letter = office.letters()[before]
    office.have(letter, message)
    office.answer(letter, ANSWER, ("route.pdf", b"x" * 1_000))
    act(page, "read", words=" ".join(words))
    page.locator(".letter").wait_for()
    yield "counter answer"


def address_of(language: str, words: list[str]) -> bytes:
    """Return whose box words open, by the list that the table names and no other."""
    phrase = read_phrase(" ".join(words), LANGUAGES[language].words)
    return part(stretch_phrase(canonical(phrase), OFFICE), "mailbox-address")


def keeps(states: States, page: Page, state: str, selector: str, kept: list[Any]) -> States:
    """Give the states on, and keep the words and their direction when they are shown."""
    for one in states:
        if one == state:
            kept += page.locator(f"{selector} li").all_inner_texts()
            kept.append(page.locator(selector).evaluate(RUNS))
        yield one


@pytest.mark.parametrize("language", NEW)
def test_a_visit_in_each_language_is_whole_on_a_phone(page: Page, language: str) -> None:
    kept: list[Any] = []
    with stage(counter_url="https://notes.example/", languages=tuple(LANGUAGES)) as office:
        states = public_page(page, office.url, office)
        look(page, language, keeps(states, page, "page words", "#phrase", kept))
        ((_, letter),) = office.letters()
    *words, runs = kept
    assert runs == LANGUAGES[LANGUAGES[language].words].direction
    assert set(words) <= set(LISTS[LANGUAGES[language].words])
    assert (letter.language, letter.address) == (language, address_of(language, words))


@pytest.mark.parametrize("language", NEW)
def test_a_visit_without_scripts_in_each_language_is_whole(page: Page, language: str) -> None:
    kept: list[Any] = []
    with stage(languages=tuple(LANGUAGES)) as office, counter(office, lanes=2) as handle:
        style_at_once(page)
        states = at_the_counter(page, handle.url, office)
        look(page, language, keeps(states, page, "counter words", ".words", kept))
        ((_, letter),) = office.letters()
    *words, runs = kept
    assert runs == LANGUAGES[LANGUAGES[language].words].direction
    assert (letter.language, letter.address) == (language, address_of(language, words))


@pytest.mark.parametrize("language", ["ar"])
def test_one_file_turns_round_with_its_language(page: Page, tmp_path: Path, language: str) -> None:
    with stage(languages=tuple(LANGUAGES)) as office:
        kept = tmp_path / "notes.html"
        kept.write_bytes(one_file(replace(office.config, addresses=(office.url.rstrip("/"),))))
        states = public_page(page, kept.as_uri(), office)
        look(page, language, (f"file {state}" for state in states))
        page.goto(kept.as_uri())
        page.click("button[lang=fr]")
        page.locator("html[lang=fr][dir=ltr]").wait_for()
        page.click("button[lang=ar]")
        page.locator("html[lang=ar][dir=rtl]").wait_for()
