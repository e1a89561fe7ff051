# SPDX-License-Identifier: AGPL-3.0-or-later
"""A guide as whoever follows it reads it: what it says to type, to press and to look for.

Commands stand as code and begin with `safeconduct`; what the screen says stands in *italics*.
A walk takes each in its turn, so that a command or a button that was renamed, in the program or in
one language of the guide, ends it.
"""

from __future__ import annotations

import re
import shlex
from collections import deque
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page

GUIDES: Final = Path(__file__).parents[2] / "docs" / "guide"
SUFFIX: Final = {"en": ".md", "ru": ".ru.md"}
LOCALES: Final = {"en": "en-GB", "ru": "ru-RU"}
TONGUES: Final = {"en": "en_GB.UTF-8", "ru": "ru_RU.UTF-8"}
QUOTED: Final = re.compile(
    r"^    (safeconduct .+)$|`(safeconduct [^`]+)`|(?<!\*)\*([^*\n]+)\*(?!\*)", re.MULTILINE
)
ROW: Final = re.compile(r"^\| (.*?\.\.\..*?) \|", re.MULTILINE)


class Guide:
    """What a guide quotes, in the order in which it stands."""

    def __init__(self, name: str, language: str) -> None:
        """Read a guide in one language."""
        text = (GUIDES / f"{name}{SUFFIX[language]}").read_text(encoding="utf-8")
        self.left: Final[deque[str]] = deque(
            next(filter(None, found)) for found in QUOTED.findall(text)
        )
        self.failures: Final = [_parts(row) for row in ROW.findall(text)]
        """What a program says where something goes wrong: the parts of each message."""

    def said(self) -> str:
        """Return the words of the screen that come next."""
        words = self.left.popleft()
        assert not words.startswith("safeconduct"), f"a command and no words: {words}"
        return words

    def typed(self, **places: object) -> list[str]:
        """Return the next command, its words in capitals replaced in their order."""
        _, *words = shlex.split(self.left.popleft())
        values = iter(places.values())
        typed = [str(next(values)) if word.isupper() else word for word in words]
        assert not [*values], f"the command has no such place: {words}"
        return typed


def press(where: Page | Locator, name: str) -> None:
    """Press the one link or button of that name."""
    link = where.get_by_role("link", name=name, exact=True)
    link.or_(where.get_by_role("button", name=name, exact=True)).click()


def go(page: Page, place: str) -> None:
    """Go to a place by its name in the bar, where a number may stand beside it."""
    page.locator("header nav").get_by_role("link", name=re.compile(f"^{re.escape(place)}")).click()
    page.wait_for_load_state()


def _parts(row: str) -> list[str]:
    return [part.strip() for part in row.split("...") if part.strip()]
