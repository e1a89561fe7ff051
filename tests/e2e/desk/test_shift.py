# SPDX-License-Identifier: AGPL-3.0-or-later
"""A moment of a shift at three in the morning, by keyboard alone: set, snooze, alarm, act."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from safeconduct.kernel.words import HOUR
from safeconduct.rooms.hotline.queue import place_of
from safeconduct.rooms.hotline.triage import Danger
from tests.kit.clocks import FixedClock
from tests.kit.desk_window import FOCUSED, Served, listening
from tests.kit.rehearsal import NIGHT

pytestmark = pytest.mark.browser
STEPS_MOST = 80


def tab_to(page: Page, id_or_name: str) -> None:
    """Press Tab until a field, a button or a summary has the focus."""
    asked = "[document.activeElement.id, document.activeElement.value, document.activeElement.text"
    asked += "Content.trim()].includes"
    for _ in range(STEPS_MOST):
        page.keyboard.press("Tab")
        if page.evaluate(f"{asked}({id_or_name!r})"):
            return
    raise AssertionError(id_or_name)


def press(page: Page, id_or_name: str) -> None:
    """Go there by keyboard and press Enter."""
    tab_to(page, id_or_name)
    page.keyboard.press("Enter")


def saved(page: Page) -> None:
    """It is said that it was saved, and the focus is where one goes on."""
    expect(page.locator(".notice", has_text="Saved.")).to_be_visible()
    assert page.evaluate("location.hash") == "#placing"
    listening(page)


def go(page: Page, key: str, where: str) -> None:
    """Go to a place of the desk by its key, which a page knows once its script has run."""
    listening(page)
    page.keyboard.press(key)
    page.wait_for_url(f"**/{where}")
    listening(page)


def set_danger_tags_snooze_and_next_contact(page: Page) -> None:
    """In a conversation, one after the other."""
    page.keyboard.press("d")
    assert page.evaluate(FOCUSED) == "danger-level"
    page.keyboard.type("Life")
    press(page, "danger")
    saved(page)
    press(page, "Tags")
    tab_to(page, "tags")
    page.keyboard.type("minor, passport")
    page.keyboard.press("Enter")
    saved(page)
    press(page, "Snooze")
    press(page, "snooze")
    saved(page)
    press(page, "Next word from them")
    tab_to(page, "contact-in")
    page.keyboard.type("in 30")
    press(page, "contact")
    saved(page)


def say_that_somebody_heard(page: Page) -> None:
    """In a conversation that the alarm led to."""
    expect(page.locator("#next-contact")).to_be_visible()
    tab_to(page, "heard")
    page.keyboard.press("Space")
    tab_to(page, "contact-reason")
    page.keyboard.type("Her sister called: she is on the bus.")
    page.keyboard.press("Enter")
    saved(page)


def test_one_moment_of_a_shift_by_keyboard_alone(page: Page, served: Served) -> None:
    talk = served.talks["amber lantern"]
    page.goto(served.path("amber lantern"))
    listening(page)
    set_danger_tags_snooze_and_next_contact(page)
    expect(page.locator("#place")).to_contain_text("life in danger now")
    go(page, "t", "today")
    # Who is in danger stays in the queue though somebody let it sleep, and it says so.
    first = page.locator("#queue .rows .row").first
    expect(first).to_contain_text("amber lantern")
    expect(first).to_contain_text("snoozed until")
    expect(page.locator("#alarm-title")).to_have_count(0)
    served.desk.clock = FixedClock(NIGHT + HOUR)
    go(page, "h", "hotline")
    expect(page.locator("#head")).to_contain_text("1 person has fallen silent.")
    go(page, "t", "today")
    for said in (
        "1 person has fallen silent. Act now.",
        "amber lantern",
        "And the stewards: Sana.",
    ):
        expect(page.locator(".alarm")).to_contain_text(said)
    press(page, f"silent-{talk.hex()}")
    say_that_somebody_heard(page)
    go(page, "t", "today")
    expect(page.locator(".alarm")).to_have_count(0)
    conversation = served.desk.conversation(talk)
    assert conversation is not None
    place = place_of(conversation)
    assert (place.danger, place.tags) == (Danger.LIFE, ("minor", "passport"))
    assert place.due_reason == "Her sister called: she is on the bus."


def test_what_was_typed_stays_when_it_is_refused_also_without_script(
    plain: Page, served: Served
) -> None:
    plain.goto(served.path("amber lantern"))
    plain.click("summary >> text=Deadline")
    plain.fill("#deadline-at", "2020-01-01T03:10")
    plain.fill("#deadline-reason", "The bus leaves.")
    plain.click("button >> text=Set the deadline")
    expect(plain.locator("#deadline-refused")).to_contain_text("still to come")
    assert plain.input_value("#deadline-reason") == "The bus leaves."
    assert plain.input_value("#deadline-at") == "2020-01-01T03:10"
