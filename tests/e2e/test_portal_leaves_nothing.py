# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is left behind: on the screen, in the tab, in the browser's files; and who gets no page."""

import os
from pathlib import Path

import pytest

from safeconduct.kernel.phrase import LISTS
from tests.kit.browsers import KINDS, Browser, browser
from tests.kit.stage import Stage, stage

pytestmark = pytest.mark.browser
MARKERS = {
    "her text": "Меня-зовут-" + os.urandom(6).hex(),
    "a file's name": "паспорт-" + os.urandom(6).hex() + ".jpg",
    "a file's content": "внутри-" + os.urandom(6).hex(),
    "the answer": "выходите-в-" + os.urandom(6).hex(),
}


@pytest.fixture(params=("button", "escape"))
def leave(request: pytest.FixtureRequest) -> str:
    """The two ways to leave."""
    return str(request.param)


def go(page: Browser, way: str) -> None:
    """Leave the page."""
    if way == "button":
        page.click("#leave")
    else:
        page.press("Escape")
        page.press("Escape")


@pytest.mark.parametrize("kind", KINDS)
def test_leaving_puts_an_innocent_page_in_the_place_of_this_one(kind: str, leave: str) -> None:
    with stage() as elsewhere, stage(exit_url=elsewhere.url) as office, browser(kind) as page:
        page.goto(office.url)
        page.wait_visible("#to-write")
        before = page.evaluate("history.length")
        page.click("button[lang=ru]")
        page.wait_text("h1", "Заметки")
        page.click("#to-write")
        page.type("#text", MARKERS["her text"])
        go(page, leave)
        page.wait(f"location.href === {elsewhere.url!r} && document.readyState === 'complete'")
        assert page.evaluate("history.length") == before
        assert page.evaluate("document.referrer") == ""
        # Going back does not find the page: its place in the tab was taken.
        page.evaluate("void setTimeout(() => history.back(), 50)")
        page.wait(f"location.origin !== {office.url[:-1]!r}")


@pytest.mark.parametrize("kind", KINDS)
def test_pressing_escape_once_changes_nothing(kind: str) -> None:
    with stage() as office, browser(kind) as page:
        page.goto(office.url)
        page.wait_visible("#to-write")
        page.press("Escape")
        assert page.visible("#to-write")


@pytest.mark.parametrize("kind", KINDS)
def test_another_language_is_the_same_address_and_leaves_no_step_in_the_tab(kind: str) -> None:
    with stage() as office, browser(kind) as page:
        page.goto(office.url)
        page.wait_visible("#choice")
        before = page.evaluate("history.length")
        page.click("button[lang=ru]")
        page.wait_text("h1", "Заметки")
        page.wait_visible("#choice")
        assert page.evaluate("[document.title, document.documentElement.lang]") == ["Заметки", "ru"]
        assert page.evaluate("location.href") == office.url
        assert page.evaluate("history.length") == before
        # The new page works, with words of its own language.
        page.click("#to-write")
        page.type("#text", "Ночью")
        page.click("#send")
        page.wait_visible("#keep")
        assert set(page.texts("#phrase li")) <= set(LISTS["ru"])
        assert office.letters()[0][1].language == "ru"
        assert not [line for line in page.seen() if "error" in line or "console" in line]


@pytest.mark.parametrize("kind", KINDS)
def test_switching_warns_before_it_clears_what_she_wrote(kind: str) -> None:
    with stage() as office, browser(kind) as page:
        page.goto(office.url)
        page.wait_visible("#to-write")
        page.click("#to-write")
        page.type("#text", "Ночью")
        page.click("button[lang=ru]")
        page.wait_text("#language-state", "Press again")
        assert page.evaluate("document.querySelector('#text').value") == "Ночью"
        page.click("button[lang=ru]")
        page.wait_text("h1", "Заметки")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_hers_is_in_the_browsers_files(kind: str, tmp_path: Path) -> None:
    file = tmp_path / MARKERS["a file's name"]
    file.write_text(MARKERS["a file's content"])
    with stage() as office, browser(kind) as page:
        words = whole_visit(page, office, file)
        traces = {**MARKERS, **{f"word {n}": word for n, word in enumerate(words)}}
        profile = page.profile
        # The page stays open with words in both fields while Firefox writes its session down,
        # which it does every fifteen seconds.
        page.click("#reply")
        page.type("#text", MARKERS["her text"])
        page.evaluate("new Promise((resume) => setTimeout(resume, 16000))")
        page.close()
        kept = contents(profile)
        assert any(b"127.0.0.1" in content for content in kept.values()), "the search sees nothing"
        found = {
            f"{what} in {path.name}"
            for what, marker in traces.items()
            if len(marker) > 12
            for path, content in kept.items()
            if marker.encode() in content or marker.encode("utf-16-le") in content
        }
        assert not found
        # Single words may stand in dictionaries; all eight, in their order, must not.
        phrase = " ".join(words)
        assert not [path for path, content in kept.items() if phrase.encode() in content]


def whole_visit(page: Browser, office: Stage, file: Path) -> list[str]:
    """Write with a file, come back and read an answer."""
    page.goto(office.url)
    page.wait_visible("#to-write")
    page.click("#to-write")
    page.type("#text", MARKERS["her text"])
    page.upload("#files", file)
    page.click("#send")
    page.wait_visible("#keep")
    page.wait_text("#carry-state", "Everything is there")
    words = page.texts("#phrase li")
    office.answer(office.letters()[0][1], MARKERS["the answer"])
    page.goto(office.url)
    page.wait_visible("#to-return")
    page.click("#to-return")
    page.type("#typed", " ".join(words))
    page.click("#enter")
    page.wait_text("#letters", MARKERS["the answer"])
    return words


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file of a folder; Firefox's packed ones unpacked."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            found[path] = unpacked(content) if content[:8] == b"mozLz40\0" else content
    return found


def unpacked(content: bytes) -> bytes:
    """Undo LZ4 block compression, behind Mozilla's head of twelve bytes."""
    source, out = memoryview(content)[12:], bytearray()
    at = 0
    while at < len(source):
        token = source[at]
        at, literals = extended(source, at + 1, token >> 4)
        out += source[at : at + literals]
        at += literals
        if at >= len(source):
            break
        back = source[at] | source[at + 1] << 8
        at, length = extended(source, at + 2, token & 15)
        for _ in range(length + 4):
            out.append(out[-back])
    return bytes(out)


def extended(source: memoryview, at: int, length: int) -> tuple[int, int]:
    """Read a length that goes on in the bytes that follow; return (place, length)."""
    if length == 15:
        while source[at] == 255:
            length += 255
            at += 1
        length += source[at]
        at += 1
    return at, length


def test_without_scripts_nothing_can_be_written_and_the_other_way_is_shown() -> None:
    with (
        stage(counter_url="https://counter.example.org/") as office,
        browser("chromium") as page,
    ):
        page.script(on=False)
        page.goto(office.url)
        assert page.text("noscript a") == "https://counter.example.org/"
        assert not any(map(page.visible, ("#choice", "#text", "#typed", "#send")))


def test_firefox_without_scripts_gets_the_same() -> None:
    with (
        stage(counter_url="https://counter.example.org/") as office,
        browser("firefox", prefs={"javascript.enabled": False}) as page,
    ):
        page.goto(office.url)
        assert page.text("noscript a") == "https://counter.example.org/"
        assert not any(map(page.visible, ("#choice", "#text", "#typed", "#send")))


def test_over_an_open_connection_nothing_can_be_written() -> None:
    # A name that is not loopback's makes http insecure; it leads to loopback all the same.
    rule = "--host-resolver-rules=MAP notes.example 127.0.0.1"
    with stage() as office, browser("chromium", args=(rule,)) as page:
        page.goto(f"http://notes.example:{office.port}/")
        page.wait_visible("#unable")
        assert "https" in page.text("#unable")
        assert not any(map(page.visible, ("#choice", "#text", "#typed", "#send")))


def test_a_browser_that_cannot_run_the_script_is_told_so_after_a_while() -> None:
    # A script that is not the page's own is not run at all, as one that is too new.
    with stage(script=b"document.title = 'changed'") as office, browser("chromium") as page:
        page.goto(office.url)
        assert not page.visible("#choice")
        page.wait("getComputedStyle(document.querySelector('#unable')).visibility === 'visible'")
        assert "newer browser" in page.text("#unable")
        assert page.evaluate("document.title") == "Notes"
