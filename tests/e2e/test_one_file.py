# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page as one file, from a disk: any address of the office will do, and no other is asked."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from safeconduct.edges.portal import one_file
from safeconduct.kernel.seal.keys import SigningKey
from safeconduct.kernel.seal.office_words import office_words
from tests.kit.browsers import KINDS, Browser, browser
from tests.kit.programs import safeconduct
from tests.kit.proxy import bad_line
from tests.kit.serving import served_office
from tests.kit.stage import INTAKE_SIGNING, OFFICE, Stage, stage
from tests.kit.visiting import visit

pytestmark = pytest.mark.browser
CRY = "Меня ищут братья, до пятницы. 🙏"
PICTURE = bytes(range(256)) * 5_000
PIN = INTAKE_SIGNING.public.short.raw
OPEN_HOST = "page.test"
"""A name without a certificate, which is no secure context."""
WITHOUT_WEBCRYPTO = """
    const gone = "Object.defineProperty(crypto, 'subtle', { value: undefined });";
    const Whole = Blob;
    globalThis.Blob = class extends Whole {
        constructor(parts, options) {
            super(options?.type === 'text/javascript' ? [gone, ...parts] : parts, options);
        }
    };
    Object.defineProperty(crypto, 'subtle', { value: undefined });
"""
"""Takes WebCrypto from the pages to come and from their workers."""


@contextmanager
def dead_address() -> Iterator[str]:
    """An address at which nobody answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def keep_file(office: Stage, folder: Path, *addresses: str) -> str:
    """Write the one file for these addresses, as who was handed it keeps it; return where."""
    path = folder / "notes.html"
    path.write_bytes(one_file(replace(office.config, addresses=addresses)))
    return path.as_uri()


def write(page: Browser, file: str, *attached: Path) -> list[str]:
    """Write a first message in the file and return the eight words."""
    page.goto(file)
    page.wait_visible("#to-write")
    page.click("#to-write")
    page.type("#text", CRY)
    if attached:
        page.upload("#files", *attached)
    page.click("#send")
    page.wait_visible("#keep")
    return page.texts("#phrase li")


def come_back(page: Browser, file: str, words: list[str], *, first: str = "") -> None:
    """Open the file anew and enter words; a script may run first."""
    page.renew()
    page.preload(first)
    page.goto(file)
    page.wait_visible("#to-return")
    page.click("#to-return")
    page.fill("#typed", " ".join(words))
    page.press("Enter")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cipher", ["the browser's", "none"])
def test_a_person_writes_from_a_file_and_reads_the_answer(
    kind: str, cipher: str, tmp_path: Path
) -> None:
    (tmp_path / "фото.jpg").write_bytes(PICTURE)
    first = WITHOUT_WEBCRYPTO if cipher == "none" else ""
    with stage() as office, dead_address() as dead, visit(kind) as page:
        file = keep_file(office, tmp_path, dead, office.url.rstrip("/"))
        page.preload(first)
        words = write(page, file, tmp_path / "фото.jpg")
        assert page.evaluate("crypto.subtle === undefined") == (cipher == "none")
        page.wait_text("#carry-state", "Everything is there")
        ((_, letter),) = office.letters()
        assert letter.text == CRY
        assert b"".join(office.file(letter.files[0])) == PICTURE
        office.answer(letter, "Мы с вами.")

        come_back(page, file, words, first=first)
        page.wait_text("#letters", "Мы с вами.")
        assert CRY not in page.evaluate("document.documentElement.outerHTML")


@pytest.mark.parametrize("kind", KINDS)
def test_the_exported_file_leads_to_a_real_desk_and_back(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "notes.html"
    with served_office() as office, dead_address() as dead, visit(kind) as page:
        where = ("--address", dead, office.url)
        export = safeconduct("portal", "export", str(office.folder), "-o", str(path), *where)
        assert export.wait() == 0, export.said
        export.stop()
        words = write(page, path.as_uri())
        ours = page.evaluate("document.querySelector('#our-words').textContent")
        assert not ours  # Nobody asked for them yet.
        conversation = office.letter(CRY)
        office.desk.answer(conversation.id, "Мы с вами.", [])
        come_back(page, path.as_uri(), words)
        page.wait_text("#letters", "Мы с вами.")

        page.goto(path.as_uri())
        page.click("#ours summary")
        page.wait_text("#our-words", " ")
        assert page.text("#our-words").split() == list(office.desk.compared().office["en"])
        assert page.text("#our-words") in export.said


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_asked_before_she_acts_and_what_she_wrote_waits_for_an_address(
    kind: str, tmp_path: Path
) -> None:
    with stage() as office, bad_line(office.port) as line, dead_address() as dead:
        file = keep_file(office, tmp_path, f"http://127.0.0.1:{line.port}", dead)
        with visit(kind) as page:
            page.goto(file)
            page.wait_visible("#to-write")
            page.click("#to-write")
            page.type("#text", CRY)
            assert line.carried == 0
            line.down = True
            page.click("#send")
            page.wait_text("#send-state", "None of our addresses answers now")
            assert page.evaluate("document.querySelector('#text').value") == CRY
            line.down = False
            page.wait_visible("#keep")
            assert [letter.text for _, letter in office.letters()] == [CRY]


@pytest.mark.parametrize("kind", KINDS)
def test_a_browser_lets_the_file_reach_its_addresses_and_nobody_else(
    kind: str, tmp_path: Path
) -> None:
    with stage() as office, bad_line(office.port) as line, visit(kind) as page:
        page.goto(keep_file(office, tmp_path, f"http://127.0.0.1:{line.port}"))
        outcome = "fetch('http://127.0.0.1:{}/v1/health').then(() => 'went', () => 'refused')"
        assert page.evaluate(outcome.format(line.port)) == "went"
        # The same relay under another address, which it would answer.
        assert page.evaluate(outcome.format(office.port)) == "refused"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def over_an_open_line(folder: Path) -> Iterator[str]:
    """Serve a folder without a certificate, under a name that is not this machine's own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{OPEN_HOST}:{server.server_port}/notes.html"
        finally:
            server.shutdown()
            thread.join()


def knows_the_host(kind: str) -> dict[str, Any]:
    """How a browser takes the name for this machine."""
    if kind == "chromium":
        return {"args": (f"--host-resolver-rules=MAP {OPEN_HOST} 127.0.0.1",)}
    return {"prefs": {"network.dns.localDomains": OPEN_HOST}}


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_from_an_open_line_says_so_and_seals_without_webcrypto(
    kind: str, tmp_path: Path
) -> None:
    with stage() as office, browser(kind, **knows_the_host(kind)) as page:
        keep_file(office, tmp_path, office.url.rstrip("/"))
        with over_an_open_line(tmp_path) as url:
            write(page, url)
            assert page.evaluate("isSecureContext || crypto.subtle !== undefined") is False
            assert [letter.text for _, letter in office.letters()] == [CRY]
            page.goto(url)
            page.wait_visible("#open-line")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_made_for_another_key_shows_other_words_and_sends_nothing(
    kind: str, tmp_path: Path
) -> None:
    enemy = SigningKey.from_seed(b"e" * 32).public.raw
    with stage() as office, visit(kind) as page:
        file = keep_file(office, tmp_path, office.url.rstrip("/"))
        forged = (
            (tmp_path / "notes.html").read_bytes().replace(PIN.hex().encode(), enemy.hex().encode())
        )
        (tmp_path / "notes.html").write_bytes(forged)
        page.goto(file)
        page.click("#ours summary")
        page.wait_text("#our-words", " ")
        assert page.text("#our-words").split() == list(office_words(OFFICE, enemy, "en"))
        assert page.text("#our-words").split() != list(office_words(OFFICE, PIN, "en"))
        page.click("#to-write")
        page.type("#text", CRY)
        page.click("#send")
        page.wait_text("#send-state", "nothing was sent")
        assert not office.items()


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_holds_every_language_and_leaving_empties_it(kind: str, tmp_path: Path) -> None:
    with stage() as office, visit(kind) as page:
        page.goto(keep_file(office, tmp_path, office.url.rstrip("/")))
        page.click("button[lang=ru]")
        page.wait_text("h1", "Заметки")
        assert page.evaluate("[document.title, document.documentElement.lang]") == ["Заметки", "ru"]
        page.click("#ours summary")
        page.wait_text("#our-words", " ")
        assert page.text("#our-words").split() == list(office_words(OFFICE, PIN, "ru"))
        page.click("#to-write")
        page.type("#text", CRY)
        page.click("button[lang=en]")
        page.wait("document.querySelector('#language-state').textContent")
        page.click("button[lang=en]")
        page.wait_text("h1", "Notes")
        assert not page.evaluate("document.querySelector('#text').value")
        complaints = [one for one in page.seen() if "error" in one or "console" in one]
        assert not complaints
        page.press_twice("Escape")
        page.wait("location.href === 'about:blank'")


def test_where_no_script_runs_the_file_says_so_in_every_language(tmp_path: Path) -> None:
    with stage() as office, visit("chromium") as page:
        page.script(on=False)
        page.goto(keep_file(office, tmp_path, office.url.rstrip("/")))
        said = " ".join(page.texts("noscript"))
        assert "This browser runs no scripts" in said
        assert "не выполняет скрипты" in said or "скрипт" in said
