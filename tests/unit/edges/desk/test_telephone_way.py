# SPDX-License-Identifier: AGPL-3.0-or-later
"""What comes to the port of this machine, and what of it goes on to the telephone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from safeconduct.edges.desk.telephone_way import TelephoneWay
from tests.kit.patience import PATIENCE

ASKED = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:1\r\nOrigin: http://127.0.0.1:1\r\n"
    "Cookie: desk_1=secret\r\nUser-Agent: a browser\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: a2V5\r\nSec-WebSocket-Protocol: sip\r\n\r\n"
)
HANDED_ON = (
    b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: a2V5\r\nSec-WebSocket-Protocol: sip\r\n\r\n"
)


@contextmanager
def a_telephone() -> Iterator[tuple[socket.socket, int]]:
    """A port where a telephone would be."""
    with socket.create_server(("127.0.0.1", 0)) as there:
        there.settimeout(PATIENCE)
        yield there, there.getsockname()[1]


@contextmanager
def asking(way: str, path: str = "") -> Iterator[socket.socket]:
    """Ask as a browser does."""
    to = urlsplit(way)
    with socket.create_connection((to.hostname, to.port), PATIENCE) as page:
        page.sendall(ASKED.format(path=path or to.path).encode())
        yield page


def nobody_came(there: socket.socket) -> None:
    there.setblocking(False)
    with pytest.raises(BlockingIOError):
        there.accept()


def test_nothing_that_a_browser_says_of_itself_goes_along() -> None:
    way = TelephoneWay()
    with (
        a_telephone() as (there, port),
        asking(way.leading_to(f"ws://127.0.0.1:{port}/ws")) as page,
    ):
        taken, _ = there.accept()
        with taken:
            assert taken.recv(4096) == HANDED_ON % port
            taken.sendall(b"HTTP/1.1 101 Switching Protocols\r\n\r\nfrom there")
            told = b""
            while not told.endswith(b"from there"):
                told += page.recv(4096)
            assert way.trouble == ""
            page.sendall(b"from here")
            assert taken.recv(4096) == b"from here"
        assert page.recv(4096) == b""


def test_who_does_not_know_the_name_is_led_nowhere() -> None:
    with a_telephone() as (there, port):
        way = TelephoneWay().leading_to(f"ws://127.0.0.1:{port}/ws")
        for path in ("/", "/ws", urlsplit(way).path + "0"):
            with asking(way, path) as page:
                assert page.recv(4096) == b""
        nobody_came(there)


def test_a_telephone_that_was_forgotten_is_reached_no_more() -> None:
    way = TelephoneWay()
    with a_telephone() as (there, port):
        before = way.leading_to(f"ws://127.0.0.1:{port}/ws")
        way.end()
        with asking(before) as page:
            assert page.recv(4096) == b""
        nobody_came(there)


@pytest.mark.parametrize("scheme", ["ws", "wss"])
def test_what_answers_and_is_no_telephone_is_said(scheme: str) -> None:
    way = TelephoneWay()
    with (
        a_telephone() as (there, port),
        asking(way.leading_to(f"{scheme}://127.0.0.1:{port}/ws")) as page,
    ):
        taken, _ = there.accept()
        with taken:
            taken.recv(4096)
            taken.sendall(b"HTTP/1.1 404 Not Found\r\n\r\n")
        while page.recv(4096):
            pass
        assert way.trouble == "other"


def test_where_nothing_answers_is_said() -> None:
    way = TelephoneWay()
    with a_telephone() as (_, port):
        pass
    with asking(way.leading_to(f"ws://127.0.0.1:{port}/ws")) as page:
        assert page.recv(4096) == b""
    assert way.trouble == "away"
