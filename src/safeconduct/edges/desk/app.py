# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's web application, and running it on 127.0.0.1.

    app = desk_app(open_desk, Settings(port=4321))
    run_desk(open_desk, say=print, close=Desk.stop, with_parent=True)
    launch([sys.executable, "-m", "safeconduct", ...], say=print)
    window = open_browser(link)

`run_desk` is for the process that holds the keys, `launch` (launch.py) for the keyless parent that
starts it, and `open_browser` (browser.py) for the window.

`open_desk(passphrase)` returns the engine, or raises `WrongPassphrase` or another of the four
families.  `run_desk` says the one-time link once it listens, and ends its process at once when the
desk is locked, or within a second after its parent has gone: Python cannot wipe memory, and waits
for threads that wait for a server.  What was acknowledged is on disk by then.
Nothing is logged: an error leaves as a page that words its code.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import cache
from threading import Thread, Timer
from time import monotonic
from typing import TYPE_CHECKING, Final, NoReturn

import uvicorn
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from safeconduct import host
from safeconduct.edges.desk.answers import HANDLERS, come_in, visit_of
from safeconduct.edges.desk.api import DeskApi
from safeconduct.edges.desk.gate import Gate
from safeconduct.edges.desk.hands import Hands
from safeconduct.edges.desk.in_turn import InTurn
from safeconduct.edges.desk.lent import LOOPBACK, door
from safeconduct.edges.desk.pages import VIEWS
from safeconduct.edges.desk.session import Patience, Session
from safeconduct.edges.desk.visit import Front

if TYPE_CHECKING:
    from types import FrameType

FORM_MOST: Final = 1 << 20
LAST_WORD: Final = 0.1
"""Seconds in which open pages hear that the desk is locked."""
LAST_PAGE: Final = 1.5
"""Seconds in which a browser fetches its last page where nobody keeps the address after us."""
FAREWELL: Final = 1.0
"""Seconds for telling colleagues that this desk goes, where nobody is there who locks it."""
ENOUGH: Final = 1 << 10


def _nothing() -> None:
    """Do nothing when locked: for tests that hold no keys."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the application must know of the world."""

    port: int
    session: Session = field(default_factory=lambda: Session(monotonic))
    lock: Callable[[], None] = _nothing
    swap: host.Swap = host.Swap.UNKNOWN
    language: str = ""
    zone: tzinfo | None = None
    rehearsal: bool = False
    clock: Callable[[], float] = monotonic
    hands: Hands = field(default_factory=Hands)


def desk_app(open_desk: Callable[[str], DeskApi], settings: Settings) -> Litestar:
    """Return the application; `settings.session.link` opens it once."""
    front = Front(
        open_desk=open_desk,
        host=f"{LOOPBACK}:{settings.port}",
        session=settings.session,
        patience=Patience(settings.clock),
        lock=settings.lock,
        swap=settings.swap,
        language=settings.language,
        zone=settings.zone,
        rehearsal=settings.rehearsal,
        hands=settings.hands,
    )
    app = Litestar(
        logging_config=None,
        openapi_config=None,
        on_shutdown=[front.live.end],
        state=State({"front": front}),
    )
    app.asgi_handler = Gate(InTurn(views().asgi_handler), front.session, front.host)
    return app


@cache
def views() -> Litestar:
    """Return all views, which know no desk but the one whose application a request came through.

    Once in a process: the web library reads the signature of each, which takes a third of a second.
    """
    return Litestar(
        VIEWS,
        before_request=come_in,
        dependencies={"visit": Provide(visit_of, sync_to_thread=False)},
        exception_handlers=dict(HANDLERS),
        logging_config=None,
        openapi_config=None,
        request_max_body_size=FORM_MOST,
    )


def link_of(settings: Settings) -> str:
    """Return the one-time link."""
    return f"http://{LOOPBACK}:{settings.port}/open?once={settings.session.link}"


def run_desk(
    open_desk: Callable[[str], DeskApi],
    *,
    say: Callable[[str], None],
    close: Callable[[DeskApi], None] | None = None,
    with_parent: bool = False,
    rehearsal: bool = False,
) -> NoReturn:
    """Serve the desk until it is locked, and end this process.

    `close` runs first and must wait for nothing.
    `with_parent`: also end when standard input closes, which it does when the parent ends.
    `rehearsal`: pages say how the demo opens a desk anew.
    """
    host.no_core_dumps()
    listener, kept = door()
    server = _Server(close, LAST_WORD if kept else LAST_PAGE, say)
    settings = Settings(
        port=listener.getsockname()[1],
        lock=server.lock,
        swap=host.swap(),
        rehearsal=rehearsal,
    )
    server.serve(
        desk_app(open_desk, settings),
        say=lambda: say(link_of(settings)),
        listener=listener,
        with_parent=with_parent,
    )


class _Server:
    """The web server of this process."""

    def __init__(
        self,
        close: Callable[[DeskApi], None] | None,
        last: float,
        hand_over: Callable[[str], None],
    ) -> None:
        """Prepare; `last` seconds pass between locking and the end."""
        self._close = close
        self._last = last
        self._hand_over = hand_over
        self._web: _Web
        self._app: Litestar

    def serve(
        self, app: Litestar, *, say: Callable[[], None], listener: socket.socket, with_parent: bool
    ) -> NoReturn:
        config = uvicorn.Config(
            app,
            access_log=False,
            lifespan="off",
            log_config=None,
            log_level="critical",
            server_header=False,
        )
        self._app, self._web = app, _Web(config, self._look_after_hands)
        for number in host.endings():
            signal.signal(number, self._hear)
        if with_parent:
            Thread(target=self._leave_with_parent, daemon=True).start()
        # Connections wait in the socket's queue from here on.
        say()
        self._web.run(sockets=[listener])
        self._end()

    def lock(self) -> None:
        """Tell all pages, take no more calls, and end; no thread and no call is waited for.

        Colleagues are told beside that, as far as the time suffices.
        """
        Timer(self._last, self._end).start()
        self._app.state.front.live.end()
        if self._last == LAST_WORD:
            self._web.leave_the_door()
            self._leave_an_errand()
        self._part()

    def _leave_an_errand(self) -> None:
        """Give the parent what it may ask and whom to call, where the person here wants that."""
        front = self._app.state.front
        wants = front.session
        if front.desk is not None and (wants.waits or wants.calls):
            with contextlib.suppress(Exception):  # It locks all the same.
                self._hand_over(front.desk.errand(shows=wants.waits, calls=wants.calls))

    def _look_after_hands(self) -> None:
        front = self._app.state.front
        if front.desk is not None and front.hands.gone:
            front.hands.seen()  # Once is enough.
            self._part()
            asyncio.get_running_loop().call_later(FAREWELL, self.lock)

    def _part(self) -> Thread:
        """Tell colleagues that this desk goes, in a thread that keeps nobody waiting."""
        thread = Thread(target=self._say_farewell, daemon=True)
        thread.start()
        return thread

    def _say_farewell(self) -> None:
        desk = self._app.state.front.desk
        if desk is not None:
            with contextlib.suppress(Exception):  # It goes all the same.
                desk.farewell(FAREWELL)

    def _leave_with_parent(self) -> None:
        # Returns when the other end is closed, however the parent ended.  It reads below Python's
        # buffers: their lock would be held while the interpreter ends.
        while os.read(sys.stdin.fileno(), ENOUGH):
            pass
        self._part().join(FAREWELL)
        self._end()

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        self._end(host.SHELL_SAYS_SIGNAL + number)

    def _end(self, code: int = 0) -> NoReturn:
        desk = self._app.state.front.desk
        if desk is not None and self._close is not None:
            with contextlib.suppress(Exception):
                self._close(desk)
        os._exit(code)


class _Web(uvicorn.Server):
    """uvicorn without its own way to end, which waits for what is under way."""

    def __init__(self, config: uvicorn.Config, look: Callable[[], None]) -> None:
        """Serve, and look after what is the caller's ten times a second, in the server's loop."""
        super().__init__(config)
        self._look = look

    async def on_tick(self, counter: int) -> bool:
        """Look, and tell whether to end."""
        self._look()
        return await super().on_tick(counter)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to us."""
        yield

    def leave_the_door(self) -> None:
        """Accept no more connections: they wait for whoever keeps the address after us."""
        for server in self.servers:
            server.close()
