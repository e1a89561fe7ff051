# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person does at portal and counter, and a helper in the desk's own window."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from safeconduct.programs.seizures.markers import Markers
from tests.kit.browsers import Browser, browser
from tests.kit.counter import Visitor
from tests.kit.offices import wait

HIT: Final = "#hits a[href*='/hotline/']"


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


@dataclass(frozen=True)
class Helper:
    """Somebody at the desk, in its own window."""

    markers: Markers
    page: Browser

    def work(self, file: Path) -> None:
        """Unlock, read, answer, note, search, hand over, and begin what is never sent."""
        self._unlock()
        self._find("counter text")
        self._find("portal text")
        self.page.upload("#answer-files", file)
        self._write("answer", "send")
        self._write("note", "save")
        address = self.page.evaluate("location.href")
        self._search()
        self.page.goto(address)
        self.page.click("details:has(#hand-over) summary")
        self._write("hand-over", "pass")
        self._begin(address, "answer", "note")

    def read_along(self) -> None:
        """Unlock, read what came and what a colleague wrote, note, search, and begin to write."""
        self._unlock()
        self._find("portal text")
        self.page.wait_text("#thread", self.markers.words["answer"][0])
        self._write("note", "save")
        address = self.page.evaluate("location.href")
        self._search()
        self._begin(address, "answer", "note", "hand-over")

    def _unlock(self) -> None:
        page = self.page
        page.wait_visible("#passphrase")
        page.fill("#passphrase", self.markers["passphrase"])
        page.click("form[action='/passphrase'] button")
        page.wait("location.pathname === '/today'")

    def _find(self, what: str) -> None:
        """Open the conversation that holds a marker, once it has arrived."""
        latin, cyrillic = self.markers.words[what]
        wait(lambda: self._finds(latin))
        self.page.click(HIT)
        self.page.wait_text("#thread", cyrillic)

    def _finds(self, word: str) -> bool:
        self.page.goto(f"{self._home}/search?q={word}")
        return bool(self.page.texts(HIT))

    def _write(self, what: str, button: str) -> None:
        self.page.fill(f"#{what}-text", self.markers[what])
        self.page.click(f"#{what} button[name={button}]")
        self.page.wait_text("main", self.markers.words[what][0])
        # News may show it before its form hears so, and who leaves a full form is asked first.
        self.page.wait(f"!document.querySelector('#{what}-text')?.value")

    def _begin(self, address: str, *fields: str) -> None:
        """Begin in fields what is never sent, come back to it, and leave it standing there."""
        page = self.page
        page.goto(address)
        if "hand-over" in fields:  # Once it is this helper's to hand over.
            page.wait_visible("details:has(#hand-over) summary")
            page.click("details:has(#hand-over) summary")
        for what in fields:
            page.type(f"#{what}-text", self.markers[f"{what} draft"])
        wait(lambda: self._kept(address, fields))

    def _kept(self, address: str, fields: tuple[str, ...]) -> bool:
        """Come back, and tell whether all stands there by the desk's word, not by the browser's.

        A page may be made before the desk has what was sent while the one before it was left.
        """
        self.page.goto(address)
        said = "[...document.querySelectorAll('textarea')].map((one) => one.defaultValue)"
        return {self.markers[f"{what} draft"] for what in fields} <= {*self.page.evaluate(said)}

    def _search(self) -> None:
        """Search as a plain form does, and while typing."""
        self.page.goto(f"{self._home}/search?q={quote(self.markers['search'])}")
        self.page.type("#q", f" {self.markers['search']}")
        self.page.wait("performance.getEntriesByType('resource').some(e => e.name.includes('q='))")

    @property
    def _home(self) -> str:
        return str(self.page.evaluate("location.origin"))
