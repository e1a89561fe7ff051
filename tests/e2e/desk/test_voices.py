# SPDX-License-Identifier: AGPL-3.0-or-later
"""A helper hears a voice message in the browser, goes to a time of it, and writes it down.

`SAFECONDUCT_PICTURES=FOLDER` keeps a picture of each screen, to be looked at by a person.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.kit.desk_window import Served, enter
from tests.kit.patience import PATIENCE
from tests.kit.spoken_messages import BEGUN, ended, pieces, tone

pytestmark = pytest.mark.browser
SECONDS: Final = 25
PICTURES: Final = os.environ.get("SAFECONDUCT_PICTURES", "")
PLAYED: Final = "document.querySelector('audio').currentTime > {}"
LENGTH: Final = "document.querySelector('audio').duration"


def call(served: Served) -> str:
    """Let somebody speak for 25 seconds; return where the conversation is."""
    desk = served.desk
    talk = desk.receive("tin whistle", "", files=pieces(tone(SECONDS)), extras=BEGUN)
    desk.receive("tin whistle", "", conversation=talk, extras=ended(SECONDS, cut=True))
    served.talks["tin whistle"] = talk
    return served.path("tin whistle")


def picture(page: Page, name: str) -> None:
    """Keep a picture, if anybody wants to look at it."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"voice-{name}.png", full_page=True)


def until_played(page: Page, seconds: float) -> None:
    """Wait for the player to come to a time; the page's policy lets nothing wait inside it."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(PLAYED.format(seconds)):
        assert time.monotonic() < end
        page.wait_for_timeout(50)


def test_a_voice_message_is_played_from_the_desk_and_written_down(
    page: Page, served: Served
) -> None:
    page.goto(call(served))
    player = page.locator("audio")
    expect(page.locator("#thread")).to_contain_text("Cut off")
    expect(page.locator("#thread")).to_contain_text("All that was said is here.")
    player.evaluate("async (audio) => { await audio.play(); }")
    until_played(page, 0.3)
    assert page.evaluate(LENGTH) == SECONDS
    player.evaluate("(audio) => { audio.currentTime = 20; }")
    until_played(page, 20.2)
    picture(page, "thread-en")
    page.click("text=Write down what it says")
    page.fill("#transcript-text", "They came at six to the mill.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".heard")).to_contain_text("They came at six to the mill.")
    picture(page, "page-en")
    page.goto(f"{served.url}/search?q=mill")
    page.goto(served.path("tin whistle"))
    expect(page.locator(".heard")).to_contain_text("They came at six to the mill.")


def test_a_colleague_writing_does_not_stop_the_sound(page: Page, served: Served) -> None:
    page.goto(call(served))
    page.locator("audio").evaluate("async (audio) => { await audio.play(); }")
    until_played(page, 0.3)
    served.desk.note(served.talks["tin whistle"], "I hear it, too.")
    expect(page.locator("#thread")).to_contain_text("I hear it, too.")
    until_played(page, 1)
    assert not page.evaluate("document.querySelector('audio').paused")


def test_without_scripts_it_has_the_browsers_player_and_a_form(plain: Page, served: Served) -> None:
    plain.goto(call(served))
    assert plain.locator("audio[controls]").count() == 1
    plain.click("text=How much of it is here")
    expect(plain.locator("main")).to_contain_text("All that was said is here.")
    plain.fill("#transcript-text", "They came at six.")
    plain.click("text=Save what it says")
    expect(plain.locator(".heard")).to_contain_text("They came at six.")


def test_in_russian_on_a_narrow_screen(served: Served, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 400, "height": 800}, locale="ru-RU")
    page = served.watch(context.new_page())
    enter(page, served)
    page.goto(call(served))
    expect(page.locator("#thread")).to_contain_text("Оборвано")
    expect(page.locator("#thread")).to_contain_text("Здесь всё, что было сказано.")
    picture(page, "thread-ru")
    page.click("text=Записать, что сказано")
    page.fill("#transcript-text", "Пришли в шесть, на мельницу.")
    page.click("text=Сохранить запись")
    expect(page.locator(".heard")).to_contain_text("на мельницу")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "page-ru")
    context.close()
    assert not served.complaints
