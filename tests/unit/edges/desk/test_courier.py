# SPDX-License-Identifier: AGPL-3.0-or-later
"""The courier over HTTP: a relay's errors keep their names, everything else is `Unreachable`."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from safeconduct.edges.desk.courier import HttpCourier, Line, ParcelChanged
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.ports import Counted
from safeconduct.kernel.wire.refusals import Busy, TooLarge, UnknownCapability, write_refusal
from safeconduct.kernel.words import OfficeId

OFFICE = OfficeId(bytes(16))


class Answers(BaseHTTPRequestHandler):
    """Says what the test put there."""

    status, body = 200, b""
    asked: tuple[str, str | None] = ("", None)

    def do_GET(self) -> None:
        """Answer."""
        type(self).asked = (self.path, self.headers["Authorization"])
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def courier() -> Iterator[HttpCourier]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    line = Line(f"http://127.0.0.1:{server.server_port}/", OFFICE)
    yield HttpCourier(line, b"c" * 32)
    line.close()
    server.shutdown()
    thread.join()
    server.server_close()


def answer(status: int, body: bytes) -> None:
    Answers.status, Answers.body = status, body


def test_capability_is_sent_and_sizes_are_read(courier: HttpCourier) -> None:
    answer(200, encode([3, 4]))
    assert courier.wait(1, 2, 0.4) == (3, 4)
    path, bearer = Answers.asked
    assert path == f"/v1/{OFFICE.hex()}/wait?log=1&intake=2&seconds=0"
    assert bearer == "Bearer " + (b"c" * 32).hex()


def test_counts_of_a_tracing_epoch_are_asked_for_without_a_capability(
    courier: HttpCourier,
) -> None:
    answer(200, encode([[b"h" * 32, 9, 2, 3]]))
    assert courier.traced(b"order", b"s" * 64) == [Counted(b"h" * 32, 9, 2, 3)]
    assert Answers.asked == (f"/v1/{OFFICE.hex()}/traced", None)
    answer(200, encode([[b"h" * 32, 9]]))
    with pytest.raises(Unreachable):
        courier.traced(b"order", b"s" * 64)


@pytest.mark.parametrize("error", [TooLarge(5), UnknownCapability(), Busy(3)])
def test_errors_of_a_relay_keep_their_names(courier: HttpCourier, error: Exception) -> None:
    answer(400, write_refusal(error))  # type: ignore[arg-type]
    with pytest.raises(type(error)):
        courier.checkpoint("log")


@pytest.mark.parametrize(
    ("status", "body"),
    [(502, b"<html>Bad Gateway"), (404, b""), (302, b""), (400, encode(["no_such_code"]))],
)
def test_what_no_relay_says_is_unreachable(courier: HttpCourier, status: int, body: bytes) -> None:
    answer(status, body)
    with pytest.raises(Unreachable):
        courier.checkpoint("log")


@pytest.mark.parametrize(
    "body", [b"<html>Welcome to the hotel", b"\x00\x00\x00\x09ab", b"\xff" * 7]
)
def test_page_of_somebody_else_is_unreachable(courier: HttpCourier, body: bytes) -> None:
    answer(200, body)
    with pytest.raises(Unreachable):
        courier.frames(0, 100)
    with pytest.raises(Unreachable):
        courier.wait(0, 0, 0)


def test_parcel_is_held_to_its_name(courier: HttpCourier) -> None:
    answer(200, b"parcel")
    assert courier.parcel(hashlib.sha256(b"parcel").digest()) == b"parcel"
    with pytest.raises(ParcelChanged):
        courier.parcel(bytes(32))


def test_nobody_there_is_unreachable() -> None:
    line = Line("http://127.0.0.1:9", OFFICE)
    with pytest.raises(Unreachable):
        HttpCourier(line, b"").checkpoint("log")
