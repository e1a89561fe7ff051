# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who searches the phone afterwards: what a browser keeps of a whole visit, and no more than that.

What is admitted stands in docs/attacks.md, under "Her phone is searched".
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from safeconduct.programs.seizures.search import Find, Search, scan_files
from tests.kit.browsers import KINDS, Browser, browser
from tests.kit.counter import counter
from tests.kit.left_behind import MARKERS, SAVES_SECONDS, search_for, whole_visit
from tests.kit.stage import Stage, stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HISTORY = {
    "chromium": ("Default/History", "SELECT url, title FROM urls"),
    "firefox": ("places.sqlite", "SELECT url, title FROM moz_places"),
}
ICONS = {
    "chromium": ("Default/Favicons", "SELECT page_url FROM icon_mapping"),
    "firefox": ("favicons.sqlite", "SELECT page_url FROM moz_pages_w_icons"),
}
TYPED = {
    "chromium": ("Default/Web Data", "SELECT value FROM autofill"),
    "firefox": ("formhistory.sqlite", "SELECT value FROM moz_formhistory"),
}
CACHES = {"chromium": "Default/Cache", "firefox": "cache2"}
"""What was asked of sites lies here by address; Firefox notes the second of each form beside it."""
LEAVES = {"chromium": "escape", "firefox": "button"}
NEUTRAL = {"Notes", "", None}
"""Titles that say nothing; a page that is left has none, and Firefox keeps the last."""


def rows(profile: Path, where: tuple[str, str]) -> list[tuple[str, ...]]:
    """What a database of the profile holds; nothing where the browser made none."""
    path = profile / where[0]
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as database:
        return database.execute(where[1]).fetchall()


def saves() -> None:
    """Give the browser the time in which it writes down what is open."""
    time.sleep(SAVES_SECONDS)


def is_all_that_is_kept(page: Browser, profile: Path, origin: str) -> None:
    """Look through what a searcher opens first: history, icons, what was typed.

    Not where passwords lie: a browser writes one only when somebody presses its own button, which
    nobody does here, so that it would be empty whatever the page did.
    """
    kept = [row for row in rows(profile, HISTORY[page.kind]) if row[0].startswith(origin)]
    assert {address for address, _ in kept} == {f"{origin}/"}
    assert {title for _, title in kept} <= NEUTRAL
    assert not [row for row in rows(profile, ICONS[page.kind]) if row[0].startswith(origin)]
    assert not rows(profile, TYPED[page.kind])
    # No call tells what she did there: each but the page itself is under one of these.
    calls = [f"{origin}/{path}" for path in ("v1", "leave", "send", "answers")]
    assert not scan_files(Search((), plain=calls), profile)
    cache = profile / CACHES[page.kind]
    assert cache.is_dir()
    assert not scan_files(Search((), plain=[origin]), cache)


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_visit_that_was_left_the_browser_keeps_an_address_and_a_neutral_title(
    kind: str, tmp_path: Path
) -> None:
    with stage() as elsewhere, stage(exit_url=elsewhere.url) as office, browser(kind) as page:
        search = search_for(whole_visit(page, office, tmp_path))
        page.click("#reply")
        page.type("#text", MARKERS["her text"])
        if LEAVES[kind] == "button":
            page.click("#leave")
        else:
            page.press_twice("Escape")
        page.wait(f"location.href === {elsewhere.url!r} && document.readyState === 'complete'")
        saves()
        profile = page.profile
        page.close()
        assert not scan_files(search, profile)
        is_all_that_is_kept(page, profile, office.url.rstrip("/"))


def seen(page: Browser, at: str) -> None:
    """Wait until an element is there; the page may be changing under the question."""

    def there() -> bool:
        with suppress(AssertionError):
            return page.visible(at)
        return False

    page.wait_for(there)


def visit_without_scripts(page: Browser, office: Stage, url: str, folder: Path) -> list[str]:
    """Write with a file, come back and read an answer, begin to write again; return the words."""
    office.say_first({"en": MARKERS["what is said at once"]})
    file = folder / MARKERS["a file's name"]
    file.write_text(MARKERS["a file's content"], encoding="utf-8")
    page.goto(url)
    page.click("button[value=write]")
    seen(page, "textarea[name=text]")
    page.type("textarea[name=text]", MARKERS["her text"])
    page.click(".contact summary")
    page.type("#not_alone_word", MARKERS["a word beside it"])
    page.upload("#files", file)
    page.click("button[value=send]")
    seen(page, ".words")
    words = page.texts(".words li")
    assert MARKERS["what is said at once"] in page.text("main")
    office.answer(office.letters()[-1][1], MARKERS["the answer"])
    page.fill("textarea[name=words]", " ".join(words))
    page.click("button[value=read]")
    seen(page, "article")
    assert MARKERS["the answer"] in page.text("article")
    page.type("textarea[name=text]", MARKERS["her text"])
    return words


def admitted(kind: str, find: Find) -> bool:
    """Whether it is what docs/attacks.md says of the way without scripts."""
    name = find.marker == MARKERS["a file's name"]
    return kind == "chromium" and name and "/Sessions/" in find.where


@pytest.mark.parametrize("kind", KINDS)
def test_without_scripts_it_keeps_no_more_and_in_chromium_where_a_sent_file_lies(
    kind: str, tmp_path: Path
) -> None:
    # Scripts are not switched off: the pages have none, and their policy allows none.
    with stage() as office, counter(office) as handle, browser(kind) as page:
        search = search_for(visit_without_scripts(page, office, handle.url, tmp_path))
        saves()
        page.click("a.leave")
        saves()
        profile = page.profile
        page.close()
        finds = scan_files(search, profile)
        assert not [find for find in finds if not admitted(kind, find)]
        is_all_that_is_kept(page, profile, handle.url.rstrip("/"))
