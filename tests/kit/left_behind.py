# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole visit to the public page, with markers in every field, and the search for them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from safeconduct.programs.seizures.markers import joined
from safeconduct.programs.seizures.search import Search
from tests.kit.browsers import Browser
from tests.kit.stage import Stage

MARKERS: Final = {
    "her text": "Меня-зовут-" + os.urandom(6).hex(),
    "a code": "код-" + os.urandom(6).hex(),
    "a word beside it": "сирень-" + os.urandom(6).hex(),
    "a file's name": "паспорт-" + os.urandom(6).hex() + ".jpg",
    "a file's content": "внутри-" + os.urandom(6).hex(),
    "what is said at once": "мы-читаем-" + os.urandom(6).hex(),
    "the answer": "выходите-в-" + os.urandom(6).hex(),
}
WHOLE: Final = 100
"""Longer than any marker: these are looked for whole, because they begin with common words."""
SAVES_SECONDS: Final = 16
"""Firefox writes its session down every fifteen."""


def whole_visit(page: Browser, office: Stage, folder: Path) -> list[str]:
    """Write with a file, come back and read an answer; return the eight words."""
    office.say_first({"en": MARKERS["what is said at once"]})
    file = folder / MARKERS["a file's name"]
    file.write_text(MARKERS["a file's content"], encoding="utf-8")
    page.goto(office.url)
    page.wait_visible("#to-write")
    page.click("#to-write")
    page.type("#text", MARKERS["her text"])
    page.click("#contact summary")
    page.type("#not_alone_word", MARKERS["a word beside it"])
    page.click("#code summary")
    page.type("#return_code", MARKERS["a code"])
    page.upload("#files", file)
    page.click("#send")
    page.wait_visible("#keep")
    page.wait_text("#carry-state", "Everything is there")
    page.wait_text("#first-text", MARKERS["what is said at once"])
    words = page.texts("#phrase li")
    office.answer(office.letters()[0][1], MARKERS["the answer"])
    page.goto(office.url)
    page.wait_visible("#to-return")
    page.click("#to-return")
    page.type("#typed", " ".join(words))
    page.click("#enter")
    page.wait_text("#letters", MARKERS["the answer"])
    return words


def leave_open(page: Browser) -> None:
    """Let the page stay open, with words in its fields, while the browser saves its session."""
    page.click("#reply")
    page.type("#text", MARKERS["her text"])
    page.click("#contact summary")
    page.type("#not_alone_word", MARKERS["a word beside it"])
    page.click("#code summary")
    page.type("#return_code", MARKERS["a code"])
    page.evaluate(f"new Promise((resume) => setTimeout(resume, {SAVES_SECONDS * 1000}))")


def search_for(words: Sequence[str]) -> Search:
    """Return the search for all of it; single words may stand in dictionaries, all eight not."""
    return Search(MARKERS.values(), stem=WHOLE, plain=joined(words))
