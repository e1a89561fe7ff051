# SPDX-License-Identifier: AGPL-3.0-or-later
"""Another site, or another program of this machine, reaches for the desk on loopback."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from litestar import Litestar

from safeconduct.edges.desk.api import DeskApi
from safeconduct.edges.desk.app import Settings, desk_app
from safeconduct.edges.desk.browser import Window
from safeconduct.edges.desk.gate import cookie_name
from safeconduct.edges.desk.launch import launch
from safeconduct.edges.desk.session import FIRST_PAUSE, LINK_LIVES, Patience, Session
from safeconduct.kernel.errors import WrongPassphrase
from tests.kit.asgi import Reply, Request, ask

pytestmark = pytest.mark.attack

PORT = 40001
HOST = f"127.0.0.1:{PORT}"
OWN = {"host": HOST, "origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
FORM = "application/x-www-form-urlencoded"


class Time:
    """Counts seconds when it is told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The seconds so far."""
        return self.seconds


def refuse(_: str) -> DeskApi:
    """Open for no passphrase."""
    raise WrongPassphrase


@pytest.fixture
def session() -> Session:
    return Session(Time())


@pytest.fixture
def cookie(session: Session) -> str:
    return f"{cookie_name(HOST)}={session.redeem(session.link)}"


@pytest.fixture
def app(session: Session) -> Litestar:
    return desk_app(refuse, Settings(port=PORT, session=session))


def see(app: Litestar, path: str, headers: dict[str, str]) -> Reply:
    """What a GET is answered."""
    return ask(app, Request("GET", path, headers=_raw(headers)))


def post(app: Litestar, session: Session, headers: dict[str, str], token: str = "") -> Reply:
    """What a passphrase is answered; with the session's form token unless told otherwise."""
    body = f"csrf={token or session.form_token}&passphrase=wrong".encode()
    sent = {**headers, "content-type": FORM, "content-length": str(len(body))}
    return ask(app, Request("POST", "/passphrase", headers=_raw(sent), parts=[body]))


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def test_page_under_another_name_for_this_machine_sees_nothing(app: Litestar, cookie: str) -> None:
    assert see(app, "/unlock", OWN | {"cookie": cookie}).status == 200
    foreign = OWN | {"cookie": cookie, "host": f"desk.example:{PORT}"}
    assert see(app, "/unlock", foreign).status == 421


def test_form_of_another_origin_is_refused(app: Litestar, session: Session, cookie: str) -> None:
    foreign = {"host": HOST, "cookie": cookie, "origin": "http://127.0.0.1:1"}
    assert post(app, session, foreign).status == 403


def test_page_fetched_from_another_site_is_refused(app: Litestar, cookie: str) -> None:
    foreign = {"host": HOST, "cookie": cookie, "sec-fetch-site": "same-site"}
    assert see(app, "/unlock", foreign).status == 403


def test_form_without_the_sessions_token_is_refused(
    app: Litestar, session: Session, cookie: str
) -> None:
    mine = OWN | {"cookie": cookie}
    assert post(app, session, mine).status == 422
    assert post(app, session, mine, token="guessed").status == 403


def test_form_without_the_sessions_cookie_is_refused(
    app: Litestar, session: Session, cookie: str
) -> None:
    assert post(app, session, OWN | {"cookie": f"{cookie_name(HOST)}=guessed"}).status == 403


def test_link_opens_one_window(session: Session) -> None:
    assert session.redeem(session.link)
    assert session.redeem(session.link) is None


def test_link_found_later_opens_nothing() -> None:
    time = Time()
    session = Session(time)
    time.seconds = LINK_LIVES
    assert session.redeem(session.link) is None


def test_passphrases_are_not_tried_without_pause() -> None:
    time = Time()
    patience = Patience(time)
    pauses = []
    for _ in range(4):
        pauses.append(patience.missed())
        assert patience.left() == pauses[-1]
        time.seconds += pauses[-1]
    assert pauses == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]


LOCKED_AT_ONCE = """
from safeconduct.edges.desk.lent import door
listener, _ = door()
print(f"http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
"""


class Neighbour(Window):
    """A window that stays open on a desk that was locked, while another program wants its port."""

    def reach(self, link: str) -> str:
        """Return what the window reads at its desk's address, or that somebody took it."""
        port = urlsplit(link).port
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port or 0)):
                return "taken"
            with contextlib.suppress(OSError), urllib.request.urlopen(link, timeout=1) as page:
                text: str = page.read().decode()
                return text
        return "nobody"


def test_address_of_a_locked_desk_goes_to_no_other_program() -> None:
    read: list[str] = []

    def browse(link: str) -> Window:
        with subprocess.Popen([sys.executable, "-c", ""]) as process:
            window = Neighbour(process, Path("/nonexistent"), in_memory=True)
        read.append(window.reach(link))
        return window

    assert launch([sys.executable, "-c", LOCKED_AT_ONCE], say=print, browse=browse) == 0
    assert "The desk is locked" in read[0]
