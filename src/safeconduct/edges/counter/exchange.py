# SPDX-License-Identifier: AGPL-3.0-or-later
"""One HTTP/1.1 request and its answer on one connection, with a limit on every wait.

A head must be complete in seconds, a body must keep up a modest pace (a phone on a bad line does,
a slow-loris does not), and after the answer the connection lingers a moment so that the answer
arrives even where the request was not read to its end.  `tell` hears how much came and went.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import h11

from safeconduct.edges.counter.lanes import ANSWERING, LARGE, MOVED, TEXT_BYTES, UNIT

if TYPE_CHECKING:
    from safeconduct.edges.counter.config import Limits
    from safeconduct.edges.counter.screens import Page

READ_BYTES: Final = 64 << 10
WRITE_BYTES: Final = 64 << 10
WRITE_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.5
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = (
    ("Cache-Control", "no-store"),
    ("Connection", "close"),
    ("Content-Security-Policy", POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex, nofollow, noarchive"),
)


class Gone(Exception):
    """The other side went away, or was slower than anyone who means it.  No answer is due."""


class NotUnderstood(Exception):
    """What came is not HTTP.  Nothing of it was used."""


@dataclass(frozen=True, slots=True)
class Request:
    """The head of a request."""

    method: str
    path: str
    content_type: str
    languages: str
    large: bool
    """Longer than text alone, or of untold length."""
    host: str = ""
    """By which name she came, as her browser says it; who lies is alone in being lied to."""


class Exchange:
    """The one request of a connection, then its answer."""

    def __init__(
        self, connection: socket.socket, limits: Limits, tell: Callable[[bytes], None]
    ) -> None:
        """Start the clock."""
        self._connection: Final = connection
        self._limits: Final = limits
        self._tell: Final = tell
        self._untold = 0
        self._answering = False
        self.makes_way = False
        """Whether somebody waits who gets this place."""
        self._h11: Final = h11.Connection(h11.SERVER)

    def make_way(self) -> None:
        """Somebody waits: take in no more, or give no more; asked from another thread."""
        self.makes_way = True
        if self._answering:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def head(self) -> Request:
        """Read the request line and headers.

        Raises:
            Gone, NotUnderstood: there is nothing to answer, or nothing that makes sense.
        """
        end = time.monotonic() + self._limits.head_seconds
        while True:
            event = self._event()
            if isinstance(event, h11.Request):
                return _request(event)
            if event is not h11.NEED_DATA or self.makes_way:
                raise Gone
            self._receive(end - time.monotonic())

    def body(self, request: Request) -> Iterator[bytes]:
        """Give the body as it arrives, and no more once it makes way; none but of a POST.

        Raises:
            Gone: it stopped arriving, or came too slowly.
            NotUnderstood: it is not framed as HTTP asks.
        """
        if request.method != "POST":
            return
        if request.large:
            self._tell(LARGE)
        if self._h11.they_are_waiting_for_100_continue:
            self._write(h11.InformationalResponse(status_code=100, headers=[]))
        start, received = time.monotonic(), 0
        while True:
            event = self._event()
            if isinstance(event, h11.Data):
                received += len(event.data)
                yield bytes(event.data)
            elif self.makes_way:
                return
            elif event is h11.NEED_DATA:
                allowed = self._limits.grace_seconds + received / self._limits.pace
                end = start + min(allowed, self._limits.body_seconds)
                self._receive(end - time.monotonic())
            else:
                return

    def send_page(self, page: Page, *, head_only: bool = False) -> None:
        """Answer with a page."""
        head = [("Content-Type", "text/html; charset=utf-8"), ("Content-Language", page.language)]
        self._respond(page.status, head, len(page.body), [] if head_only else [page.body])

    def send_style(self, style: bytes) -> None:
        """Answer with the style sheet."""
        self._respond(200, [("Content-Type", "text/css; charset=utf-8")], len(style), [style])

    def send_file(self, name: str, size: int, parts: Iterable[bytes]) -> None:
        """Answer with a file that the browser saves and never shows."""
        disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        head = [("Content-Type", "application/octet-stream"), ("Content-Disposition", disposition)]
        self._respond(200, head, size, parts)

    def close(self) -> None:
        """Say that nothing more comes, take in what the browser still sends, and close."""
        end = time.monotonic() + self._limits.linger_seconds
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
            while (left := end - time.monotonic()) > 0:
                self._connection.settimeout(left)
                if not self._connection.recv(READ_BYTES):
                    break
        self._connection.close()

    def _event(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        try:
            return self._h11.next_event()
        except h11.RemoteProtocolError as error:
            raise NotUnderstood from error

    def _receive(self, seconds: float) -> None:
        """Take in more; nothing when there was none for a moment."""
        if seconds <= 0:
            raise Gone
        self._connection.settimeout(min(seconds, LOOK_SECONDS))
        try:
            data = self._connection.recv(READ_BYTES)
        except TimeoutError:
            return
        except OSError as error:
            raise Gone from error
        if not data:
            raise Gone
        self._moved(len(data))
        self._h11.receive_data(data)

    def _moved(self, count: int) -> None:
        marks, self._untold = divmod(self._untold + count, UNIT)
        if marks:
            self._tell(MOVED * marks)

    def _respond(
        self, status: int, head: list[tuple[str, str]], size: int, parts: Iterable[bytes]
    ) -> None:
        headers = [*HEADERS, *head, ("Content-Length", str(size))]
        self._answering = True
        self._tell(LARGE + ANSWERING if size > TEXT_BYTES else ANSWERING)
        if self._h11.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._write(h11.Response(status_code=status, headers=headers))
            for part in parts:
                for at in range(0, len(part), WRITE_BYTES):
                    piece = part[at : at + WRITE_BYTES]
                    self._write(h11.Data(data=piece))
                    self._moved(len(piece))

    def _write(self, event: h11.Event) -> None:
        data = self._h11.send(event)
        self._connection.settimeout(WRITE_SECONDS)
        try:
            self._connection.sendall(data or b"")
        except OSError as error:
            raise Gone from error


def _request(event: h11.Request) -> Request:
    headers = {name.lower(): value.decode("latin-1") for name, value in event.headers}
    length = headers.get(b"content-length", "")
    return Request(
        method=event.method.decode("ascii", "replace"),
        path=event.target.decode("latin-1").partition("?")[0],
        content_type=headers.get(b"content-type", ""),
        languages=headers.get(b"accept-language", ""),
        large=not length or int(length) > TEXT_BYTES,
        host=headers.get(b"host", ""),
    )
