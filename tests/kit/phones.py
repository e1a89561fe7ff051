# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server of calls on loopback: keeps every byte that it was sent, as a hostile one would."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Heard(NamedTuple):
    """One request, as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


class Phones:
    """What was heard; `answers` is the status that it gives, and `before` runs before that."""

    def __init__(self) -> None:
        """Take everything."""
        self.heard: list[Heard] = []
        self.answers = 200
        self.before: Callable[[], object] = lambda: None
        self.address = ""

    @property
    def topics(self) -> list[str]:
        """Whom it was to call, in order."""
        return [one.line.split()[1].removeprefix("/") for one in self.heard]


@contextmanager
def phones() -> Iterator[Phones]:
    """Listen on a free port."""
    book = Phones()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            book.heard.append(Heard(self.requestline, dict(self.headers.items()), body))
            book.before()
            self.send_response(book.answers)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    book.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield book
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
