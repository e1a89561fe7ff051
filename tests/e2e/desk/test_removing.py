# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague is taken: two stewards in their windows, and whoever sits at the removed device."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from safeconduct.rooms.crew import Role, Standing
from tests.kit.desk_window import Served, listening, unlock
from tests.kit.offices import PASSPHRASE, Office, Person, an_office, desk_of
from tests.kit.patience import PATIENCE
from tests.kit.programs import LINK
from tests.kit.rehearsal import rehearsal_roster

pytestmark = pytest.mark.browser
WHY = "Taken at the station at nine."
BACK = "I am back at my desk."
OUT = re.compile("больше не в составе офиса|не впускает это рабочее место")
"""What a removed desk says: of its removal if it heard of it before its access ended."""


class Windows(NamedTuple):
    """The windows of three colleagues: Sana and Mira are stewards, Timur reads Russian."""

    sana: Page
    timur: Page
    mira: Page

    def at(self, page: Page, path: str) -> None:
        """Go to a place by its address."""
        page.goto(re.sub(r"(://[^/]+)/.*", rf"\1{path}", page.url))


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with an_office(folder) as office:
        steward = frozenset({Role.STEWARD, Role.OPERATOR})
        office.admit(folder / "third", "Mira", "Mira's laptop", steward)
        yield office


@pytest.fixture
def person(office: Office) -> Person:
    """Somebody who has written already."""
    person = office.someone()
    person.write("My brother found my phone.")
    return person


@pytest.fixture
def windows(office: Office, person: Person, chromium: Browser) -> Iterator[Windows]:
    """Three desks, each in a window of its own, at Today."""
    assert person.conversation
    with ExitStack() as stack:
        locales = ("en-GB", "ru-RU", "ru-RU")
        pages = [
            _window(office, number, chromium, locale, stack)
            for number, locale in enumerate(locales)
        ]
        yield Windows(*pages)


def _window(office: Office, number: int, chromium: Browser, locale: str, stack: ExitStack) -> Page:
    desk = stack.enter_context(desk_of(office, number))
    page = stack.enter_context(chromium.new_context(locale=locale)).new_page()
    unlock(page, desk.until(LINK)[1], PASSPHRASE)
    listening(page)
    return page


def device(page: Page, name: str) -> Locator:
    """A device on the crew page."""
    return page.locator(".member").filter(has_text=name)


def suspend(windows: Windows, reason: str) -> None:
    """Let Sana suspend Timur's laptop, with a hand that presses twice."""
    sana = windows.sana
    windows.at(sana, "/crew")
    device(sana, "Timur's laptop").get_by_text("Suspend this device").click()
    sana.fill("#why", reason)
    sana.get_by_role("button", name="Suspend now").dblclick()
    expect(sana.locator("h1")).to_have_text("What this device could read")


def read_that_it_is_out(timur: Page) -> None:
    """Whoever sits at the device reads that it is out, in their language, and not why."""
    expect(timur.locator("#head")).to_contain_text(OUT)
    assert WHY not in timur.content()


def hears(windows: Windows, text: str) -> None:
    """Let Mira look at the crew again and again, until it says something of Timur's laptop."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        windows.at(windows.mira, "/crew")
        if text in device(windows.mira, "Timur's laptop").inner_text():
            return
        time.sleep(0.5)
    raise AssertionError(f"Mira's desk never says: {text}")


def ask(mira: Page, act: str) -> None:
    """Let Mira ask for something that takes two; who asked finds nothing to sign."""
    device(mira, "Timur's laptop").get_by_text(act).click()
    mira.get_by_role("button", name=act).click()
    expect(mira.locator("#asked")).to_contain_text("Об этом просите вы")
    assert mira.get_by_role("button", name="Подписать ").count() == 0


def sign(windows: Windows, path: str, becomes: str) -> None:
    """Let Sana sign as the second, with a hand that presses twice."""
    sana = windows.sana
    windows.at(sana, path)
    listening(sana)
    button = sana.get_by_role("button", name="Sign: ")
    expect(button).to_be_visible()
    button.dblclick()
    standing = device(sana, "Timur's laptop").locator(".standing strong")
    expect(standing).to_have_text(becomes)


def test_colleague_is_suspended_and_expelled_and_the_device_wipes_itself(
    windows: Windows, office: Office, person: Person
) -> None:
    sana, timur, mira = windows
    windows.at(timur, f"/hotline/{person.conversation.hex()}")
    suspend(windows, WHY)
    expect(sana.locator(".paper")).to_contain_text("The hotline")
    expect(sana.locator(".standing")).to_contain_text("suspended by you")
    read_that_it_is_out(timur)
    hears(windows, WHY)
    ask(mira, "Исключить")
    sign(windows, "/today", "expelled")
    keys = office.homes[1] / "keys"
    end = time.monotonic() + PATIENCE
    while keys.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not keys.exists()


def test_colleague_is_brought_back_by_two_and_goes_on(windows: Windows, person: Person) -> None:
    sana, timur, mira = windows
    windows.at(timur, f"/hotline/{person.conversation.hex()}")
    suspend(windows, "")
    read_that_it_is_out(timur)
    hears(windows, "отстранено")
    ask(mira, "Вернуть")
    sign(windows, "/crew", "belongs to the office")
    expect(timur.locator("#head")).not_to_contain_text(OUT)
    timur.fill("#note-text", BACK)
    timur.click("#note button")
    windows.at(sana, f"/hotline/{person.conversation.hex()}")
    expect(sana.locator("#thread")).to_contain_text(BACK)


def test_wrong_presses_do_nothing_and_late_ones_are_told_so(windows: Windows) -> None:
    sana, _, mira = windows
    suspend(windows, "")
    windows.at(sana, "/crew")
    device(sana, "Timur's laptop").get_by_text("Bring it back").click()
    sana.get_by_text("No, leave everything as it is").click()
    expect(device(sana, "Timur's laptop").locator("strong")).to_have_text("suspended")
    device(sana, "Timur's laptop").get_by_text("Bring it back").click()
    sana.get_by_role("button", name="Bring back").dblclick()
    expect(sana.locator("#asked article")).to_have_count(1)
    windows.at(mira, "/crew")
    sign = mira.get_by_role("button", name="Подписать ")
    expect(sign).to_be_visible()
    # A window that heard of nothing still shows the question.
    late = mira.context.new_page()
    late.route("**/crew/asked*", lambda route: route.abort())
    late.goto(mira.url)
    sign.click()
    expect(mira.locator("#notices")).to_contain_text("Подписано")
    late.get_by_role("button", name="Подписать ").click()
    expect(late.locator("#notices")).to_contain_text("Это уже никого не ждёт")


def test_a_device_is_suspended_without_script(plain: Page, served: Served) -> None:
    timur = rehearsal_roster()[1][2]
    plain.goto(f"{served.url}/crew")
    device(plain, "ноутбук Тимура").get_by_text("Suspend this device").click()
    plain.get_by_text("No, leave everything as it is").click()
    assert served.desk.roster().standing(timur) is Standing.STANDING
    device(plain, "ноутбук Тимура").get_by_text("Suspend this device").click()
    plain.fill("#why", "x" * 3_000)
    assert len(plain.input_value("#why")) == 2_000
    plain.get_by_role("button", name="Suspend now").click()
    expect(plain.locator("h1")).to_have_text("What this device could read")
    plain.go_back()
    plain.get_by_role("button", name="Suspend now").click()
    expect(plain.locator("#notices")).to_contain_text("This is done already")
    assert served.desk.roster().standing(timur) is Standing.SUSPENDED
    assert len(served.desk.roster().removals) == 1


def test_the_list_for_paper_fits_a_page_and_shows_no_button(page: Page, served: Served) -> None:
    timur = rehearsal_roster()[1][2]
    page.goto(f"{served.url}/crew/{timur.hex()}/could-read")
    page.emulate_media(media="print")
    for hidden in ("#head", ".way"):
        expect(page.locator(hidden)).to_be_hidden()
    page.set_viewport_size({"width": 794, "height": 1123})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shown = page.locator("main").inner_text()
    assert not re.search(r"[0-9a-f]{12}", shown)
