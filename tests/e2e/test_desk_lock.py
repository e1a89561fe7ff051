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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from tests.kit.offices import PASSPHRASE, Office, Person, an_office, wait

SAFECONDUCT = (sys.executable, "-m", "safeconduct")
AT_ONCE = 0.5
SOON = 8.0
"""Five seconds in which a server that is well answers, and a page that is fetched meanwhile."""
ENOUGH = 20.0


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
        with httpx.Client(base_url=origin, timeout=ENOUGH, limits=limits) as web:
            web.get(link)
            opened = Open(parent, keys, web)
            assert opened.post("/passphrase", passphrase=PASSPHRASE).status_code == 303
            yield opened
        parent.terminate()
        parent.wait(ENOUGH)


def answer_into_silence(office: Office, opened: Open, person: Person) -> str:
    """Answer a person after the server has stopped to answer; return the conversation's path."""
    person.write("Is somebody there?")
    wait(lambda: "Is somebody there?" in opened.web.get("/today").text, ENOUGH)
    wait(lambda: "Connected" in opened.web.get("/today").text, ENOUGH)
    office.server.process.send_signal(signal.SIGSTOP)
    talk = f"/hotline/{person.conversation.hex()}"
    answered = opened.post(f"{talk}/answer", text="You are not alone.", seen="none")
    assert answered.status_code == 303
    silent = time.monotonic()
    wait(lambda: "has not answered since" in opened.web.get("/today").text, ENOUGH)
    print(f"silence was said {time.monotonic() - silent:.1f} s after the answer")
    assert time.monotonic() - silent < SOON
    return talk


def test_the_keys_go_at_once_though_the_server_hangs(office: Office, tmp_path: Path) -> None:
    person = office.someone()
    with desk(office.homes[0], tmp_path / "errors") as first:
        talk = answer_into_silence(office, first, person)
        pressed = time.monotonic()
        page = first.post("/lock")
        first.keys.wait(ENOUGH)
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
            wait(lambda: person.answers() == ["You are not alone."], ENOUGH)
        assert first.parent.wait(ENOUGH) == 0
    assert (tmp_path / "errors").read_bytes() == b""


HASTE = """
from safeconduct.edges.desk import hands
hands.MINUTE = 0.2
"""
"""Runs before a desk does: nobody waits fifteen minutes for a test."""


def test_a_desk_that_is_left_alone_locks_itself_and_one_in_use_does_not(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(HASTE)
    path = os.pathsep.join([str(tmp_path), *sys.path])
    with desk(office.homes[0], tmp_path / "errors", path) as opened:
        since = time.monotonic()
        while time.monotonic() - since < 2 * 15 * 0.2:
            assert opened.post("/here").status_code == 204
            time.sleep(0.2)
        with opened.web.stream("GET", "/live") as news:
            heard = "".join(news.iter_text())
        assert "event: locked" in heard
        opened.keys.wait(ENOUGH)
        assert opened.parent.wait(ENOUGH) == 0
    assert (tmp_path / "errors").read_bytes() == b""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_desk_that_is_asked_to_end_says_nothing(
    office: Office, tmp_path: Path, how: signal.Signals
) -> None:
    """Its two processes share a terminal, so Ctrl-C reaches both."""
    for _ in range(2):
        with desk(office.homes[0], tmp_path / "errors") as opened:
            for process in (opened.keys, psutil.Process(opened.parent.pid)):
                process.send_signal(how)
            opened.parent.wait(ENOUGH)
            assert not opened.keys.is_running()
        assert (tmp_path / "errors").read_bytes() == b""


def test_nobody_else_gets_the_address_while_the_window_is_open(
    office: Office, tmp_path: Path
) -> None:
    with desk(office.homes[0], tmp_path / "errors") as opened:
        port = opened.web.base_url.port
        assert port
        opened.post("/lock")
        opened.keys.wait(ENOUGH)
        with pytest.raises(OSError, match="in use"):
            socket.create_server(("127.0.0.1", port)).close()
        assert "event: locked" in opened.web.get("/live").text
