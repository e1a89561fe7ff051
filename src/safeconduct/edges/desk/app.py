# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's web application, and running it on 127.0.0.1.

    app = desk_app(open_desk, Settings(port=4321))
    run_desk(open_desk, say=print, close=Desk.stop, with_parent=True)
    launch([sys.executable, "-m", "safeconduct", ...], say=print)
    window = open_browser(link)

`run_desk` is for the process that holds the keys, `launch` (launch.py) for the keyless parent that
starts it, and `open_browser` (browser.py) for the window.

`open_desk(passphrase)` returns the engine, or raises `WrongPassphrase` or another of the four
families.  `run_desk` says the one-time link once it listens, and returns when the desk was locked
or its parent has gone; the process must then end, because Python cannot wipe memory.
Nothing is logged: an error leaves as a page that words its code.
"""

from __future__ import annotations

import contextlib
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo
from threading import Thread, Timer
from time import monotonic
from typing import Final

import uvicorn
from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from safeconduct import host
from safeconduct.edges.desk.answers import HANDLERS, read_form, visit_of
from safeconduct.edges.desk.api import DeskApi
from safeconduct.edges.desk.gate import Gate
from safeconduct.edges.desk.pages import VIEWS
from safeconduct.edges.desk.session import Patience, Session
from safeconduct.edges.desk.visit import Front

LOOPBACK: Final = "127.0.0.1"
FORM_MOST: Final = 1 << 20
LAST_PAGE: Final = 1.5
"""Seconds after locking in which the browser fetches the locked page's style."""


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
    clock: Callable[[], float] = monotonic


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
    )
    app = Litestar(
        VIEWS,
        before_request=read_form,
        dependencies={"visit": Provide(visit_of, sync_to_thread=False)},
        exception_handlers=dict(HANDLERS),
        logging_config=None,
        openapi_config=None,
        request_max_body_size=FORM_MOST,
        state=State({"front": front}),
    )
    app.asgi_handler = Gate(app.asgi_handler, front.session, front.host)
    return app


def link_of(settings: Settings) -> str:
    """Return the one-time link."""
    return f"http://{LOOPBACK}:{settings.port}/open?once={settings.session.link}"


def run_desk(
    open_desk: Callable[[str], DeskApi],
    *,
    say: Callable[[str], None],
    close: Callable[[DeskApi], None] | None = None,
    language: str = "",
    with_parent: bool = False,
) -> None:
    """Serve the desk until it is locked; end the process afterwards.

    `with_parent`: also stop when standard input closes, which it does when the parent ends.
    """
    host.no_core_dumps()
    with contextlib.closing(socket.create_server((LOOPBACK, 0))) as door:
        server = _Server()
        settings = Settings(
            port=door.getsockname()[1], lock=server.leave_soon, swap=host.swap(), language=language
        )
        app = desk_app(open_desk, settings)
        server.serve(app, say=lambda: say(link_of(settings)), door=door, with_parent=with_parent)
        desk = app.state.front.desk
    if desk is not None and close is not None:
        close(desk)


class _Server:
    """The web server of this process."""

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._app: Litestar | None = None

    def serve(
        self, app: Litestar, *, say: Callable[[], None], door: socket.socket, with_parent: bool
    ) -> None:
        config = uvicorn.Config(
            app,
            access_log=False,
            lifespan="off",
            log_config=None,
            log_level="critical",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._app, self._server = app, uvicorn.Server(config)
        if with_parent:
            Thread(target=self._leave_with_parent, daemon=True).start()
        # Connections wait in the socket's queue from here on.
        say()
        self._server.run(sockets=[door])

    def leave_soon(self) -> None:
        """Stop once the browser has its last page."""
        Timer(LAST_PAGE, self._leave).start()
        if self._app is not None:
            self._app.state.front.live.end()

    def _leave_with_parent(self) -> None:
        # Returns when the other end is closed, however the parent ended.
        sys.stdin.buffer.read()
        self._leave()

    def _leave(self) -> None:
        if self._app is not None:
            self._app.state.front.live.end()
        if self._server is not None:
            self._server.should_exit = True
