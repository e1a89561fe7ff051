# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window itself: files, locking, strangers' words, widths, and what it keeps."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page, expect

from safeconduct.edges.desk.api import DeskApi
from safeconduct.edges.desk.app import link_of
from safeconduct.edges.desk.browser import Browser as Kind
from safeconduct.edges.desk.browser import open_browser
from safeconduct.edges.desk.gallery_talks import HOSTILE_WORDS
from safeconduct.kernel.errors import WrongPassphrase
from safeconduct.kernel.words import BlobId
from tests.kit.desk_window import Served, enter, listening, port_of
from tests.kit.rehearsal import rehearsal_roster

pytestmark = pytest.mark.browser
MIRA = rehearsal_roster()[1][1]
SECOND = 1_000


def test_a_file_is_saved_under_a_safe_name_and_the_page_stays(
    page: Page, served: Served, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 20_000
    talk = served.desk.receive("new", "", files=[("../<b>bed\u202efdp.html", content)])
    page.goto(f"{served.url}/hotline/{talk.hex()}")
    page.fill("#answer-text", "typed")
    with page.expect_download() as coming:
        page.click(".file button")
    assert coming.value.suggested_filename == "b_bedfdp.html"
    coming.value.save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == content
    assert page.input_value("#answer-text") == "typed"
    assert len(page.context.pages) == 1


def test_a_file_that_cannot_be_had_is_said_on_the_page_that_stays(
    page: Page, served: Served
) -> None:
    talk = served.desk.receive("new", "", files=[("film.mp4", b"x")])
    served.desk.half.update(served.desk.files)
    page.goto(f"{served.url}/hotline/{talk.hex()}")
    listening(page)
    page.fill("#answer-text", "typed")
    page.click(".file button")
    expect(page.locator("#notices")).to_contain_text("12 of 40 parts are here.")
    assert page.input_value("#answer-text") == "typed"


def test_a_broken_file_is_not_kept_by_the_browser(page: Page, served: Served) -> None:
    talk = served.desk.receive("new", "", files=[("a.bin", bytes(3 << 20))])
    served.desk.broken.add(BlobId(list(served.desk.files)[-1]))
    page.goto(f"{served.url}/hotline/{talk.hex()}")
    with page.expect_download() as coming:
        page.click(".file button")
    assert coming.value.failure() is not None


def test_locking_empties_every_window(page: Page, served: Served) -> None:
    other = served.watch(page.context.new_page())
    other.goto(served.path("amber lantern"))
    listening(other)
    page.click("#lock")
    expect(page.locator("h1")).to_have_text("Locked")
    expect(other.locator("h1")).to_have_text("Locked")
    assert "brother" not in other.content()
    # The style came before the process went.
    assert page.evaluate("getComputedStyle(document.querySelector('.door')).maxWidth") != "none"
    page.wait_for_timeout(2 * SECOND)
    served.complaints.clear()
    with pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
        other.goto(f"{served.url}/today")
    served.complaints.clear()


def test_locking_mentions_once_what_could_not_be_kept(page: Page, served: Served) -> None:
    page.goto(served.path("amber lantern"))
    listening(page)
    page.route("**/draft", lambda route: route.fulfill(status=422))
    page.fill("#answer-text", "half an answer")
    page.click("#lock")
    expect(page.locator("#draft")).to_be_visible()
    expect(page.locator("#draft")).to_contain_text("locking drops it")
    # Whoever pressed may have turned away: what stands on the page is covered already.
    expect(page.locator("main")).not_to_be_visible()
    page.click("#keep-draft")
    expect(page.locator("#answer-text")).to_be_visible()
    assert page.input_value("#answer-text") == "half an answer"
    page.click("#lock")
    expect(page.locator("#draft")).to_be_visible()
    page.click("#lock")
    expect(page.locator("h1")).to_have_text("Locked")
    expect(page.locator(".door")).to_contain_text("safeconduct desk")
    served.complaints.clear()


def test_a_desk_too_slow_to_keep_a_draft_locks_at_the_first_press(
    page: Page, served: Served
) -> None:
    page.goto(served.path("amber lantern"))
    listening(page)
    page.route("**/draft", lambda _: None)  # It never answers.
    page.fill("#answer-text", "half an answer")
    page.click("#lock")
    expect(page.locator("main")).not_to_be_visible()
    expect(page.locator("h1")).to_have_text("Locked")
    served.complaints.clear()


def test_a_desk_that_stopped_says_truly_whether_the_text_is_kept(
    page: Page, served: Served
) -> None:
    page.route("**/live", lambda route: route.abort())
    page.goto(served.path("amber lantern"))
    stopped = page.locator("#stopped")
    page.fill("#answer-text", "half an answer")
    expect(stopped).to_be_visible()
    expect(stopped.get_by_text("is saved and will be there")).to_be_visible()
    expect(stopped.get_by_text("copy it")).not_to_be_visible()
    # Nothing beside it says that all is well.
    expect(page.locator(".status")).not_to_be_visible()
    expect(page.locator("#lock")).not_to_be_visible()
    page.route("**/draft", lambda route: route.abort())
    page.fill("#answer-text", "half an answer and more")
    expect(stopped.get_by_text("copy it")).to_be_visible()
    expect(stopped.get_by_text("is saved and will be there")).not_to_be_visible()
    expect(stopped.get_by_text("Chosen files")).not_to_be_visible()
    page.set_input_files("#answer-files", {"name": "a", "mimeType": "", "buffer": b"x"})
    expect(stopped.get_by_text("Chosen files")).to_be_visible()
    served.complaints.clear()


def test_a_pause_after_a_wrong_passphrase_is_counted_down_and_ends(
    served: Served, chromium: Browser
) -> None:
    def wrong(_: str) -> DeskApi:
        raise WrongPassphrase

    right, served.front.open_desk = served.front.open_desk, wrong
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(link_of(served.settings))
    for pause in ("1 second.", "2 seconds."):
        expect(page.locator(".door .main")).to_be_enabled()
        page.fill("#passphrase", "wrong")
        page.click(".door .main")
        expect(page.locator("#pause")).to_contain_text(f"again in {pause}")
        expect(page.locator(".door .main")).to_be_disabled()
    expect(page.locator("#pause")).to_have_text("You can try again now.")
    served.front.open_desk = right
    page.fill("#passphrase", "any")
    page.click(".door .main")
    expect(page.locator("h1")).to_have_text("Today")
    context.close()


@pytest.mark.parametrize("name", sorted(HOSTILE_WORDS))
def test_a_strangers_words_do_nothing_in_a_browser(page: Page, served: Served, name: str) -> None:
    text = HOSTILE_WORDS[name]
    dialogs: list[str] = []

    def close(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    listening(page)
    rows = page.locator("#queue .row")
    before = rows.count()
    talk = served.desk.receive(text, text, language=text[:30], files=[(text, b"x")])
    served.desk.note(talk, text)
    # It comes by the live way first, and then with a whole page.
    expect(rows).to_have_count(before + 1)
    page.goto(f"{served.url}/hotline/{talk.hex()}")
    listening(page)
    served.desk.by(MIRA).hand_over(talk, served.desk.device, text)
    expect(page.locator("#thread .passed")).to_have_count(1)
    assert dialogs == []
    assert page.evaluate("document.querySelectorAll('main img, main script, iframe').length") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_draft_that_would_stay_is_told_before_the_hand_over(page: Page, served: Served) -> None:
    served.desk.claim(served.talks["quiet orchard"])
    page.goto(served.path("quiet orchard"))
    listening(page)
    page.click(".passing summary")
    page.click("#answer-text")
    page.keyboard.type("half an answer")
    told = page.locator(".passing #own-draft")
    expect(told).to_contain_text("your colleague does not see it")
    page.fill("#answer-text", "")
    expect(told).to_have_text("")


@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_no_page_is_wider_than_its_window(served: Served, chromium: Browser, locale: str) -> None:
    context = chromium.new_context(locale=locale)
    page = served.watch(context.new_page())
    enter(page, served)
    paths = ("/today", "/hotline?show=all", "/search?q=phone", "/crew", "/settings")
    for url in (*(served.url + path for path in paths), served.path("amber lantern")):
        page.goto(url)
        for width in (320, 390, 768, 1100, 1680):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (url, width)
    context.close()
    assert not served.complaints


def test_the_desks_own_window_keeps_nothing_and_reaches_nothing_else(
    served: Served, chromium: Browser
) -> None:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    assert found
    window = open_browser(
        link_of(served.settings),
        Kind(Path(found), "chromium"),
        extra=("--headless", "--remote-debugging-port=0"),
    )
    try:
        own = chromium.browser_type.connect_over_cdp(f"http://127.0.0.1:{port_of(window)}")
        (page,) = own.contexts[0].pages
        page.wait_for_url(f"{served.url}/unlock")
        page.fill("#passphrase", "marker passphrase")
        page.click(".door .main")
        page.wait_for_url("**/today")
        page.goto(served.path("amber lantern"))
        page.fill("#answer-text", "marker of what was typed")
        stranger = page.context.new_page()
        for elsewhere in ("http://elsewhere.example/", "http://192.0.2.1/"):
            with pytest.raises(Error, match=r"ERR_PROXY_CONNECTION_FAILED|ERR_NAME_NOT_RESOLVED"):
                stranger.goto(elsewhere)
        time.sleep(1.5)
        kept = b"".join(file.read_bytes() for file in window.folder.rglob("*") if file.is_file())
        for marker in ("marker", "second phone", served.talks["amber lantern"].hex()):
            assert marker.encode() not in kept
            assert marker.encode("utf-16-le") not in kept
        own.close()
    finally:
        window.close()
    assert not window.folder.exists()
