# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where things stand on the pages of a night, in a browser, and how each is looked at.

`SAFECONDUCT_PICTURES=FOLDER` keeps pictures of each page, to be looked at by a person.
"""

import os
import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.kit.axe import assert_accessible
from tests.kit.by_hand_or_keys import Keyboard

PICTURES: Final = os.environ.get("SAFECONDUCT_PICTURES", "")
SIZES: Final = {"phone": (360, 780), "wide": (1280, 900)}
TOO_WIDE: Final = """() => {
    const most = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= most) return [];
    const wide = [...document.body.querySelectorAll('*')].filter(
        (one) => one.getBoundingClientRect().right > most + 1);
    return wide.map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 40)}`);
}"""


def look(page: Page, name: str) -> None:
    """A page is fit for everybody, also on a narrow phone; keep pictures of it, in both lights."""
    for size, (wide, high) in SIZES.items():
        page.set_viewport_size({"width": wide, "height": high})
        assert not page.evaluate(TOO_WIDE), (name, wide)
        for light in ("light", "dark") if PICTURES else ():
            page.emulate_media(color_scheme=light)
            page.screenshot(path=Path(PICTURES) / f"{name}-{size}-{light}.png", full_page=True)
    page.evaluate("scrollTo(0, 0)")  # What the head lies over is not there for axe.
    assert_accessible(page, name)


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


def fill(
    keys: Keyboard, said: dict[str, str], chosen: dict[str, str], then: str = "Saved."
) -> None:
    """Fill a sheet's form by keyboard and save it; choices by a part of their words."""
    for label, text in said.items():
        keys.write(label, text)
    for label, part in chosen.items():
        keys.choose(label, option(keys.page, label, part))
    keys.press("Save")
    expect(keys.page.locator("main")).to_contain_text(then)
