# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hostile sender in a real browser: one press and it is out of sight, one more and it is back."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from safeconduct.rooms.hotline.queue import Weight
from tests.kit.desk_window import Served

pytestmark = pytest.mark.browser


def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("SAFECONDUCT_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_one_press_puts_a_hostile_sender_away_and_one_brings_it_back(
    page: Page, served: Served
) -> None:
    page.goto(served.path("quiet orchard"))
    page.click("#mark-hostile")
    expect(page.locator("#hostile")).to_contain_text("Marked hostile by you")
    expect(page.locator("#place")).to_contain_text("marked hostile")
    picture(page, "hostile-conversation")
    page.goto(served.path("quiet orchard").rsplit("/hotline", 1)[0] + "/today")
    expect(page.locator("#queue")).not_to_contain_text("quiet orchard")
    page.get_by_role("link", name="1 conversation is put away as hostile").click()
    expect(page.locator("#rows")).to_contain_text("quiet orchard")
    expect(page.locator("#rows")).not_to_contain_text("real hotline")
    picture(page, "hostile-list")
    page.get_by_role("link", name="quiet orchard").click()
    expect(page.locator("#thread")).to_contain_text("real hotline")
    page.click("#not-hostile")
    expect(page.locator("#hostile")).not_to_contain_text("Marked hostile")
    page.goto(page.url.rsplit("/hotline", 1)[0] + "/hotline")
    expect(page.locator("#rows")).to_contain_text("quiet orchard")


def test_many_that_say_the_same_are_opened_from_one_row_and_put_away_by_one_press(
    page: Page, served: Served
) -> None:
    desk = served.desk
    for number, name in enumerate(("calm river", "grey stone", "long road", "slow mill")):
        talk = desk.receive(name, "You sold your own people, and we will come at night.")
        said = Weight(band=5 + number, others=number, long=True, kind=b"k" * 32)
        desk.triage.weights[talk] = said
    page.goto(f"{served.url}/hotline")
    page.get_by_role("link", name="and 3 that say nearly the same").click()
    expect(page.locator("h1")).to_contain_text("Nearly the same words")
    expect(page.locator("#crowd")).to_contain_text("4 conversations say this.")
    picture(page, "crowd-list")
    page.goto(f"{served.url}/today")
    picture(page, "crowd-today")
    page.go_back()
    page.click("#mark-crowd")
    expect(page.locator("#rows")).to_contain_text("and 2 that say nearly the same")
