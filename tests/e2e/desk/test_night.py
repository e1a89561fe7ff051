# SPDX-License-Identifier: AGPL-3.0-or-later
"""One night of two coordinators, in browsers: plan, approve, go, slip, check-ins, a burned house.

`SAFECONDUCT_PICTURES=FOLDER` keeps pictures of each page, to be looked at by a person.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.wiring import SystemClock
from safeconduct.kernel.words import MINUTE, DeviceId, Instant
from safeconduct.rooms.crew import Role
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.watch.check_in_decide import Typed
from tests.e2e.desk.test_referrals import come_back, until
from tests.kit.axe import assert_accessible
from tests.kit.by_hand_or_keys import Keyboard, link
from tests.kit.clocks import FixedClock
from tests.kit.desk_window import unlock
from tests.kit.night_land import write_land
from tests.kit.night_pages import at, bed, fill, heading, leg, option
from tests.kit.offices import PASSPHRASE, Office, an_office, desk_of, wait
from tests.kit.patience import PATIENCE, PATIENT
from tests.kit.phones import Phones, phones
from tests.kit.programs import LINK, LISTENS, serve

pytestmark = [pytest.mark.browser, pytest.mark.timeout(15 * PATIENCE)]
PICTURES: Final = os.environ.get("SAFECONDUCT_PICTURES", "")
PHONE: Final = {"width": 360, "height": 640}
SILENT: Final = "Hazel"
BEFORE: Final = 40 * MINUTE
"""So long before now somebody is expected of whom nothing is heard."""
RIGHT, DURESS = "dry branch", "full kettle"
MIRA: Final = frozenset({Role.OPERATOR, Role.COORDINATOR})


@dataclass
class Night:
    """Two desks in browsers, and what is known of the night by then."""

    office: Office
    called: Phones
    sana: Page
    mira: Page
    phone: Page
    known: dict[str, str] = field(default_factory=dict)
    pictures: int = 0

    def look(self, page: Page, name: str) -> None:
        """It is fit for everybody; keep pictures of it, wide and on a phone, in both lights."""
        self.pictures += 1
        for size, (wide, high) in {"wide": (1280, 900), "phone": (390, 844)}.items():
            for light in ("light", "dark") if PICTURES else ():
                page.set_viewport_size({"width": wide, "height": high})
                page.emulate_media(color_scheme=light)
                file = f"{self.pictures:02}-{name}-{size}-{light}.png"
                page.screenshot(path=Path(PICTURES) / file, full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate("scrollTo(0, 0)")  # What the head lies over is not there for axe.
        assert_accessible(page, name)


@pytest.fixture
def night(tmp_path: Path, chromium: Browser) -> Iterator[Night]:
    """An office whose server calls phones; its country is written, and one check-in is overdue."""
    with phones() as called, an_office(tmp_path) as office, ExitStack() as stack:
        office.admit(tmp_path / "third", "Mira", "Mira's laptop", MIRA)
        office.stop()
        place = urlsplit(office.url).netloc
        office.server = serve(tmp_path / "server", place, "--pager", called.address)
        office.server.until(LISTENS)
        prepare(office, called.address)
        pages = []
        for number, locale in ((0, "en-GB"), (2, "ru-RU")):
            program = stack.enter_context(desk_of(office, number))
            context = stack.enter_context(chromium.new_context(locale=locale))
            context.set_default_timeout(PATIENT)
            pages.append(context.new_page())
            unlock(pages[-1], program.until(LINK)[1], PASSPHRASE)
        phone = stack.enter_context(chromium.new_context(locale="en-GB", viewport=PHONE))  # type: ignore[arg-type]
        yield Night(office, called, pages[0], pages[1], phone.new_page())


def prepare(office: Office, pager: str) -> None:
    """Write the country at Sana's desk while it is earlier; the desk is shut then."""
    early = Instant(SystemClock().now() - BEFORE)
    desk = Desk.open(office.homes[0], PASSPHRASE, clock=FixedClock(early))
    try:
        courier = HttpCourier(Line(office.url, office.id), desk.journal.place.capability)
        desk.start(courier)
        (mira,) = coordinators(desk) - {desk.device}
        for book in Book:
            desk.ways.open(book, {mira})
        write_land(desk)
        desk.duty.calls.set_place(pager)
        desk.duty.calls.set_own(on=True)
        due = Instant(early + 11 * MINUTE)
        desk.check_ins.set(Typed(SILENT, due, 5, RIGHT, DURESS, (desk.device,)))
    finally:
        desk.stop()


def coordinators(desk: Desk) -> set[DeviceId]:
    """The devices of those who plan journeys."""
    roster = desk.roster()
    return {one for one in roster.present() if Role.COORDINATOR in roster.roles(one)}


def write_the_house(night: Night, keys: Keyboard) -> None:
    at(night.sana, "/ways")
    night.look(night.sana, "books")
    keys.follow("Houses")
    night.look(night.sana, "houses")
    keys.follow("Add a safe house")
    keys.tick("anybody")
    said = {"Address": "Quay 4", "Beds": "2"}
    chosen = {"Town": "Bridge", "Host": "Heron", "How far we trust": "fully", "State": "fit"}
    fill(keys, said, chosen)
    night.look(night.sana, "house")


def write_the_leg(night: Night, keys: Keyboard) -> None:
    at(night.sana, "/ways/roads")
    keys.follow("Add a leg")
    said = {"Minutes on the way": "90", "Checkpoints on the way": "0"}
    chosen = {"Where it begins": "Ford", "Where it ends": "Bridge", "By what": "by car"}
    chosen |= {"How exposed one is": "little", "Whether names are registered": "no"}
    fill(keys, said, chosen)
    night.look(night.sana, "leg")


def write_the_party(night: Night, keys: Keyboard) -> None:
    at(night.sana, "/ways/journeys")
    keys.follow("Add a party")
    night.look(night.sana, "party-new")
    chosen = {
        "How great the danger": "killed if found",
        "In which town": "Ford",
        "State": "waits to go",
    }
    chosen |= {"Somebody of them": "no", "Papers": "none", "Which house": "any house"}
    fill(keys, {"How many people": "2"}, chosen)
    night.known["party"] = heading(night.sana).removeprefix("Party ")
    night.look(night.sana, "party")


def plan(night: Night, keys: Keyboard, name: str, *, anew: bool = False) -> Locator:
    """Make a plan, from the books' page, for who was promised one too; returns what is proposed."""
    page = night.sana
    at(page, "/ways")
    keys.follow("Plan journeys")
    night.look(page, f"{name}-before")
    keys.choose("For how many days", "7 days")
    keys.choose("How long to think", "10 seconds")
    if anew:
        keys.tick("Plan anew")
    keys.press("Make a plan")
    night.look(page, f"{name}-thinking")
    link(page, "It has ended").or_(page.locator("#proposal-title")).first.wait_for()
    at(page, "/ways/plan")
    expect(page.locator("#proposal-title")).to_be_visible()
    night.look(page, f"{name}-proposed")
    return page.locator("article.piece").filter(has_text=night.known["party"])


def approve(night: Night, keys: Keyboard) -> None:
    """Approve what is proposed, and go on to the board."""
    keys.press("Approve what is ticked")
    night.look(night.sana, "approved")
    keys.follow("Go to the board of tonight")
    expect(bed(night.sana)).to_contain_text(night.known["party"])
    expect(leg(night.sana)).to_contain_text("Ford")


def tell_them(night: Night, keys: Keyboard) -> None:
    """Say on the journey's sheet that the party was told, from its leg on the board."""
    page = night.sana
    expect(leg(page)).to_contain_text("Its people were not told of this journey yet.")
    for link_to in (leg(page).locator(".headed a"), page.locator("#pieces-title ~ ul a")):
        with page.expect_navigation():
            link_to.first.press("Enter")
    fill(keys, {}, {"How far it is promised": "the party was told"})
    night.look(page, "told")
    at(page, "/ways/board")


def say_go_both(night: Night, keys: Keyboard) -> None:
    """One says go, and the other at her own desk; then it goes."""
    expect(leg(night.sana)).to_contain_text("Nobody has said go.")
    night.look(night.sana, "board")
    keys.press("It goes")
    expect(leg(night.sana)).to_contain_text("Go, said by one so far: you")
    at(night.mira, "/ways/board")
    night.look(night.mira, "board-ru")
    origin = night.mira.evaluate("location.origin")
    until(night.mira, f"{origin}/ways/board", "Sana")
    leg(night.mira).locator("[name=act][value=go]").click()
    until(night.sana, f"{night.sana.evaluate('location.origin')}/ways/board", "Mira")
    expect(leg(night.sana)).to_contain_text("Goes:")
    night.look(night.sana, "goes")


def expect_them(night: Night, keys: Keyboard) -> None:
    """Set a check-in from the leg on the board: it is for whom and to whom by itself."""
    keys.follow("New check-in")
    expect(night.sana.locator("#label")).to_have_value(night.known["party"])
    night.look(night.sana, "check-in-new")
    keys.choose("When they are to be heard of", "in 2 hours")
    keys.write("Word that all is well", RIGHT)
    keys.write("Word that somebody forces them", DURESS)
    keys.press("Expect them")
    expect(night.sana.locator("main")).to_contain_text(f"{night.known['party']}")
    night.look(night.sana, "check-ins")


def give_a_slip(night: Night, keys: Keyboard) -> None:
    """Make a slip for the host, from the bed on the board; a phone opens it and answers."""
    page = night.sana
    at(page, "/ways/board")
    with page.expect_navigation():
        bed(page).locator("ul.sleepers a").first.press("Enter")
    night.look(page, "stay")
    keys.follow("Make a slip")
    keys.choose("For whom", option(page, "For whom", "Heron"))
    keys.write("Time, by the clocks there", "21:40")
    keys.write("Whom to call", "555 0101, ask for the kettle")
    counts = "What they report counts"
    keys.choose(counts, option(page, counts, night.known["party"]))
    night.look(page, "slip-form")
    keys.press("See it as they will")
    night.look(page, "slip-seen")
    keys.press("Make it")
    night.look(page, "slip-words")
    open_it(night, page.locator("#eight").inner_text())


def open_it(night: Night, words: str) -> None:
    """Open the slip on the host's phone, and say that they came."""
    phone = night.phone
    come_back(phone, night.office, words)
    phone.wait_for_selector("#show:visible", timeout=2 * PATIENT)
    phone.click("#show")
    expect(phone.locator("#letters")).to_contain_text("At your house")
    for kept in ("Ford", "Quay", night.known["party"]):
        expect(phone.locator("#letters")).not_to_contain_text(kept)
    night.look(phone, "phone")
    phone.fill("#letters input", RIGHT)
    phone.click("#letters button:has-text('I have arrived')")
    expect(phone.locator("#letters")).to_contain_text("You can close the page.", timeout=PATIENT)
    origin = night.sana.evaluate("location.origin")
    until(night.sana, f"{origin}/slips", "has arrived")
    night.look(night.sana, "slips")
    wait(lambda: not expected(night.sana, night.known["party"]))


def expected(page: Page, name: str) -> bool:
    """Whether a desk waits for a word of somebody."""
    at(page, "/watch")
    return page.locator("h2", has_text=name).count() > 0


def hear_of_the_silence(night: Night, keys: Keyboard) -> None:
    """Of another nothing was heard: both desks say who, and whom to call; one sees to it."""
    for page, said in ((night.sana, "Silence"), (night.mira, "Молчание")):
        at(page, "/today")
        alarm = page.locator(".alarm").filter(has_text=SILENT)
        expect(alarm).to_contain_text(said)
        night.look(page, f"today-{page.locator('html').get_attribute('lang')}")
    expect(night.mira.locator(".alarm").filter(has_text=SILENT)).to_contain_text("Sana")
    wait(lambda: bool(night.called.topics))
    keys.follow("Answer, or say that you see to it")
    night.look(night.sana, "silent")
    keys.press("I see to the silence")
    until(night.mira, night.mira.evaluate("location.origin") + "/watch", "Sana")
    night.look(night.mira, "silent-ru")


def burn_the_house(night: Night, keys: Keyboard) -> None:
    """The host is taken: the house is closed as burned, and red at both desks."""
    page = night.sana
    open_sheet(page, "household", "Heron")
    keys.choose("State", "arrested")
    keys.press("Save")
    at(page, "/ways/board")
    with page.expect_navigation():
        bed(page).locator("a").first.press("Enter")
    keys.follow("Close this house")
    keys.choose("How", "burned: those who hunt know of it")
    keys.write("What happened", "They stood at the door.")
    night.look(page, "burned-form")
    keys.press("Save")
    night.look(page, "burned")
    keys.follow("Tonight")
    expect(bed(page)).to_contain_text("Burned: those who hunt know of it")
    expect(leg(page)).to_contain_text("Does not go as it stands")
    night.look(page, "board-red")
    until(night.mira, night.mira.evaluate("location.origin") + "/ways/board", "там должны ночевать")
    night.look(night.mira, "board-red-ru")


def open_sheet(page: Page, kind: str, said: str) -> None:
    """Open one of the sheets of a kind from their list, by what stands on it."""
    at(page, f"/ways/houses/{kind}")
    page.locator("article", has_text=said).locator("a").last.press("Enter")
    page.wait_for_url(f"**/{kind}/*")


def open_the_mill(night: Night, keys: Keyboard) -> None:
    """The other host takes people again; the first one's second house is fit, and never meant."""
    page = night.sana
    open_sheet(page, "house", "Mill Lane 3")
    night.known["mill"] = heading(page)
    keys.choose("State", "fit")
    keys.press("Save")


def test_a_night_by_keyboard(night: Night) -> None:
    keys = Keyboard(night.sana)
    write_the_house(night, keys)
    write_the_leg(night, keys)
    write_the_party(night, keys)
    expect(plan(night, keys, "plan")).to_contain_text("Ford")
    approve(night, keys)
    tell_them(night, keys)
    say_go_both(night, keys)
    expect_them(night, keys)
    give_a_slip(night, keys)
    hear_of_the_silence(night, keys)
    burn_the_house(night, keys)
    open_the_mill(night, keys)
    expect(plan(night, keys, "again", anew=True)).to_contain_text(night.known["mill"])
    approve(night, keys)
    night.look(night.sana, "board-again")
