# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who answers at the desk's address once the process with the keys has gone.

The keyless parent keeps the address for as long as the window is open, so that no other program
can take it and ask there for a passphrase.  It knows one page, and reads nothing that is sent.
The page asks for itself anew while a watch is kept, and tells what that says (locked_watch.py).
"""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from safeconduct.edges.desk.headers import HEADERS
from safeconduct.edges.desk.i18n import LANGUAGES, preferred
from safeconduct.edges.desk.locked_watch import LOOKS_AGAIN, LockedWatch, Says
from safeconduct.edges.desk.render import render

STATIC: Final = Path(__file__).parent / "static"
FILES: Final = {
    f"/static/{name}": ((STATIC / name).read_bytes(), kind)
    for name, kind in (("desk.css", "text/css; charset=utf-8"), ("icon.svg", "image/svg+xml"))
}
LIVE: Final = "/live"
LOCKED: Final = b"event: locked\ndata: 1\n\n"
GONE: Final = 503
SLOWEST: Final = 5.0
"""Seconds that a connection may take to ask."""


class Doorkeeper(ThreadingHTTPServer):
    """Says at one address that the desk is locked."""

    daemon_threads = True

    def __init__(
        self, door: socket.socket, *, locked: bool, watch: LockedWatch | None = None
    ) -> None:
        """Answer at a listening socket; `locked` False when the process ended by itself."""
        super().__init__(door.getsockname(), _Answer, bind_and_activate=False)
        self.socket.close()
        self.socket = door
        self.locked = locked
        self._watch = watch

    @property
    def says(self) -> Says:
        """What the page may say of what has come since."""
        return self._watch.says if self._watch is not None else Says.NOTHING

    @property
    def phones(self) -> bool:
        """Whether phones are called from here."""
        return self._watch is not None and self._watch.phones

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a connection that broke."""


class _Answer(BaseHTTPRequestHandler):
    timeout = SLOWEST
    server: Doorkeeper

    def do_GET(self) -> None:
        """Answer with the one page, its style, or the word that the desk is locked."""
        address = urlsplit(self.path)
        if address.path in FILES:
            self._send(200, *FILES[address.path])
        elif address.path == LIVE:
            # A page whose desk ended by itself keeps what is typed, and says so.
            self._send(200 if self.server.locked else GONE, LOCKED, "text/event-stream")
        elif "HX-Request" in self.headers:
            self._send(GONE, b"", "text/plain")
        else:
            self._send(200, self._page(address.query), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Answer as to any other question; nothing of the body is read."""
        self.close_connection = True
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _page(self, query: str) -> bytes:
        asked = parse_qs(query).get("language", [""])[0]
        accepted = self.headers.get("Accept-Language", "")
        language = asked if asked in LANGUAGES else preferred(accepted)
        return locked_page(language, self.server.says, phones=self.server.phones).encode()

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response_only(status)
        for name, value in HEADERS:
            self.send_header(name.decode(), value.decode())
        if self.server.says.goes_on or self.server.phones:
            self.send_header("Refresh", LOOKS_AGAIN)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def locked_page(language: str, says: Says = Says.NOTHING, *, phones: bool = False) -> str:
    """Return the page that says that the desk is locked and how to open it again."""
    nothing = dict.fromkeys(("keys_on", "unlocked", "rehearsal", "watched"), False)
    said = {"csrf": "", "told": [], "reason": "", "says": says.value, "phones": phones}
    return render(language, None, "locked.html", **said, **nothing)
