# SPDX-License-Identifier: AGPL-3.0-or-later
"""A slip in a browser: made at a desk, opened on a phone by eight words, answered from the road.

`SAFECONDUCT_PICTURES=FOLDER` keeps a picture of each screen, to be looked at by a person.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from pypdfium2 import PdfDocument

from safeconduct.edges.desk.courier import HttpCourier, Line
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import MINUTE, Instant
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.watch.check_in_decide import Typed
from tests.e2e.desk.test_referrals import come_back, until
from tests.kit.desk_window import unlock
from tests.kit.errand_night import write_at
from tests.kit.offices import PASSPHRASE, Office, an_office, desk_of
from tests.kit.patience import PATIENCE
from tests.kit.phones import phones
from tests.kit.programs import LINK, LISTENS, serve

pytestmark = pytest.mark.browser
PICTURES: Final = os.environ.get("SAFECONDUCT_PICTURES", "")
PHONE: Final = {"width": 360, "height": 640}
RIGHT, DURESS = "dry branch", "full kettle"
PLACE, END, HOST = "Marker-mill-bench", "Marker-quay-steps", "Marker-host"
A6: Final = (298, 420)
"""In points."""
USED: Final = bytes(32)
SIZES: Final = range(5_270, 5_290)
"""Of a letter on the line: alike with each word."""


class Night(NamedTuple):
    """An office with a journey, and a check-in that its relay keeps."""

    office: Office
    ids: dict[str, SheetId]
    relay: Path


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    with phones() as server, an_office(tmp_path) as office:
        office.stop()
        folder = tmp_path / "server"
        office.server = serve(folder, urlsplit(office.url).netloc, "--pager", server.address)
        office.server.until(LISTENS)
        desk = office.open(0)
        try:
            yield Night(office, prepare(desk, office, server.address), folder / "relay.db")
        finally:
            desk.stop()


def prepare(desk: Desk, office: Office, pager: str) -> dict[str, SheetId]:
    """Write the night, and let the relay keep a check-in; the desk is shut then."""
    courier = HttpCourier(Line(office.url, office.id), desk.journal.place.capability)
    desk.start(courier)
    for book in Book:
        desk.ways.open(book, set())
    ids = write_at(desk)
    desk.duty.calls.set_place(pager)
    desk.duty.calls.set_own(on=True)
    due = Instant(desk.now() + 11 * MINUTE)
    desk.check_ins.set(Typed("Rowan", due, 5, RIGHT, DURESS, (desk.device,)))
    desk.check_ins._turn(courier, desk.check_ins.book.secrets())
    desk.stop()
    return ids


def look(page: Page, name: str) -> None:
    """Keep a picture of a screen."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"slip-{name}.png", full_page=True)


@pytest.fixture
def desk(night: Night, chromium: Browser) -> Iterator[Page]:
    """The desk of a steward, unlocked."""
    with ExitStack() as stack:
        program = stack.enter_context(desk_of(night.office, 0))
        page = stack.enter_context(chromium.new_context(locale="en-GB")).new_page()
        unlock(page, program.until(LINK)[1], PASSPHRASE)
        yield page


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A phone that has never been here."""
    with chromium.new_context(locale="en-GB", viewport=PHONE, has_touch=True) as context:  # type: ignore[arg-type]
        yield context.new_page()


def make(desk: Page, night: Night, way: str, *, answers: bool = False) -> None:
    """Make a slip from the ride's own page."""
    origin = desk.evaluate("location.origin")
    desk.goto(f"{origin}/ways/journeys/ride/{night.ids['ride'].hex()}")
    desk.click("a:has-text('Make a slip')")
    desk.fill("#slip-call", "555 0101, ask for the kettle")
    desk.fill("#slip-report", "23:30")
    desk.check("[name=carry-water]")
    desk.check(f"[name=way][value={way}]")
    if answers:
        desk.select_option("#slip-check-in", index=1)
    look(desk, f"1-form-{way}")
    desk.click("form.writing button.main")
    expect(desk.locator("dl.slip")).to_contain_text(PLACE)
    expect(desk.locator("dl.slip")).not_to_contain_text(HOST)
    look(desk, f"2-seen-{way}")
    desk.click("form.writing button.main")


def open_until_there(phone: Page, night: Night, words: str) -> None:
    """Open the page with the words; what it finds is shown when she asks."""
    come_back(phone, night.office, words)
    expect(phone.locator("#letters")).not_to_contain_text("Write to us here")
    phone.wait_for_selector("#show:visible", timeout=1000 * 2 * PATIENCE)
    look(phone, "4-phone-news")
    phone.click("#show")
    expect(phone.locator("#letters")).to_contain_text(PLACE)


def used(relay: Path) -> int:
    """How many timers of the relay were moved by their token."""
    with closing(sqlite3.connect(f"file:{relay}?mode=ro", uri=True)) as database:
        query = "SELECT count(*) FROM timers WHERE cancel_hash = ?"
        (count,) = database.execute(query, (USED,)).fetchone()
    return int(count)


@pytest.mark.parametrize(
    ("word", "says"), [(RIGHT, "Nobody is expected."), (DURESS, "Duress word")]
)
def test_a_phone_opens_a_slip_by_words_and_says_that_they_arrived(
    night: Night, desk: Page, phone: Page, word: str, says: str
) -> None:
    make(desk, night, "page", answers=True)
    words = desk.locator("#eight").inner_text()
    look(desk, "3-words")
    open_until_there(phone, night, words)
    look(phone, "5-phone-slip")
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    phone.on("request", note)
    phone.fill("#letters input", word)
    phone.click("#letters button:has-text('I have arrived')")
    expect(phone.locator("#letters")).to_contain_text("You can close the page.", timeout=60_000)
    look(phone, "6-phone-said")
    called = [one for one in asked if not one.url.endswith(("/box", "/first-words"))]
    assert [one.url.rpartition("/")[2] for one in called] == ["intake", "intake", "moved"]
    assert len(called[1].post_data_buffer or b"") in SIZES
    assert used(night.relay) == 1
    origin = desk.evaluate("location.origin")
    until(desk, f"{origin}/slips", "has arrived")
    expect(desk.locator("main")).to_contain_text("opened")
    look(desk, "7-desk-slips")
    until(desk, f"{origin}/watch", says)


def test_a_slip_that_was_frozen_in_time_looks_like_words_that_open_nothing(
    night: Night, desk: Page, phone: Page
) -> None:
    make(desk, night, "page")
    words = desk.locator("#eight").inner_text()
    origin = desk.evaluate("location.origin")
    desk.goto(f"{origin}/slips")
    desk.click("button:has-text('Freeze it')")
    expect(desk.locator("main")).to_contain_text("Frozen before it left us")
    come_back(phone, night.office, words)
    until(desk, f"{origin}/slips", "opened")
    expect(phone.locator("#letters")).to_be_empty()
    expect(phone.locator("#answers-state")).to_contain_text("There is nothing here yet.")
    look(phone, "8-phone-frozen")
    come_back(phone, night.office, words)
    expect(phone.locator("#letters")).to_be_empty()


def test_a_slip_is_printed_on_paper_of_its_own_size_and_shown_large_to_copy(
    night: Night, desk: Page, tmp_path: Path
) -> None:
    make(desk, night, "paper")
    expect(desk.locator("main")).to_contain_text("A printer keeps what it prints")
    expect(desk.locator("dl.large")).to_contain_text(PLACE)
    look(desk, "9-paper")
    folder = Path(PICTURES) if PICTURES else tmp_path
    printed = desk.pdf(path=folder / "slip-10-print.pdf", prefer_css_page_size=True)
    document = PdfDocument(printed)
    assert [tuple(map(round, page.get_size())) for page in document] == [A6]
    desk.emulate_media(media="print")
    shown = desk.evaluate(
        "[...document.querySelectorAll('main *')].filter((one) => one.checkVisibility())"
        ".map((one) => one.closest('.a6, :has(> .a6), :has(.a6)') !== null)"
    )
    assert all(shown)


def test_a_slip_is_read_out_in_sentences(night: Night, desk: Page) -> None:
    make(desk, night, "voice")
    sentences = desk.locator("ol.large li").all_inner_texts()
    assert sentences[0] == "What to do: Meet people and take them along."
    assert any(PLACE in one for one in sentences)
    assert all(one.endswith(".") for one in sentences)
    look(desk, "11-voice")
