# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person does at portal and counter, and a helper in the desk's own window."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from tests.kit.browsers import browser
from tests.kit.counter import Visitor
from tests.kit.markers import Markers

PATIENCE_SECONDS: Final = 60.0


def wait(true: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something is true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"waited for {seconds} s in vain"
        time.sleep(0.05)


@dataclass(frozen=True)
class Person:
    """Somebody with a device of her own, whose folder nobody seizes."""

    markers: Markers
    folder: Path

    @contextmanager
    def at_home(self) -> Iterator[None]:
        """Keep what belongs to her device out of what is seized."""
        before = tempfile.tempdir, os.environ.get("TMPDIR")
        tempfile.tempdir = os.environ["TMPDIR"] = str(self.folder)
        try:
            yield
        finally:
            tempfile.tempdir = before[0]
            if before[1] is None:
                del os.environ["TMPDIR"]
            else:
                os.environ["TMPDIR"] = before[1]

    def file(self, what: str) -> Path:
        """A file whose name and content are markers."""
        path = self.folder / f"{self.markers[f'{what} file name']}.txt"
        path.write_text(f"{self.markers[f'{what} file']}\n" * 50, encoding="utf-8")
        return path

    def write_to_portal(self, url: str) -> list[str]:
        """Write with a file; return the eight words."""
        with browser("chromium") as page:
            page.goto(url)
            page.wait_visible("#to-write")
            page.click("#to-write")
            page.type("#text", self.markers["portal text"])
            page.upload("#files", self.file("portal"))
            page.click("#send")
            page.wait_visible("#keep")
            words = page.texts("#phrase li")
            page.wait_text("#carry-state", "Everything is there")
        return words

    def come_back(self, url: str, words: list[str]) -> None:
        """Read the answer, which shows that all of it works in this build, and reply."""
        with browser("chromium") as page:
            page.goto(url)
            page.wait_visible("#to-return")
            page.click("#to-return")
            page.fill("#typed", " ".join(words))
            page.press("Enter")
            page.wait_text("#letters", self.markers["answer"])
            page.click("#reply")
            page.type("#text", self.markers["portal reply"])
            page.click("#send")
            page.wait_visible("#sent")

    def write_to_counter(self, url: str) -> list[str]:
        """Write with a file and without scripts; return the eight words."""
        path = self.file("counter")
        form = {"action": "send", "page": "write", "text": self.markers["counter text"]}
        words = Visitor(url).post_files(form, (path.name, path.read_bytes())).words
        assert len(words) == 8
        return words

    def come_back_to_counter(self, url: str, words: list[str]) -> None:
        """Reply with the words."""
        form = {"action": "reply", "page": "answers", "had": "yes", "words": " ".join(words)}
        answer = Visitor(url).post_files({**form, "text": self.markers["counter reply"]})
        assert answer.status == 200
        assert not answer.notice


@contextmanager
def driven(profile: Path) -> Iterator[Page]:
    """Drive the desk's own window, which was opened with a port for that."""
    told = profile / "profile" / "DevToolsActivePort"
    wait(lambda: told.exists() and "\n" in told.read_text(encoding="ascii"))
    port = told.read_text(encoding="ascii").split()[0]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        wait(lambda: any(context.pages for context in chromium.contexts))
        yield next(page for context in chromium.contexts for page in context.pages)


@dataclass(frozen=True)
class Helper:
    """Somebody at the desk."""

    markers: Markers
    page: Page

    def work(self, file: Path) -> None:
        """Unlock, read, answer, note, search and hand over."""
        home = self._unlock()
        self._find(home, "counter text")
        self._find(home, "portal text")
        self.page.set_input_files("#answer-files", file)
        self._write("answer", "send")
        self._write("note", "save")
        address = self.page.url
        self._search(home)
        self.page.goto(address)
        self.page.click("details:has(#hand-over) summary")
        self.page.select_option("#hand-over-to", index=0)
        self._write("hand-over", "pass")

    def _unlock(self) -> str:
        page = self.page
        page.wait_for_selector("#passphrase, a[href='/unlock']")
        if page.query_selector("#passphrase") is None:
            page.click("a[href='/unlock']")
        page.fill("#passphrase", self.markers["passphrase"])
        page.press("#passphrase", "Enter")
        page.wait_for_url("**/today")
        return page.url.removesuffix("/today")

    def _find(self, home: str, what: str) -> None:
        """Open the conversation that holds a marker, once it has arrived."""
        latin, cyrillic = self.markers.words[what]
        wait(lambda: self._finds(home, latin))
        self.page.click("#hits a[href*='/hotline/']")
        self.page.wait_for_selector(f"text={cyrillic}")

    def _finds(self, home: str, word: str) -> bool:
        self.page.goto(f"{home}/search?q={word}")
        return self.page.query_selector("#hits a[href*='/hotline/']") is not None

    def _write(self, what: str, button: str) -> None:
        self.page.fill(f"#{what}-text", self.markers[what])
        self.page.click(f"#{what} button[name={button}]")
        self.page.wait_for_selector(f"text={self.markers.words[what][0]}")

    def _search(self, home: str) -> None:
        """Search as a plain form does, and while typing."""
        self.page.goto(f"{home}/search?q={self.markers['search']}")
        self.page.type("#q", f" {self.markers['search']}")
        self.page.wait_for_timeout(500)
