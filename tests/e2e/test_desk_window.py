# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's pages do in Chromium while somebody is at work in them.

The pages and their server are the real ones; behind them stands the engine's honest twin, so that
a test can let a colleague, a stranger or the network do what it needs at the right moment.
"""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect, sync_playwright

from safeconduct.edges.desk.app import Settings, desk_app, link_of
from safeconduct.edges.desk.gallery import HOSTILE_WORDS
from safeconduct.kernel.words import BlobId, ConversationId
from tests.kit.desk_twin import TwinDesk
from tests.kit.rehearsal import rehearsal_desk, rehearsal_roster

pytestmark = pytest.mark.browser
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
REPLACED = ("htmx:sendAbort", "htmx:afterRequest")
MIRA = rehearsal_roster()[1][1]
SECOND = 1_000
ACTIVE = "document.activeElement.id"
FETCHED = "performance.getEntriesByType('resource').some(e => e.name.includes('/head?'))"


@dataclass
class Served:
    """One desk on a port of its own, and what its browser complained about."""

    desk: TwinDesk
    talks: dict[str, ConversationId]
    settings: Settings
    complaints: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The desk's origin."""
        return f"http://127.0.0.1:{self.settings.port}"

    def path(self, name: str) -> str:
        """The address of a conversation."""
        return f"{self.url}/hotline/{self.talks[name].hex()}"

    def watch(self, page: Page) -> Page:
        """Note every error of a page: a refused style or script is one."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        # htmx calls it an error that a newer fetch of the same part replaced an older one.
        if message.type == "error" and not message.text.startswith(REPLACED):
            self.complaints.append(message.text)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def served() -> Iterator[Served]:
    desk, talks = rehearsal_desk()
    with socket.create_server(("127.0.0.1", 0)) as door:
        servers: list[uvicorn.Server] = []

        def leave() -> None:
            app.state.front.live.end()
            threading.Timer(1.5, stop).start()

        def stop() -> None:
            servers[0].should_exit = True

        settings = Settings(port=door.getsockname()[1], lock=leave, zone=UTC)
        app = desk_app(lambda _: desk, settings)
        config = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1
        )
        servers.append(uvicorn.Server(config))
        thread = threading.Thread(target=servers[0].run, kwargs={"sockets": [door]})
        thread.start()
        yield Served(desk, talks, settings)
        app.state.front.live.end()
        stop()
        thread.join(10)


@pytest.fixture
def page(served: Served, chromium: Browser) -> Iterator[Page]:
    """A window that has been unlocked; it must have had nothing to complain about at the end."""
    context = chromium.new_context(viewport={"width": 1100, "height": 800}, locale="en-GB")
    page = served.watch(context.new_page())
    enter(page, served)
    yield page
    context.close()
    assert not served.complaints


def enter(page: Page, served: Served) -> None:
    """Open the link and unlock."""
    page.goto(link_of(served.settings))
    page.wait_for_url("**/unlock")
    page.fill("#passphrase", "any")
    page.click(".main")
    page.wait_for_url("**/today")


def listening(page: Page) -> None:
    """Wait until the page hears of changes: it fetches its parts once when it begins to."""
    for _ in range(100):
        if page.evaluate(FETCHED):
            return
        page.wait_for_timeout(50)
    pytest.fail("the page never listened")


def test_news_leaves_what_is_being_typed_and_where_it_is(page: Page, served: Served) -> None:
    page.goto(served.path("quiet orchard"))
    listening(page)
    page.click("#answer-text")
    page.keyboard.type("Yes, we are")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    place = "document.querySelector('#answer-text').getBoundingClientRect().top"
    page.evaluate("document.querySelector('#answer-text').scrollIntoView({ block: 'center' })")
    top = page.evaluate(place)
    served.desk.receive(
        "quiet orchard", "One more thing.\n" * 12, conversation=served.talks["quiet orchard"]
    )
    served.desk.by(MIRA).note(served.talks["quiet orchard"], "I read this too.")
    expect(page.locator("#thread")).to_contain_text("One more thing.", timeout=SECOND)
    expect(page.locator("#thread")).to_contain_text("I read this too.", timeout=SECOND)
    assert page.evaluate(ACTIVE) == "answer-text"
    assert abs(page.evaluate(place) - top) < 2
    page.keyboard.type("lly ")
    assert page.input_value("#answer-text") == "Yes, we ally re"


def test_news_leaves_the_focus_in_a_list(page: Page, served: Served) -> None:
    listening(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused = page.evaluate(ACTIVE)
    assert focused.startswith("row-")
    served.desk.receive("new name", "A new message.")
    expect(page.locator("#queue")).to_contain_text("A new message.", timeout=SECOND)
    expect(page.locator("#go-hotline .count")).to_contain_text("5", timeout=SECOND)
    assert page.evaluate(ACTIVE) == focused


def test_news_waits_while_somebody_selects_text(page: Page, served: Served) -> None:
    page.goto(served.path("amber lantern"))
    listening(page)
    page.locator("#thread .text").first.click(click_count=3)
    chosen = page.evaluate("getSelection().toString()")
    assert "second phone" in chosen
    served.desk.note(served.talks["amber lantern"], "While you were selecting.")
    page.wait_for_timeout(SECOND)
    assert page.evaluate("getSelection().toString()") == chosen
    page.evaluate("getSelection().removeAllRanges()")
    expect(page.locator("#thread")).to_contain_text("While you were selecting.", timeout=SECOND)


def test_claiming_and_noting_leave_a_half_written_answer(page: Page, served: Served) -> None:
    page.goto(served.path("quiet orchard"))
    page.fill("#answer-text", "Half of an answer")
    page.set_input_files("#answer-files", {"name": "a.txt", "mimeType": "x/y", "buffer": b"x"})
    page.click("#claim")
    expect(page.locator("#hold")).to_contain_text("Held by you")
    page.fill("#note-text", "She is nineteen.")
    page.click("#note button")
    expect(page.locator("#thread .note")).to_contain_text("She is nineteen.")
    expect(page.locator("#note-text")).to_have_value("")
    page.click("summary")
    page.select_option("#hand-over-to", MIRA.hex())
    page.click("#hand-over button")
    expect(page.locator("#hold")).to_contain_text("Held by Mira")
    assert page.input_value("#answer-text") == "Half of an answer"
    assert page.evaluate("document.querySelector('#answer-files').files.length") == 1


def test_a_refused_answer_keeps_its_text_and_its_files_and_goes_the_second_time(
    page: Page, served: Served
) -> None:
    page.goto(served.path("quiet orchard"))
    page.fill("#answer-text", "Mine.")
    page.set_input_files("#answer-files", {"name": "a.txt", "mimeType": "x/y", "buffer": b"abc"})
    served.desk.by(MIRA).answer(served.talks["quiet orchard"], "We are real. I am Mira.")
    page.keyboard.press("Escape")
    page.focus("#answer-text")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer-refused")).to_contain_text("A colleague answered")
    assert page.input_value("#answer-text") == "Mine."
    served.complaints.clear()  # Browsers call every 422 an error of the page.
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("The answer is saved.")
    assert page.input_value("#answer-text") == ""
    assert page.evaluate(ACTIVE) == "answer-text"
    *_, mine = served.desk.conversation(served.talks["quiet orchard"]).answers  # type: ignore[union-attr]
    assert (mine.text, mine.attachments[0].name) == ("Mine.", "a.txt")


def test_leaving_with_something_unsent_asks_first(page: Page, served: Served) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(served.path("quiet orchard"))
    page.click("#answer-text")
    page.keyboard.type("not sent")
    page.click("#go-crew")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.input_value("#answer-text") == "not sent"


def test_a_message_in_sight_is_marked_as_read_without_a_press(page: Page, served: Served) -> None:
    page.goto(served.path("quiet orchard"))
    expect(page.locator("#thread .unread")).to_have_count(0, timeout=4 * SECOND)
    assert served.desk.conversation(served.talks["quiet orchard"]).unread == 0  # type: ignore[union-attr]


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


def test_the_relay_goes_and_comes_back_and_the_page_says_so(page: Page, served: Served) -> None:
    page.goto(served.path("quiet orchard"))
    listening(page)
    served.desk.relay_goes(online=False)
    expect(page.locator(".status")).to_contain_text("cannot be reached", timeout=SECOND)
    page.fill("#answer-text", "Written offline.")
    page.click("#answer button")
    expect(page.locator(".from-office .mark")).to_have_attribute("data-sent", "no")
    expect(page.locator(".status")).to_contain_text("1 entry has not left yet.", timeout=SECOND)
    served.desk.relay_goes(online=True)
    expect(page.locator(".from-office .mark")).to_have_attribute("data-sent", "yes", timeout=SECOND)
    expect(page.locator(".status")).to_contain_text("Connected to the server.", timeout=SECOND)


def test_locking_empties_every_window(page: Page, served: Served) -> None:
    other = served.watch(page.context.new_page())
    other.goto(served.path("amber lantern"))
    listening(other)
    page.click("#lock")
    expect(page.locator("h1")).to_have_text("Locked")
    expect(other.locator("h1")).to_have_text("Locked", timeout=2 * SECOND)
    assert "brother" not in other.content()
    # The style came before the process went.
    assert page.evaluate("getComputedStyle(document.querySelector('.door')).maxWidth") != "none"
    page.wait_for_timeout(2 * SECOND)
    served.complaints.clear()
    with pytest.raises(Exception, match="ERR_CONNECTION_REFUSED"):
        other.goto(f"{served.url}/today")
    served.complaints.clear()


@pytest.mark.parametrize("name", sorted(HOSTILE_WORDS))
def test_a_strangers_words_do_nothing_in_a_browser(page: Page, served: Served, name: str) -> None:
    text = HOSTILE_WORDS[name]
    dialogs: list[str] = []

    def close(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", close)
    listening(page)
    talk = served.desk.receive(text, text, language=text[:30], files=[(text, b"x")])
    served.desk.note(talk, text)
    # It comes by the live way first, and then with a whole page.
    expect(page.locator("#queue .row")).to_have_count(6, timeout=2 * SECOND)
    page.goto(f"{served.url}/hotline/{talk.hex()}")
    listening(page)
    served.desk.by(MIRA).hand_over(talk, served.desk.device, text)
    expect(page.locator("#hold blockquote")).to_have_count(1, timeout=2 * SECOND)
    assert dialogs == []
    assert page.evaluate("document.querySelectorAll('main img, main script, iframe').length") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [320, 390, 768, 1100, 1680])
@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_no_page_is_wider_than_its_window(
    served: Served, chromium: Browser, width: int, locale: str
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 700}, locale=locale)
    page = served.watch(context.new_page())
    enter(page, served)
    for path in ("/today", "/hotline?show=all", "/search?q=phone", "/crew", "/settings"):
        page.goto(served.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(served.path("amber lantern"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert not served.complaints


def test_everything_can_be_done_by_keyboard(page: Page, served: Served) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hotline/*")
    page.keyboard.press("a")
    assert page.evaluate(ACTIVE) == "answer-text"
    page.keyboard.type("ahs")
    assert page.input_value("#answer-text") == "ahs"
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("The answer is saved.")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert page.evaluate(ACTIVE) == "note-text"
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_url("**/search")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("friend")
    expect(page.locator("#hits mark").first).to_have_text("friend")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.wait_for_url("**/today")


@pytest.fixture
def plain(served: Served, chromium: Browser) -> Iterator[Page]:
    """A window without script that has been unlocked."""
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    enter(page, served)
    yield page
    context.close()


def test_without_script_a_person_is_answered(plain: Page) -> None:
    plain.click(".row:has-text('quiet orchard') .name")
    plain.click("text=Mark as read")
    plain.click("#claim")
    expect(plain.locator("#hold")).to_contain_text("Held by you")
    plain.fill("#answer-text", " ")
    plain.click("#answer button")
    expect(plain.locator("#answer-refused")).to_contain_text("nothing to send yet")
    plain.fill("#answer-text", "Yes, this is us.")
    plain.set_input_files("#answer-files", {"name": "a.txt", "mimeType": "x/y", "buffer": b"abc"})
    plain.click("#answer button")
    expect(plain.locator("#notices")).to_contain_text("The answer is saved.")
    with plain.expect_download() as coming:
        plain.click(".file button")
    assert Path(coming.value.path()).read_bytes() == b"abc"


def test_without_script_colleagues_work_together(plain: Page) -> None:
    plain.click(".row:has-text('quiet orchard') .name")
    plain.fill("#note-text", "She is nineteen.")
    plain.click("#note button")
    plain.click("summary")
    plain.select_option("#hand-over-to", MIRA.hex())
    plain.click("#hand-over button")
    expect(plain.locator("#hold")).to_contain_text("Held by Mira")
    plain.click("#go-search")
    plain.fill("#q", "nineteen")
    plain.click(".seeking button")
    expect(plain.locator("#hits mark")).to_have_text("nineteen")
    plain.click("#go-settings")
    plain.click("text=Русский")
    expect(plain.locator("h1")).to_have_text("Настройки")
    plain.click("#lock")
    expect(plain.locator("h1")).to_have_text("Заперто")
