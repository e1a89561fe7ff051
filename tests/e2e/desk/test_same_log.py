# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two people compare four words, and Today says whose desk fell silent; in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from safeconduct.rooms.crew.same_log import log_words
from safeconduct.rooms.crew.watching import Watch
from tests.kit.desk_window import Served, listening
from tests.kit.rehearsal import rehearsal_roster

pytestmark = pytest.mark.browser
MIRA = rehearsal_roster()[1][1]
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.mark.parametrize(("language", "width"), [("en", 1100), ("ru", 390)])
def test_four_words_are_found_typed_for_and_read(
    page: Page, served: Served, language: str, width: int
) -> None:
    served.settings.session.language = language
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{served.url}/today")
    listening(page)
    served.desk.watch = Watch((), (MIRA,))
    served.desk.relay_goes(online=True)
    silent = page.locator("#queue [role=status]")
    expect(silent).to_contain_text("Mira")
    silent.locator("a").click()
    expect(page.locator("#n")).to_be_focused()
    page.keyboard.type("99999")
    page.keyboard.press("Enter")
    expect(page.locator("#reason")).to_be_visible()
    (refused,) = served.complaints
    assert "422" in refused
    served.complaints.clear()
    page.fill("#n", "1 200")
    page.keyboard.press("Enter")
    words = " ".join(log_words(b"office key", 1_200, bytes(32), language))
    expect(page.locator(".spoken dd").first).to_have_text(words)
    assert page.evaluate(FITS)
