# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where things stand on the pages of a night, in a browser."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.kit.by_hand_or_keys import Keyboard


def at(page: Page, path: str) -> None:
    """Open a page of a desk."""
    page.goto(page.evaluate("location.origin") + path)


def option(page: Page, label: str, part: str) -> str:
    """The whole text of the choice that says these words."""
    said = re.compile(rf"\b{re.escape(part)}\b")
    found = page.locator("main").get_by_label(label).first.locator("option", has_text=said)
    return found.first.inner_text()


def heading(page: Page) -> str:
    """What the page is about."""
    return page.locator("h1").inner_text()


def bed(page: Page) -> Locator:
    """The first house of tonight."""
    return page.locator("li.bed").first


def leg(page: Page) -> Locator:
    """The first leg of the next 72 hours."""
    return page.locator("li.leg-soon").first


def fill(keys: Keyboard, said: dict[str, str], chosen: dict[str, str]) -> None:
    """Fill a sheet's form by keyboard and save it; choices by a part of their words."""
    for label, text in said.items():
        keys.write(label, text)
    for label, part in chosen.items():
        keys.choose(label, option(keys.page, label, part))
    keys.press("Save")
    expect(keys.page.locator("main")).to_contain_text("Saved.")
