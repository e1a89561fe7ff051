# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page as one file tries the addresses in turn; nothing is lost, and nothing comes twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from safeconduct.kernel.canon import encode
from tests.kit.page_visit import page_visit
from tests.kit.proxy import bad_line
from tests.kit.stage import stage

CRY = "Меня ищут братья."
YEAR_SECONDS = 365 * 86_400


class Barred(BaseHTTPRequestHandler):
    """Says to whoever asks that this address is blocked, as a provider does."""

    def do_GET(self) -> None:
        """Answer with a page."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<h1>Access is restricted</h1>")

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


class Stalling(Barred):
    """Says that it is a relay, and to whatever is asked of it that it is busy for a year."""

    def do_GET(self) -> None:
        """Answer as a relay does."""
        alive = self.path == "/v1/health"
        body = encode(["ok"] if alive else ["busy", YEAR_SECONDS])
        self.send_response(200 if alive else 503)
        self.send_header("Content-Type", "application/msgpack")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def barred_address(kind: type[Barred] = Barred) -> Iterator[int]:
    """A port at which a provider's page is given, or another answer."""
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_address_where_a_provider_answers_is_passed_over() -> None:
    with stage() as office, barred_address() as barred, page_visit(barred, office.port) as visit:
        assert "receipt" in visit.ask("send", text=CRY, files=[])["told"][-1]
        assert [letter.text for _, letter in office.letters()] == [CRY]


def test_address_that_says_it_is_busy_for_a_year_keeps_no_message() -> None:
    with (
        stage() as office,
        barred_address(Stalling) as stalling,
        page_visit(stalling, office.port) as visit,
    ):
        visit.start("send", text=CRY, files=[])
        assert "receipt" in visit.outcome()["told"][-1]
        assert [letter.text for _, letter in office.letters()] == [CRY]


def test_message_goes_on_at_the_next_address_when_one_dies_under_way() -> None:
    with (
        stage() as office,
        bad_line(office.port) as line,
        page_visit(line.port, office.port) as visit,
    ):

        def dies() -> None:
            line.down = True
            line.cut()

        line.before(b"POST /v1/", dies)
        assert "receipt" in visit.ask("send", text=CRY, files=[])["told"][-1]
        assert line.made
        assert [letter.text for _, letter in office.letters()] == [CRY]


def test_receipt_that_was_lost_with_an_address_brings_no_second_message() -> None:
    with (
        stage() as office,
        bad_line(office.port) as line,
        page_visit(line.port, office.port) as visit,
    ):
        line.cut_after(b"POST /v1/")
        assert "receipt" in visit.ask("send", text=CRY, files=[])["told"][-1]
        assert [letter.text for _, letter in office.letters()] == [CRY]


def test_single_address_is_not_asked_whether_it_is_there() -> None:
    asked: list[bytes] = []
    with stage() as office, bad_line(office.port) as line, page_visit(line.port) as visit:
        line.before(b"GET /v1/health", lambda: asked.append(b"health"))
        visit.ask("send", text=CRY, files=[])
        assert not asked
        assert len(office.letters()) == 1


def test_words_of_the_office_itself_open_no_box() -> None:
    with stage() as office, page_visit(office.port) as visit:
        words = visit.ask("ours")["done"]
        assert len(words) == 8
        assert visit.ask("enter", typed=" ".join(words))["code"] == "words_ours"
