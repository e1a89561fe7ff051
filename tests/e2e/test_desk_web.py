# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk in a real browser, over the real engine and a real server, with a person at her page.

Server and desk are the programs that people run, each in a process of its own.
"""

from __future__ import annotations

import shutil
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from safeconduct.edges.desk import browser as own
from safeconduct.edges.desk.founding import Relay, found_office
from safeconduct.programs.desk import command
from tests.kit.browsers import Browser, browser, own_window
from tests.kit.offices import NAMES, PASSPHRASE, quick_world
from tests.kit.patience import PATIENCE
from tests.kit.programs import FOUNDING, LINK, Program, hold_keys, serve

pytestmark = pytest.mark.browser
PARENT = """
import sys
from functools import partial
from pathlib import Path
from safeconduct.edges.desk.browser import Browser, open_browser
from safeconduct.edges.desk.launch import launch

kind, path, *command = sys.argv[1:]
browse = partial(open_browser, browser=Browser(Path(path), kind), extra=("--headless",))

def show(link):
    window = browse(link)
    print(window.folder, flush=True)
    return window

sys.exit(launch(command, say=print, browse=show))
"""
CRY = "Меня ищут братья. Я в Острели, до пятницы."
ANSWER = "Мы с вами.\nНе выходите сегодня."
SOON_MS = 5_000
"""Half of the ten seconds after which a desk asks the server again if it hears nothing."""
ENOUGH_PROCESSES = 4
"""The keys, the browser, and some of the browser's own."""
WATCH = """(() => {
  window.stays = true;
  new MutationObserver((_, observer) => {
    if (!document.querySelector('#queue .row')) return;
    window.cameAt = performance.timeOrigin + performance.now();
    observer.disconnect();
  }).observe(document.body, { childList: true, subtree: true });
})()"""
NOTE_SENDING = """document.querySelector('#send').addEventListener('click', () => {
  window.sentAt = performance.timeOrigin + performance.now();
}, { capture: true })"""
NOTE_RECEIPT = """new MutationObserver((_, observer) => {
  if (document.querySelector('#mark-server')?.dataset.done !== 'yes') return;
  window.receiptAt = performance.timeOrigin + performance.now();
  observer.disconnect();
}).observe(document.body, { attributes: true, childList: true, subtree: true })"""


@dataclass
class Night:
    """One office at work: its public page, and a desk that waits to be opened."""

    page_url: str
    link: str


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the desk is."""
    return tmp_path / "desk"


@pytest.fixture
def night(tmp_path: Path, home: Path) -> Iterator[Night]:
    """An office that was founded over HTTP."""
    with serve(tmp_path / "server") as server:
        url, code = server.until(FOUNDING).groups()
        found_office(home, PASSPHRASE, NAMES, Relay.over_http(url, code), quick_world())
        with hold_keys(home) as desk:
            yield Night(f"{url}/", desk.until(LINK)[1])


def unlock(desk: Browser) -> None:
    """Give the passphrase to a desk whose one-time link was opened."""
    desk.wait_visible("#passphrase")
    desk.fill("#passphrase", PASSPHRASE)
    desk.click("form[action='/passphrase'] button")
    desk.wait("document.querySelector('h1')?.textContent === 'Today'")


def write(person: Browser, night: Night, *files: Path) -> str:
    """Write a first message at the public page; return the eight words."""
    person.goto(night.page_url)
    person.wait_visible("#to-write")
    person.click("#to-write")
    person.type("#text", CRY)
    if files:
        person.upload("#files", *files)
    person.evaluate(NOTE_SENDING)
    person.evaluate(NOTE_RECEIPT)
    person.click("#send")
    person.wait_visible("#keep")
    return " ".join(person.texts("#phrase li"))


def test_a_message_appears_on_today_by_itself_and_its_answer_reaches_the_person(
    night: Night,
) -> None:
    with browser("chromium") as desk, browser("chromium") as person:
        desk.goto(night.link)
        unlock(desk)
        assert not desk.texts("#queue .row")
        desk.evaluate(WATCH)
        words = write(person, night)
        desk.wait("window.cameAt")
        came = desk.evaluate("window.cameAt")
        person.wait("window.receiptAt")
        sent, receipt = (came - person.evaluate(f"window.{at}") for at in ("sentAt", "receiptAt"))
        print(f"on Today {sent:.0f} ms after Send, {receipt:.0f} ms after the receipt")
        # How long Send takes is the person's machine's work, and `make bench-portal` measures it.
        # It is how busy the machine was all the same, and a busy one shows no sooner than it sends.
        assert receipt < max(SOON_MS, sent - receipt)
        assert desk.evaluate("window.stays")
        assert CRY in desk.text("#queue .row .preview")
        person.wait("document.querySelector('#mark-office').dataset.done === 'yes'")

        desk.click("#queue .row .name")
        answer(desk)
        read_answer(person, night, words)
        assert not [line for page in (desk, person) for line in page.seen() if "error" in line]


def answer(desk: Browser) -> None:
    """Answer in the conversation that is open, and wait until it says that the server has it."""
    desk.wait_visible("#answer-text")
    desk.type("#answer-text", ANSWER)
    desk.click("#answer button[name=send]")
    desk.wait_visible(".from-office .mark[data-sent=yes]")


def read_answer(person: Browser, night: Night, words: str) -> None:
    """Come back with the words, and read."""
    person.renew()
    person.goto(night.page_url)
    person.wait_visible("#to-return")
    person.click("#to-return")
    person.fill("#typed", words)
    person.press("Enter")
    person.wait_visible("#letters article")
    assert ANSWER in person.text("#letters article")


def test_the_whole_job_is_done_in_firefox(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk in its own window of Firefox; the person's page in a Firefox of her own."""
    paper, saved = tmp_path / "письмо дяди.txt", tmp_path / "saved"
    paper.write_text("В пятницу.", encoding="utf-8")
    # Where to save is asked by a window of the system, which a browser without a screen lacks.
    for name, value in {"useDownloadDir": True, "folderList": 2, "dir": str(saved)}.items():
        monkeypatch.setitem(own.FIREFOX_PREFERENCES, f"browser.download.{name}", value)
    with browser("firefox") as person, own_window("firefox", night.link) as desk:
        words = write(person, night, paper)
        unlock(desk)
        desk.wait_visible("#queue .row .name")
        desk.click("#queue .row .name")
        desk.wait_text("#thread", CRY)
        person.wait("document.querySelector('#mark-office').dataset.done === 'yes'")
        desk.click("#thread .file button[name=save]")
        desk.wait_for(lambda: [path.name for path in saved.glob("*")] == [paper.name])
        assert (saved / paper.name).read_bytes() == paper.read_bytes()
        # Firefox ends a page's stream when it saves a file; the page hears of news all the same.
        answer(desk)
        read_answer(person, night, words)


@pytest.mark.parametrize(("kind", "name"), [("chromium", "chromium"), ("firefox", "firefox-esr")])
def test_a_desk_that_is_asked_to_end_leaves_no_profile_and_no_process(
    home: Path, night: Night, kind: str, name: str
) -> None:
    path = shutil.which(name)
    assert path
    parent = (sys.executable, "-c", PARENT, kind, path, *command(home))
    with Program(*parent) as running:
        process, profile = running.process, Path(running.until(r"(\S+/desk-\S+)\s")[1])
        until = time.monotonic() + PATIENCE
        family = psutil.Process(process.pid).children(recursive=True)
        while len(family) < ENOUGH_PROCESSES and time.monotonic() < until:
            time.sleep(0.1)
            family = psutil.Process(process.pid).children(recursive=True)
        assert profile.is_dir()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM
        assert not profile.exists()
        psutil.wait_procs(family, timeout=PATIENCE)
        assert not [child for child in family if child.is_running()]
        time.sleep(0.5)
        assert not profile.exists()
