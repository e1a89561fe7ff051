# SPDX-License-Identifier: AGPL-3.0-or-later
"""The panic key, and what a window shows when its desk locks, in Chromium."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.kit.desk_window import Served, escape_twice, listening

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
        escape_twice(page)
    page.wait_for_url("**/locked*")
    assert served.desk.drafts(served.talks["quiet orchard"]).note == "She is nineteen"


def test_a_window_goes_on_to_the_page_that_will_say_what_waits(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/settings")
    page.check("#waits")
    page.click('[action="/waits"] button')
    page.goto(f"{served.url}/today")
    listening(page)
    served.front.live.end()
    page.wait_for_url("**/locked?language=en")
    expect(page.locator("main")).to_contain_text("it says here when something new has come")
