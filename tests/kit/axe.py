# SPDX-License-Identifier: AGPL-3.0-or-later
"""axe-core over a page that a browser shows: what it finds against people who see or hear less.

The rules are those of WCAG 2.0 to 2.2 at levels A and AA, and axe's own best practices.
What no machine can judge, such as whether words are understood, it leaves open.

Example: `assert_accessible(page, "the eight words")`
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Page

LIBRARY: Final = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
"""Pinned in package-lock.json; MPL-2.0, and part of nothing that is given away."""
EVERY_RULE: Final = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
OF_COLOURS: Final = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
CHECKS: Final[tuple[tuple[Literal["light", "dark"], Mapping[str, object]], ...]] = (
    ("light", EVERY_RULE),
    ("dark", OF_COLOURS),
)
RUN: Final = """async (runOnly) => {
    const { violations } = await axe.run(document, { runOnly, resultTypes: ['violations'] });
    const told = ({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`;
    return violations.map(({ id, help, nodes }) => [id, help, ...nodes.map(told)]);
}"""


@cache
def _library() -> str:
    return LIBRARY.read_text(encoding="utf-8")


def violations(page: Page) -> list[list[Any]]:
    """Return what axe finds on the page as it is now: light or dark, rule, help, elements."""
    # Both go through the debugger: the page's own policy, which lets no such script in, may stand.
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_library())
    found = []
    for scheme, rules in CHECKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [[scheme, *one] for one in page.evaluate(RUN, rules)]
    return found


def assert_accessible(page: Page, state: str) -> None:
    """Check a page as it is now, in light and in dark colours."""
    found = violations(page)
    assert not found, "\n".join(f"{state}: {one}" for one in found)
