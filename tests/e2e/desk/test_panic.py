# SPDX-License-Identifier: AGPL-3.0-or-later
"""The panic key, in Chromium."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.kit.desk_window import Served

SECOND = 1000


def test_the_panic_key_clears_the_screen_and_locks_while_one_types(
    page: Page, served: Served
) -> None:
    page.goto(served.path("quiet orchard"))
    page.fill("#note-text", "She is nineteen")
    page.locator("#note-text").focus()
    page.keyboard.press("Escape")
    page.wait_for_timeout(SECOND)
    page.keyboard.press("Escape")
    page.wait_for_timeout(SECOND)
    expect(page).to_have_url(served.path("quiet orchard"))
    page.evaluate(
        "addEventListener('keydown', () => console.log(getComputedStyle(document.body).visibility))"
    )
    with page.expect_console_message(lambda said: said.text == "hidden"):
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.wait_for_url("**/locked*")
    assert served.desk.drafts(served.talks["quiet orchard"]).note == "She is nineteen"
