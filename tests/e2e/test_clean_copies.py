# SPDX-License-Identifier: AGPL-3.0-or-later
"""A photograph from the person's browser to a helper's eyes: sealed, sent, opened, copied, blurred.

Server, desk, sandbox and both browsers are the real ones.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from tests.kit import strangers_files as files
from tests.kit.chromium import started
from tests.kit.desk_window import Served as DeskWindow
from tests.kit.desk_window import enter, escape_twice, served_desk
from tests.kit.serving import Served, served_office
from tests.kit.visiting import visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEXT = "Это моя спина."
BLUR = "getComputedStyle(document.querySelector('.copies img')).filter"
PICTURES = (b"\x89PNG", b"IHDR", b"\xff\xd8\xff\xe1", files.SERIAL.encode())
"""What an opened original or its copy would show on a disk."""


def send(served: Served, photograph: Path) -> None:
    """Send a photograph through the public page."""
    with visit("chromium") as page:
        page.goto(served.url)
        page.wait_visible("#to-write")
        page.click("#to-write")
        page.type("#text", TEXT)
        page.upload("#files", photograph)
        page.click("#send")
        page.wait_visible("#keep")
        page.wait_text("#carry-state", "Everything is there")


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for them."""
    if folder := os.environ.get("SAFECONDUCT_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def look(page: Page) -> None:
    """Look at the photograph as a helper: blurred, by key, clearly, blurred again, and gone."""
    page.get_by_role("link", name="Look").click()
    expect(page.locator("#clear")).to_be_focused()
    assert page.evaluate(BLUR).startswith("blur(")
    expect(page.locator("main")).to_contain_text(TEXT)
    expect(page.locator("main .notice")).to_contain_text("says where it was taken")
    expect(page.locator("dl.told")).to_contain_text(files.PLACE)
    picture(page, "blurred")
    page.keyboard.press("Space")
    assert page.evaluate(BLUR) == "none"
    width = "document.querySelector('.copies img').naturalWidth"
    assert page.evaluate(width) == 320
    picture(page, "clear")
    page.get_by_text("Show it clearly").click()
    assert page.evaluate(BLUR).startswith("blur(")
    page.reload()
    assert page.evaluate(BLUR).startswith("blur(")
    page.keyboard.press("Space")
    escape_twice(page)
    page.wait_for_url("**/locked*")
    expect(page.locator(".copies")).to_have_count(0)


def attempt(window: DeskWindow, page: Page) -> BaseException | None:
    """Look at it in a window of the desk; return what went wrong."""
    try:
        enter(page, window)
        page.goto(window.path("she"))
        look(page)
    except (AssertionError, Error) as error:
        return error
    return None


def test_a_photograph_comes_blurred_with_its_warning_and_leaves_nothing_on_the_disk(
    tmp_path: Path,
) -> None:
    photograph = tmp_path / "IMG 0231.JPG"
    photograph.write_bytes(files.photograph())
    with served_office() as served, started() as chromium:
        send(served, photograph)
        desk: Any = served.desk
        talks = {"she": served.letter(TEXT).id}
        with served_desk(lambda: (desk, talks)) as window:
            # What fails is kept until the window's server has ended.
            failed = attempt(window, window.watch(chromium.new_page(locale="en-GB")))
            chromium.close()
        if failed is not None:
            raise failed
        assert not window.complaints
        left = [path for path in served.folder.rglob("*") if path.is_file()]
        assert left
        held = {path.name for path in left for mark in PICTURES if mark in path.read_bytes()}
        assert not held
