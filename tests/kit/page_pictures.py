# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide's pictures of the public page, anew: `python -m tests.kit.page_pictures docs/guide`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from tests.kit.browsers import browser
from tests.kit.stage import stage

WITHOUT: Final = "https://without.example.org/"
SIZE: Final = (390, 844)
CHOOSE: Final = "document.querySelector('#{}').value = '{}'"
TEXTS: Final = {
    "en": ("en", False, "They took my brother on Monday."),
    "ru-dark": ("ru", True, "В понедельник забрали моего брата."),
}
"""By picture: the page's language, whether it is dark, and what she wrote."""


def main(folder: Path) -> None:
    """Take the short questions, a few of them answered."""
    with stage(counter_url=WITHOUT) as office, browser("chromium") as page:
        page.view(*SIZE)
        for name, (language, dark, text) in TEXTS.items():
            page.language(language)
            page.dark(on=dark)
            page.goto(office.url)
            page.wait_visible("#to-write")
            page.click("#to-write")
            page.click("#contact summary")
            page.evaluate(CHOOSE.format("danger_today", "yes"))
            page.evaluate(CHOOSE.format("for_whom", "taken"))
            page.click("#evening")
            page.fill("#text", text)
            page.evaluate("document.activeElement.blur()")
            page.shot(folder / f"portal-questions-{name}.png", full=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
