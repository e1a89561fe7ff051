# SPDX-License-Identifier: AGPL-3.0-or-later
"""Today says what this version cannot notice (spec/journal.md 9)."""

import pytest

from tests.unit.edges.desk.pages.window import Window


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "cannot be noticed from one desk"), ("ru", "с одного не заметить")],
)
def test_today_tells_that_withholding_cannot_be_noticed(
    window: Window, language: str, words: str
) -> None:
    window.client.headers["Accept-Language"] = language
    assert words in window.pages.get("/today").text
    assert words not in window.pages.get("/crew").text
