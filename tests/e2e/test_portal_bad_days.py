# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bad line, a closed key, a busy or a full server: the page goes on by itself and says so."""

import threading
from pathlib import Path

import pytest

from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.words import MINUTE
from tests.kit.browsers import KINDS, Browser
from tests.kit.patience import PATIENCE
from tests.kit.proxy import BadLine, bad_line
from tests.kit.stage import stage
from tests.kit.visiting import visit

pytestmark = pytest.mark.browser
TEXT = "Помогите, пожалуйста"
POST = b"POST /v1/"
BY_ITSELF = 45
"""Seconds: less than the minute after which a page lets go of a call by itself."""
WORDS = "[...document.querySelectorAll('#phrase li')].map((li) => li.textContent)"


def begin(page: Browser, line: BadLine) -> None:
    """Write a message on a bad line, without sending it."""
    page.goto(f"http://127.0.0.1:{line.port}/")
    page.wait_visible("#to-write")
    page.click("#to-write")
    page.type("#text", TEXT)


def hang(line: BadLine, better: threading.Event, over: threading.Event) -> None:
    """Let posts hang until it is better; those that hang go on when it is over."""

    def wait() -> None:
        if not better.is_set():
            line.before(POST, wait)  # A browser tries once more by itself.
            over.wait(PATIENCE)

    line.before(POST, wait)


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_waits_for_the_line_and_arrives_once(kind: str) -> None:
    with stage() as office, bad_line(office.port) as line, visit(kind) as page:
        begin(page, line)
        line.down = True
        line.cut()
        page.click("#send")
        page.wait_text("#send-state", "No connection now")
        assert not office.letters()
        line.down = False
        page.wait_visible("#keep")
        assert [letter.text for _, letter in office.letters()] == [TEXT]


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_that_hangs_is_told_and_can_be_tried_again(kind: str) -> None:
    with stage() as office, bad_line(office.port) as line, visit(kind) as page:
        begin(page, line)
        better, over = threading.Event(), threading.Event()
        hang(line, better, over)
        page.click("#send")
        page.wait_text("#send-state", "has not got through yet")
        assert not page.visible("#keep")
        better.set()
        page.click("#hurry")
        page.wait_visible("#keep", seconds=BY_ITSELF)
        assert not page.visible("#hurry")
        over.set()
        assert [letter.text for _, letter in office.letters()] == [TEXT]


def test_reading_on_a_line_that_hangs_says_so_and_goes_on() -> None:
    with stage() as office, bad_line(office.port) as line, visit("chromium") as page:
        begin(page, line)
        page.click("#send")
        page.wait_visible("#keep")
        words = " ".join(page.evaluate(WORDS))
        page.goto(f"http://127.0.0.1:{line.port}/")
        page.wait_visible("#to-return")
        page.click("#to-return")
        page.type("#typed", words)
        better, over = threading.Event(), threading.Event()
        hang(line, better, over)
        page.click("#enter")
        page.wait_text("#return-state", "The line is slow")
        better.set()
        over.set()
        page.wait_visible("#answers")
        assert not page.visible("#return")


def test_words_of_a_message_that_hung_wait_until_she_asks_and_until_she_knows_them() -> None:
    with stage() as office, bad_line(office.port) as line, visit("chromium") as page:
        begin(page, line)
        better, over = threading.Event(), threading.Event()
        hang(line, better, over)
        page.click("#send")
        page.wait_text("#send-state", "has not got through yet")
        # She goes away and comes back to a sheet that still says what it waits for.
        page.click("#back")
        assert "has not got through yet" in page.text("#there")
        page.click("#to-write")
        assert not page.text("#there")
        assert "has not got through yet" in page.text("#send-state")
        assert page.visible("#hurry")
        # The receipt finds her elsewhere: the words are in no place where another could see them.
        page.click("#back")
        better.set()
        over.set()
        page.wait_text("#there", "Your message is on the server")
        assert page.visible("#about")
        assert not page.visible("#keep")
        assert not page.evaluate(WORDS)
        page.click("#show-words")
        page.wait_visible("#keep")
        assert_kept_until_known(page)


def assert_kept_until_known(page: Browser) -> None:
    """Writing more takes the words off the screen, not out of her reach."""
    words = page.evaluate(WORDS)
    assert len(words) == 8
    page.click("#more")
    assert not page.evaluate(WORDS)
    assert not page.text("#there")
    page.click("#show-words")
    assert page.evaluate(WORDS) == words
    page.click("#hide-words")
    assert not page.visible("#show-words")
    assert not page.evaluate(WORDS)


def test_words_wait_when_nobody_looks_at_the_tab() -> None:
    with stage() as office, bad_line(office.port) as line, visit("chromium") as page:
        begin(page, line)
        page.evaluate("void Object.defineProperty(document, 'hidden', { value: true })")
        page.click("#send")
        page.wait_text("#there", "Your message is on the server")
        assert not page.evaluate(WORDS)
        page.click("#show-words")
        assert len(page.evaluate(WORDS)) == 8


def test_failure_is_told_where_she_is_and_on_the_sheet() -> None:
    other = SigningKey.from_seed(bytes(32)).public.raw
    with stage(pin=other) as office, bad_line(office.port) as line, visit("chromium") as page:
        begin(page, line)
        over = threading.Event()
        line.before(b"GET /v1/", lambda: over.wait(60))
        page.click("#send")
        page.click("#back")
        over.set()
        page.wait_text("#there", "not signed as it should be")
        page.click("#to-write")
        assert not page.text("#there")
        assert "not signed as it should be" in page.text("#send-state")


def test_a_receipt_that_was_lost_is_fetched_by_sending_the_same_bytes() -> None:
    with stage() as office, bad_line(office.port) as line, visit("chromium") as page:
        begin(page, line)
        line.cut_after(POST)
        page.click("#send")
        page.wait_visible("#keep")
        assert line.made == 1
        assert [letter.text for _, letter in office.letters()] == [TEXT]


@pytest.mark.parametrize("kind", KINDS)
def test_a_closed_key_is_no_trouble_of_hers(kind: str) -> None:
    with stage() as office, bad_line(office.port) as line, visit(kind) as page:
        begin(page, line)
        line.before(POST, office.rotate)
        page.click("#send")
        page.wait_visible("#keep")
        assert [letter.text for _, letter in office.letters()] == [TEXT]


def test_a_seed_that_is_over_is_worked_for_again() -> None:
    with stage() as office, bad_line(office.port) as line, visit("chromium") as page:
        begin(page, line)

        def later() -> None:
            office.weather.ahead = 30 * MINUTE

        line.before(POST, later)
        page.click("#send")
        page.wait_visible("#keep")
        assert [letter.text for _, letter in office.letters()] == [TEXT]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_words_go_first_when_the_disk_is_kept_for_text(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "видео.mp4"
    file.write_bytes(bytes(range(256)) * 10_000)
    with stage() as office, bad_line(office.port) as line, visit(kind) as page:
        office.weather.free = 10
        begin(page, line)
        page.upload("#files", file)
        page.click("#send")
        page.wait_visible("#keep")
        page.wait_text("#carry-state", "no room for files now")
        ((_, letter),) = office.letters()
        assert letter.text == TEXT
        office.weather.free = 80
        page.wait_text("#carry-state", "Everything is there")
        assert b"".join(office.file(letter.files[0])) == file.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_goes_on_after_cuts(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "видео.mp4"
    file.write_bytes(bytes(range(256)) * 40_000)
    with stage() as office, bad_line(office.port) as line, visit(kind) as page:
        begin(page, line)
        line.cut_often("up", every=2_500_000, cuts=4)
        page.upload("#files", file)
        page.click("#send")
        page.wait_visible("#keep")
        page.wait_text("#carry-state", "Everything is there")
        assert line.made == 4
        # Resumed, not begun again: hardly more went over the line than the file.
        assert line.carried < 1.6 * file.stat().st_size
        ((_, letter),) = office.letters()
        assert b"".join(office.file(letter.files[0])) == file.read_bytes()


def test_a_server_without_the_office_key_gets_no_message() -> None:
    other = SigningKey.from_seed(bytes(32)).public.raw
    with stage(pin=other) as office, visit("chromium") as page:
        page.goto(office.url)
        page.wait_visible("#to-write")
        page.click("#to-write")
        page.type("#text", TEXT)
        page.click("#send")
        page.wait_text("#send-state", "not signed as it should be")
        assert not office.items()
