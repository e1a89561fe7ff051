# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is being written when a page is left, in both browsers."""

import pytest

from safeconduct.edges.desk.app import link_of
from tests.kit.browsers import KINDS, browser
from tests.kit.desk_window import Served

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_typed_last_is_there_when_the_page_is_loaded_anew_at_once(
    served: Served, kind: str
) -> None:
    with browser(kind) as page:
        page.goto(link_of(served.settings))
        page.wait_visible("#passphrase")
        page.fill("#passphrase", "any")
        page.press("Enter")
        page.wait("location.pathname === '/today'")
        page.goto(served.path("quiet orchard"))
        for whole in ("one", "one two", "one two three"):
            page.evaluate("document.querySelector('#note-text').setSelectionRange(99, 99)")
            page.type("#note-text", whole.removeprefix(whole.rpartition(" ")[0]))
            page.goto(served.path("quiet orchard"))
            assert page.evaluate("document.querySelector('#note-text').defaultValue") == whole
