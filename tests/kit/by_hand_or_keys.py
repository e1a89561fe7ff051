# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who works through pages of the desk, with a mouse or with the keyboard alone.

Both know a page by what it says: buttons and links by their names, fields by their labels.  From
the keyboard nothing is done that Tab does not reach, and nothing that keys do not do.
"""

from __future__ import annotations

import re
from typing import Final, Protocol

from playwright.sync_api import Locator, Page

TABS: Final = 400
"""More than any page of a case has."""
STEPS: Final = 60
FOCUSED: Final = "one => one === document.activeElement"
CHOSEN: Final = "one => one.selectedOptions[0].text.trim()"


class Hands(Protocol):
    """What somebody does with a page."""

    def follow(self, name: str) -> None:
        """Follow a link; returns when the next page is there."""

    def press(self, name: str) -> None:
        """Press a button that leads to another page."""

    def write(self, label: str, text: str) -> None:
        """Write into an empty field; a day is `ddmmyyyy`."""

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""

    def tick(self, label: str) -> None:
        """Tick a box."""


class Mouse:
    """With a mouse."""

    def __init__(self, page: Page) -> None:
        """Work on this page."""
        self.page = page

    def follow(self, name: str) -> None:
        """See Hands."""
        with self.page.expect_navigation():
            link(self.page, name).click()

    def press(self, name: str) -> None:
        """See Hands."""
        with self.page.expect_navigation():
            button(self.page, name).click()

    def write(self, label: str, text: str) -> None:
        """See Hands."""
        field(self.page, label).click()
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        """See Hands."""
        field(self.page, label).select_option(label=option)

    def tick(self, label: str) -> None:
        """See Hands."""
        field(self.page, label).check()


class Keyboard:
    """With the keyboard alone."""

    def __init__(self, page: Page) -> None:
        """Work on this page."""
        self.page = page

    def follow(self, name: str) -> None:
        """See Hands."""
        self._reach(link(self.page, name))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        """See Hands."""
        self._reach(button(self.page, name))
        with self.page.expect_navigation():
            self.page.keyboard.press("Space")

    def write(self, label: str, text: str) -> None:
        """See Hands."""
        self._reach(field(self.page, label))
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        """See Hands."""
        one = field(self.page, label)
        self._reach(one)
        self.page.keyboard.press("Home")
        for _ in range(STEPS):
            if one.evaluate(CHOSEN) == option:
                return
            self.page.keyboard.press("ArrowDown")
        message = f"{label} has no {option}"
        raise AssertionError(message)

    def tick(self, label: str) -> None:
        """See Hands."""
        self._reach(field(self.page, label))
        self.page.keyboard.press("Space")

    def _reach(self, one: Locator) -> None:
        handle = one.element_handle()
        for _ in range(TABS):
            if handle.evaluate(FOCUSED):
                return
            self.page.keyboard.press("Tab")
        message = f"{one} is not reached from the keyboard"
        raise AssertionError(message)


def link(page: Page, name: str) -> Locator:
    """Return the first link whose name begins so."""
    return page.locator("main").get_by_role("link", name=_said(name)).first


def button(page: Page, name: str) -> Locator:
    """Return the first button whose name begins so."""
    return page.locator("main").get_by_role("button", name=_said(name)).first


def field(page: Page, label: str) -> Locator:
    """Return the first field with this label."""
    return page.locator("main").get_by_label(_said(label)).first


def _said(name: str) -> re.Pattern[str]:
    """Match what begins so; before what only a screen reader says stands a space."""
    return re.compile(r"^\s*" + re.escape(name).replace(":", r"\s*:"))
