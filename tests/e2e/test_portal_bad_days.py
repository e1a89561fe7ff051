# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bad line, a closed key, a busy or a full server: the page goes on by itself and says so."""

import threading
from pathlib import Path

import pytest

from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.words import MINUTE
from tests.kit.browsers import KINDS, Browser, browser
from tests.kit.proxy import BadLine, bad_line
from tests.kit.stage import stage

pytestmark = pytest.mark.browser
TEXT = "Помогите, пожалуйста"
POST = b"POST /v1/"


def begin(page: Browser, line: BadLine) -> None:
    """Write a message on a bad line, without sending it."""
    page.goto(f"http://127.0.0.1:{line.port}/")
    page.wait_visible("#to-write")
    page.click("#to-write")
    page.type("#text", TEXT)


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_waits_for_the_line_and_arrives_once(kind: str) -> None:
    with stage() as office, bad_line(office.port) as line, browser(kind) as page:
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
    with stage() as office, bad_line(office.port) as line, browser(kind) as page:
        begin(page, line)
        better, over = threading.Event(), threading.Event()

        def hang() -> None:
            if not better.is_set():
                line.before(POST, hang)  # A browser tries once more by itself.
                over.wait(60)

        line.before(POST, hang)
        page.click("#send")
        page.wait_text("#send-state", "has not got through yet", seconds=20)
        assert not page.visible("#keep")
        better.set()
        page.click("#hurry")
        page.wait_visible("#keep", seconds=10)
        assert not page.visible("#hurry")
        over.set()
        assert [letter.text for _, letter in office.letters()] == [TEXT]


def test_a_receipt_that_was_lost_is_fetched_by_sending_the_same_bytes() -> None:
    with stage() as office, bad_line(office.port) as line, browser("chromium") as page:
        begin(page, line)
        line.cut_after(POST)
        page.click("#send")
        page.wait_visible("#keep")
        assert line.made == 1
        assert [letter.text for _, letter in office.letters()] == [TEXT]


@pytest.mark.parametrize("kind", KINDS)
def test_a_closed_key_is_no_trouble_of_hers(kind: str) -> None:
    with stage() as office, bad_line(office.port) as line, browser(kind) as page:
        begin(page, line)
        line.before(POST, office.rotate)
        page.click("#send")
        page.wait_visible("#keep")
        assert [letter.text for _, letter in office.letters()] == [TEXT]


def test_a_seed_that_is_over_is_worked_for_again() -> None:
    with stage() as office, bad_line(office.port) as line, browser("chromium") as page:
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
    with stage() as office, bad_line(office.port) as line, browser(kind) as page:
        office.weather.free = 10
        begin(page, line)
        page.upload("#files", file)
        page.click("#send")
        page.wait_visible("#keep")
        page.wait_text("#carry-state", "no room for files now")
        ((_, letter),) = office.letters()
        assert letter.text == TEXT
        office.weather.free = 80
        page.wait_text("#carry-state", "Everything is there", seconds=60)
        assert b"".join(office.file(letter.files[0])) == file.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_goes_on_after_cuts(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "видео.mp4"
    file.write_bytes(bytes(range(256)) * 40_000)
    with stage() as office, bad_line(office.port) as line, browser(kind) as page:
        begin(page, line)
        line.cut_often("up", every=2_500_000, cuts=4)
        page.upload("#files", file)
        page.click("#send")
        page.wait_visible("#keep")
        page.wait_text("#carry-state", "Everything is there", seconds=60)
        assert line.made == 4
        # Resumed, not begun again: hardly more went over the line than the file.
        assert line.carried < 1.6 * file.stat().st_size
        ((_, letter),) = office.letters()
        assert b"".join(office.file(letter.files[0])) == file.read_bytes()


def test_a_server_without_the_office_key_gets_no_message() -> None:
    other = SigningKey.from_seed(bytes(32)).public.raw
    with stage(pin=other) as office, browser("chromium") as page:
        page.goto(office.url)
        page.wait_visible("#to-write")
        page.click("#to-write")
        page.type("#text", TEXT)
        page.click("#send")
        page.wait_text("#send-state", "not signed as it should be")
        assert not office.items()
