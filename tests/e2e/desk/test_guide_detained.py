# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guide "A colleague has been detained" is walked on a running office, as it stands."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from safeconduct.rooms.crew import Role
from tests.kit.desk_window import listening, unlock
from tests.kit.guides import LOCALES, Guide, go, press
from tests.kit.offices import PASSPHRASE, Office, Person, an_office, desk_of
from tests.kit.patience import PATIENCE
from tests.kit.programs import LINK, Program

pytestmark = pytest.mark.browser
LAPTOP, TABLET = "Timur's laptop", "Timur's tablet"
LATE = "Written while nobody had heard yet."
HELPER = frozenset({Role.OPERATOR})


@dataclass(frozen=True)
class Walk:
    """The guide in one language, and the windows of Sana, Timur and Mira; Timur is taken."""

    guide: Guide
    office: Office
    people: tuple[Person, Person]
    windows: tuple[Page, ...]
    desks: tuple[Program, ...]
    names: dict[str, str] = field(default_factory=dict)
    """What is pressed again later on."""


@pytest.fixture(params=["en", "ru"])
def walk(request: pytest.FixtureRequest, tmp_path: Path, chromium: Browser) -> Iterator[Walk]:
    """Sana and Mira are stewards; Timur holds two conversations and has two devices."""
    with an_office(tmp_path) as office, ExitStack() as stack:
        office.admit(tmp_path / "third", "Mira", "Mira's laptop", HELPER | {Role.STEWARD})
        office.admit(tmp_path / "fourth", "Timur", TABLET, HELPER)
        people = (office.someone(), office.someone())
        for person in people:
            person.write("My brother found my phone.")
        desks = tuple(stack.enter_context(desk_of(office, number)) for number in range(3))
        pages = []
        for desk in desks:
            context = stack.enter_context(chromium.new_context(locale=LOCALES[request.param]))
            pages.append(context.new_page())
            unlock(pages[-1], desk.until(LINK)[1], PASSPHRASE)
            listening(pages[-1])
        for person in people:
            talk(pages[1], person)
            pages[1].click("#claim")
            expect(pages[1].locator("#release")).to_be_visible()
        yield Walk(Guide("detained", request.param), office, people, tuple(pages), desks)


def talk(page: Page, person: Person) -> None:
    """Open a person's conversation by its address."""
    origin = page.evaluate("location.origin")
    page.goto(f"{origin}/hotline/{person.conversation.hex()}")


def device(page: Page, name: str) -> Locator:
    """A device on the crew page."""
    return page.locator(".member").filter(has_text=name)


def stands(page: Page, name: str, how: str) -> None:
    """See how a device stands."""
    expect(device(page, name).locator(f"[data-standing={how}]")).to_be_visible()


def test_every_step_of_the_first_ten_minutes_can_be_done(walk: Walk) -> None:
    the_first_minute(walk)
    what_it_could_read(walk)
    those_who_were_looked_after(walk)
    expelled_by_two(walk)
    what_came_late_and_who_came_back(walk)
    assert not walk.guide.left
    the_device_at_which_one_sits(walk)


def the_first_minute(walk: Walk) -> None:
    """Suspend both devices without the server, while somebody still writes at one of them."""
    guide, (sana, timur, mira) = walk.guide, walk.windows
    go(sana, guide.said())
    expect(device(sana, "Mira's laptop").locator(".roles")).to_contain_text(guide.said())
    walk.office.stop()
    walk.names.update((name, guide.said()) for name in ("crew", "suspend", "now", "lock"))
    for name in (LAPTOP, TABLET):
        suspend(walk, sana, name)
    walk.desks[0].process.send_signal(signal.SIGSTOP)
    walk.office.start()
    timur.fill("#note-text", LATE)
    timur.click("#note button")
    talk(mira, walk.people[1])
    expect(mira.locator("#thread")).to_contain_text(LATE)
    walk.desks[0].process.send_signal(signal.SIGCONT)
    expect(mira.locator("#thread")).not_to_contain_text(LATE)


def suspend(walk: Walk, page: Page, name: str) -> None:
    """Suspend a device as the guide says."""
    go(page, walk.names["crew"])
    press(device(page, name), walk.names["suspend"])
    press(page, walk.names["now"])
    expect(page.locator(".paper [data-standing=suspended]")).to_be_visible()


def what_it_could_read(walk: Walk) -> None:
    """Look at the lists, and find somebody who stands on one."""
    guide, sana = walk.guide, walk.windows[0]
    name = sana.locator(".paper .talks bdi").first.inner_text()
    go(sana, guide.said())
    sana.fill("main input[type=search]", name)
    sana.press("main input[type=search]", "Enter")
    sana.locator("main").get_by_role("link", name=name).first.click()
    expect(sana.locator("h1")).to_have_text(name)
    crew = guide.said()
    for seen in (".vaults", ".deeds"):
        go(sana, crew)
        press(device(sana, LAPTOP), guide.said())
        expect(sana.locator(seen)).to_be_visible()


def those_who_were_looked_after(walk: Walk) -> None:
    """Take over one conversation by itself, and what is left in one act."""
    guide, (sana, _, mira) = walk.guide, walk.windows
    go(mira, guide.said())
    press(mira, guide.said())
    mira.locator(".rows .row").filter(has_text="Timur").first.locator(".name").click()
    press(mira, guide.said())
    expect(mira.locator("#release")).to_be_visible()
    go(sana, guide.said())
    press(device(sana, LAPTOP), guide.said())
    taker = sana.locator("#to option", has_text="Sana · Sana's laptop")
    sana.locator("#to").select_option(taker.get_attribute("value"))
    press(sana, guide.said())
    expect(sana.locator("#held-title .count")).to_have_text("0")
    expect(sana.locator("#head")).to_contain_text(guide.said())
    walk.names.update(list=guide.said(), renewed=guide.said())
    keys_are_renewed(walk, LAPTOP)


def keys_are_renewed(walk: Walk, name: str) -> None:
    """Open a device's list anew until it says so of all that lies open to it."""
    sana, end = walk.windows[0], time.monotonic() + PATIENCE
    while time.monotonic() < end:
        go(sana, walk.names["crew"])
        press(device(sana, name), walk.names["list"])
        said = sana.locator(".vaults > li:has(.facts)").all_inner_texts()
        if said and all(walk.names["renewed"] in one for one in said):
            return
        time.sleep(0.5)
    raise AssertionError(f"the keys of {name} are never renewed")


def expelled_by_two(walk: Walk) -> None:
    """Expel the laptop; it wipes itself where somebody has it open."""
    guide, (sana, _, mira) = walk.guide, walk.windows
    go(sana, walk.names["crew"])
    expel = guide.said()
    press(device(sana, LAPTOP), expel)
    assert guide.said() == expel
    press(sana, guide.said())
    today, crew, sign = (guide.said() for _ in range(3))
    for place in (today, crew):
        go(mira, place)
        button = mira.get_by_role("button", name=sign, exact=True)
        expect(button).to_be_visible()
    button.click()
    stands(mira, LAPTOP, "expelled")
    walk.desks[1].wait()
    assert not (walk.office.homes[1] / "keys").exists()


def what_came_late_and_who_came_back(walk: Walk) -> None:
    """Adopt what was written meanwhile, and bring the tablet back."""
    guide, (sana, _, mira) = walk.guide, walk.windows
    go(sana, guide.said())
    quarantine = guide.said()
    assert guide.said() == walk.names["crew"]
    press(sana, quarantine)
    press(sana.locator("article").filter(has_text=LATE), guide.said())
    talk(mira, walk.people[1])
    expect(mira.locator("#thread")).to_contain_text(LATE)
    go(sana, walk.names["crew"])
    press(device(sana, TABLET), guide.said())
    press(sana, guide.said())
    go(mira, walk.names["crew"])
    sign = mira.get_by_role("button", name=guide.said(), exact=True)
    expect(sign).to_be_visible()
    sign.click()
    stands(mira, TABLET, "standing")


def the_device_at_which_one_sits(walk: Walk) -> None:
    """Let Mira suspend her own and lock it; Sana's desk ends its access and renews the keys."""
    mira = walk.windows[2]
    suspend(walk, mira, "Mira's laptop")
    press(mira, walk.names["lock"])
    assert walk.desks[2].wait() == 0
    keys_are_renewed(walk, "Mira's laptop")
