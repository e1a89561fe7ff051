# SPDX-License-Identifier: AGPL-3.0-or-later
"""Locking ends the process with the keys at once, whatever the server does; real processes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from safeconduct.edges.desk.courier import Line
from safeconduct.edges.desk.meeting import HttpMeeting
from safeconduct.edges.desk.two_files import PAIR
from safeconduct.kernel.wire.pages import SENTENCE
from safeconduct.kernel.words import OfficeId
from safeconduct.programs.seizures.memory import scan_process
from safeconduct.programs.seizures.search import Search
from safeconduct.rooms.duty import signs
from tests.kit.offices import PASSPHRASE, Office, Person, an_office, wait
from tests.kit.patience import PATIENCE
from tests.kit.phones import phones

SAFECONDUCT = (sys.executable, "-m", "safeconduct")
AT_ONCE = 4.0
"""Less than the five seconds that a desk gives a server to answer: it waits for none."""
SOON = 30.0
"""Those five seconds, and what a busy machine needs for a page that is fetched meanwhile."""
MINUTE = 0.3


@dataclass
class Open:
    """An open desk: the keyless parent, the process with the keys, and a browser's cookies."""

    parent: subprocess.Popen[bytes]
    keys: psutil.Process
    web: httpx.Client

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Post as our own page would."""
        page = self.web.get("/unlock", follow_redirects=True).text
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token
        origin = {"Origin": str(self.web.base_url).rstrip("/")}
        return self.web.post(path, data={"csrf": token[1], **fields}, headers=origin)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office founded over HTTP; its server goes on at the end, if a test stopped it."""
    with an_office(tmp_path) as founded:
        try:
            yield founded
        finally:
            founded.server.process.send_signal(signal.SIGCONT)


@contextmanager
def desk(home: Path, errors: Path, path: str = "") -> Iterator[Open]:
    """Run `safeconduct desk --no-window` and unlock it; `path` goes before Python's own."""
    command = [*SAFECONDUCT, "desk", "--home", str(home), "--no-window"]
    world = os.environ | ({"PYTHONPATH": path} if path else {})
    with errors.open("wb") as said:
        parent = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=world)
    with parent:
        assert parent.stdout is not None
        link = parent.stdout.readline().decode().strip()
        (keys,) = psutil.Process(parent.pid).children()
        origin = link.partition("/open")[0]
        # One connection a call, as a browser has several: none is there to be cut.
        limits = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=origin, timeout=PATIENCE, limits=limits) as web:
            web.get(link)
            opened = Open(parent, keys, web)
            assert opened.post("/passphrase", passphrase=PASSPHRASE).status_code == 303
            yield opened
        parent.terminate()
        parent.wait(PATIENCE)


def answer_into_silence(office: Office, opened: Open, person: Person) -> str:
    """Answer a person after the server has stopped to answer; return the conversation's path."""
    person.write("Is somebody there?")
    wait(lambda: "Is somebody there?" in opened.web.get("/today").text)
    wait(lambda: "Connected" in opened.web.get("/today").text)
    office.server.process.send_signal(signal.SIGSTOP)
    talk = f"/hotline/{person.conversation.hex()}"
    answered = opened.post(f"{talk}/answer", text="You are not alone.", seen="none")
    assert answered.status_code == 303
    silent = time.monotonic()
    wait(lambda: "has not answered since" in opened.web.get("/today").text)
    print(f"silence was said {time.monotonic() - silent:.1f} s after the answer")
    assert time.monotonic() - silent < SOON
    return talk


def test_the_keys_go_at_once_though_the_server_hangs(office: Office, tmp_path: Path) -> None:
    person = office.someone()
    with desk(office.homes[0], tmp_path / "errors") as first:
        talk = answer_into_silence(office, first, person)
        pressed = time.monotonic()
        page = first.post("/lock")
        first.keys.wait(PATIENCE)
        gone = time.monotonic() - pressed
        print(f"the keys were gone {1000 * gone:.0f} ms after Lock was pressed")
        assert gone < AT_ONCE
        shown = first.web.get(page.headers["location"])
        assert "The desk is locked" in shown.text
        assert "safeconduct desk" in shown.text
        assert first.web.get("/static/desk.css").status_code == 200
        with desk(office.homes[0], tmp_path / "more errors") as second:
            print(f"open again {1000 * (time.monotonic() - pressed):.0f} ms after Lock was pressed")
            assert "answered, waits to be sent" in second.web.get("/hotline?show=all").text
            assert "You are not alone." in second.web.get(talk).text
            office.server.process.send_signal(signal.SIGCONT)
            wait(lambda: person.answers() == ["You are not alone."])
        assert first.parent.wait(PATIENCE) == 0
    assert (tmp_path / "errors").read_bytes() == b""


HASTE = f"""
from safeconduct.edges.desk import hands
hands.MINUTE = {MINUTE}
"""
"""Runs before a desk does: nobody waits fifteen minutes for a test."""


def is_told_that_it_is_locked(web: httpx.Client) -> bool:
    """Listen as a window does, which connects again when its stream ends without a word.

    The process with the keys waits for nobody before it ends: on a busy computer neither the word
    nor the mark of the stream's end may leave it any more, and whoever keeps the address says it.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with web.stream("GET", "/live") as news, suppress(httpx.RemoteProtocolError):
            for piece in news.iter_text():
                if "event: locked" in piece:
                    return True
    return False


def test_a_desk_that_is_left_alone_locks_itself_and_one_in_use_does_not(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(HASTE)
    path = os.pathsep.join([str(tmp_path), *sys.path])
    with desk(office.homes[0], tmp_path / "errors", path) as opened:
        since = time.monotonic()
        while time.monotonic() - since < 1.2 * 15 * MINUTE:
            assert opened.post("/here").status_code == 204
            time.sleep(0.2)
        assert is_told_that_it_is_locked(opened.web)
        opened.keys.wait(PATIENCE)
        assert opened.parent.wait(PATIENCE) == 0
    assert (tmp_path / "errors").read_bytes() == b""


def alike(home: Path) -> bool:
    """Tell whether a desk that has ended left two stores of one size and one time, and no log."""
    told = [(found.st_size, found.st_mtime_ns) for found in map(Path.stat, home.glob("store*"))]
    return {path.name for path in home.glob("store*")} == set(PAIR) and told[0] == told[1]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_desk_that_is_asked_to_end_says_nothing(
    office: Office, tmp_path: Path, how: signal.Signals
) -> None:
    """Its two processes share a terminal, so Ctrl-C reaches both."""
    for _ in range(2):
        with desk(office.homes[0], tmp_path / "errors") as opened:
            for process in (opened.keys, psutil.Process(opened.parent.pid)):
                process.send_signal(how)
            opened.parent.wait(PATIENCE)
            assert not opened.keys.is_running()
        assert (tmp_path / "errors").read_bytes() == b""
        assert alike(office.homes[0])


def test_nobody_else_gets_the_address_while_the_window_is_open(
    office: Office, tmp_path: Path
) -> None:
    with desk(office.homes[0], tmp_path / "errors") as opened:
        port = opened.web.base_url.port
        assert port
        opened.post("/lock")
        opened.keys.wait(PATIENCE)
        with pytest.raises(OSError, match="in use"):
            socket.create_server(("127.0.0.1", port)).close()
        assert "event: locked" in opened.web.get("/live").text


SHORT_PAUSES = """
from safeconduct.edges.desk import locked_watch
locked_watch.PAUSE, locked_watch.SPREAD = 0.2, 0.2
"""


def secrets_of(office: Office) -> dict[str, bytes]:
    """What the first desk's keys are made from, each under its name; its program must not run."""
    closed = office.open(0)
    try:
        journal = closed.journal
        return {
            "capability": journal.place.capability,
            "signing seed": journal.secrets.signing,
            "sealing seed": journal.secrets.sealing,
        }
    finally:
        closed.stop()


def test_a_locked_desk_on_duty_says_that_something_waits_and_holds_no_key(
    office: Office, tmp_path: Path
) -> None:
    person, secrets = office.someone(), secrets_of(office)
    person.write("Is somebody there?")
    (tmp_path / "sitecustomize.py").write_text(SHORT_PAUSES)
    path = os.pathsep.join([str(tmp_path), *sys.path])
    with desk(office.homes[0], tmp_path / "errors", path) as opened:
        wait(lambda: "Is somebody there?" in opened.web.get("/today").text)
        search = Search([], plain=[PASSPHRASE], keys=secrets)
        assert {find.marker for find in scan_process(search, opened.keys.pid)} >= {*secrets}
        assert opened.post("/waits", waits="on").status_code == 303
        opened.post("/lock")
        opened.keys.wait(PATIENCE)
        assert "it says here when something new" in opened.web.get("/locked").text
        time.sleep(0.5)
        page = opened.web.get("/locked")
        assert "it says here when something new" in page.text
        assert page.headers["refresh"]
        assert opened.parent.stdout is not None
        told = [opened.parent.stdout.readline() for _ in range(2)]
        assert b"for about twelve hours" in told[1]
        person.write("Please.")
        wait(lambda: "Something new" in opened.web.get("/locked").text)
        assert scan_process(search, opened.parent.pid) == set()
    assert (tmp_path / "errors").read_bytes() == b""


CALLS_SOON = """
from safeconduct.edges.desk import calls, hands, locked_watch
from safeconduct.rooms.duty import locked_ladder
calls.LOOK_SECONDS, calls.LISTEN_SECONDS, hands.MINUTE = 0.3, 0.3, 0.5
locked_watch.PAUSE, locked_watch.SPREAD = 0.2, 0.2
locked_ladder.NEWS_AFTER = locked_ladder.TURN = 0
"""


def signs_shown(office: Office) -> set[str]:
    """Which signs lie at the server, by the keys of the first desk; its program must not run."""
    closed = office.open(0)
    try:
        secret, place = closed.duty._book.signs(), closed.journal.place
        assert secret is not None
        board = HttpMeeting(Line(place.relay_url, OfficeId(place.office)))
        slot = signs.slot_of(closed.now())
        kinds = (signs.OPEN, signs.WATCHES, signs.called_by(2))
        return {
            kind
            for kind in kinds
            for at in (slot - 1, slot)
            if signs.sign_of(secret, kind, at)
            in board.collect(signs.address_of(signs.board_of(secret, at // signs.SLOTS), at))
        }
    finally:
        closed.stop()


def test_a_desk_that_locked_itself_calls_a_phone_when_something_comes_and_holds_no_key(
    office: Office, tmp_path: Path
) -> None:
    person, secrets = office.someone(), secrets_of(office)
    person.write("Is somebody there?")
    (tmp_path / "sitecustomize.py").write_text(CALLS_SOON)
    path = os.pathsep.join([str(tmp_path), *sys.path])
    with phones() as server, desk(office.homes[0], tmp_path / "errors", path) as opened:
        wait(lambda: "Is somebody there?" in opened.web.get("/today").text)
        assert opened.post("/duty/calls/place", address=server.address).status_code == 303
        assert opened.post("/duty/calls/own", on="1").status_code == 303
        wait(lambda: "data-watched" in opened.web.get("/today").text)
        opened.keys.wait(PATIENCE)
        page = opened.web.get("/locked")
        assert "phones are called for you" in page.text
        assert page.headers["refresh"]
        assert server.heard == []
        person.write("Please.")
        wait(lambda: bool(server.heard))
        assert server.heard[0].body == SENTENCE.encode()
        assert "Something new" not in opened.web.get("/locked").text
        search = Search([], plain=[PASSPHRASE], keys=secrets)
        assert scan_process(search, opened.parent.pid) == set()
        assert signs_shown(office) == {signs.OPEN, signs.WATCHES, signs.called_by(2)}
    assert (tmp_path / "errors").read_bytes() == b""
