# SPDX-License-Identifier: AGPL-3.0-or-later
"""At three in the morning by keyboard alone: a call is typed in, and a colleague looks again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from safeconduct.edges.desk.looks_api import ToAsk
from tests.e2e.desk.test_shift import go, press, tab_to
from tests.kit.desk_window import FOCUSED, Served, listening
from tests.kit.rehearsal import rehearsal_roster

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("SAFECONDUCT_PICTURES", "")
"""A folder for pictures that somebody looks at; none are taken without it."""


def picture(page: Page, name: str) -> None:
    """Take a picture of the whole page."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def typed(page: Page, field: str, text: str) -> None:
    """Go to a field and type."""
    tab_to(page, field)
    page.keyboard.type(text)


def kept(page: Page) -> None:
    """The desk says that it has the draft."""
    expect(page.locator(".draft [role=status]").first).to_contain_text("Draft saved")


def type_a_call(page: Page) -> None:
    """From anywhere: open the form and fill in some of it."""
    go(page, "h", "hotline")
    press(page, "by-hand-link")
    page.wait_for_url("**/hotline/by-hand")
    listening(page)
    typed(page, "by-hand-text", "Her brother was taken on Thursday.")
    typed(page, "by-hand-danger", "y")
    typed(page, "by-hand-way", "A rel")
    typed(page, "by-hand-speaker", "A sister, for her brother")
    kept(page)


def test_a_call_is_typed_in_and_survives_a_window_that_dies(page: Page, served: Served) -> None:
    type_a_call(page)
    page.goto("about:blank")
    page.goto(f"{served.url}/hotline/by-hand")
    listening(page)
    expect(page.locator("#by-hand-text")).to_have_value("Her brother was taken on Thursday.")
    expect(page.locator("#by-hand-danger")).to_have_value("yes")
    expect(page.locator("#by-hand-way")).to_have_value("behalf")
    picture(page, "by-hand-form")
    press(page, "Save the contact")
    expect(page.locator(".notice", has_text="The contact is noted.")).to_be_visible()
    expect(page.locator("#place")).to_contain_text("says: in danger today")
    expect(page.locator("#answer")).to_contain_text("has no words of ours")
    listening(page)
    picture(page, "by-hand-talk")
    page.keyboard.press("a")
    assert page.evaluate(FOCUSED) == "answer-text"
    page.keyboard.type("Stay with the neighbour until six.")
    press(page, "Note it; nothing is sent")
    expect(page.locator("#thread")).to_contain_text("Told by another way, by you")
    page.goto(f"{served.url}/hotline/by-hand")
    expect(page.locator("#by-hand-text")).to_have_value("")


def ask_about_a_draft(page: Page, served: Served) -> None:
    """Begin an answer, and ask for a second look at it."""
    page.goto(served.path("amber lantern"))
    listening(page)
    page.keyboard.press("a")
    page.keyboard.type("Come to the second door.")
    kept(page)
    press(page, "Ask for a second look")
    typed(page, "look-question", "Does this say too much?")
    press(page, "look-send")
    expect(page.locator("#looks")).to_contain_text("Come to the second door.")


def test_a_second_look_is_asked_and_given_by_keyboard(page: Page, served: Served) -> None:
    talk, (_, mira, *_) = served.talks["amber lantern"], rehearsal_roster()[1]
    ask_about_a_draft(page, served)
    other = served.desk.by(mira)
    (asked,) = other.looks.for_us()
    other.looks.give(talk, asked.look.fact, "change", "Leave the door out.")
    other.looks.ask(talk, ToAsk("And who drives?"))
    go(page, "t", "today")
    expect(page.locator("#looks-today")).to_contain_text("A colleague asks for your eyes")
    expect(page.locator("#looks-today")).to_contain_text("A colleague has looked")
    picture(page, "looks-today")
    (ours,) = served.desk.looks.for_us()
    press(page, f"look-{ours.look.fact.hex()[:16]}")
    page.wait_for_url(f"**/{talk.hex()}")
    listening(page)
    picture(page, "looks-talk")
    typed(page, "look-text", "Nobody yet.")
    press(page, "look-change")
    expect(page.locator(".notice", has_text="Saved.")).to_be_visible()
    assert not served.desk.looks.for_us()


def test_a_steward_goes_from_a_number_to_what_it_counts(page: Page, served: Served) -> None:
    go(page, "h", "hotline")
    press(page, "overview-link")
    page.wait_for_url("**/overview")
    listening(page)
    picture(page, "overview")
    press(page, "Wait, and nobody holds them")
    page.wait_for_url("**/hotline?show=nobody")


def test_the_pages_read_in_russian_also_on_a_phone(page: Page, served: Served) -> None:
    served.desk.looks.ask(served.talks["amber lantern"], ToAsk("Это не слишком?"))
    served.settings.session.language = "ru"
    page.set_viewport_size({"width": 360, "height": 800})
    for path, said, name in (
        ("/hotline/by-hand", "Записать звонок или встречу", "by-hand-ru"),
        ("/overview", "Ждут второго взгляда", "overview-ru"),
        (served.path("amber lantern"), "Попросить о втором взгляде", "looks-ru"),
    ):
        page.goto(path if path.startswith("http") else f"{served.url}{path}")
        expect(page.locator("main")).to_contain_text(said)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360
        picture(page, name)
