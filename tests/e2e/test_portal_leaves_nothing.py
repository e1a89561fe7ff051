# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is left behind: on the screen, in the tab, in the browser's files; and who gets no page."""

from pathlib import Path

import pytest

from safeconduct.kernel.phrase import LISTS
from safeconduct.programs.seizures.search import Search, scan_files
from tests.kit.browsers import KINDS, Browser, browser
from tests.kit.left_behind import MARKERS, leave_open, search_for, whole_visit
from tests.kit.stage import stage
from tests.kit.visiting import visit

pytestmark = pytest.mark.browser


@pytest.fixture(params=("button", "escape"))
def leave(request: pytest.FixtureRequest) -> str:
    """The two ways to leave."""
    return str(request.param)


def go(page: Browser, way: str) -> None:
    """Leave the page."""
    if way == "button":
        page.click("#leave")
    else:
        page.press_twice("Escape")


@pytest.mark.parametrize("kind", KINDS)
def test_leaving_puts_an_innocent_page_in_the_place_of_this_one(kind: str, leave: str) -> None:
    with stage() as elsewhere, stage(exit_url=elsewhere.url) as office, visit(kind) as page:
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
    with stage() as office, visit(kind) as page:
        page.goto(office.url)
        page.wait_visible("#to-write")
        page.press("Escape")
        assert page.visible("#to-write")


@pytest.mark.parametrize("kind", KINDS)
def test_another_language_is_the_same_address_and_leaves_no_step_in_the_tab(kind: str) -> None:
    with stage() as office, visit(kind) as page:
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
    with stage() as office, visit(kind) as page:
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
    with stage() as office, browser(kind) as page:
        search = search_for(whole_visit(page, office, tmp_path))
        leave_open(page)
        profile = page.profile
        page.close()
        assert scan_files(Search((), plain=["127.0.0.1"]), profile), "the search sees nothing"
        assert not scan_files(search, profile)


def test_without_scripts_nothing_can_be_written_and_the_other_way_is_shown() -> None:
    with (
        stage(counter_url="https://counter.example.org/") as office,
        visit("chromium", scripts=False) as page,
    ):
        page.goto(office.url)
        assert page.text("noscript a") == "https://counter.example.org/"
        assert not any(map(page.visible, ("#choice", "#text", "#typed", "#send")))


def test_firefox_without_scripts_gets_the_same() -> None:
    with (
        stage(counter_url="https://counter.example.org/") as office,
        visit("firefox", scripts=False) as page,
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
    with stage(script=b"document.title = 'changed'") as office, visit("chromium") as page:
        page.goto(office.url)
        assert not page.visible("#choice")
        page.wait("getComputedStyle(document.querySelector('#unable')).visibility === 'visible'")
        assert "newer browser" in page.text("#unable")
        assert page.evaluate("document.title") == "Notes"
