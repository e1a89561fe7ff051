# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two real desks of one office stay in step, also over a server that was away for a while."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.kit.desk_window import listening, unlock
from tests.kit.offices import PASSPHRASE, Office, Person, an_office, desk_of, wait
from tests.kit.programs import LINK, Program

pytestmark = pytest.mark.browser
SECOND = 1_000
SANA = {"answer": "Do not go home.", "note": "A bed in Ostrel."}
TIMUR = {"note": "I call her cousin.", "answer": "Is there a back door?"}
TEXTS = (*SANA.values(), *TIMUR.values())
NEW = "They are at the door of my aunt."
WATCH = """text => {
  window.stays = true;
  new MutationObserver((_, observer) => {
    if (!document.querySelector('#thread').innerText.includes(text)) return;
    window.cameAt = performance.timeOrigin + performance.now();
    observer.disconnect();
  }).observe(document.body, { childList: true, subtree: true });
}"""


class Window(NamedTuple):
    """One helper's window, and the program behind it."""

    page: Page
    desk: Program


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path) as office:
        yield office


@pytest.fixture
def person(office: Office) -> Person:
    """Somebody who has written already."""
    person = office.someone()
    person.write("My brother found my phone.")
    return person


@pytest.fixture
def windows(office: Office, person: Person, chromium: Browser) -> Iterator[tuple[Window, Window]]:
    """Both desks in windows of their own, at her conversation."""
    with ExitStack() as stack:
        first, second = (_window(office, number, chromium, stack) for number in (0, 1))
        yield first, second


def _window(office: Office, number: int, chromium: Browser, stack: ExitStack) -> Window:
    desk = stack.enter_context(desk_of(office, number))
    page = stack.enter_context(chromium.new_context(locale="en-GB")).new_page()
    unlock(page, desk.until(LINK)[1], PASSPHRASE)
    page.click("#queue .row .name")
    listening(page)
    page.evaluate(WATCH, NEW)
    return Window(page, desk)


def work_alone(page: Page, written: dict[str, str]) -> None:
    """Take the conversation, and write, while there is no server."""
    expect(page.locator(".status")).to_have_attribute("data-online", "no")
    page.click("#claim")
    expect(page.locator("#hold .claim")).to_have_count(1)
    for what, text in written.items():
        page.fill(f"#{what}-text", text)
        page.click(f"#{what} button")
        expect(page.locator("#thread")).to_contain_text(text)


def said(page: Page) -> list[str]:
    """Everything that was written, as it stands in a window."""
    return page.locator("#thread .text").all_inner_texts()


def come_to_one_state(office: Office, person: Person) -> None:
    """Both desks keep the same, once their programs have ended and what was left is sent."""
    with ExitStack() as stack:
        desks = [office.open(number) for number in (0, 1)]
        for desk in desks:
            stack.callback(desk.stop)
            desk.start()
        wait(lambda: not any(desk.status().unsent for desk in desks))
        first, second = desks
        talk = person.conversation
        wait(lambda: first.conversation(talk) == second.conversation(talk) is not None)


def test_two_desks_are_in_step_after_both_worked_without_the_server(
    office: Office, person: Person, windows: tuple[Window, Window]
) -> None:
    sana, timur = (window.page for window in windows)
    office.stop()
    work_alone(sana, SANA)
    work_alone(timur, TIMUR)
    assert not set(TIMUR.values()) & set(said(sana))
    office.start()
    for page in (sana, timur):
        for text in TEXTS:
            expect(page.locator("#thread")).to_contain_text(text)
        # Each took it without knowing of the other, and both are told.
        expect(page.locator("#hold .claim")).to_have_count(2)
        expect(page.locator(".mark[data-sent=yes]")).to_have_count(2)
    assert said(sana) == said(timur)
    assert sorted(person.answers()) == sorted((SANA["answer"], TIMUR["answer"]))

    person.write(NEW)
    receipt = time.time()
    for page in (sana, timur):
        expect(page.locator("#thread")).to_contain_text(NEW)
        came = page.evaluate("window.cameAt") / SECOND - receipt
        print(f"{came * SECOND:.0f} ms after the receipt")
        assert page.evaluate("window.stays")
    for _, desk in windows:
        desk.stop()
    come_to_one_state(office, person)
