# SPDX-License-Identifier: AGPL-3.0-or-later
"""One process for one request: take a connection, read, seal or open, answer, end.

Python cannot wipe memory, so what a person typed is forgotten by ending the process that held it.
It dumps no core, cannot be read by other processes of its user, stays out of swap where the
system allows it, opens no file for writing, writes no log, and is ended by its own watchdog.
It is started by `parent` alone, which tells it through standard input what it must know;
when that closes before a connection was taken, the child ends.  Through it the parent may also
ask it to make way for somebody who waits.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from typing import BinaryIO, Final

from safeconduct import host
from safeconduct.edges.counter.acts import Clerk, Download
from safeconduct.edges.counter.config import CounterConfig, parse_config
from safeconduct.edges.counter.exchange import Exchange, Gone, NotUnderstood, Request
from safeconduct.edges.counter.forms import Form, read_form
from safeconduct.edges.counter.lanes import GIVE_WAY, READY, TAKEN, WHOLE
from safeconduct.edges.counter.screens import STYLE, Page, Screens
from safeconduct.edges.counter.visit import Visit

THREAD_BYTES: Final = 256 << 10


class Outcome(IntEnum):
    """Exit codes; the parent counts them, and they say nothing about a person."""

    ANSWERED = 0
    DEFECT = 4
    WENT_AWAY = 5
    TOO_LONG = 6
    MADE_WAY = 7


class Life:
    """What ends this process from outside its request: the parent's end, and the watchdog."""

    def __init__(self, parent: BinaryIO) -> None:
        """Watch the parent's pipe."""
        self._parent: Final = parent
        self._make_way: Callable[[], None] | None = None
        threading.stack_size(THREAD_BYTES)
        threading.Thread(target=self._watch, name="parent", daemon=True).start()

    def begin(self, seconds: float, make_way: Callable[[], None]) -> None:
        """A connection was taken: outlive the parent, but not this many seconds."""
        self._make_way = make_way
        watchdog = threading.Timer(seconds, os._exit, (Outcome.TOO_LONG,))
        watchdog.daemon = True
        watchdog.start()

    def _watch(self) -> None:
        while self._parent.read(1) == GIVE_WAY:
            if self._make_way is not None:
                self._make_way()
        if self._make_way is None:
            os._exit(Outcome.ANSWERED)


def main() -> None:
    """Serve one connection of the socket that was inherited."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    host.no_core_dumps()
    listener = host.take_socket(sys.stdin.buffer)
    length = int.from_bytes(sys.stdin.buffer.read(4), "big")
    config = parse_config(sys.stdin.buffer.read(length))
    life = Life(sys.stdin.buffer)
    clerk = Clerk(Screens(config), Visit(config))
    host.keep_memory_out_of_swap()
    _tell(READY)
    connection, _ = listener.accept()
    _tell(TAKEN)
    exchange = Exchange(connection, config.limits, _tell)
    life.begin(config.limits.life_seconds, exchange.make_way)
    listener.close()
    # `os._exit` runs no clean-up that could hang; nothing here has anything to clean up.
    os._exit(serve(exchange, config, clerk))


def serve(exchange: Exchange, config: CounterConfig, clerk: Clerk) -> Outcome:
    """Answer the one request on a connection, and close it."""
    try:
        return _answer(exchange, config, clerk)
    except Gone:
        return Outcome.WENT_AWAY
    except Exception:  # noqa: BLE001  (the edge of the world: the code alone is kept)
        return Outcome.DEFECT
    finally:
        exchange.close()


def _answer(exchange: Exchange, config: CounterConfig, clerk: Clerk) -> Outcome:
    try:
        request = exchange.head()
        form = read_form(exchange.body(request), request.content_type, config.limits)
    except NotUnderstood:
        exchange.send_page(clerk.screens.not_understood())
        return Outcome.ANSWERED
    outcome = Outcome.ANSWERED
    if exchange.makes_way:
        form.whole, form.makes_way, outcome = False, True, Outcome.MADE_WAY
    _tell(WHOLE)
    try:
        result = _route(request, form, clerk)
    except Exception:  # noqa: BLE001  (she gets her text back, whatever broke here)
        result, outcome = clerk.failed(request.languages, form), Outcome.DEFECT
    if isinstance(result, Download):
        exchange.send_file(result.name, result.size, result.parts)
    elif isinstance(result, Page):
        exchange.send_page(result, head_only=request.method == "HEAD")
    else:
        exchange.send_style(result)
    return outcome


def _route(request: Request, form: Form, clerk: Clerk) -> Page | Download | bytes:
    clerk.screens.came_by(request.host)
    match request.method, request.path:
        case (("GET" | "HEAD"), "/style.css"):
            return STYLE
        case (("GET" | "HEAD" | "POST"), "/"):
            return clerk.answer(request.languages, form)
        case _:
            return clerk.screens.not_here(request.languages)


def _tell(what: bytes) -> None:
    with suppress(OSError):  # The parent may be gone; the person is not.
        sys.stdout.buffer.write(what)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
