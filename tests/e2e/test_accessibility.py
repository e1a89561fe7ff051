# SPDX-License-Identifier: AGPL-3.0-or-later
"""axe-core finds nothing against any page, in whatever state a person finds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route

from safeconduct.edges import counter as edges_counter
from safeconduct.edges.desk.app import link_of
from safeconduct.edges.portal import one_file
from safeconduct.kernel.words import HASH_BYTES
from safeconduct.rooms.crew import OFFICE_KEY, EpochOpened
from safeconduct.rooms.hotline.canned_decide import Text
from safeconduct.rooms.hotline.flags import Flag
from tests.kit.axe import assert_accessible, violations
from tests.kit.counter import counter
from tests.kit.desk_window import Served, listening, served_desk
from tests.kit.proxy import BadLine, bad_line
from tests.kit.rehearsal import rehearsal_roster
from tests.kit.stage import Stage, stage
from tests.kit.strangers_files import photograph

pytestmark = pytest.mark.browser
LOCALES: Final = {"en": "en-GB", "ru": "ru-RU"}
COUNTER_STYLE: Final = Path(edges_counter.__file__).parent / "static" / "style.css"
PHOTO: Final = FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=bytes(20_000))
DESK: Final = (
    *("/today", "/hotline", "/hotline?show=all", "/search", "/exports", "/settings", "/nowhere"),
    *(
        "/cases",
        "/cases/new",
        "/cases/ask",
        "/cases/stages",
        "/teams",
        "/teams/new",
        "/duty",
        "/duty/times",
        "/duty/calls",
        "/telephone",
    ),
    *("/first-words", "/ready", "/ready/new?draft=first.ru", "/imports", "/retention", "/guarded"),
    *("/crew", "/crew/log", "/crew/gone", "/crew/quarantine"),
)
OF_A_TALK: Final = ("", "/who", "/export", "/vetting")
WORSE: Final = (
    "<title>x</title><main><h1>x</h1><input>"
    "<p style='color: #999; background: #fff'>soft</p></main>"
)
States = Iterator[str]


@contextmanager
def window(chromium: Browser, language: str, width: int = 360, height: int = 640) -> Iterator[Page]:
    """Open a window of an old phone, or of another size."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale=LOCALES[language]
    )
    yield context.new_page()
    context.close()


def check(page: Page, states: States) -> None:
    """Go through what a person sees, and look at each state."""
    for state in states:
        assert_accessible(page, state)


def writing(page: Page, url: str, line: BadLine) -> States:
    """Write a first message while there is no line; it goes once there is one."""
    page.goto(url)
    page.locator("#choice").wait_for()
    yield "the first screen"
    page.click("#ours summary")
    page.locator("#our-words").filter(has_text=" ").wait_for()
    yield "the office's words"
    page.click("#to-write")
    yield "an empty sheet"
    page.click("#send")
    yield "nothing to send"
    page.click("#contact summary")
    page.fill("#text", "Until Friday")
    page.set_input_files("#files", files=[PHOTO])
    yield "questions unfolded, a file attached"
    line.down = True
    line.cut()
    page.click("#send")
    page.locator("#hurry").wait_for()
    yield "no line"
    line.down = False
    page.click("#hurry")
    page.locator("#keep").wait_for()
    page.locator("#carried li").wait_for()
    yield "the eight words"


def returning(page: Page, url: str, office: Stage, words: list[str]) -> States:
    """Come back with words, wrong ones and right ones, and read."""
    page.goto("about:blank")
    page.goto(url)
    page.click("#to-return")
    yield "the words are asked for"
    page.fill("#typed", " ".join(["zzz", *words[1:]]))
    page.press("#typed", "Enter")
    page.locator("#return-state[data-kind=wrong]").wait_for()
    yield "a wrong word"
    page.fill("#typed", " ".join(words))
    page.press("#typed", "Enter")
    page.locator("#answers-state").filter(has_text=" ").wait_for()
    yield "no answer yet"
    ((message, letter),) = office.letters()
    office.have(letter, message)
    office.answer(letter, "We are with you.", ("route.pdf", b"x" * 1_000))
    page.locator("#show").wait_for()
    yield "an answer has come"
    page.click("#show")
    page.click(".letter .files button")
    page.locator(".letter .files a").wait_for()
    yield "an answer, its file fetched"
    page.click("#reply")
    yield "a sheet for more"


def public_page(page: Page, url: str, office: Stage, line: BadLine) -> States:
    """Everything that a person sees of the page, to the end of a second visit."""
    yield from writing(page, url, line)
    words = page.locator("#phrase li").all_inner_texts()
    page.click("#hide-words")
    yield "the words are hidden"
    yield from returning(page, url, office, words)


def served_at(line: BadLine) -> str:
    return f"http://127.0.0.1:{line.port}"


@pytest.mark.parametrize("language", LOCALES)
def test_axe_finds_nothing_against_the_public_page(chromium: Browser, language: str) -> None:
    with (
        stage(counter_url="https://notes.example/") as office,
        bad_line(office.port) as line,
        window(chromium, language) as page,
    ):
        check(page, public_page(page, f"{served_at(line)}/", office, line))


@pytest.mark.parametrize("language", LOCALES)
def test_axe_finds_nothing_against_the_page_as_one_file(
    chromium: Browser, language: str, tmp_path: Path
) -> None:
    with stage() as office, bad_line(office.port) as line, window(chromium, language) as page:
        kept = tmp_path / "notes.html"
        kept.write_bytes(one_file(replace(office.config, addresses=(served_at(line),))))
        check(page, public_page(page, kept.as_uri(), office, line))


def unfolded(page: bytes) -> bytes:
    """What a page says where no script runs, in sight of one that does: axe is a script."""
    return page.replace(b"<noscript", b"<div").replace(b"</noscript", b"</div")


@pytest.mark.parametrize("language", LOCALES)
def test_axe_finds_nothing_where_no_script_runs_or_the_browser_is_too_old(
    chromium: Browser, language: str, tmp_path: Path
) -> None:
    def say_all(route: Route) -> None:
        served = route.fetch()
        route.fulfill(response=served, body=unfolded(served.body()))

    kept = tmp_path / "notes.html"
    with stage(counter_url="https://notes.example/") as office, window(chromium, language) as page:
        kept.write_bytes(
            unfolded(one_file(replace(office.config, addresses=("http://127.0.0.1:9",))))
        )
        page.route(office.url, say_all)
        for url in (office.url, kept.as_uri()):
            page.goto(url)
            page.locator("#choice").wait_for()
            page.evaluate("document.querySelector('#unable').hidden = false")
            assert_accessible(page, url)


def style_at_once(page: Page) -> None:
    """Bring the counter's style sheet here: each fetch of it would use up a process there."""
    page.route("**/style.css", lambda route: route.fulfill(path=COUNTER_STYLE))


def act(page: Page, name: str, **typed: str) -> None:
    """Fill in fields of the counter's page, and press a button."""
    for field, text in typed.items():
        page.fill(f"textarea[name={field}]", text)
    with page.expect_navigation():
        page.click(f"button[value={name}]")


def counter_writing(page: Page, url: str) -> States:
    """Write a first message where no script runs."""
    page.goto(url)
    yield "the first screen"
    act(page, "write")
    yield "an empty sheet"
    act(page, "send")
    yield "nothing to send"
    page.click("details summary")
    page.set_input_files("#files", files=[PHOTO])
    yield "questions unfolded, a file attached"
    act(page, "send", text="Until Friday")
    page.locator(".words").wait_for()
    yield "the eight words"


def counter_returning(page: Page, url: str, office: Stage, words: list[str]) -> States:
    """Come back, with wrong words and right ones, and read."""
    page.goto(url)
    act(page, "back")
    yield "the words are asked for"
    act(page, "read", words=" ".join(["zzz", *words[1:]]))
    yield "a wrong word"
    act(page, "read", words=" ".join(words))
    yield "no answer yet"
    message, letter = office.letters()[-1]
    office.have(letter, message)
    office.answer(letter, "We are with you.", ("route.pdf", b"x" * 1_000))
    page.goto(url)
    act(page, "back")
    act(page, "read", words=" ".join(words))
    yield "an answer with a file"
    with page.expect_navigation():
        page.click(".file button")
    yield "a file without words"
    act(page, "reply", text="Thanks", words=" ".join(reversed(words)))
    yield "other words than before"
    page.goto(f"{url}/nowhere")
    yield "nothing here"


def test_axe_finds_nothing_against_the_counter(chromium: Browser) -> None:
    with stage() as office, counter(office, lanes=2) as handle:
        for language in LOCALES:
            with window(chromium, language) as page:
                style_at_once(page)
                check(page, counter_writing(page, handle.url))
                words = page.locator(".words li").all_inner_texts()
                check(page, counter_returning(page, handle.url, office, words))


def guided(served: Served) -> None:
    """Both flags, a step done, words to keep out, a ready answer that waits and one offered."""
    talk, mira = served.talks["quiet orchard"], served.desk.by(rehearsal_roster()[1][1]).guidance
    for flag in Flag:
        mira.raise_flag(talk, flag, "She wrote a goodbye.")
    mira.tick(talk, Flag.SUICIDE, "direct", 1, done=True)
    mira.avoid(talk, "Madina")
    for _ in range(2):
        mira.write_canned(Text("en", "We are reading", "We write {when}."))
    served.desk.guidance.read_canned(served.desk.guidance.canned()[0].version, 90)


def desk(page: Page, served: Served) -> States:
    """The desk from its door to its end."""
    page.goto(link_of(served.settings))
    page.wait_for_url("**/unlock")
    yield "the door"
    page.fill("#passphrase", "any")
    page.click(".door .main")
    page.wait_for_url("**/today")
    for path in DESK:
        page.goto(served.url + path)
        yield path
    for name in served.talks:
        page.goto(served.path(name))
        listening(page)
        yield name
    talk = served.desk.receive("she", "", files=[("IMG 0231.JPG", photograph())])
    blob = next(reversed(served.desk.files))
    page.goto(f"{served.url}/hotline/{talk.hex()}/files/{blob.hex()}/copy")
    yield "a clean copy"
    for part in OF_A_TALK:
        page.goto(served.path("quiet orchard") + part)
        yield f"a conversation{part}"
    page.goto(f"{served.url}/locked")
    yield "locked"


@pytest.mark.parametrize("language", LOCALES)
def test_axe_finds_nothing_against_the_desk(chromium: Browser, language: str) -> None:
    with served_desk() as served, window(chromium, language, 1100, 800) as page:
        everybody = rehearsal_roster()[1]
        served.desk.removals.write(EpochOpened(OFFICE_KEY, 1, bytes(HASH_BYTES), everybody))
        guided(served)
        check(page, desk(page, served))


def test_axe_finds_what_a_page_does_wrong(chromium: Browser) -> None:
    with window(chromium, "en") as page:
        page.set_content(WORSE)
        found = {(scheme, rule) for scheme, rule, *_ in violations(page)}
        assert {("light", "label"), ("light", "html-has-lang")} <= found
        assert {("light", "color-contrast"), ("dark", "color-contrast")} <= found
