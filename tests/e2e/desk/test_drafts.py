# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is being written when a page is left, in both browsers."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from safeconduct.edges.desk.app import link_of
from tests.kit.browsers import KINDS
from tests.kit.desk_window import Served
from tests.kit.visiting import visit

pytestmark = pytest.mark.browser


def test_a_reason_half_written_asks_before_it_is_lost(page: Page, served: Served) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(served.path("amber lantern"))
    page.click("#next-word summary")
    page.fill("#contact-reason", "Her sister called: she is on the bus.")
    page.press("#contact-reason", "Escape")
    page.keyboard.press("t")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.click("#lock")
    expect(page.locator("#draft")).to_contain_text("Press Lock once more")
    page.click("#keep-draft")
    assert page.input_value("#contact-reason") == "Her sister called: she is on the bus."
    page.get_by_role("button", name="Set the next time").click()
    expect(page.locator("#notices")).to_contain_text("Saved.")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_typed_last_is_there_when_the_page_is_loaded_anew_at_once(
    served: Served, kind: str
) -> None:
    with visit(kind) as page:
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
            # The desk may have it a moment after it made this page.
            page.wait(f"document.querySelector('#note-text').value === {whole!r}")


def test_what_no_draft_is_kept_of_asks_before_it_is_lost(page: Page, served: Served) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"{served.url}/exports")
    page.fill("#reason", "The court asks for it.")
    page.click("#go-crew")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.click("#lock")
    expect(page.locator("#draft")).to_contain_text("Press Lock once more")
    page.click("#keep-draft")
    assert page.input_value("#reason") == "The court asks for it."
    page.fill("#recipient", "the lawyer")
    page.check("#scope-all")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("You are the only steward")
    assert asked == ["beforeunload"]
