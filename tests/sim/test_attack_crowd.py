# SPDX-License-Identifier: AGPL-3.0-or-later
"""A crowd of connections stands in the server's door and never finishes what it began to say."""

import asyncio
import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import pytest

from safeconduct.edges.counter import Limits
from safeconduct.edges.desk.engine import loops
from safeconduct.edges.desk.engine.loops import Loops
from safeconduct.edges.relay.bell import MOST_OF_AN_OFFICE
from safeconduct.edges.relay.store import RelayStore
from safeconduct.kernel.wire.bodies import parse_intake_terms, parse_receipt, write_body
from safeconduct.programs import doorway, serve
from safeconduct.programs.serve import Server
from safeconduct.programs.settings import DATABASE, ServeSettings
from tests.kit.counter import counter, multipart
from tests.kit.relay import Office, keep, plenty
from tests.kit.stage import stage as open_stage
from tests.sim.courier import Rehearsal, StoreCourier

pytestmark = pytest.mark.attack

CROWD = 250
FILES = 160
IN_TIME_SECONDS = 2
PATIENCE_SECONDS = 10
OFFICE = Office()
BASE = f"/v1/{OFFICE.office.hex()}"
# The server as it is started, on a machine that lets it open few files.
FEW_FILES = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({FILES}, {FILES}));"
# And whose relay lets all wait who come.
MANY_WAIT = (
    "from safeconduct.edges.relay import bell; bell.MOST_OF_AN_OFFICE = 10_000;"
    " from safeconduct.programs import serve; serve.places_to_wait = lambda most: 10_000;"
)
WAIT = (
    f"GET {BASE}/wait?log=9&intake=9 HTTP/1.1\r\nHost: x\r\n"
    f"Authorization: Bearer {OFFICE.capability().hex()}\r\n\r\n"
).encode()
STARTS = (
    b"",
    b"G",
    f"GET {BASE}/intake HTTP/1.1\r\nHost: x\r\nX-Long: ".encode(),
    f"POST {BASE}/intake HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\nx".encode(),
    f"GET {BASE}/intake HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="gives the server few files")


@contextmanager
def server(folder: Path, before: str) -> Iterator[int]:
    """Start a server that keeps one office, after something else was done; give its port."""
    with RelayStore(folder / DATABASE, probe=plenty) as store:
        keep(store, OFFICE)
    start = f"{before}from safeconduct.programs.main import main; main()"
    command = [sys.executable, "-c", start, "serve", str(folder)]
    with subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0", "--no-counter"],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "LC_ALL": "C.UTF-8"},
    ) as process:
        assert process.stdout is not None
        try:
            (port,) = re.findall(rb":(\d+)\n", process.stdout.readline())
            write(int(port), b"the first")  # It serves.
            yield int(port)
        finally:
            process.kill()


def write(port: int, text: bytes) -> None:
    """Send a message as a person's page does, over a connection of its own."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    line.request("GET", f"{BASE}/intake")
    terms = parse_intake_terms(line.getresponse().read())
    submission = OFFICE.submission(terms.work, text)
    line.request("POST", f"{BASE}/intake", write_body(submission))
    assert parse_receipt(line.getresponse().read()).hash
    line.close()


def long_poll(port: int) -> socket.socket:
    """Wait for news of the office, as its desks do."""
    line = socket.create_connection(("127.0.0.1", port), timeout=5)
    with suppress(OSError):
        line.sendall(WAIT)
    return line


def time_to_write(port: int) -> float:
    """Return how many seconds a message takes."""
    waits = []
    for number in range(5):
        began = time.monotonic()
        write(port, b"help %d" % number)
        waits.append(time.monotonic() - began)
    return median(waits)


@LINUX
def test_crowd_that_finishes_nothing_keeps_nobody_out(tmp_path: Path) -> None:
    with server(tmp_path, FEW_FILES) as port, ExitStack() as crowd:
        for number in range(CROWD):
            line = crowd.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            with suppress(OSError):  # What became of them is not what is asked here.
                line.sendall(STARTS[number % len(STARTS)])
        assert time_to_write(port) < IN_TIME_SECONDS


@LINUX
def test_long_polls_in_every_place_keep_nobody_out(tmp_path: Path) -> None:
    with server(tmp_path, FEW_FILES + MANY_WAIT) as port, ExitStack() as crowd:
        for _ in range(CROWD):
            crowd.enter_context(long_poll(port))
        assert time_to_write(port) < IN_TIME_SECONDS


def test_who_waits_too_often_sends_the_oldest_away_and_no_other_office(tmp_path: Path) -> None:
    with RelayStore(tmp_path / DATABASE, probe=plenty) as store:
        mine, other = keep(store, OFFICE), keep(store, Office(2))
        known = mine.desk.sizes()

        async def crowd() -> int:
            calm = asyncio.create_task(other.desk.wait(known, 20))
            waits = [asyncio.create_task(mine.desk.wait(known, 20)) for _ in range(CROWD)]
            await asyncio.sleep(0.5)
            answered = [one.done() for one in waits]
            assert answered == sorted(answered, reverse=True)
            assert not calm.done()
            for one in (calm, *waits):
                one.cancel()
            return answered.count(False)

        assert asyncio.run(crowd()) == MOST_OF_AN_OFFICE


class Hasty(StoreCourier):
    """A relay that has no place to wait."""

    waits = 0

    def wait(self, log: int, intake: int, seconds: float) -> tuple[int, int]:
        self.waits += 1
        return super().wait(log, intake, 0 * seconds)


def test_desk_that_is_sent_away_again_and_again_asks_slowly(
    stage: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "PULL_SECONDS", 0.0)
    desk = stage.desks["first"]
    relay = Hasty(stage.store, stage.office, desk.journal.place.capability)
    running = Loops(desk.journal, relay)
    running.start()
    time.sleep(1)
    running.stop()
    assert 1 <= relay.waits <= 3


def test_who_goes_on_with_nothing_is_shown_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HEAD_SECONDS", "GRACE_SECONDS", "REST_SECONDS"):
        monkeypatch.setattr(doorway, name, 0.2)
    monkeypatch.setattr(serve, "TICKS_A_LOOK", 1)
    settings = ServeSettings(tmp_path, ("127.0.0.1", 0), None, "", "", "", "en")
    with Server(settings) as server, ExitStack() as crowd:
        keep(server.store, OFFICE)
        serving = threading.Thread(target=server.serve)
        serving.start()
        crowd.callback(serving.join)
        crowd.callback(server.stop)
        port = int(server.url.rpartition(":")[2])
        lines = [
            crowd.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            for _ in STARTS
        ]
        for line, start in zip(lines, STARTS, strict=True):
            line.sendall(start)
        for line in lines:
            with suppress(ConnectionError):
                while line.recv(65536):
                    pass


def upload_that_stops(url: str) -> socket.socket:
    """Begin to send a form with a file at the counter, and send the rest never."""
    kind, body = multipart({"page": "write", "text": "x", "action": "send"}, ("a", bytes(1 << 20)))
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
    line = socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=5)
    line.sendall(f"{head}\r\n\r\n".encode() + body[:5000])
    return line


def test_uploads_that_stop_do_not_hold_every_lane_of_the_counter() -> None:
    limits = Limits(spared_seconds=0.2, linger_seconds=0.2)
    with (
        open_stage() as office,
        counter(office, lanes=2, limits=limits) as handle,
        ExitStack() as crowd,
    ):
        for _ in range(2):
            crowd.enter_context(upload_that_stops(handle.url))
        port = urlsplit(handle.url).port or 0
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=limits.grace_seconds / 4)
        with closing(line):
            line.request("GET", "/")
            assert line.getresponse().read()
