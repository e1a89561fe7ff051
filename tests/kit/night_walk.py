# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office on a night, in browsers: two desks, a phone, a written country, an overdue check-in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.wiring import SystemClock
from safeconduct.kernel.words import MINUTE, DeviceId, Instant
from safeconduct.rooms.crew import Role
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.watch.check_in_decide import Typed
from tests.kit.clocks import FixedClock
from tests.kit.desk_window import unlock
from tests.kit.night_land import WORDS, write_land
from tests.kit.night_pages import look
from tests.kit.offices import PASSPHRASE, Office, an_office, desk_of
from tests.kit.patience import PATIENT
from tests.kit.phones import Phones, phones
from tests.kit.programs import LINK, LISTENS, serve

PHONE: Final = {"width": 360, "height": 640}
SILENT: Final = "Hazel"
BEFORE: Final = 40 * MINUTE
"""So long before now somebody is expected of whom nothing is heard."""
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
        """It is fit for everybody; the pictures of it are counted."""
        self.pictures += 1
        look(page, f"{self.pictures:02}-{name}")


@contextmanager
def a_night(folder: Path, chromium: Browser) -> Iterator[Night]:
    """An office whose server calls phones; its country is written, and one check-in is overdue."""
    with phones() as called, an_office(folder) as office, ExitStack() as stack:
        office.admit(folder / "third", "Mira", "Mira's laptop", MIRA)
        office.stop()
        place = urlsplit(office.url).netloc
        office.server = serve(folder / "server", place, "--pager", called.address)
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
        desk.check_ins.set(Typed(SILENT, due, 5, *WORDS, (desk.device,)))
    finally:
        desk.stop()


def coordinators(desk: Desk) -> set[DeviceId]:
    """The devices of those who plan journeys."""
    roster = desk.roster()
    return {one for one in roster.present() if Role.COORDINATOR in roster.roles(one)}
